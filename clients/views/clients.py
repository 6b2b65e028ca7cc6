"""Clients: list, count, export."""

from collections.abc import Iterator
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_GET

from clients import search
from clients.models import Client
from clients.models.clients import ClientQuerySet
from clients.panels import towns
from extrabat.lib.database import CAP, capped_count, keyset_page
from extrabat.lib.exports import csv_lines
from extrabat.lib.phones import display_phone
from settings_app.preferences.registry import search_mode
from settings_app.reference.models import Status
from settings_app.users.access import needs, signed_in

PAGE_SIZE = 40


def _filtered(request: HttpRequest) -> tuple[ClientQuerySet, dict[str, Any]]:
    """The clients that the address asks for, among those the user may see, and the filters as understood."""
    typed = request.GET.get("q", "").strip()[:100]
    user = signed_in(request)
    statuses = list(Status.objects.offered_to(user))
    chosen = next((status for status in statuses if str(status.pk) == request.GET.get("statut")), None)
    rows = Client.objects.visible_to(user).in_lists()
    # The Corbeille shows only to who asks for it.
    rows = rows.filter(status=chosen) if chosen else rows.living()
    if typed:
        rows = search.matching(rows, typed, cast(search.Mode, search_mode.of(user)))
    return rows, {"q": typed, "statuses": statuses, "chosen": chosen}


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows, filters = _filtered(request)
    page = keyset_page(
        rows.select_related("civility", "status", "followed_by", "colour"),
        order=("sort_name", "pk"),
        size=PAGE_SIZE,
        after=request.GET.get("apres"),
        before=request.GET.get("avant"),
    )
    places = towns(page.rows)
    query = request.GET.copy()
    for cursor in ("apres", "avant"):
        query.pop(cursor, None)
    context = {
        "page": page,
        "rows": [(client, places.get(client.pk, "")) for client in page.rows],
        "query": query.urlencode(),
        **filters,
    }
    return render(request, "clients/client_list.html", context)


@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """How many, in a fragment of its own: the list never waits for it."""
    rows, _ = _filtered(request)
    return render(request, "clients/client_list.html#count", {"total": capped_count(rows), "cap": CAP})


@require_GET
@needs("export")
def export(request: HttpRequest) -> HttpResponseBase:
    rows, _ = _filtered(request)
    header = [
        "Type",
        "Civilité",
        "Nom",
        "Prénom",
        "Raison sociale",
        "Email",
        "Mobile 1",
        "Téléphone 1",
        "Code postal",
        "Commune",
        "Statut",
        "Suivi par",
        "Créé le",
    ]
    response = StreamingHttpResponse(csv_lines(header, _export_rows(rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="clients-{localdate():%Y-%m-%d}.csv"'
    return response


def _export_rows(rows: ClientQuerySet) -> Iterator[list[object]]:
    every = (
        rows.select_related("civility", "status", "followed_by", "colour")
        .prefetch_related("addresses")
        .order_by("sort_name", "pk")
    )
    for client in every.iterator(chunk_size=1000):
        address = next(iter(client.addresses.all()), None)
        yield [
            client.get_kind_display(),
            client.civility.label,
            client.last_name,
            client.first_name,
            client.company_name,
            client.email,
            display_phone(client.mobile_1),
            display_phone(client.phone_1),
            address.postcode if address else "",
            address.city if address else "",
            client.status.label,
            str(client.followed_by or ""),
            localtime(client.created_at).date(),
        ]
