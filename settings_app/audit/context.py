"""Who is acting: told to Postgres for the length of a request or a task, read there by the audit trigger."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def acting(*, by: int | None, source: str, request_id: str = "") -> Iterator[None]:
    """Writes made inside carry the user's key `by` (None: the program itself), the `source` and the request.

    Session settings rather than transaction ones, because a request may hold several transactions. They are
    cleared at the end: the connection serves somebody else next.
    """
    _tell(str(by or ""), source, request_id)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            _tell("", "", "")


def _tell(actor: str, source: str, request_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('extrabat.actor', %s, false), set_config('extrabat.source', %s, false),"
            " set_config('extrabat.request_id', %s, false)",
            [actor, source[:80], request_id],
        )


def becomes(by: int) -> None:
    """Somebody has just signed in: the rest of this request is his."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('extrabat.actor', %s, false)", [str(by)])
