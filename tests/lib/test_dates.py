"""Typed days, months, weeks, and the day in Paris on the nights when the hour changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrabat.lib.dates import add_months, local_day, paris, parse_day, week_bounds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25/11/2026", date(2026, 11, 25)),
        ("25-11-2026", date(2026, 11, 25)),
        ("25.11.2026", date(2026, 11, 25)),
        ("25/11/26", date(2026, 11, 25)),
        ("25112026", date(2026, 11, 25)),
        ("251126", date(2026, 11, 25)),
        ("2026-11-25", date(2026, 11, 25)),
        (" 5/3/2026\u00a0", date(2026, 3, 5)),
        ("29/02/2028", date(2028, 2, 29)),
        ("01/01/68", date(2068, 1, 1)),
        ("31/12/69", date(1969, 12, 31)),
        ("140784", date(1984, 7, 14)),
    ],
)
def test_parse_day_reads_the_usual_spellings(text: str, expected: date) -> None:
    assert parse_day(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Indiquez une date."),
        ("31/02/2026", "Le 31/02/2026 n’existe pas."),
        ("310226", "Le 31/02/2026 n’existe pas."),
        ("2026-02-31", "Le 31/02/2026 n’existe pas."),
        ("29/02/2026", "Le 29/02/2026 n’existe pas."),
        ("0/1/2026", "Le 00/01/2026 n’existe pas."),
        ("25/13/2026", "Le mois 13 n’existe pas : écrivez jj/mm/aaaa."),
        ("25/00/2026", "Le mois 00 n’existe pas : écrivez jj/mm/aaaa."),
        ("demain", "« demain » n’est pas une date : écrivez jj/mm/aaaa."),
        ("25/11", "« 25/11 » n’est pas une date : écrivez jj/mm/aaaa."),
        ("25/11-2026", "« 25/11-2026 » n’est pas une date : écrivez jj/mm/aaaa."),
        ("25/11/202", "« 25/11/202 » n’est pas une date : écrivez jj/mm/aaaa."),
        ("٢٥/11/2026", "« ٢٥/11/2026 » n’est pas une date : écrivez jj/mm/aaaa."),
    ],
)
def test_parse_day_names_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        parse_day(text)
    assert str(error.value).replace("\u00a0", " ") == message


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 25), 12, date(2027, 11, 25)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_add_months_stays_in_the_month(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_add_months_refuses_to_leave_the_calendar() -> None:
    with pytest.raises(ValueError, match="10000"):
        add_months(date(9999, 12, 1), 1)


@pytest.mark.parametrize(
    ("day", "monday", "sunday"),
    [
        (date(2026, 11, 25), date(2026, 11, 23), date(2026, 11, 29)),
        (date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 29)),
        (date(2026, 11, 29), date(2026, 11, 23), date(2026, 11, 29)),
        (date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3)),
    ],
)
def test_week_goes_from_monday_to_sunday(day: date, monday: date, sunday: date) -> None:
    assert week_bounds(day) == (monday, sunday)


@given(st.dates(min_value=date(2, 1, 1), max_value=date(9998, 12, 31)))
def test_week_holds_its_day(day: date) -> None:
    monday, sunday = week_bounds(day)
    assert monday <= day <= sunday
    assert sunday - monday == timedelta(days=6)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        # 00:30 in Paris on the nights when the hour changes: still the day before in UTC.
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 10, 24, 21, 59, tzinfo=UTC), date(2026, 10, 24)),
        # 23:30 in Paris on the evenings after.
        (datetime(2026, 3, 29, 21, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 30, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
        (datetime(2026, 11, 25, 0, 30, tzinfo=paris), date(2026, 11, 25)),
    ],
)
def test_local_day_is_that_of_paris(instant: datetime, expected: date) -> None:
    assert local_day(instant) == expected


def test_local_day_refuses_a_naive_datetime() -> None:
    with pytest.raises(ValueError, match="naive"):
        local_day(datetime(2026, 11, 25, 9, 30))  # noqa: DTZ001
