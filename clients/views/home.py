"""The client's page: what is alive about him, his history, and what the office writes there."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_GET, require_POST

from clients.actions.followups import add_follow_up, add_note, finish
from clients.actions.statuses import change_status
from clients.actions.urssaf import missing_of
from clients.forms.home import FollowUpForm
from clients.history import history_kinds
from clients.models import Address, Client, FollowUp, Merge, StoredFile
from clients.panels import KIND
from clients.tabs import client_panels, client_tabs
from clients.timeline import LATEST, told, window
from settings_app.recents import remember
from settings_app.reference.models import Status
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in
from settings_app.users.models import User

MOST_FILES = 12
PREVIEWED = 3


def visible_client(request: HttpRequest, pk: int) -> Client:
    """The client with what every tab of his page shows; 404 for one whom the user may not see."""
    rows = Client.objects.visible_to(signed_in(request)).in_lists()
    rows = rows.select_related("civility", "status", "followed_by", "service_nature", "colour", "language", "grouping")
    rows = rows.prefetch_related(Prefetch("addresses", Address.objects.select_related("type")), "contacts__civility")
    return get_object_or_404(rows.annotate(last_merge=_LAST_MERGE), pk=pk)


# Asked with the client: nearly nobody has one.
_LAST_MERGE = Subquery(
    Merge.objects.filter(Q(kept=OuterRef("pk")) | Q(absorbed=OuterRef("pk")), undone_at=None).values("pk")[:1]
)


def frame(request: HttpRequest, client: Client) -> dict[str, Any]:
    """What the head, the left column and the tabs need."""
    user = signed_in(request)
    tabs = [tab for tab in client_tabs if not tab.right or user.has_perm(f"settings_app.{tab.right}")]
    return {
        "client": client,
        "addresses": client.addresses.all(),
        "contacts": client.contacts.all(),
        "statuses": Status.objects.offered_to(user),
        "tabs": [(tab, tab.count(client, user) if tab.count else None) for tab in tabs],
        "tiles": {"url": settings.TILES_URL, "attribution": settings.TILES_ATTRIBUTION},
        "urssaf_missing": len(missing_of(client)),
        "merge": latest_merge(client, user),
        "may_change": user.has_perm("settings_app.change_clients") and not client.is_merged,
    }


@require_GET
def home(request: HttpRequest, pk: int) -> HttpResponse:
    client, user = visible_client(request, pk), signed_in(request)
    remember(user, KIND, client.pk)
    return show_home(request, client, _follow_up_form(user))


def show_home(request: HttpRequest, client: Client, form: FollowUpForm, *, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    panels = [panel for panel in client_panels if not panel.right or user.has_perm(f"settings_app.{panel.right}")]
    latest, _ = window(client, user, size=LATEST)
    answers = client.answers.filter(question__on_home=True, question__is_active=True).select_related("question")
    context = frame(request, client) | {
        "follow_ups": _open(client),
        "latest": told(latest),
        "answers": answers.order_by("question__position", "pk"),
        "panels": panels,
        "home_files": StoredFile.objects.filter(client=client, on_home=True).allowed_to(user)[:MOST_FILES],
        "follow_up_form": form,
        "token": token_of(request.POST.get("token")),
        "today": localdate(),
        "note": request.POST.get("note", "") if status != 200 else "",
    }
    return render(request, "clients/client_home.html", context, status=status)


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    client, user = visible_client(request, pk), signed_in(request)
    kind = request.GET.get("nature", "")
    rows, following = window(client, user, kind=kind, after=request.GET.get("suite", ""))
    context = frame(request, client) | {
        "entries": told(rows),
        "kinds": [one for one in history_kinds if not one.right or user.has_perm(f"settings_app.{one.right}")],
        "kind": kind,
        "following": following,
        "token": token_of(None),
    }
    return render(request, "clients/client_history.html", context)


@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The client in short, beside the results of a search."""
    client, user = visible_client(request, pk), signed_in(request)
    latest, _ = window(client, user, size=PREVIEWED)
    open_ = client.follow_ups.filter(done_at=None)
    context = {
        "client": client,
        "address": next(iter(client.addresses.all()), None),
        "latest": told(latest),
        "to_do": open_.count(),
        "late": open_.filter(alert_on__lt=localdate()).count(),
        "urssaf_missing": len(missing_of(client)),
    }
    return render(request, "clients/client_preview.html", context)


@require_GET
def panel(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One block of another room, fetched once the page is there."""
    client, chosen = visible_client(request, pk), client_panels.get(name)
    if chosen is None or (chosen.right and not signed_in(request).has_perm(f"settings_app.{chosen.right}")):
        raise Http404
    return render(request, chosen.template, {"client": client, **chosen.context(request, client)})


@require_POST
@needs("change_clients")
def status(request: HttpRequest, pk: int) -> HttpResponse:
    client = visible_client(request, pk)
    sent = request.POST.get("status", "")
    key = int(sent) if sent.isdecimal() and len(sent) < 18 else 0
    old, new = change_status(client.pk, key, by=signed_in(request))
    if old != new:
        messages.success(request, f"Statut\u00a0: {new.label}.")
    return redirect("clients:home", pk=pk)


@require_POST
@needs("change_clients")
def note(request: HttpRequest, pk: int) -> HttpResponse:
    client, text = visible_client(request, pk), request.POST.get("note", "").strip()
    if len(text) > 10_000 or "\x00" in text:
        messages.error(request, "Cette note est trop longue\u00a0: 10 000 caractères au plus.")
        return show_home(request, client, _follow_up_form(signed_in(request)), status=422)
    if text:
        add_note(client, text=text, by=signed_in(request), token=token_of(request.POST.get("token")))
        messages.success(request, "Note ajoutée.")
    return redirect("clients:home", pk=pk)


@require_POST
@needs("change_clients")
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    client, user = visible_client(request, pk), signed_in(request)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        return show_home(request, client, form, status=422)
    add_follow_up(client, **form.cleaned_data, by=user, token=token_of(request.POST.get("token")))
    messages.success(request, "Action ajoutée.")
    return redirect("clients:home", pk=pk)


@require_POST
@needs("change_clients")
def follow_up_done(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    client = visible_client(request, pk)
    row = finish(client, key, done=request.POST.get("done") != "0", by=signed_in(request))
    messages.success(request, f"Fait\u00a0: {row.text}" if row.done_at else f"À refaire\u00a0: {row.text}")
    return redirect("clients:home", pk=pk)


def latest_merge(client: Client, user: User) -> Merge | None:
    """The last one that still holds, into him or of him into another, when the user may see both records."""
    key = getattr(client, "last_merge", None)
    if key is None or not user.has_perm("settings_app.merge_clients"):
        return None
    return Merge.objects.visible_to(user).select_related("absorbed").filter(pk=key).first()


def _follow_up_form(user: User) -> FollowUpForm:
    return FollowUpForm(initial={"assigned_to": user})


def _open(client: Client) -> list[FollowUp]:
    """What is still to do, the dated first; then what was done today, so that a wrong tick can be taken back."""
    midnight = localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = client.follow_ups.select_related("assigned_to", "done_by").prefetch_related("shared_with")
    return list(
        rows.filter(Q(done_at=None) | Q(done_at__gte=midnight)).order_by(
            F("done_at").asc(nulls_first=True), "alert_on", "pk"
        )
    )
