"""What every room's tables share: normalised search columns, versions, keyset pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import psycopg.errors
from django.core import signing
from django.db import OperationalError, connection, models, transaction
from django.db.models import Func, Q, QuerySet, TextField

M = TypeVar("M", bound=models.Model)


class Normalise(Func):
    """`house_normalise(text)`, the immutable SQL twin of `extrabat.lib.text.normalise`."""

    function = "house_normalise"
    output_field = TextField()


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
    """One page of `rows` sorted by `order` = (column, unique column), both ascending and not null.

    The cursor is the last row's own values, so that page 2,000 costs what page 1 costs and a row added meanwhile
    shifts nothing. A cursor that does not read as one gives the first page.
    """
    first, second = order
    backwards = _read(before)
    forwards = None if backwards else _read(after)
    window = rows.order_by(f"-{first}", f"-{second}") if backwards else rows.order_by(first, second)
    edge = backwards or forwards
    if edge:
        side = "lt" if backwards else "gt"
        # The redundant first condition is what lets Postgres start inside the index.
        window = window.filter(
            Q(**{f"{first}__{side}e": edge[0]}),
            Q(**{f"{first}__{side}": edge[0]}) | Q(**{first: edge[0], f"{second}__{side}": edge[1]}),
        )
    found = list(window[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_next = bool(found) and (bool(backwards) or more)
    has_previous = bool(found) and (more if backwards else bool(forwards))
    return Page(
        rows=found,
        after=_write(found[-1], order) if has_next else None,
        before=_write(found[0], order) if has_previous else None,
    )


def _write(row: models.Model, order: tuple[str, str]) -> str:
    return signing.dumps([getattr(row, name) for name in order], salt="keyset", compress=True)


def _read(cursor: str | None) -> tuple[Any, Any] | None:
    if not cursor:
        return None
    try:
        first, second = signing.loads(cursor, salt="keyset")
    except (signing.BadSignature, ValueError):
        return None
    return first, second


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
