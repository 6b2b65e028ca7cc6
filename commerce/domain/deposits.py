"""Deposits: what each takes of every rate, and what is left to invoice (docs/rules/totals.md)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from commerce.domain.vat import Rate, RateAmount, by_rate, gross_of
from extrabat.lib.money import apportion, cents

_ZERO: Final = Decimal("0.00")


class TooMuchError(ValueError):
    """More was asked, deducted or credited than there is at a rate."""


def balance(total: Iterable[RateAmount], taken: Iterable[RateAmount]) -> tuple[RateAmount, ...]:
    """What is left of `total` at each rate once each amount of `taken` is subtracted, once.

    Deposits taken from an invoice, credit notes (made positive) from the invoice that they correct; a deposit that
    was credited comes a second time, negated. Raises TooMuchError when net or VAT would go beyond zero at any rate: a
    deposit at a rate that the invoice has not is corrected by a credit note, not hidden here.
    """
    whole, minus = by_rate(total), by_rate(taken)
    left = by_rate([*whole.values(), *(-amount for amount in minus.values())])
    for rate, rest in left.items():
        had = whole.get(rate, RateAmount(rate, _ZERO, _ZERO))
        if not (_within(rest.net, had.net) and _within(rest.vat, had.vat)):
            raise TooMuchError(f"more was taken at {rate.percent} % than there is")
    return tuple(left.values())


def deposit(
    total: Sequence[RateAmount], taken: Sequence[RateAmount], *, percent: Decimal | None = None, gross: Decimal = _ZERO
) -> tuple[RateAmount, ...]:
    """A deposit of `percent` of the total with VAT, or of `gross`, shared over the rates by largest remainder.

    Each rate gives in proportion to what is left of it after `taken`, so that no rate is overdrawn; the net is derived
    from the gross. A deposit of all that is left takes each rate's net and VAT as they are. Raises TooMuchError beyond
    what is left, ValueError for nothing or less.
    """
    rest = balance(total, taken)
    asked = cents(gross if percent is None else gross_of(total) * percent / 100)
    left = gross_of(rest)
    if asked <= 0:
        raise ValueError("a deposit is more than nothing")
    if asked > left:
        raise TooMuchError("the deposit is more than what is left to invoice")
    if asked == left:
        return tuple(amount for amount in rest if amount.net or amount.vat)
    # A rate with less than nothing (an old pump taken back) has nothing to give.
    shares = apportion(asked, [max(amount.gross, _ZERO) for amount in rest])
    return tuple(_part(amount, share) for amount, share in zip(rest, shares, strict=True) if share)


def negated(amounts: Iterable[RateAmount]) -> tuple[RateAmount, ...]:
    """The credit note of all of them: each rate's net and VAT to the cent, so that both sum to nothing."""
    return tuple(-amount for amount in amounts)


def _part(rest: RateAmount, gross: Decimal) -> RateAmount:
    """Part of what is left at one rate; rounding takes neither more net nor more VAT than there is."""
    rate: Rate = rest.rate
    net = min(max(rate.net_in(gross), gross - rest.vat), rest.net)
    return RateAmount(rate, net, gross - net)


def _within(rest: Decimal, had: Decimal) -> bool:
    return min(_ZERO, had) <= rest <= max(_ZERO, had)
