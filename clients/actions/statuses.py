"""The status of a client: changed, told in his history, taken out of the Corbeille (PLA-02, CLI-33)."""

from typing import Final

from django.db import transaction

from clients.models import Client, HistoryEntry
from extrabat.lib.refusals import Refused
from settings_app.reference.models import Status
from settings_app.users.models import User

NOT_OFFERED: Final = "Ce statut n’existe plus, ou ne vous est pas ouvert. Rechargez la page."


MERGED: Final = (
    "Cette fiche a été fusionnée dans une autre\u00a0: elle ne change plus. Si c’est une erreur, annulez la fusion."
)


def refuse_merged(row: Client) -> None:
    """A record that was merged is only read."""
    if row.is_merged:
        raise Refused(MERGED)


def status_entry(client_id: int, was: Status, becomes: Status, *, by: User) -> HistoryEntry:
    """The line of history, not yet written: every door by which a status changes writes it."""
    keys = [was.pk, becomes.pk]
    return HistoryEntry(client_id=client_id, kind="status", text=f"{was} → {becomes}", statuses=keys, by=by)


@transaction.atomic
def change_status(client_id: int, status_id: int, *, by: User) -> tuple[Status, Status]:
    """Give the client another status; give the former and the new one. Raises `Refused` for one that is not his."""
    row = _locked(client_id)
    new = Status.objects.offered_to(by).filter(pk=status_id).first()
    if new is None:
        raise Refused(NOT_OFFERED)
    old = row.status
    if old != new:
        _give(row, new, by)
    return old, new


@transaction.atomic
def restore(client_id: int, *, status: Status, by: User) -> None:
    """Take a client out of the Corbeille with the status that was chosen for him."""
    if status.is_trash:
        raise Refused(f"«\u00a0{status}\u00a0» est un statut de la Corbeille\u00a0: choisissez-en un autre.")
    row = _locked(client_id)
    if not row.status.is_trash:
        raise Refused("Ce client n’est plus dans la Corbeille\u00a0: une autre personne vient de le restaurer.")
    _give(row, status, by)


def _locked(client_id: int) -> Client:
    row = Client.objects.select_for_update(of=("self",)).select_related("status").in_lists().get(pk=client_id)
    refuse_merged(row)
    return row


def _give(row: Client, status: Status, by: User) -> None:
    status_entry(row.pk, row.status, status, by=by).save()
    row.status = status
    row.save(update_fields=["status", "updated_at"])
