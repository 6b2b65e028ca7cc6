"""Cents, shares and typed amounts: expected values worked out by hand."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrabat.lib.money import apportion, cents, parse_amount

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=6)
WEIGHTS = st.lists(st.decimals(min_value=0, max_value=10**6, places=3), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("0.0049999", "0.00"),
        ("-0.004", "0.00"),
        ("1.045", "1.05"),
        ("2.675", "2.68"),
        ("-2.675", "-2.68"),
        ("12", "12.00"),
        ("1E+3", "1000.00"),
        ("12345678901234567890123456789.125", "12345678901234567890123456789.13"),
    ],
)
def test_cents_round_half_up_on_both_sides_of_zero(value: str, expected: str) -> None:
    assert str(cents(Decimal(value))) == expected


def test_cents_are_never_a_negative_zero() -> None:
    assert not cents(Decimal("-0.001")).is_signed()
    assert not cents(Decimal("-0")).is_signed()


@pytest.mark.parametrize("value", [0.1, 1, "1"])
def test_cents_refuse_what_is_not_a_decimal(value: Any) -> None:
    with pytest.raises(TypeError):
        cents(value)


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+70"])
def test_cents_refuse_what_is_not_an_amount(value: str) -> None:
    with pytest.raises(ValueError, match=r"not an amount|too many digits"):
        cents(Decimal(value))


@given(AMOUNTS)
def test_cents_stay_within_half_a_cent_and_do_not_move_again(value: Decimal) -> None:
    rounded = cents(value)
    assert abs(rounded - value) <= Decimal("0.005")
    assert cents(rounded) == rounded
    assert cents(-value) == -rounded


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        ("100", ["1", "1", "1"], ["33.34", "33.33", "33.33"]),
        ("-100", ["1", "1", "1"], ["-33.34", "-33.33", "-33.33"]),
        ("0.02", ["1", "1", "1"], ["0.01", "0.01", "0.00"]),
        ("0.05", ["1", "1"], ["0.03", "0.02"]),
        ("10", ["0", "3", "1"], ["0.00", "7.50", "2.50"]),
        ("1", ["1", "2", "4"], ["0.14", "0.29", "0.57"]),
        ("9", ["100", "-10"], ["10.00", "-1.00"]),
        ("-15", ["-100", "-50"], ["-10.00", "-5.00"]),
        ("0", ["1", "2"], ["0.00", "0.00"]),
        ("0.005", ["1"], ["0.01"]),
    ],
)
def test_apportion_by_largest_remainder(total: str, weights: list[str], expected: list[str]) -> None:
    shares = apportion(Decimal(total), [Decimal(weight) for weight in weights])
    assert [str(share) for share in shares] == expected


@pytest.mark.parametrize("weights", [[], ["0", "0"], ["1", "-1"]])
def test_apportion_refuses_weights_that_say_nothing(weights: list[str]) -> None:
    with pytest.raises(ValueError, match="sum to zero"):
        apportion(Decimal(10), [Decimal(weight) for weight in weights])


def test_apportion_refuses_float_and_infinite_weights() -> None:
    inexact: list[Any] = [0.1, 0.2]
    with pytest.raises(TypeError):
        apportion(Decimal(10), inexact)
    with pytest.raises(ValueError, match="not an amount"):
        apportion(Decimal(10), [Decimal("Infinity"), Decimal(1)])


@given(AMOUNTS, WEIGHTS)
def test_apportioned_parts_sum_to_the_total_within_a_cent_each(total: Decimal, weights: list[Decimal]) -> None:
    shares = apportion(total, weights)
    assert sum(shares) == cents(total)
    assert apportion(-total, weights) == [-share for share in shares]
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - cents(total) * weight) < sum(weights) * Decimal("0.01")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 234,56 €", "1234.56"),
        ("1234.56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1\u00a0234,56\u00a0€", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1\u2009234\u2009567,8", "1234567.8"),
        ("1.234,56", "1234.56"),
        ("1.234.567,89€", "1234567.89"),
        ("1.234", "1.234"),
        ("1 234", "1234"),
        ("  12  ", "12"),
        ("-12,5", "-12.5"),
        ("−12,5", "-12.5"),
        ("− 1 234,00 €", "-1234.00"),
        ("-0,00", "0.00"),
        ("0,0755", "0.0755"),
        ("999 999 999 999,99", "999999999999.99"),
    ],
)
def test_parse_amount_reads_what_is_typed(text: str, expected: str) -> None:
    assert str(parse_amount(text)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Indiquez un montant."),
        (" \u00a0", "Indiquez un montant."),
        ("abc", "« abc » n’est pas un montant : écrivez par exemple 1 234,56."),
        ("1,234.56", "« 1,234.56 » n’est pas un montant : écrivez par exemple 1 234,56."),
        ("1 000 000 000 000", "Ce montant est trop grand."),
    ],
)
def test_parse_amount_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        parse_amount(text)
    assert str(error.value).replace("\u00a0", " ") == message


@pytest.mark.parametrize(
    "text",
    [
        "12,",
        ",5",
        "1 2345",
        "12 34,5",
        "1.234.567",
        "1e3",
        "NaN",
        "+12",
        "--1",
        "1-",
        "12 $",
        "€",
        "€ 12",
        "١٢",
        "1_000",
    ],
)
def test_parse_amount_refuses_anything_else(text: str) -> None:
    with pytest.raises(ValueError, match="n’est pas un montant"):
        parse_amount(text)
