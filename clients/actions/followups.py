"""Notes, actions to do, and the status: what the office writes on a client's page."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from clients.models import Client, FollowUp, HistoryEntry
from extrabat.lib.french import day
from extrabat.lib.refusals import Refused
from settings_app.reference.models import Status
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

NOT_OFFERED = "Ce statut n’existe plus, ou ne vous est pas ouvert. Rechargez la page."


@transaction.atomic
def add_note(client: Client, *, text: str, by: User, token: str) -> None:
    """Append a free note; sent twice with one token it is written once."""
    if not earlier_result(token, by=by):
        entry = HistoryEntry.objects.create(client=client, kind="note", text=text, by=by)
        record_result(token, str(entry.pk))


@transaction.atomic
def add_follow_up(
    client: Client,
    *,
    text: str,
    alert_on: date | None,
    assigned_to: User,
    shared_with: Iterable[User],
    by: User,
    token: str,
) -> None:
    """Add something to do; the client's history tells it."""
    if earlier_result(token, by=by):
        return
    row = FollowUp.objects.create(client=client, text=text, alert_on=alert_on, assigned_to=assigned_to, created_by=by)
    row.shared_with.set(shared_with)
    when = f", pour le {day(alert_on)}" if alert_on else ""
    _tell(client, f"À faire par {assigned_to}{when}\u00a0: {text}", by)
    record_result(token, str(row.pk))


@transaction.atomic
def finish(client: Client, key: int, *, done: bool, by: User) -> FollowUp:
    """Tick an action, or untick it; what it was already changes nothing. Raises `Refused` for one that is gone."""
    row = FollowUp.objects.select_for_update().filter(client=client, pk=key).first()
    if row is None:
        raise Refused("Cette action n’existe plus.")
    if (row.done_at is not None) != done:
        row.done_at, row.done_by = (timezone.now(), by) if done else (None, None)
        row.save()
        _tell(client, f"{'Fait' if done else 'À refaire'}\u00a0: {row.text}", by)
    return row


@transaction.atomic
def change_status(client_id: int, status_id: int, *, by: User) -> tuple[Status, Status]:
    """Give the client another status (PLA-02); give the former and the new one. His history tells it."""
    row = Client.objects.select_for_update(of=("self",)).select_related("status").get(pk=client_id)
    new = Status.objects.offered_to(by).filter(pk=status_id).first()
    if new is None:
        raise Refused(NOT_OFFERED)
    old = row.status
    if old != new:
        row.status = new
        row.save(update_fields=["status", "updated_at"])
        tell_status(row, old, by)
    return old, new


def tell_status(client: Client, old: Status, by: User) -> None:
    """Append the change of status that was just written, whichever door it came by."""
    HistoryEntry.objects.create(client=client, kind="status", text=f"{old.label} → {client.status.label}", by=by)


def _tell(client: Client, text: str, by: User) -> None:
    HistoryEntry.objects.create(client=client, kind="action", text=text, by=by)
