"""Amounts that are shared and must sum to the cent."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from extrabat.lib.money import cents

_HUNDRED: Final = 100


def rounded_shares(exact: Sequence[Fraction], total: Decimal) -> list[Decimal]:
    """Round each exact part, in euros, to the cent, so that all of them sum to `total`.

    Each goes to its nearest cent; the cents still missing or too many go where the rounding took or gave most, of
    equal places to the first. Parts of both signs are allowed, and the opposite of all gives the opposite of all.
    Raises ValueError when `total` is not a rounding of the sum of the parts.
    """
    pennies = [part * _HUNDRED for part in exact]
    near = [_nearest(part) for part in pennies]
    missing = int(cents(total) * _HUNDRED) - sum(near)
    sign = -1 if missing < 0 else 1
    lost = [sign * (part - whole) for part, whole in zip(pennies, near, strict=True)]
    if abs(missing) > sum(rest > 0 for rest in lost):
        raise ValueError(f"{total} is not a rounding of the sum of its parts")
    for place in sorted(range(len(lost)), key=lambda place: -lost[place])[: abs(missing)]:
        near[place] += sign
    return [Decimal(part).scaleb(-2) for part in near]


def _nearest(pennies: Fraction) -> int:
    """Halves away from zero."""
    whole = (abs(pennies) + Fraction(1, 2)).__floor__()
    return -whole if pennies < 0 else whole
