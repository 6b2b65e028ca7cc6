"""Short ways to write lines and amounts in the tests of the room."""

from decimal import Decimal

from commerce.domain.lines import NO_DISCOUNT, Discount, Line
from commerce.domain.vat import Category, Rate, RateAmount

D = Decimal
T20, T10, T55 = Rate(D("20")), Rate(D("10")), Rate(D("5.5"))
REVERSE = Rate(D(0), Category.REVERSE_CHARGE, "VATEX-EU-AE", "Autoliquidation")
FRANCHISE = Rate(D(0), Category.EXEMPT, "VATEX-FR-FRANCHISE", "TVA non applicable, article 293 B du CGI")


def item(quantity: str, price: str, rate: Rate = T20, discount: str = "", *, option: bool = False) -> Line:
    """`discount` is « 15 % » or « 10.50 »."""
    return Line(quantity=D(quantity), unit_price=D(price), rate=rate, discount=off(discount), is_option=option)


def off(discount: str) -> Discount:
    if discount.endswith("%"):
        return Discount(percent=D(discount[:-1]))
    return Discount(amount=D(discount)) if discount else NO_DISCOUNT


def at(rate: Rate, net: str, vat: str) -> RateAmount:
    return RateAmount(rate, D(net), D(vat))


def shown(amounts: object) -> list[tuple[str, str, str]]:
    """Rate, net and VAT as they are written, so that 0 and 0.00 differ."""
    return [(str(one.rate.percent), str(one.net), str(one.vat)) for one in amounts]  # type: ignore[attr-defined]
