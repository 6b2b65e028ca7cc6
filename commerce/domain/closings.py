"""Which days, months and years are to be closed (docs/rules/seal.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    """`kind` D, M or Y; both days are in it."""

    kind: str
    begins_on: date
    ends_on: date


def day(on: date) -> Period:
    return Period("D", on, on)


def month(on: date) -> Period:
    following = (on.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Period("M", on.replace(day=1), following - timedelta(days=1))


def year(on: date) -> Period:
    return Period("Y", date(on.year, 1, 1), date(on.year, 12, 31))


def due(since: date, before: date) -> Iterator[Period]:
    """Every period that ended before `before`, from the day `since` on, in the order in which they end.

    A day before its month, a month before its year: each closes what the smaller ones hold.
    """
    on = since
    while on < before:
        yield day(on)
        if month(on).ends_on == on:
            yield month(on)
        if year(on).ends_on == on:
            yield year(on)
        on += timedelta(days=1)
