"""Clients: list, count, export, home, creating and editing."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_GET, require_http_methods

from clients.actions.clients import Edit, create_client, update_client
from clients.forms import AddressForm, ClientForm
from clients.models import Client, Kind
from clients.models.clients import ClientQuerySet
from clients.panels import towns
from extrabat.lib.database import CAP, capped_count, keyset_page
from extrabat.lib.exports import csv_lines
from extrabat.lib.phones import display_phone
from extrabat.lib.versions import Conflict
from settings_app.reference.models import Status
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in

PAGE_SIZE = 40
KINDS = {"particulier": Kind.INDIVIDUAL, "professionnel": Kind.PROFESSIONAL}


def _filtered(request: HttpRequest) -> tuple[ClientQuerySet, dict[str, Any]]:
    """The clients that the address asks for, among those the user may see, and the filters as understood."""
    typed = request.GET.get("q", "").strip()[:100]
    user = signed_in(request)
    statuses = list(Status.objects.offered_to(user))
    chosen = next((status for status in statuses if str(status.pk) == request.GET.get("statut")), None)
    rows = Client.objects.visible_to(user)
    # The Corbeille shows only to who asks for it.
    rows = rows.filter(status=chosen) if chosen else rows.living()
    if typed:
        rows = rows.named(typed)
    return rows, {"q": typed, "statuses": statuses, "chosen": chosen}


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows, filters = _filtered(request)
    page = keyset_page(
        rows.select_related("civility", "status", "followed_by"),
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
        rows.select_related("civility", "status", "followed_by")
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


@require_GET
def home(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Client.objects.visible_to(signed_in(request)).select_related("civility", "status", "followed_by")
    client = get_object_or_404(visible, pk=pk)
    return render(request, "clients/client_home.html", {"client": client, "addresses": client.addresses.all()})


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    kind = _kind(request, Kind.INDIVIDUAL)
    switching = "type" in request.POST
    initial = {"followed_by": user.pk, "status": Status.objects.offered_to(user).first()}
    form = ClientForm(request.POST or None, kind=kind, user=user, initial=initial)
    address = AddressForm(request.POST or None)
    context = {
        "form": form,
        "address_form": address,
        "kind": kind,
        "token": token_of(request.POST.get("token")),
    }
    if request.method == "GET" or switching:
        return _show_form(request, context, switching=switching)
    if not (form.is_valid() & address.is_valid()):
        return _show_form(request, context, status=422)
    key = create_client(by=user, client=_written(form), address=_written(address), token=str(context["token"]))
    messages.success(request, "Client créé.")
    return redirect("clients:home", pk=key)


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    client = get_object_or_404(Client.objects.visible_to(user).select_related("civility"), pk=pk)
    kind = Kind(client.kind)
    form = ClientForm(request.POST or None, instance=client, kind=kind, user=user)
    address = AddressForm(request.POST or None, instance=client.addresses.first())
    context = {"form": form, "address_form": address, "kind": kind, "client": client}
    if request.method == "GET":
        return _show_form(request, context)
    if not (form.is_valid() & address.is_valid()):
        return _show_form(request, context, status=422)
    try:
        update_client(
            pk,
            client=Edit(form.changes(), form.seen_values()),
            address=Edit(address.changes(), address.seen_values()),
        )
    except Conflict as conflict:
        for part in (form, address):
            part.show_conflict({n: v for n, v in conflict.current.items() if n in part.fields})
        return _show_form(request, context | {"conflict": True}, status=409)
    messages.success(request, "Client enregistré.")
    return redirect("clients:home", pk=pk)


def _show_form(
    request: HttpRequest, context: dict[str, Any], *, status: int = 200, switching: bool = False
) -> HttpResponse:
    """The form; `switching` shows what was typed on the other side of the switch, unjudged and whole."""
    if switching:
        typed = {name: value for name, value in request.POST.items() if isinstance(value, str)}
        form = ClientForm(kind=context["kind"], user=signed_in(request), initial=typed)
        shown = {form.add_prefix(name) for name in form.fields} | {
            "csrfmiddlewaretoken",
            "token",
            "type",
            "seen",
        }
        address = AddressForm(
            initial={name.removeprefix("address-"): v for name, v in typed.items() if name.startswith("address-")}
        )
        context |= {
            "form": form,
            "address_form": address,
            "carried": [(n, v) for n, v in typed.items() if n not in shown and not n.startswith("address-")],
        }
    return render(request, "clients/client_form.html", context, status=status)


def _kind(request: HttpRequest, default: Kind) -> Kind:
    named = request.POST.get("type") or request.POST.get("kind") or request.GET.get("type") or ""
    return KINDS.get(named, default)


def _written(form: ClientForm | AddressForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "seen"}
