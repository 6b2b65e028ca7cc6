"""Payments and what they settle: what is left of each, who is paid first, from which day on (rules/payments.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

ZERO: Final = Decimal("0.00")
# C. conso. L. 221-10: nothing is taken before seven days; the day of the conclusion does not count (L. 221-19).
COOLING_DAYS: Final = 7


class Settlement(StrEnum):
    """How far an invoice is paid: black, orange, green, always with the word (PAY-11)."""

    UNPAID = "unpaid"
    PARTLY = "partly"
    PAID = "paid"


SETTLEMENT_LABELS: Final = {
    Settlement.UNPAID: "non payée",
    Settlement.PARTLY: "partiellement payée",
    Settlement.PAID: "payée",
}


def settlement(payable: Decimal, settled: Decimal) -> Settlement:
    if settled >= payable:
        return Settlement.PAID
    return Settlement.PARTLY if settled > 0 else Settlement.UNPAID


def first_payable_day(concluded_on: date) -> date:
    """The first day on which a client who signed at home may pay: seven whole days after that of the contract."""
    return concluded_on + timedelta(days=COOLING_DAYS + 1)


@dataclass(frozen=True)
class Due:
    """An invoice with what is left to pay of it."""

    key: int
    due: Decimal
    due_on: date | None
    on: date


def oldest_first(amount: Decimal, invoices: Iterable[Due]) -> dict[int, Decimal]:
    """Share `amount` over invoices, the one due first before the others, each as far as it goes (PAY-13)."""
    shares: dict[int, Decimal] = {}
    for one in sorted(invoices, key=lambda one: (one.due_on or one.on, one.on, one.key)):
        part = min(amount, one.due)
        if part > 0:
            shares[one.key] = part
            amount -= part
    return shares


class RefusedStepError(ValueError):
    """A step that the books do not allow: more than there is, twice, or of what is reversed."""


@dataclass(frozen=True)
class Books:
    """The whole state of one client: payments with their amounts, invoices with what is payable, who settles what.

    Pure and slow: the tables of Postgres are checked against it, step by step.
    """

    payable: Mapping[int, Decimal] = field(default_factory=dict)
    payments: Mapping[int, Decimal] = field(default_factory=dict)
    settled: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    reversed: frozenset[int] = frozenset()

    def due(self, invoice: int) -> Decimal:
        return self.payable[invoice] - sum((part for (_, one), part in self.settled.items() if one == invoice), ZERO)

    def left(self, payment: int) -> Decimal:
        if payment in self.reversed:
            return ZERO
        return self.payments[payment] - sum((part for (one, _), part in self.settled.items() if one == payment), ZERO)

    def record(self, key: int, amount: Decimal) -> "Books":
        if amount <= 0 or key in self.payments:
            raise RefusedStepError
        return replace(self, payments={**self.payments, key: amount})

    def allocate(self, payment: int, invoice: int, amount: Decimal) -> "Books":
        if not 0 < amount <= min(self.left(payment), self.due(invoice)):
            raise RefusedStepError
        pair = (payment, invoice)
        return replace(self, settled={**self.settled, pair: self.settled.get(pair, ZERO) + amount})

    def unallocate(self, payment: int, invoice: int) -> "Books":
        if (payment, invoice) not in self.settled:
            raise RefusedStepError
        return replace(self, settled={pair: part for pair, part in self.settled.items() if pair != (payment, invoice)})

    def reverse(self, payment: int) -> "Books":
        if payment in self.reversed or any(one == payment for one, _ in self.settled):
            raise RefusedStepError
        return replace(self, reversed=self.reversed | {payment})
