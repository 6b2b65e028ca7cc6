"""Notes and actions to do: what the office writes on a client's page."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from clients.models import Client, FollowUp, HistoryEntry
from extrabat.lib.french import day
from extrabat.lib.refusals import Refused
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User


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


def _tell(client: Client, text: str, by: User) -> None:
    HistoryEntry.objects.create(client=client, kind="action", text=text, by=by)
