"""Merging two records of one client: choosing the other, weighing the values, doing it, undoing it (CLI-32)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients import search
from clients.actions import merges as actions
from clients.actions import partings
from clients.actions.consents import latest
from clients.columns import BY_NAME, addresses_of
from clients.duplicates import Match, asked_of, likely
from clients.merge_fields import weigh
from clients.merging import Carried, Two, carried
from clients.models import Client, Merge, MergedRow
from extrabat.lib.french import plural
from extrabat.lib.refusals import Refused
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in
from settings_app.users.models import User

MOST = 12
TOLD = 100


@require_http_methods(["GET", "POST"])
@needs("merge_clients")
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk` stays, « avec » goes: chosen first, compared then, merged last."""
    user = signed_in(request)
    kept = get_object_or_404(_records(user), pk=pk)
    other = (request.POST if request.method == "POST" else request.GET).get("avec", "")
    if not other:
        return _choose(request, kept)
    absorbed = get_object_or_404(_records(user), pk=int(other) if other.isdecimal() and len(other) < 18 else 0)
    two = Two(kept, absorbed)
    if request.method == "GET":
        return _compare(request, two)
    try:
        done = actions.merge(
            kept.pk,
            absorbed.pk,
            by=user,
            choices={name.removeprefix("v-"): str(value) for name, value in request.POST.items()},
            seen=(_whole(request, "seen-kept"), _whole(request, "seen-absorbed")),
            token=token_of(request.POST.get("token")),
        )
    except Refused as refused:
        return _compare(request, Two(*_again(user, two)), problems=[refused.reason], status=409)
    except ValidationError as error:
        return _compare(request, two, problems=error.messages, status=422)
    link = format_html('<a href="{}">Voir ou annuler</a>', reverse("clients:merge_home", args=[done]))
    messages.success(request, format_html("Fiche {} absorbée. {}", absorbed.display_name, link))
    return redirect("clients:home", pk=pk)


@require_GET
@needs("merge_clients")
def home(request: HttpRequest, merge: int) -> HttpResponse:
    """What a merge did, and what its undo left."""
    user = signed_in(request)
    rows = Merge.objects.visible_to(user).select_related("kept", "absorbed", "by", "undone_by", "previous_status")
    done = get_object_or_404(rows, pk=merge)
    carried_over = list(done.rows.filter(is_made=False))
    left = done.rows.filter(is_left=True)
    context = {
        "merge": done,
        "told": [(rule.words, sum(_of(row, rule) for row in carried_over)) for rule in carried()],
        "made": done.rows.filter(is_made=True).count(),
        "left_count": left.count() + len(done.left),
        "left": [_named(row) for row in left[:TOLD]],
    }
    return render(request, "clients/merge_home.html", context)


@require_POST
@needs("merge_clients")
def undo(request: HttpRequest, merge: int) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(Merge.objects.visible_to(user), pk=merge)
    done = partings.undo(found.pk, by=user)
    left = done.rows.filter(is_left=True).count() + len(done.left)
    if left:
        messages.warning(request, f"Fusion annulée. {plural(left, 'élément')} à vérifier.")
    else:
        messages.success(request, "Fusion annulée\u00a0: les deux fiches sont comme avant.")
    return redirect("clients:merge_home", done.pk)


def _records(user: User) -> Any:
    return Client.objects.visible_to(user).select_related("status", "civility", "merged_into")


def _again(user: User, two: Two) -> tuple[Client, Client]:
    """Both as they are now: what was refused may be so because they changed."""
    rows = _records(user)
    return get_object_or_404(rows, pk=two.kept.pk), get_object_or_404(rows, pk=two.absorbed.pk)


def _whole(request: HttpRequest, name: str) -> int:
    sent = request.POST.get(name, "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


def _choose(request: HttpRequest, kept: Client) -> HttpResponse:
    """Likely twins first, then whoever is searched."""
    others = Client.objects.visible_to(signed_in(request)).living().in_lists().exclude(pk=kept.pk)
    typed = request.GET.get("q", "").strip()[:100]
    keys = search.find(others, typed, "contient", MOST).keys if typed else []
    by_key = {client.pk: client for client in others.select_related("status").filter(pk__in=keys)}
    found = [by_key[key] for key in keys]
    towns = addresses_of(found, [BY_NAME["commune"]])
    twins = [] if typed else likely(others, asked_of(kept), but=kept.pk)
    matches = [Match(client, (getattr(towns.get(client.pk), "town", "") or client.status.label,)) for client in found]
    context = {"client": kept, "typed": typed, "matches": matches or twins, "searched": bool(typed)}
    return render(request, "clients/merge_choose.html", context)


@dataclass(frozen=True)
class _Going:
    """How many rows of one kind go over, and how many stay because the kept client has their like."""

    words: str
    count: int
    doubles: int


def _compare(request: HttpRequest, two: Two, *, problems: list[str] | None = None, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    refusal = actions.SAME if two.kept == two.absorbed else ""
    if two.kept.is_merged or two.absorbed.is_merged:
        refusal = actions.TWICE
    context = {
        "two": two,
        "blocks": [
            (one, request.POST.get(f"v-{one.block.name}", one.choice), _may_see(user, one.block.right))
            for one in weigh(two.kept, two.absorbed)
        ],
        "going": [going for rule in carried() if (going := _going(rule, two)).count or going.doubles],
        "has_consents": bool(latest(two.absorbed)),
        "refusal": refusal or actions.two_codes_refusal(two, user),
        "problems": problems or [],
        "token": token_of(request.POST.get("token") if status == 422 else None),
    }
    return render(request, "clients/merge_compare.html", context, status=status)


def _may_see(user: User, right: str) -> bool:
    return not right or user.has_perm(f"settings_app.{right}")


def _going(rule: Carried, two: Two) -> _Going:
    left = rule.left(two)
    return _Going(rule.words, rule.rows(two.absorbed).exclude(pk__in=left).count(), len(left))


def _of(row: MergedRow, rule: Carried) -> bool:
    return (row.model, row.column) == (rule.label, rule.column)


def _named(row: MergedRow) -> tuple[str, str]:
    """The kind of a row that was left, and the row as it is now."""
    rule = next((rule for rule in carried() if _of(row, rule)), None)
    if rule is None:
        return "Créé par la fusion", row.model
    found = rule.model._base_manager.filter(pk=row.key).first()
    return str(rule.model._meta.verbose_name).capitalize(), str(found) if found else "supprimé depuis"
