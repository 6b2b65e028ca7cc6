"""The lines of a document as the arithmetic sees them: quantities, prices, discounts."""

from dataclasses import dataclass, replace
from decimal import Context, Decimal
from enum import StrEnum
from typing import Final

from commerce.domain.vat import Category, Rate
from extrabat.lib.money import cents, round_half_up

PRICE_STEP: Final = Decimal("0.000001")
QUANTITY_STEP: Final = Decimal("0.0001")
_HUNDRED: Final = Decimal(100)
_ZERO: Final = Decimal("0.00")
# A quantity times a price times a discount can need more than the 28 digits of the usual context.
_EXACT: Final = Context(prec=60)


class LineKind(StrEnum):
    """A section is the heading of the lines after it; a subtotal sums those since the last section or subtotal."""

    ITEM = "item"
    SECTION = "section"
    SUBTOTAL = "subtotal"
    TEXT = "text"


@dataclass(frozen=True)
class Discount:
    """A percentage, or an amount that has the sign of what it is taken from; never both."""

    percent: Decimal = _ZERO
    amount: Decimal = _ZERO

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= _HUNDRED:
            raise ValueError("a discount is between 0 and 100 %")
        if self.amount != cents(self.amount):
            raise ValueError("the amount of a discount is in cents")
        if self.percent and self.amount:
            raise ValueError("a discount is a percentage or an amount")

    def after(self, before: Decimal) -> Decimal:
        """What is left of `before`, to the cent. Raises ValueError when the discount would change its sign."""
        part = _EXACT.multiply(before, _HUNDRED - self.percent).scaleb(-2, _EXACT)
        left = cents(_EXACT.subtract(part, self.amount))
        if self.amount and not min(_ZERO, cents(before)) <= left <= max(_ZERO, cents(before)):
            raise ValueError("the discount is larger than what it is taken from")
        return left

    def __neg__(self) -> "Discount":
        return replace(self, amount=cents(-self.amount))


NO_DISCOUNT: Final = Discount()


@dataclass(frozen=True)
class Line:
    """`unit_price` and `unit_cost` have at most 6 decimals, `quantity` 4. The cost is always without VAT.

    An option is shown and not counted; a section that is one makes options of its lines. An item needs its rate.
    """

    kind: LineKind = LineKind.ITEM
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = _ZERO
    rate: Rate | None = None
    discount: Discount = NO_DISCOUNT
    is_option: bool = False
    unit_cost: Decimal = _ZERO

    def __post_init__(self) -> None:
        if self.kind == LineKind.ITEM and self.rate is None:
            raise ValueError("an item needs a rate of VAT")
        if self.quantity != round_half_up(self.quantity, QUANTITY_STEP):
            raise ValueError("a quantity has at most 4 decimals")
        for price in (self.unit_price, self.unit_cost):
            if price != round_half_up(price, PRICE_STEP):
                raise ValueError("a price has at most 6 decimals")

    @property
    def before(self) -> Decimal:
        """Quantity × unit price, to the cent."""
        return cents(_EXACT.multiply(self.quantity, self.unit_price))

    @property
    def after(self) -> Decimal:
        """Quantity × unit price less the discount, rounded once (BT-131)."""
        return self.discount.after(_EXACT.multiply(self.quantity, self.unit_price))

    @property
    def cost(self) -> Decimal:
        return cents(_EXACT.multiply(self.quantity, self.unit_cost))

    def __neg__(self) -> "Line":
        return replace(self, quantity=-self.quantity, discount=-self.discount)


@dataclass(frozen=True)
class Sheet:
    """The lines of one document. `prices_with_vat`: unit prices and amounts of discounts are TTC.

    `instead` is the rate of the whole document where the law changes that of every line: autoliquidation, franchise.
    """

    lines: tuple[Line, ...]
    discount: Discount = NO_DISCOUNT
    prices_with_vat: bool = False
    instead: Rate | None = None

    def __post_init__(self) -> None:
        if self.instead and self.instead.percent:
            raise ValueError("only a rate without VAT replaces those of the lines")
        # Such a price holds a VAT that nobody will charge: which net it means is not ours to guess.
        if self.prices_with_vat and self.instead and self.instead.category == Category.REVERSE_CHARGE:
            raise ValueError("with autoliquidation prices are without VAT")

    def rate_of(self, line: Line) -> Rate:
        rate = self.instead or line.rate
        if rate is None:
            raise ValueError("an item needs a rate of VAT")
        return rate

    def __neg__(self) -> "Sheet":
        """The credit note that takes the whole document back."""
        return replace(self, lines=tuple(-line for line in self.lines), discount=-self.discount)
