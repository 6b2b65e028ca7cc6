"""What holds of every document: thousands of them, made up by the machine (`make torture`: 10,000 of each).

EXAMPLES says how many of each, 100 unless the environment says otherwise.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from commerce.domain.deposits import balance, deposit, negated
from commerce.domain.lines import NO_DISCOUNT, Discount, Line, LineKind, Sheet
from commerce.domain.shares import rounded_shares
from commerce.domain.totals import Totals, totals
from commerce.domain.vat import Rate, RateAmount, by_rate, gross_of
from extrabat.lib.money import cents
from tests.commerce.money import FRANCHISE, REVERSE, T10, T20, T55

many = settings(
    max_examples=int(os.environ.get("EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
RATES = st.sampled_from([T20, T10, T55, Rate(Decimal("2.1")), Rate(Decimal("8.5"))])
PERCENTS = st.decimals(0, 100, places=2)
DISCOUNTS = st.one_of(st.just(NO_DISCOUNT), PERCENTS.map(lambda percent: Discount(percent=percent)))
KINDS = st.sampled_from([LineKind.ITEM] * 5 + [LineKind.SECTION, LineKind.SUBTOTAL, LineKind.TEXT])
LINES = st.builds(
    Line,
    kind=KINDS,
    quantity=st.decimals(-50, 500, places=4),
    unit_price=st.decimals(0, 20_000, places=6),
    rate=RATES,
    discount=DISCOUNTS,
    is_option=st.booleans(),
    unit_cost=st.decimals(0, 20_000, places=6),
)


@st.composite
def sheets(draw: Callable[..., object]) -> Sheet:
    lines = tuple(draw(st.lists(LINES, max_size=12)))  # type: ignore[arg-type, var-annotated]
    instead = draw(st.sampled_from([None, None, None, REVERSE, FRANCHISE]))
    with_vat = draw(st.booleans()) and instead != REVERSE
    sheet = Sheet(lines, prices_with_vat=bool(with_vat), instead=instead)  # type: ignore[arg-type]
    discount = draw(st.one_of(DISCOUNTS, PERCENTS))
    if isinstance(discount, Decimal):
        # An amount, and never more than there is.
        found = totals(sheet)
        whole = found.gross if with_vat else found.net
        discount = Discount(amount=cents(whole * discount / 100))
    # Rates that cancel each other out leave nothing to share by.
    return replace(sheet, discount=discount)  # type: ignore[arg-type]


AMOUNTS = st.builds(
    lambda rate, net: RateAmount(rate, cents(net), rate.vat_on(cents(net))), RATES, st.decimals(0, 90_000, places=2)
)


@many
@given(sheets())
def test_the_parts_sum_to_the_whole(sheet: Sheet) -> None:
    found = totals(sheet)
    counted = [line for line in found.lines if line.counted]
    assert sum(line.net for line in counted) == found.lines_net
    assert found.lines_net - found.discount == found.net
    assert sum(rate.gross for rate in found.rates) == found.gross == found.net + found.vat
    for rate in found.rates:
        assert rate.lines_net - rate.discount == rate.net
        exact = rate.net * rate.rate.percent / 100
        assert abs(rate.vat - exact) <= (Decimal("0.011") if sheet.prices_with_vat else Decimal("0.005"))
    for amount in (found.net, found.vat, found.gross, found.cost, *(line.net for line in found.lines)):
        assert amount == cents(amount)
    if sheet.prices_with_vat:
        whole = sum((line.total for line in counted), Decimal(0))
        assert found.gross == sheet.discount.after(whole)


@many
@given(sheets(), st.randoms())
def test_the_order_of_the_lines_changes_no_total(sheet: Sheet, chance: object) -> None:
    # Sections make options of what follows them: only items may change places.
    items = [line for line in sheet.lines if line.kind == LineKind.ITEM and not line.is_option]
    before = replace(sheet, lines=tuple(items), discount=Discount(percent=sheet.discount.percent))
    chance.shuffle(items)  # type: ignore[attr-defined]
    assert totals(before).rates == totals(replace(before, lines=tuple(items))).rates


@many
@given(
    st.lists(st.tuples(st.integers(2, 40), st.decimals(0, 9_000, places=2), RATES, st.integers(1, 39)), min_size=1),
    PERCENTS,
    st.booleans(),
)
def test_the_split_of_a_line_changes_no_total(
    rows: list[tuple[int, Decimal, Rate, int]], percent: Decimal, with_vat: bool
) -> None:
    """With prices in cents: a smaller fraction of a cent is rounded on each line, as the law has it."""
    whole, split = [], []
    for quantity, price, rate, part in rows:
        first = min(part, quantity - 1)
        whole.append(Line(quantity=Decimal(quantity), unit_price=price, rate=rate))
        split += [Line(quantity=Decimal(some), unit_price=price, rate=rate) for some in (first, quantity - first)]

    def of(lines: list[Line]) -> Totals:
        return totals(Sheet(tuple(lines), discount=Discount(percent=percent), prices_with_vat=with_vat))

    assert of(whole).rates == of(split).rates


@many
@given(sheets())
def test_an_invoice_and_its_credit_note_are_nothing(sheet: Sheet) -> None:
    invoice, credit = totals(sheet), totals(-sheet)
    assert credit.amounts == negated(invoice.amounts)
    assert [line.net for line in credit.lines] == [-line.net for line in invoice.lines]
    assert all(not one.net and not one.vat for one in by_rate(invoice.amounts + credit.amounts).values())


@many
@given(st.lists(AMOUNTS, min_size=1, max_size=5), st.lists(st.integers(1, 99), max_size=6))
def test_deposits_and_balance_are_the_total_at_each_rate(total: list[RateAmount], steps: list[int]) -> None:
    taken: tuple[RateAmount, ...] = ()
    for step in steps:
        left = gross_of(balance(total, taken))
        asked = cents(left * step / 100)
        if not asked:
            continue
        part = deposit(total, taken, gross=asked)
        assert gross_of(part) == asked
        assert all(one.net >= 0 and one.vat >= 0 for one in part)
        taken += part
    rest = balance(total, taken)
    assert by_rate(rest + taken) == by_rate(total)
    if gross_of(rest) > 0:
        last = deposit(total, taken, gross=gross_of(rest))
        assert all(not one.net and not one.vat for one in balance(total, taken + last))


@many
@given(sheets(), st.integers(1, 100))
def test_a_deposit_of_any_document_leaves_no_cent_behind(sheet: Sheet, percent: int) -> None:
    found = totals(sheet)
    assume(cents(found.gross * percent / 100) > 0)
    part = deposit(found.amounts, (), percent=Decimal(percent))
    assert gross_of(part) == cents(found.gross * percent / 100)
    assert gross_of(balance(found.amounts, part)) + gross_of(part) == found.gross


@many
@given(st.lists(st.fractions(min_value=-1000, max_value=1000, max_denominator=997), max_size=20))
def test_rounded_shares_stay_within_a_cent_and_sum_up(exact: list[Fraction]) -> None:
    whole = sum(exact, Fraction(0))
    total = cents(Decimal(whole.numerator) / Decimal(whole.denominator))
    shares = rounded_shares(exact, total)
    assert sum(shares, Decimal(0)) == total
    assert all(abs(Fraction(share) - part) < Fraction(1, 100) for share, part in zip(shares, exact, strict=True))
    assert rounded_shares([-part for part in exact], -total) == [-share for share in shares]
