"""A client's history, page by page: what the user may know of it, newest first (CLI-29)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from clients.history import HistoryKind, hidden_kinds, history_kinds
from clients.models import Client, HistoryEntry
from settings_app.users.models import User

PAGE = 40
LATEST = 6


@dataclass(frozen=True)
class Told:
    """An entry with the icon and the word of its kind."""

    entry: HistoryEntry
    kind: HistoryKind


def told(entries: list[HistoryEntry]) -> list[Told]:
    return [Told(entry, _kind(entry.kind)) for entry in entries]


def window(
    client: Client, user: User, *, kind: str = "", after: str = "", size: int = PAGE
) -> tuple[list[HistoryEntry], str]:
    """One page of the history and the cursor of the next, empty at the end.

    The cursor is the instant and the key of the last entry, so that the thousandth page costs what the first does.
    Nonsense for a cursor or a kind gives the first page, or all kinds.
    """
    rows = client.history.told_to(user).exclude(kind__in=hidden_kinds(user)).select_related("by").order_by("-at", "-pk")
    if history_kinds.get(kind):
        rows = rows.filter(kind=kind)
    edge = _read(after)
    if edge:
        at, key = edge
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=key), at__lte=at)
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    return found, f"{found[-1].at.isoformat()}~{found[-1].pk}" if more else ""


def _kind(name: str) -> HistoryKind:
    return history_kinds.get(name) or HistoryKind(name, name.capitalize(), "info-circle")


def _read(cursor: str) -> tuple[datetime, int] | None:
    instant, _, key = cursor.partition("~")
    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        return None
    return (at, int(key)) if at.tzinfo and key.isdecimal() and len(key) < 18 else None
