"""Prices, rates, nomenclatures, terms: the tables of docs/rules/prices.md, worked out by hand."""

from datetime import date, datetime

import pytest

from commerce.domain.assemblies import DEEPEST, CircleError, Part, Priced, TooDeepError, Value, value_of
from commerce.domain.prices import offer, reduced_rate_applies
from commerce.domain.terms import Terms
from tests.commerce.money import D


@pytest.mark.parametrize(
    ("list_price", "list_percent", "client_percent", "price", "percent", "source"),
    [
        ("82.50", "10", "5", "82.50", "0", "list_price"),
        ("0.00", "10", "0", "0.00", "0", "list_price"),
        ("120.00", "0", "0", "120.00", "0", "list_price"),
        (None, "10", "5", "100.00", "10", "list_percent"),
        (None, "0", "5", "100.00", "5", "client"),
        (None, "0", "0", "100.00", "0", "sale_price"),
    ],
)
def test_the_price_of_a_new_line(
    list_price: str | None, list_percent: str, client_percent: str, price: str, percent: str, source: str
) -> None:
    found = offer(
        D("100.00"),
        list_price=None if list_price is None else D(list_price),
        list_percent=D(list_percent),
        client_percent=D(client_percent),
    )
    assert (found.unit_price, found.percent, found.source) == (D(price), D(percent), source)


@pytest.mark.parametrize(
    ("old", "installed", "reduced"),
    [(True, True, True), (True, False, False), (False, True, False), (None, True, False)],
)
def test_the_reduced_rate_needs_an_old_dwelling_and_an_installation(
    old: bool | None, installed: bool, reduced: bool
) -> None:
    assert reduced_rate_applies(dwelling_over_two_years=old, is_installed=installed) is reduced


PUMP, FILTER, PIPE, HOUR, FILTRATION, ROOM, THREE = range(1, 8)
PARTS = [
    Part(FILTRATION, PUMP, D(1)),
    Part(FILTRATION, FILTER, D(1)),
    Part(FILTRATION, PIPE, D("2.5")),
    Part(ROOM, FILTRATION, D(1)),
    Part(ROOM, HOUR, D(4)),
    Part(THREE, ROOM, D(3)),
]
ARTICLES = {
    PUMP: Priced(D("210.00"), D("349.00")),
    FILTER: Priced(D("180.50"), D("289.90")),
    PIPE: Priced(D("1.234567"), D("3.333333")),
    HOUR: Priced(D("22.00"), D("48.00")),
    FILTRATION: Priced(D(0), D(0), from_parts=True),
    ROOM: Priced(D(0), D("790.00"), from_parts=True),
    THREE: Priced(D(0), D(0), from_parts=True),
}


@pytest.mark.parametrize(
    ("article", "cost", "price"),
    [
        (FILTRATION, "393.586418", "647.233333"),
        (ROOM, "481.586418", "839.233333"),
        (THREE, "1444.759253", "2517.699998"),
        (PIPE, "1.234567", "3.333333"),
    ],
)
def test_an_assembly_is_worth_its_parts(article: int, cost: str, price: str) -> None:
    assert value_of(article, PARTS, ARTICLES) == Value(D(cost), D(price))


def test_a_fixed_price_leaves_the_cost_to_the_parts() -> None:
    fixed = ARTICLES | {ROOM: Priced(D(0), D("790.00"))}
    assert value_of(ROOM, PARTS, fixed) == Value(D("481.586418"), D("790.00"))
    assert value_of(THREE, PARTS, fixed).price == D("2370.00")


def test_an_assembly_without_parts_is_worth_its_own_row() -> None:
    assert value_of(ROOM, [], ARTICLES) == Value(D(0), D("790.00"))


@pytest.mark.parametrize("closing", [Part(PUMP, ROOM, D(1)), Part(ROOM, ROOM, D(1)), Part(FILTRATION, THREE, D(1))])
def test_an_assembly_is_never_beneath_itself(closing: Part) -> None:
    with pytest.raises(CircleError):
        value_of(ROOM, [*PARTS, closing], ARTICLES)


def test_assemblies_are_nested_six_times_and_no_deeper() -> None:
    chain = [Part(key, key + 1, D(1)) for key in range(100, 100 + DEEPEST)]
    articles = {key: Priced(D(1), D(2), from_parts=True) for key in range(100, 102 + DEEPEST)}
    assert value_of(100, chain, articles) == Value(D(1), D(2))
    with pytest.raises(TooDeepError):
        value_of(100, [*chain, Part(100 + DEEPEST, 101 + DEEPEST, D(1))], articles)


def day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007  # a day has no time zone


@pytest.mark.parametrize(
    ("issued", "terms", "due"),
    [
        ("25/11/2026", Terms(), "25/11/2026"),
        ("25/11/2026", Terms(30), "25/12/2026"),
        ("25/11/2026", Terms(30, True), "31/12/2026"),
        ("25/11/2026", Terms(30, True, 10), "10/01/2027"),
        ("25/11/2026", Terms(45, True), "31/01/2027"),
        ("10/11/2026", Terms(0, False, 10), "10/11/2026"),
        ("11/11/2026", Terms(0, False, 10), "10/12/2026"),
        ("15/12/2026", Terms(0, False, 10), "10/01/2027"),
        ("30/01/2027", Terms(30, True, 10), "10/04/2027"),
        ("30/01/2028", Terms(30, True, 10), "10/03/2028"),
        ("31/01/2027", Terms(0, True), "31/01/2027"),
        ("01/02/2027", Terms(0, True), "28/02/2027"),
        ("01/02/2028", Terms(0, True), "29/02/2028"),
        ("01/02/2027", Terms(0, False, 31), "28/02/2027"),
        ("29/02/2028", Terms(365), "28/02/2029"),
        ("30/04/2027", Terms(0, True, 31), "30/04/2027"),
        ("31/12/2026", Terms(60), "01/03/2027"),
    ],
)
def test_when_an_invoice_is_due(issued: str, terms: Terms, due: str) -> None:
    assert terms.due_on(day(issued)) == day(due)


@pytest.mark.parametrize(("days", "of_month"), [(-1, 0), (0, 32), (0, -1)])
def test_terms_that_are_none(days: int, of_month: int) -> None:
    with pytest.raises(ValueError, match="terms"):
        Terms(days, day_of_month=of_month)
