"""Ouvrages and their equipment: added, changed, removed; the client's history tells what comes and goes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from clients.models import Client, Equipment, HistoryEntry, Installation
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import apply_changes
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

GONE = "Cet ouvrage ou cet équipement n’existe plus\u00a0: une autre personne vient de le supprimer."
HELD = "Cet ouvrage porte encore des équipements ou des dossiers\u00a0: videz-le d’abord, ou renommez-le."


@transaction.atomic
def add_installation(client: Client, *, values: Mapping[str, Any], by: User, token: str) -> int:
    """Add an ouvrage and give its key; the same form sent twice adds one."""
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    row = Installation.objects.create(client=client, **values)
    _tell(client, f"Ouvrage ajouté\u00a0: {row.name}", by)
    record_result(token, str(row.pk))
    return row.pk


@transaction.atomic
def change_installation(
    client: Client, key: int, *, changes: Mapping[str, Any], seen: Mapping[str, Any], by: User
) -> None:
    """Raises `Conflict` over newer values, `Refused` when the row is gone."""
    row = Installation.objects.select_for_update().filter(client=client, pk=key).first()
    if row is None:
        raise Refused(GONE)
    before = row.name
    if apply_changes(row, changes, seen):
        row.save()
        if row.name != before:
            _tell(client, f"Ouvrage renommé\u00a0: {before} → {row.name}", by)


def remove_installation(client: Client, key: int, *, by: User) -> None:
    """Raises `Refused` when something still hangs on it."""
    try:
        with transaction.atomic():
            row = Installation.objects.select_for_update().filter(client=client, pk=key).first()
            if row is None:
                raise Refused(GONE)
            name = row.name
            row.delete()
            _tell(client, f"Ouvrage supprimé\u00a0: {name}", by)
    except ProtectedError as error:
        raise Refused(HELD) from error


@transaction.atomic
def add_equipment(installation: Installation, *, values: Mapping[str, Any], by: User, token: str) -> int:
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    row = Equipment.objects.create(installation=installation, **values)
    _tell(installation.client, f"{installation.name}\u00a0: {row} ajouté", by)
    record_result(token, str(row.pk))
    return row.pk


@transaction.atomic
def change_equipment(
    installation: Installation, key: int, *, changes: Mapping[str, Any], seen: Mapping[str, Any]
) -> None:
    row = Equipment.objects.select_for_update().filter(installation=installation, pk=key).first()
    if row is None:
        raise Refused(GONE)
    if apply_changes(row, changes, seen):
        row.save()


@transaction.atomic
def remove_equipment(installation: Installation, key: int, *, by: User) -> None:
    row = Equipment.objects.select_for_update().filter(installation=installation, pk=key).first()
    if row is None:
        raise Refused(GONE)
    words = str(row)
    row.delete()
    _tell(installation.client, f"{installation.name}\u00a0: {words} retiré", by)


def _tell(client: Client, text: str, by: User) -> None:
    HistoryEntry.objects.create(client=client, kind="installation", text=text, by=by)
