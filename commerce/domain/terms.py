"""When an invoice is due: days, end of the month, a day of the month (PAY-15; docs/rules/prices.md)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Terms:
    """First the days, then the end of that month, then the first such day of a month from there on.

    `day_of_month` 0 is none; in a shorter month its last day stands for 29, 30, 31.
    """

    days: int = 0
    end_of_month: bool = False
    day_of_month: int = 0

    def __post_init__(self) -> None:
        if self.days < 0 or not 0 <= self.day_of_month <= 31:
            raise ValueError("these are no terms of payment")

    def due_on(self, issued_on: date) -> date:
        due = issued_on + timedelta(days=self.days)
        if self.end_of_month:
            due = _day_of(due.year, due.month, 31)
        if self.day_of_month:
            this_month = _day_of(due.year, due.month, self.day_of_month)
            due = this_month if this_month >= due else _next_month(due, self.day_of_month)
        return due


def _day_of(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _next_month(from_: date, day: int) -> date:
    year, month = (from_.year + 1, 1) if from_.month == 12 else (from_.year, from_.month + 1)
    return _day_of(year, month, day)
