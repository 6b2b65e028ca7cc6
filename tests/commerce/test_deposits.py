"""Deposits and credit notes: the tables of docs/rules/totals.md, worked out by hand."""

import pytest

from commerce.domain.deposits import TooMuchError, balance, deposit, negated
from commerce.domain.lines import Sheet
from commerce.domain.totals import totals
from commerce.domain.vat import RateAmount, by_rate, gross_of
from tests.commerce.money import T10, T20, T55, D, at, item, off, shown

TOTAL = (at(T20, "12500.00", "2500.00"), at(T10, "611.25", "61.13"), at(T55, "3695.50", "203.25"))
FIRST = (at(T20, "3750.00", "750.00"), at(T10, "183.37", "18.34"), at(T55, "1108.65", "60.98"))
SECOND = (at(T20, "3193.48", "638.70"), at(T10, "156.16", "15.62"), at(T55, "944.11", "51.93"))


def test_a_deposit_in_percent_is_shared_over_the_rates() -> None:
    assert deposit(TOTAL, (), percent=D(30)) == FIRST
    assert shown(balance(TOTAL, FIRST)) == [
        ("20", "8750.00", "1750.00"),
        ("10", "427.88", "42.79"),
        ("5.5", "2586.85", "142.27"),
    ]


def test_a_second_deposit_is_shared_over_what_is_left() -> None:
    assert deposit(TOTAL, FIRST, gross=D(5000)) == SECOND
    left = balance(TOTAL, FIRST + SECOND)
    assert shown(left) == [("20", "5556.52", "1111.30"), ("10", "271.72", "27.17"), ("5.5", "1642.74", "90.34")]
    assert gross_of(left) == D("8699.79")


def test_the_last_deposit_takes_what_is_left_to_the_cent() -> None:
    last = deposit(TOTAL, FIRST + SECOND, gross=D("8699.79"))
    assert last == balance(TOTAL, FIRST + SECOND)
    assert all(amount.net == amount.vat == 0 for amount in balance(TOTAL, FIRST + SECOND + last))


def test_a_rate_below_zero_gives_no_deposit() -> None:
    total = (at(T20, "900.00", "180.00"), at(T10, "-180.00", "-18.00"))
    taken = deposit(total, (), gross=D(441))
    assert shown(taken) == [("20", "367.50", "73.50")]
    assert shown(balance(total, taken)) == [("20", "532.50", "106.50"), ("10", "-180.00", "-18.00")]


def test_rounding_takes_no_more_vat_than_there_is() -> None:
    total = (at(T20, "0.12", "0.02"),)
    taken: tuple[RateAmount, ...] = ()
    for expected in (("0.03", "0.01"), ("0.03", "0.01"), ("0.04", "0.00")):
        part = deposit(total, taken, gross=D("0.04"))
        assert shown(part) == [("20", *expected)]
        taken += part
    assert shown(balance(total, taken)) == [("20", "0.02", "0.00")]


def test_a_deposit_at_a_rate_that_the_invoice_has_not_is_refused() -> None:
    with pytest.raises(TooMuchError):
        balance((at(T10, "1000.00", "100.00"),), (at(T20, "100.00", "20.00"),))


@pytest.mark.parametrize("taken", [at(T20, "12500.01", "0.00"), at(T20, "0.00", "2500.01"), at(T20, "-0.01", "0.00")])
def test_nothing_goes_beyond_zero_nor_above_the_total(taken: RateAmount) -> None:
    with pytest.raises(TooMuchError):
        balance(TOTAL, [taken])


@pytest.mark.parametrize("gross", ["0", "-1", "0.004"])
def test_a_deposit_of_nothing_is_refused(gross: str) -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        deposit(TOTAL, (), gross=D(gross))


def test_a_deposit_of_more_than_is_left_is_refused() -> None:
    with pytest.raises(TooMuchError):
        deposit(TOTAL, FIRST, percent=D("70.01"))


def test_a_credited_deposit_deducts_nothing() -> None:
    assert balance(TOTAL, FIRST + negated(FIRST)) == TOTAL


def test_an_invoice_and_its_credit_note_are_nothing() -> None:
    sheet = Sheet((item("3", "1.995", T20, "10%"), item("7", "0.333333", T10)), discount=off("0.05"))
    invoice, credit = totals(sheet), totals(-sheet)
    assert credit.amounts == negated(invoice.amounts)
    assert [line.net for line in credit.lines] == [-line.net for line in invoice.lines]
    for amount in by_rate(invoice.amounts + credit.amounts).values():
        assert (str(amount.net), str(amount.vat)) == ("0.00", "0.00")


def test_the_rest_of_a_credit_note_is_still_below_zero() -> None:
    assert shown(balance(negated(TOTAL), negated(FIRST)))[0] == ("20", "-8750.00", "-1750.00")


def test_amounts_of_two_rates_are_not_one() -> None:
    with pytest.raises(ValueError, match="two rates"):
        at(T20, "1.00", "0.20") + at(T10, "1.00", "0.10")
