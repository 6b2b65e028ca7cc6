"""What every room's tables share: normalised search columns, versions, keyset pages."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import psycopg.errors
from django.contrib.postgres.fields import ArrayField
from django.core import signing
from django.db import OperationalError, connection, models, transaction
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

M = TypeVar("M", bound=models.Model)


class Normalise(Func):
    """`house_normalise(text)`, the immutable SQL twin of `extrabat.lib.text.normalise`."""

    function = "house_normalise"
    output_field = TextField()


class _Among(Func):
    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def among(keys: str) -> Func:
    """The condition that a row's key is one of `keys`, an array as Postgres writes it: "{3,14}".

    Thousands of keys go through as one text, where `pk__in` makes, sends and reads each on its own.
    """
    return _Among(F("pk"), Cast(Value(keys), ArrayField(models.BigIntegerField())))


class Versioned(models.Model):
    """A record that people edit. A trigger adds one to `version` at every update, whoever makes it."""

    version = models.PositiveIntegerField("version", default=1, editable=False)

    class Meta:
        abstract = True


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows of one page; `after` and `before` are cursors of the neighbours, or None at the ends."""

    rows: list[M]
    after: str | None
    before: str | None


def keyset_page(
    rows: QuerySet[M], *, order: tuple[str, str], size: int, after: str | None, before: str | None
) -> Page[M]:
    """One page of `rows` sorted by `order` = (column, unique column), not null, both ascending or both "-descending".

    The cursor is the last row's own values, so that page 2,000 costs what page 1 costs and a row added meanwhile
    shifts nothing. A cursor that does not read as one of this order gives the first page.
    """
    return chained_page([("", rows)], order=order, size=size, after=after, before=before)


def chained_page(
    parts: Sequence[tuple[str, QuerySet[M]]],
    *,
    order: tuple[str, str],
    size: int,
    after: str | None,
    before: str | None,
) -> Page[M]:
    """As `keyset_page`, over (name, rows) parts read one after the other, each sorted by `order` within itself.

    For an order that begins with a column of another, short table: no index can hold it, each part has its own.
    """
    backwards = _read(before, order)
    edge = backwards or _read(after, order)
    names = [name for name, _ in parts]
    if edge and edge[0] not in names:
        backwards = edge = None
    walked = list(reversed(parts)) if backwards else list(parts)
    start = [name for name, _ in walked].index(edge[0]) if edge else 0
    found: list[tuple[str, M]] = []
    for place, (name, rows) in enumerate(walked[start:]):
        window = _window(rows, order, edge if place == 0 else None, backwards=bool(backwards))
        found += [(name, row) for row in window[: size + 1 - len(found)]]
        if len(found) > size:
            break
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_next = bool(found) and (bool(backwards) or more)
    has_previous = bool(found) and (more if backwards else bool(edge))
    return Page(
        rows=[row for _, row in found],
        after=cursor_of(found[-1][1], order, part=found[-1][0]) if has_next else None,
        before=cursor_of(found[0][1], order, part=found[0][0]) if has_previous else None,
    )


def _window(
    rows: QuerySet[M], order: tuple[str, str], edge: tuple[str, Any, Any] | None, *, backwards: bool
) -> QuerySet[M]:
    """The rows past `edge`, in the direction of the walk."""
    first, second = (name.removeprefix("-") for name in order)
    descending = order[0].startswith("-") != backwards
    window = rows.order_by(f"-{first}", f"-{second}") if descending else rows.order_by(first, second)
    if edge is None:
        return window
    _, one, two = edge
    side = "lt" if descending else "gt"
    # The redundant first condition is what lets Postgres start inside the index.
    return window.filter(
        Q(**{f"{first}__{side}e": one}), Q(**{f"{first}__{side}": one}) | Q(**{first: one, f"{second}__{side}": two})
    )


def cursor_of(row: models.Model, order: tuple[str, str], *, part: str = "") -> str:
    """The cursor of the page that begins after `row`."""
    values = [getattr(row, name.removeprefix("-")) for name in order]
    written = [value.isoformat() if isinstance(value, date) else value for value in values]
    return signing.dumps([part, *written], salt=_salt(order), compress=True)


def _read(cursor: str | None, order: tuple[str, str]) -> tuple[str, Any, Any] | None:
    if not cursor:
        return None
    try:
        part, first, second = signing.loads(cursor, salt=_salt(order))
    except (signing.BadSignature, ValueError):
        return None
    return part, first, second


def _salt(order: tuple[str, str]) -> str:
    """A cursor of another order would be compared with another type."""
    return f"keyset {' '.join(order)}"


CAP = 10_000


def capped_count(rows: QuerySet[Any]) -> int:
    """How many rows, counted no further than `CAP` + 1: a count over a big table costs more than its page."""
    return rows.order_by()[: CAP + 1].count()


class TooSlowError(Exception):
    """A statement took longer than it was given."""


@contextmanager
def patience(milliseconds: int) -> Iterator[None]:
    """Statements inside that take longer are stopped by Postgres: TooSlowError, and the connection stays good."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {int(milliseconds)}")
            yield
            # A transaction around this one goes on with its own patience.
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise TooSlowError from error
        raise
