"""VAT: a rate with its category of EN 16931, and what one rate makes of an amount."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from extrabat.lib.money import cents, round_half_up

_HUNDRED: Final = Decimal(100)
_STEP: Final = Decimal("0.01")


class Category(StrEnum):
    """Codes of UNTDID 5305 as EN 16931 takes them (BT-118, BT-151)."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUTSIDE_SCOPE = "O"


# EN 16931 wants a reason on these (BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10); none on S and Z.
WITH_REASON: Final = frozenset(Category) - {Category.STANDARD, Category.ZERO}


@dataclass(frozen=True)
class Rate:
    """`percent` has at most two decimals, and is 0 but for category S. `reason` is BT-121, `mention` BT-120."""

    percent: Decimal
    category: Category = Category.STANDARD
    reason: str = ""
    mention: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.percent < _HUNDRED or self.percent != round_half_up(self.percent, _STEP):
            raise ValueError(f"{self.percent} is not a rate of VAT")
        # BR-S-05 asks for more than 0; the others are worth exactly 0.
        if (self.category == Category.STANDARD) != (self.percent > 0):
            raise ValueError(f"the category {self.category} does not go with {self.percent} %")
        if self.category in WITH_REASON and not self.mention:
            raise ValueError(f"the category {self.category} needs its mention")

    @property
    def order(self) -> tuple[Decimal, str, str, str]:
        """The highest first: in this order rates are printed, and share a cent that all of them deserve."""
        return -self.percent, self.category, self.reason, self.mention

    def vat_on(self, net: Decimal) -> Decimal:
        """The VAT of a sum, rounded half up once (BR-CO-17)."""
        return cents(net * self.percent / _HUNDRED)

    def net_in(self, gross: Decimal) -> Decimal:
        """The net of a sum given with VAT, rounded half up; the VAT is the rest: the gross stays to the cent."""
        return cents(gross * _HUNDRED / (_HUNDRED + self.percent))


# CGI art. 283, 2 nonies and art. 293 B: the codes are those of VATEX; the mention in full is printed beside.
REVERSE_CHARGE: Final = Rate(Decimal(0), Category.REVERSE_CHARGE, "VATEX-EU-AE", "Autoliquidation")
FRANCHISE: Final = Rate(Decimal(0), Category.EXEMPT, "VATEX-FR-FRANCHISE", "TVA non applicable")


@dataclass(frozen=True)
class RateAmount:
    """Net and VAT at one rate, in cents of either sign."""

    rate: Rate
    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat

    def __neg__(self) -> "RateAmount":
        return RateAmount(self.rate, cents(-self.net), cents(-self.vat))

    def __add__(self, other: "RateAmount") -> "RateAmount":
        if self.rate != other.rate:
            raise ValueError("amounts of two rates are not one amount")
        return RateAmount(self.rate, self.net + other.net, self.vat + other.vat)

    def __sub__(self, other: "RateAmount") -> "RateAmount":
        return self + -other


def by_rate(amounts: Iterable[RateAmount]) -> dict[Rate, RateAmount]:
    """Sum the amounts of each rate, in the order of rates."""
    found: dict[Rate, RateAmount] = {}
    for amount in amounts:
        found[amount.rate] = found[amount.rate] + amount if amount.rate in found else amount
    return {rate: found[rate] for rate in sorted(found, key=lambda rate: rate.order)}


def gross_of(amounts: Iterable[RateAmount]) -> Decimal:
    return sum((amount.gross for amount in amounts), Decimal("0.00"))
