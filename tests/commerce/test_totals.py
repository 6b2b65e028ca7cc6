"""What a document amounts to: the tables of docs/rules/totals.md, worked out by hand."""

from decimal import Decimal

import pytest

from commerce.domain.lines import Line, LineKind, Sheet
from commerce.domain.totals import Margin, totals
from commerce.domain.vat import Category, Rate
from tests.commerce.money import FRANCHISE, REVERSE, T10, T20, T55, D, item, off, shown

WORKS = (item("1", "12500"), item("12.5", "48.90", T10), item("1", "3890", T55, "5%"))


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "before", "taken", "net"),
    [
        ("2.5", "12.345678", "", "30.86", "0.00", "30.86"),
        ("0.5", "0.01", "", "0.01", "0.00", "0.01"),
        ("3", "33.333333", "", "100.00", "0.00", "100.00"),
        ("1", "19.99", "15%", "19.99", "3.00", "16.99"),
        ("7", "1.995", "10%", "13.97", "1.40", "12.57"),
        ("4", "25", "10.50", "100.00", "10.50", "89.50"),
        ("-2", "10.005", "", "-20.01", "0.00", "-20.01"),
        ("-1", "0.005", "", "-0.01", "0.00", "-0.01"),
        ("1", "100", "100%", "100.00", "100.00", "0.00"),
        ("-4", "25", "-10.50", "-100.00", "-10.50", "-89.50"),
        # 30 digits before the rounding: the usual context of decimals would have cut them to 28.
        ("99999999.9999", "99999999.999995", "0.01%", "9999999999989500.00", "999999999998.95", "9998999999989501.05"),
    ],
)
def test_a_line_is_rounded_once(quantity: str, price: str, discount: str, before: str, taken: str, net: str) -> None:
    line = totals(Sheet((item(quantity, price, T20, discount),))).lines[0]
    assert [str(line.before), str(line.discount), str(line.net)] == [before, taken, net]


def test_the_largest_line_is_exact_to_the_last_digit() -> None:
    """Half a cent less a hundredth of a millionth of a millionth: 28 digits would round it up."""
    assert str(item("99999999.9999", "99501199.940003", discount="33.33 %").after) == "6633744999993366.26"


@pytest.mark.parametrize(("price", "discount"), [("100", "100.01"), ("100", "-0.01"), ("-100", "0.01"), ("0", "0.01")])
def test_a_discount_never_changes_a_sign(price: str, discount: str) -> None:
    with pytest.raises(ValueError, match="larger"):
        totals(Sheet((item("1", price, T20, discount),)))
    with pytest.raises(ValueError, match="larger"):
        totals(Sheet((item("1", price),), discount=off(discount)))


def test_vat_is_computed_once_per_rate() -> None:
    found = totals(Sheet((item("1", "1.03", T55),) * 3))
    assert shown(found.rates) == [("5.5", "3.09", "0.17")]
    assert found.gross == D("3.26")


@pytest.mark.parametrize(
    ("discount", "expected", "parts", "sums"),
    [
        (
            "",
            [("20", "12500.00", "2500.00"), ("10", "611.25", "61.13"), ("5.5", "3695.50", "203.25")],
            ["0.00", "0.00", "0.00"],
            ["16806.75", "0.00", "16806.75", "2764.38", "19571.13"],
        ),
        (
            "3%",
            [("20", "12125.00", "2425.00"), ("10", "592.91", "59.29"), ("5.5", "3584.64", "197.16")],
            ["375.00", "18.34", "110.86"],
            ["16806.75", "504.20", "16302.55", "2681.45", "18984.00"],
        ),
        (
            "1000.00",
            [("20", "11756.25", "2351.25"), ("10", "574.88", "57.49"), ("5.5", "3475.62", "191.16")],
            ["743.75", "36.37", "219.88"],
            ["16806.75", "1000.00", "15806.75", "2599.90", "18406.65"],
        ),
    ],
)
def test_a_discount_of_the_document_is_shared_over_the_rates(
    discount: str, expected: list[tuple[str, str, str]], parts: list[str], sums: list[str]
) -> None:
    found = totals(Sheet(WORKS, discount=off(discount)))
    assert shown(found.rates) == expected
    assert [str(rate.discount) for rate in found.rates] == parts
    assert [str(one) for one in (found.lines_net, found.discount, found.net, found.vat, found.gross)] == sums


def test_a_rate_may_be_below_zero() -> None:
    found = totals(Sheet((item("1", "1000"), item("-1", "200", T10)), discount=off("10%")))
    assert shown(found.rates) == [("20", "900.00", "180.00"), ("10", "-180.00", "-18.00")]
    assert [str(rate.discount) for rate in found.rates] == ["100.00", "-20.00"]


