"""What a document amounts to: lines, sections, discounts, VAT by rate (EN 16931; docs/rules/totals.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from commerce.domain.lines import Line, LineKind, Sheet
from commerce.domain.shares import rounded_shares
from commerce.domain.vat import Rate, RateAmount
from extrabat.lib.money import apportion, cents

_ZERO: Final = Decimal("0.00")


@dataclass(frozen=True)
class LineTotal:
    """`total` = `before` − `discount`, in the prices of the sheet, with or without VAT; `net` is always without.

    Of a section `total` and `net` are the sum of its lines, of a subtotal the sum since the last section or subtotal.
    A line that is not `counted` is an option, or holds no amount of its own.
    """

    before: Decimal = _ZERO
    discount: Decimal = _ZERO
    total: Decimal = _ZERO
    net: Decimal = _ZERO
    cost: Decimal = _ZERO
    counted: bool = False


@dataclass(frozen=True)
class RateTotal:
    """`net` = `lines_net` − `discount`, this rate's part of the discount of the whole document."""

    rate: Rate
    lines_net: Decimal
    discount: Decimal
    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat

    @property
    def amount(self) -> RateAmount:
        return RateAmount(self.rate, self.net, self.vat)


@dataclass(frozen=True)
class Totals:
    """`lines` stand in the order of the sheet, `rates` from the highest to the lowest. Everything is in cents."""

    lines: tuple[LineTotal, ...]
    rates: tuple[RateTotal, ...]

    @property
    def lines_net(self) -> Decimal:
        return sum((rate.lines_net for rate in self.rates), _ZERO)

    @property
    def discount(self) -> Decimal:
        """Without VAT."""
        return sum((rate.discount for rate in self.rates), _ZERO)

    @property
    def net(self) -> Decimal:
        return sum((rate.net for rate in self.rates), _ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((rate.vat for rate in self.rates), _ZERO)

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat

    @property
    def cost(self) -> Decimal:
        return sum((line.cost for line in self.lines if line.counted), _ZERO)

    @property
    def amounts(self) -> tuple[RateAmount, ...]:
        return tuple(rate.amount for rate in self.rates)

    @property
    def mentions(self) -> tuple[str, ...]:
        """What the law wants printed because of the rates, each once."""
        return tuple(dict.fromkeys(rate.rate.mention for rate in self.rates if rate.rate.mention))


def totals(sheet: Sheet) -> Totals:
    """Add up a document. Raises ValueError when a discount is larger than what it is taken from."""
    options = _options(sheet.lines)
    counted = [place for place, line in enumerate(sheet.lines) if line.kind == LineKind.ITEM and not options[place]]
    after = {place: sheet.lines[place].after for place in counted}
    places = _places_by_rate(sheet, counted)
    sums = {rate: sum((after[place] for place in here), _ZERO) for rate, here in places.items()}
    parts = _discount_by_rate(sheet, sums)
    rates = []
    nets: dict[int, Decimal] = {}
    for rate, here in places.items():
        found = _rate_total(sheet, rate, sums[rate], parts[rate])
        rates.append(found)
        nets |= dict(zip(here, _line_nets(sheet, rate, [after[place] for place in here], found.lines_net), strict=True))
    return Totals(lines=_line_totals(sheet, options, nets), rates=tuple(rates))


def _options(lines: Sequence[Line]) -> list[bool]:
    inside = False
    found = []
    for line in lines:
        if line.kind == LineKind.SECTION:
            inside = line.is_option
        found.append(inside or line.is_option)
    return found


def _places_by_rate(sheet: Sheet, counted: Sequence[int]) -> dict[Rate, list[int]]:
    found: dict[Rate, list[int]] = {}
    for place in counted:
        found.setdefault(sheet.rate_of(sheet.lines[place]), []).append(place)
    return {rate: found[rate] for rate in sorted(found, key=lambda rate: rate.order)}


def _discount_by_rate(sheet: Sheet, sums: dict[Rate, Decimal]) -> dict[Rate, Decimal]:
    """The document's discount, in its prices, shared over the rates by largest remainder."""
    whole = sum(sums.values(), _ZERO)
    discount = whole - sheet.discount.after(whole)
    if not discount:
        return dict.fromkeys(sums, _ZERO)
    return dict(zip(sums, apportion(discount, list(sums.values())), strict=True))


def _rate_total(sheet: Sheet, rate: Rate, lines: Decimal, discount: Decimal) -> RateTotal:
    if not sheet.prices_with_vat:
        net = lines - discount
        return RateTotal(rate, lines_net=lines, discount=discount, net=net, vat=rate.vat_on(net))
    gross = lines - discount
    lines_net, net = rate.net_in(lines), rate.net_in(gross)
    return RateTotal(rate, lines_net=lines_net, discount=lines_net - net, net=net, vat=gross - net)


def _line_nets(sheet: Sheet, rate: Rate, after: Sequence[Decimal], lines_net: Decimal) -> list[Decimal]:
    """What each line is without VAT: given, or derived so that the lines sum to their rate (BR-CO-10)."""
    if not sheet.prices_with_vat:
        return list(after)
    exact = [Fraction(total) * 100 / (100 + Fraction(rate.percent)) for total in after]
    return rounded_shares(exact, lines_net)


def _line_totals(sheet: Sheet, options: Sequence[bool], nets: dict[int, Decimal]) -> tuple[LineTotal, ...]:
    found: list[LineTotal] = []
    for place, line in enumerate(sheet.lines):
        if line.kind == LineKind.ITEM:
            before, after = line.before, line.after
            # An option is alone with its rounding: it is in no sum.
            alone = sheet.rate_of(line).net_in(after) if sheet.prices_with_vat else after
            found.append(
                LineTotal(before, before - after, after, nets.get(place, alone), line.cost, counted=place in nets)
            )
        elif line.kind == LineKind.SUBTOTAL:
            stop = (LineKind.SECTION, LineKind.SUBTOTAL)
            start = next((p + 1 for p in range(place - 1, -1, -1) if sheet.lines[p].kind in stop), 0)
            found.append(_sum_of(found[start:], sheet.lines[start:place], options[start:place]))
        else:
            found.append(LineTotal())
    for place, line in enumerate(sheet.lines):
        if line.kind == LineKind.SECTION:
            later = range(place + 1, len(sheet.lines))
            end = next((p for p in later if sheet.lines[p].kind == LineKind.SECTION), len(sheet.lines))
            found[place] = _sum_of(
                found[place + 1 : end],
                sheet.lines[place + 1 : end],
                # A section of options tells what its options would cost.
                [False] * (end - place - 1) if line.is_option else options[place + 1 : end],
            )
    return tuple(found)


def _sum_of(totals_: Sequence[LineTotal], lines: Sequence[Line], options: Sequence[bool]) -> LineTotal:
    items = [
        total
        for total, line, option in zip(totals_, lines, options, strict=True)
        if line.kind == LineKind.ITEM and not option
    ]
    return LineTotal(
        before=sum((item.before for item in items), _ZERO),
        discount=sum((item.discount for item in items), _ZERO),
        total=sum((item.total for item in items), _ZERO),
        net=sum((item.net for item in items), _ZERO),
        cost=sum((item.cost for item in items), _ZERO),
    )


@dataclass(frozen=True)
class Margin:
    """`amount` = net − cost. `on_net` (taux de marque) and `on_cost` (taux de marge) in percent, None over nothing."""

    net: Decimal
    cost: Decimal

    @property
    def amount(self) -> Decimal:
        return self.net - self.cost

    @property
    def on_net(self) -> Decimal | None:
        return cents(self.amount * 100 / self.net) if self.net else None

    @property
    def on_cost(self) -> Decimal | None:
        return cents(self.amount * 100 / self.cost) if self.cost else None
