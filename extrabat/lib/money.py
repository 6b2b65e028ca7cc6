"""Amounts in euros: exact decimals, rounded half-up to the cent (requirement G-01)."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

CENT: Final = Decimal("0.01")
# The default context refuses more than 28 digits, which a product of three stored numbers can reach.
_CONTEXT: Final = Context(prec=60)
_LARGEST_INTEGER_DIGITS: Final = 12

_SPACES: Final = "\u0020\u00a0\u202f\u2009\u2007"
_AMOUNT: Final = re.compile(
    rf"(?P<sign>[-−]?)[{_SPACES}]*"
    rf"(?P<whole>[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+|[0-9]{{1,3}}(?:\.[0-9]{{3}})+(?=,)|[0-9]+)"
    rf"(?:[.,](?P<fraction>[0-9]+))?"
    rf"[{_SPACES}]*€?"
)


def round_half_up(value: Decimal, step: Decimal) -> Decimal:
    """Round to the exponent of `step`, halves away from zero; never -0.

    Raises TypeError for anything but a Decimal (a float has already lost the cent), ValueError for NaN,
    infinities and numbers of more than 60 digits.
    """
    try:
        rounded = _finite(value).quantize(step, rounding=ROUND_HALF_UP, context=_CONTEXT)
    except InvalidOperation as error:
        raise ValueError("the amount has too many digits") from error
    return rounded if rounded else rounded.copy_abs()


def _finite(value: Decimal) -> Decimal:
    if not isinstance(value, Decimal):
        raise TypeError(f"a Decimal is needed, not {type(value).__name__}")
    if not value.is_finite():
        raise ValueError(f"{value} is not an amount")
    return value


def cents(value: Decimal) -> Decimal:
    """Round to 0.01, halves away from zero: 0.005 is 0.01 and -0.005 is -0.01. Errors: `round_half_up`."""
    return round_half_up(value, CENT)


def apportion(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Share `total`, first rounded to the cent, in proportion to the weights, by largest remainder.

    The parts are cents and sum exactly to the total; of equal remainders the first index wins; a negative
    total gives the opposite of the shares of the positive one. A weight may be negative (a line of credit).
    Raises ValueError when the weights sum to zero, and the errors of `cents`.
    """
    amount = cents(total)
    exact_weights = [Fraction(_finite(weight)) for weight in weights]
    weight_sum = sum(exact_weights, Fraction(0))
    if not weight_sum:
        raise ValueError("the weights sum to zero: nothing says how to share")
    whole = int(amount.copy_abs().scaleb(2, _CONTEXT))
    shares = [whole * weight / weight_sum for weight in exact_weights]
    floors = [share.numerator // share.denominator for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda index: floors[index] - shares[index])
    for index in by_remainder[: whole - sum(floors)]:
        floors[index] += 1
    sign = -1 if amount < 0 else 1
    return [Decimal(sign * floor).scaleb(-2, _CONTEXT) for floor in floors]


def parse_amount(text: str) -> Decimal:
    """Read an amount as French people type it: "1 234,56 €", "1234.56", "1.234,56", "−12".

    Spaces are ordinary, no-break, narrow or thin and stand between thousands. A dot is a decimal point, thus
    "1.234" is 1.234, as French users do not write thousands with it; it parts thousands only where a comma
    follows. Not rounded. Raises ValueError in French for anything else and from 10^12 on.
    """
    stripped = text.strip()
    match = _AMOUNT.fullmatch(stripped)
    if not stripped:
        raise ValueError("Indiquez un montant.")
    if match is None:
        raise ValueError(f"«\u00a0{stripped}\u00a0» n’est pas un montant\u00a0: écrivez par exemple 1\u00a0234,56.")
    whole = re.sub(r"[^0-9]", "", match["whole"])
    if len(whole.lstrip("0")) > _LARGEST_INTEGER_DIGITS:
        raise ValueError("Ce montant est trop grand.")
    value = Decimal(f"{whole}.{match['fraction']}" if match["fraction"] else whole)
    return value.copy_negate() if match["sign"] and value else value