@pytest.mark.parametrize(
    ("prices", "rate", "net", "vat", "nets"),
    [
        (["10", "10", "10"], T20, "25.00", "5.00", ["8.34", "8.33", "8.33"]),
        (["5"], T10, "4.55", "0.45", ["4.55"]),
        (["27"], T10, "24.55", "2.45", ["24.55"]),
        (["7"], T55, "6.64", "0.36", ["6.64"]),
        (["5", "-3", "-2"], T20, "0.00", "0.00", ["4.17", "-2.50", "-1.67"]),
    ],
)
def test_with_prices_ttc_the_gross_is_held(prices: list[str], rate: Rate, net: str, vat: str, nets: list[str]) -> None:
    found = totals(Sheet(tuple(item("1", price, rate) for price in prices), prices_with_vat=True))
    assert (str(found.net), str(found.vat)) == (net, vat)
    assert found.gross == sum(map(Decimal, prices))
    assert [str(line.net) for line in found.lines] == nets


def test_a_discount_on_prices_ttc() -> None:
    lines = (item("3", "10"), item("1", "27", T10))
    found = totals(Sheet(lines, discount=off("10%"), prices_with_vat=True))
    assert shown(found.rates) == [("20", "22.50", "4.50"), ("10", "22.09", "2.21")]
    assert [str(rate.discount) for rate in found.rates] == ["2.50", "2.46"]
    assert str(found.gross) == "51.30"


def test_autoliquidation_charges_no_vat_and_says_so() -> None:
    found = totals(Sheet((item("1", "1000"), item("1", "250.50", T10)), instead=REVERSE))
    assert shown(found.rates) == [("0", "1250.50", "0.00")]
    assert found.rates[0].rate.category == "AE"
    assert found.mentions == ("Autoliquidation",)
    with pytest.raises(ValueError, match="without VAT"):
        Sheet((item("1", "1000"),), prices_with_vat=True, instead=REVERSE)
    with pytest.raises(ValueError, match="only a rate without VAT"):
        Sheet((item("1", "1000"),), instead=T10)


def test_under_the_franchise_ttc_and_net_are_the_same() -> None:
    found = totals(Sheet((item("2", "45"),), prices_with_vat=True, instead=FRANCHISE))
    assert shown(found.rates) == [("0", "90.00", "0.00")]
    assert found.mentions == ("TVA non applicable, article 293 B du CGI",)


def test_sections_subtotals_and_options() -> None:
    section, subtotal, text = Line(LineKind.SECTION), Line(LineKind.SUBTOTAL), Line(LineKind.TEXT)
    options = Line(LineKind.SECTION, is_option=True)
    lines = (
        *(section, item("1", "100"), item("1", "50"), subtotal, item("1", "25"), subtotal),
        *(options, item("1", "999"), text),
        *(section, item("1", "10", option=True), item("1", "5")),
    )
    found = totals(Sheet(lines))
    shown_ = ["175", "100", "50", "150", "25", "25", "999", "999", "0", "5", "10", "5"]
    assert [line.total for line in found.lines] == [Decimal(one) for one in shown_]
    assert [place for place, line in enumerate(found.lines) if line.counted] == [1, 2, 4, 11]
    assert found.net == Decimal("180.00")


def test_nothing_amounts_to_nothing() -> None:
    found = totals(Sheet(()))
    assert [str(one) for one in (found.net, found.vat, found.gross, found.cost)] == ["0.00"] * 4
    assert found.rates == ()


@pytest.mark.parametrize(
    ("net", "cost", "amount", "on_net", "on_cost"),
    [
        ("1000.00", "650.00", "350.00", "35.00", "53.85"),
        ("100.00", "130.00", "-30.00", "-30.00", "-23.08"),
        ("0.00", "12.00", "-12.00", "None", "-100.00"),
        ("12.00", "0.00", "12.00", "100.00", "None"),
    ],
)
def test_margins(net: str, cost: str, amount: str, on_net: str, on_cost: str) -> None:
    margin = Margin(D(net), D(cost))
    assert [str(margin.amount), str(margin.on_net), str(margin.on_cost)] == [amount, on_net, on_cost]


def test_the_cost_of_options_is_not_counted() -> None:
    lines = (
        Line(quantity=D("2.5"), unit_price=D(10), unit_cost=D("3.333333"), rate=T20),
        Line(unit_price=D(10), unit_cost=D(7), rate=T20, is_option=True),
    )
    assert str(totals(Sheet(lines)).cost) == "8.33"


@pytest.mark.parametrize(
    ("percent", "category", "mention"),
    [
        ("20.005", Category.STANDARD, ""),
        ("-1", Category.STANDARD, ""),
        ("100", Category.STANDARD, ""),
        ("0", Category.STANDARD, ""),
        ("20", Category.EXEMPT, "Exonéré"),
        ("0", Category.REVERSE_CHARGE, ""),
    ],
)
def test_a_rate_goes_with_its_category(percent: str, category: Category, mention: str) -> None:
    with pytest.raises(ValueError, match=r"rate|category"):
        Rate(D(percent), category, mention=mention)


@pytest.mark.parametrize(("quantity", "price"), [("1.00001", "1"), ("1", "0.0000001")])
def test_what_no_column_can_hold_is_refused(quantity: str, price: str) -> None:
    with pytest.raises(ValueError, match="decimals"):
        item(quantity, price)
