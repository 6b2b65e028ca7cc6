"""What the room shows elsewhere: hits of the search field, a tile of the home page."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from clients.models import Address, Client
from extrabat.lib.phones import display_phone
from extrabat.lib.rooms import Hit, SearchProvider, Tile
from settings_app.users.access import signed_in
from settings_app.users.models import User


def towns(clients: Sequence[Client]) -> dict[int, str]:
    """The town of each client's first address, in one query."""
    found: dict[int, str] = {}
    for address in Address.objects.filter(client__in=[client.pk for client in clients]).order_by("pk"):
        found.setdefault(address.client_id, address.town)
    return found


def find(user: User, typed: str, limit: int) -> list[Hit]:
    rows = Client.objects.visible_to(user).living().in_lists().named(typed).order_by("sort_name", "pk")
    clients = list(rows.select_related("status")[:limit])
    places = towns(clients)
    return [
        Hit(
            label=client.display_name,
            detail=places.get(client.pk) or display_phone(client.mobile_1),
            url=client.get_absolute_url(),
            icon="building" if client.is_professional else "user",
        )
        for client in clients
    ]


def _recent(request: HttpRequest) -> dict[str, Any]:
    rows = Client.objects.visible_to(signed_in(request)).living().in_lists().select_related("status")
    clients = list(rows.order_by("-updated_at", "-pk")[:8])
    places = towns(clients)
    return {"rows": [(client, places.get(client.pk, "")) for client in clients]}


search = SearchProvider(
    heading="Clients", find=find, all_url=lambda typed: f"{reverse('clients:list')}?{urlencode({'q': typed})}"
)
recent = Tile(name="recent-clients", template="clients/tile_recent.html", context=_recent, order=10)
