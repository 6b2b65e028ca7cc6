"""What a change of status writes in a client's history, and the way out of the Corbeille (CLI-33)."""

from django.db import transaction

from clients.models import Client, HistoryEntry
from extrabat.lib.refusals import Refused
from settings_app.reference.models import Status
from settings_app.users.models import User


def status_entry(client_id: int, was: str, becomes: str, *, by: User) -> HistoryEntry:
    """The line of history, not yet written."""
    return HistoryEntry(client_id=client_id, kind="status", text=f"Statut\u00a0: {was} → {becomes}", by=by)


@transaction.atomic
def restore(client_id: int, *, status: Status, by: User) -> None:
    """Take a client out of the Corbeille with the status that was chosen for him."""
    if status.is_trash:
        raise Refused(f"«\u00a0{status}\u00a0» est un statut de la Corbeille\u00a0: choisissez-en un autre.")
    row = Client.objects.select_for_update(of=("self",)).select_related("status").in_lists().get(pk=client_id)
    if not row.status.is_trash:
        raise Refused("Ce client n’est plus dans la Corbeille\u00a0: une autre personne vient de le restaurer.")
    status_entry(row.pk, row.status.label, status.label, by=by).save()
    row.status = status
    row.save(update_fields=["status", "updated_at"])
