"""The list of clients: its page, its count, its columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods

from clients import columns as table
from clients import preferences
from clients.filters import FILTERS, TEXT, Filter, Option
from clients.list_rows import row_html
from clients.listing import ORDERS, Asked
from clients.models import BulkChange, Client, SavedFilter
from extrabat.lib.database import CAP, Page, capped_count
from settings_app.preferences.composing import composed, is_moving, lines_of
from settings_app.users.access import signed_in
from settings_app.users.models import User

PAGE_SIZE = 40


@dataclass(frozen=True)
class Field:
    """One filter as the page draws it."""

    filter: Filter
    values: list[str]
    options: list[Option]

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    asked = Asked(user, request.GET)
    columns = table.chosen(preferences.columns.of(user))
    page = _page(request, asked, columns, hoping=True)
    if not page.rows and TEXT.name in asked.values:
        page = _page(request, asked, columns, hoping=False)
    context = {
        "page": page,
        "rows": _rows(page.rows, columns, picked=user.has_perm("settings_app.change_clients")),
        "headings": [_heading(asked, column) for column in (table.CLIENT, *columns)],
        "asked": asked,
        "query": asked.query,
        "fields": [_field(asked, one) for one in FILTERS],
        "orders": [(f"{sign}{name}", label, sign) for name, (_, label) in ORDERS.items() for sign in ("", "-")],
        "is_unfolded": "plus" in request.GET or any(one.is_rare and one.name in asked.values for one in FILTERS),
        "saved_filters": SavedFilter.objects.visible_to(user).select_related("user"),
        "changes": _changes(asked),
        "token": str(uuid4()),
    }
    return render(request, "clients/client_list.html", context)


def _page(request: HttpRequest, asked: Asked, columns: Sequence[table.Column], *, hoping: bool) -> Page[Client]:
    rows = asked.rows(hoping=hoping).select_related("colour", *table.related_to(columns))
    rows = rows.only(*table.fields_of(columns), *asked.order_fields)
    return asked.page(rows, size=PAGE_SIZE, after=request.GET.get("apres"), before=request.GET.get("avant"))


@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """How many, in a fragment of its own: the list never waits for it."""
    rows = Asked(signed_in(request), request.GET).rows()
    return render(request, "clients/client_list.html#count", {"total": capped_count(rows), "cap": CAP})


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest) -> HttpResponse:
    """Keep the ticked columns in the order they were sent; an arrow moves one, `reset` forgets the choice."""
    user = signed_in(request)
    if request.method == "GET":
        query = Asked(user, request.GET).query
        lines = lines_of(preferences.columns.offered(user), preferences.columns.of(user))
        context = {"lines": lines, "query": query, "back_url": back(user, query)}
        return render(request, "clients/columns.html", context)
    preferences.columns.save(user, None if "reset" in request.POST else composed(request.POST))
    address = back(user, request.POST.get("filtre", ""))
    if is_moving(request.POST):
        return redirect(address.replace(reverse("clients:list"), reverse("clients:columns"), 1))
    return redirect(address)


def back(user: User, query: str) -> str:
    """The list's address for a query that came with a form."""
    known = Asked.stored(user, query[:4000]).query
    return reverse("clients:list") + (f"?{known}" if known else "")


def query_of(request: HttpRequest) -> QueryDict:
    """The list's query that a form carries in one field."""
    return QueryDict(request.POST.get("filtre", "")[:4000])


def _rows(clients: Sequence[Client], columns: Sequence[table.Column], *, picked: bool) -> list[SafeString]:
    """Each client as a line of the table, ticked when `picked`."""
    addresses = table.addresses_of(clients, columns)
    return [row_html(client, columns, addresses.get(client.pk), picked=picked) for client in clients]


def _field(asked: Asked, one: Filter) -> Field:
    return Field(one, asked.values.get(one.name, []), list(one.offered(asked.options)))


def _heading(asked: Asked, column: table.Column) -> dict[str, Any]:
    """A heading that sorts leads to its order, and when it is in force to the reverse of it."""
    here = asked.sort.removeprefix("-") == column.sort and bool(column.sort)
    is_down = asked.sort.startswith("-")
    wanted = f"-{column.sort}" if here and not is_down else column.sort
    return {
        "column": column,
        "query": asked.sorted_by(wanted) if column.sort else "",
        "sorts": bool(column.sort),
        "direction": ("descending" if is_down else "ascending") if here else "",
    }


def _changes(asked: Asked) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the selection may be given, by field: (value of the choice, label)."""
    found = []
    names = {"status": "statut", "followed_by": "suivi", "grouping": "regroupement"}
    for field in BulkChange.Field:
        options = [one for one in asked.options.get(names[field], ()) if one.is_active]
        choices = [(f"{field}:{one.value}", one.label) for one in options]
        if field == BulkChange.Field.FOLLOWED_BY:
            choices.append((f"{field}:aucun", "Personne"))
        if field == BulkChange.Field.GROUPING:
            choices.append((f"{field}:aucun", "Aucun regroupement"))
        found.append((str(field.label), choices))
    return found
