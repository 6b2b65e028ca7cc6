"""Creating and editing a client with his address, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from clients.models import Address, Client, Kind
from extrabat.lib.versions import Conflict, apply_changes
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

ADDRESS_TEXT = ("street", "postcode", "city", "directions")


@dataclass(frozen=True)
class Edit:
    """What a form changed, and what it showed of those fields when it was opened."""

    changes: Mapping[str, Any]
    seen: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def create_client(*, by: User, client: Mapping[str, Any], address: Mapping[str, Any], token: str) -> int:
    """Write a client and, when it says something, his address; give the client's key.

    `token` identifies the form: sent twice, even at once, it creates one client and answers the same key.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    row = Client(**client)
    row.kind = kind_of(row)
    row.save()
    if _says_something(address):
        Address.objects.create(client=row, **address)
    record_result(token, str(row.pk))
    return row.pk


@transaction.atomic
def update_client(client_id: int, *, client: Edit, address: Edit) -> None:
    """Write what was changed. Raises `Conflict` (nothing written) when somebody changed the same fields meanwhile."""
    row = Client.objects.select_for_update(of=("self",)).select_related("civility").get(pk=client_id)
    place = Address.objects.select_for_update().filter(client=row).first()
    clashes: dict[str, Any] = {}
    names = _try(row, client, clashes)
    place_names = _try(place, address, clashes) if place else []
    if clashes:
        raise Conflict(clashes)
    if names:
        row.kind = kind_of(row)
        row.save(update_fields=[*names, "kind", "updated_at"])
    if place is None:
        if _says_something(address.changes):
            Address.objects.create(client=row, **address.changes)
    elif not _says_something({name: getattr(place, name) for name in ADDRESS_TEXT}):
        place.delete()
    elif place_names:
        place.save(update_fields=place_names)


def kind_of(client: Client) -> str:
    """The kind that the civility says (CLI-08)."""
    return Kind.PROFESSIONAL if client.civility.is_professional else Kind.INDIVIDUAL


def _try(row: Client | Address, edit: Edit, clashes: dict[str, Any]) -> list[str]:
    try:
        return apply_changes(row, edit.changes, edit.seen)
    except Conflict as conflict:
        clashes |= conflict.current
        return []


def _says_something(address: Mapping[str, Any]) -> bool:
    return any(address.get(name) for name in ADDRESS_TEXT)
