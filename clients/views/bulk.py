"""Changing many clients at once: what would happen, doing it, undoing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from clients.actions import bulk as actions
from clients.listing import Asked
from clients.models import BulkChange, Client
from clients.models.clients import ClientQuerySet
from clients.views.lists import back, query_of
from extrabat.lib.french import plural
from extrabat.lib.navigation import safe_next
from extrabat.lib.refusals import Refused
from settings_app.reference.models import Grouping, Status
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in
from settings_app.users.models import User

TOLD = 50


@require_POST
@needs("change_clients")
def confirm(request: HttpRequest) -> HttpResponse:
    """Say what would happen, and change nothing."""
    change, rows = _change(request), _rows(request)
    if change is None or rows is None:
        messages.error(request, "Cochez au moins une fiche, et choisissez ce qui change.")
        return redirect(back(signed_in(request), request.POST.get("filtre", "")))
    return _show(request, change, rows)


@require_POST
@needs("change_clients")
def apply(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    change, rows = _change(request), _rows(request)
    address = back(user, request.POST.get("filtre", ""))
    if change is None or rows is None:
        messages.error(request, "Cette modification n’est plus possible. Recommencez depuis la liste.")
        return redirect(address)
    expected = request.POST.get("expected", "")
    try:
        key = actions.apply(
            rows,
            change,
            by=user,
            token=token_of(request.POST.get("token")),
            expected=int(expected) if expected.isdecimal() and len(expected) < 10 else -1,
        )
    except Refused as refused:
        return _show(request, change, rows, refusal=refused.reason, status=409)
    done = BulkChange.objects.get(pk=key)
    told = f"{plural(done.total, 'fiche modifiée', 'fiches modifiées')}."
    messages.success(request, told, extra_tags=reverse("clients:bulk_undo", args=[key]))
    return redirect(address)


@require_GET
@needs("change_clients")
def list_(request: HttpRequest) -> HttpResponse:
    changes = BulkChange.objects.visible_to(signed_in(request)).select_related("by", "undone_by")[:100]
    return render(request, "clients/bulk_list.html", {"changes": changes})


@require_GET
@needs("change_clients")
def home(request: HttpRequest, change: int) -> HttpResponse:
    user = signed_in(request)
    row = get_object_or_404(BulkChange.objects.visible_to(user).select_related("by", "undone_by"), pk=change)
    kept = row.rows.filter(is_kept=True)
    named = Client.objects.visible_to(user).in_lists().filter(pk__in=kept.values("client")).order_by("sort_name", "pk")
    context = {"change": row, "kept": kept.count(), "named": named[:TOLD]}
    return render(request, "clients/bulk_home.html", context)


@require_POST
@needs("change_clients")
def undo(request: HttpRequest, change: int) -> HttpResponse:
    user = signed_in(request)
    get_object_or_404(BulkChange.objects.visible_to(user), pk=change)
    done = actions.undo(change, by=user)
    kept = done.rows.filter(is_kept=True).count()
    restored = plural(done.total - kept, "fiche rétablie", "fiches rétablies")
    if kept:
        left = plural(kept, "fiche laissée telle quelle", "fiches laissées telles quelles")
        messages.warning(request, f"{restored}, {left}.")
        return redirect("clients:bulk_change", change)
    messages.success(request, f"{restored}.")
    return redirect(safe_next(request, request.POST.get("next"), default=reverse("clients:bulk_change", args=[change])))


def _show(
    request: HttpRequest, change: actions.Change, rows: ClientQuerySet, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    user = signed_in(request)
    ticked = [] if request.POST.get("tous") else request.POST.getlist("c")
    asked = Asked(user, query_of(request))
    context = {
        "change": change,
        "field": BulkChange.Field(change.field).label,
        "forecast": actions.forecast(rows, change, named=len(set(ticked)) if ticked else None),
        "ticked": ticked,
        "asked": asked,
        "sent": request.POST.get("change", ""),
        "token": token_of(request.POST.get("token")),
        "back_url": back(user, request.POST.get("filtre", "")),
        "refusal": refusal,
        "limit": actions.LIMIT,
    }
    return render(request, "clients/bulk_confirm.html", context, status=status)


def _rows(request: HttpRequest) -> ClientQuerySet | None:
    """The ticked clients, or all that the filter finds; None when nothing was ticked."""
    user = signed_in(request)
    if request.POST.get("tous"):
        return Asked(user, query_of(request)).rows()
    keys = [int(key) for key in request.POST.getlist("c") if key.isdecimal() and len(key) < 19]
    return Client.objects.visible_to(user).in_lists().filter(pk__in=keys) if keys else None


def _change(request: HttpRequest) -> actions.Change | None:
    """What was chosen, when this person may choose it."""
    field, _, key = request.POST.get("change", "").partition(":")
    user = signed_in(request)
    offered: dict[str, Any] = {
        BulkChange.Field.STATUS: Status.objects.offered_to(user),
        BulkChange.Field.FOLLOWED_BY: User.objects.filter(is_active=True),
        BulkChange.Field.GROUPING: Grouping.objects.filter(is_active=True),
    }
    if field not in offered:
        return None
    if key == "aucun" and field != BulkChange.Field.STATUS:
        return actions.Change(field, None)
    value = offered[field].filter(pk=int(key)).first() if key.isdecimal() and len(key) < 10 else None
    return actions.Change(field, value) if value else None
