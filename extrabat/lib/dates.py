"""Days and weeks in the time zone of the houses, Europe/Paris.

"Today" is asked for once, at the edge (the view, the task, the command calls Django's `localdate()`), and
handed down as a plain date: what is below never reads a clock, so that the nights when the hour changes and
the two hours around midnight in UTC can be tested.
"""

import calendar
import re
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

paris: Final = ZoneInfo("Europe/Paris")

_DAY_FIRST: Final = re.compile(
    r"(?P<day>[0-9]{1,2})(?P<separator>[/.-])(?P<month>[0-9]{1,2})(?P=separator)(?P<year>[0-9]{4}|[0-9]{2})"
)
_RUN_TOGETHER: Final = re.compile(r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>[0-9]{4}|[0-9]{2})")
_ISO: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_FIRST_YEAR_OF_THE_LAST_CENTURY: Final = 69


def parse_day(text: str) -> date:
    """Read a day: 25/11/2026, 25-11-2026, 25.11.2026, 25/11/26, 25112026, 251126 or 2026-11-25.

    Two digits of a year are read as POSIX does: 00 to 68 are 2000 to 2068, 69 to 99 are 1969 to 1999.
    Raises ValueError with a French message that names what is wrong.
    """
    stripped = text.strip()
    if not stripped:
        raise ValueError("Indiquez une date.")
    match = _DAY_FIRST.fullmatch(stripped) or _RUN_TOGETHER.fullmatch(stripped) or _ISO.fullmatch(stripped)
    if match is None:
        raise ValueError(f"«\u00a0{stripped}\u00a0» n’est pas une date\u00a0: écrivez jj/mm/aaaa.")
    day, month, year = int(match["day"]), int(match["month"]), _full_year(match["year"])
    if not 1 <= month <= 12:
        raise ValueError(f"Le mois {match['month']} n’existe pas\u00a0: écrivez jj/mm/aaaa.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"Le {day:02d}/{month:02d}/{year:04d} n’existe pas.") from None


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= _FIRST_YEAR_OF_THE_LAST_CENTURY else 2000)


def add_months(day: date, months: int) -> date:
    """Move by calendar months, staying on the last day where the month is shorter: 31 January + 1 is 28 or
    29 February. Not reversible for that reason: count from the first date of a series, not from the former.
    Raises ValueError outside the years 1 to 9999.
    """
    years, month_index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month_index + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def week_bounds(day: date) -> tuple[date, date]:
    """Give the Monday and the Sunday of the week of a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def local_day(instant: datetime) -> date:
    """Give the day that a Paris calendar shows at this instant; raises ValueError for a naive datetime."""
    if instant.utcoffset() is None:
        raise ValueError("a naive datetime names no instant")
    return instant.astimezone(paris).date()
