"""Which document is made of which, and how much of each line is left to be made (docs/rules/documents.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from commerce.domain.states import DocumentKind, State


@dataclass(frozen=True)
class Conversion:
    """A document of `source` in `state` becomes one of `target`."""

    source: DocumentKind
    state: State
    target: DocumentKind
    verb: str


CONVERSIONS: Final = (
    Conversion(DocumentKind.QUOTE, State.ACCEPTED, DocumentKind.ORDER, "Transformer en commande"),
    Conversion(DocumentKind.QUOTE, State.ACCEPTED, DocumentKind.INVOICE, "Transformer en facture"),
    Conversion(DocumentKind.ORDER, State.CONFIRMED, DocumentKind.DELIVERY_NOTE, "Transformer en bon de livraison"),
    Conversion(DocumentKind.ORDER, State.CONFIRMED, DocumentKind.INVOICE, "Transformer en facture"),
    Conversion(DocumentKind.ORDER, State.CONFIRMED, DocumentKind.DEPOSIT_INVOICE, "Facture d’acompte"),
    Conversion(DocumentKind.DELIVERY_NOTE, State.DELIVERED, DocumentKind.INVOICE, "Transformer en facture"),
    Conversion(DocumentKind.INVOICE, State.ISSUED, DocumentKind.CREDIT_NOTE, "Faire un avoir"),
    Conversion(DocumentKind.DEPOSIT_INVOICE, State.ISSUED, DocumentKind.CREDIT_NOTE, "Faire un avoir"),
)


def conversions_of(kind: DocumentKind, state: State) -> tuple[Conversion, ...]:
    return tuple(one for one in CONVERSIONS if (one.source, one.state) == (kind, state))


def conversion(source: DocumentKind, target: DocumentKind) -> Conversion | None:
    return next((one for one in CONVERSIONS if (one.source, one.target) == (source, target)), None)


class TooMuchLeftError(ValueError):
    """More of a line was asked than is left of it."""

    def __init__(self, line: int, left: Decimal) -> None:
        super().__init__(f"{left} is left of line {line}")
        self.line = line
        self.left = left


def left_of(whole: Mapping[int, Decimal], taken: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What is left of each line, by key; of a line never taken all of it. Nothing is ever less than none."""
    return {line: max(quantity - taken.get(line, Decimal(0)), Decimal(0)) for line, quantity in whole.items()}


def chosen(left: Mapping[int, Decimal], asked: Mapping[int, Decimal] | None) -> dict[int, Decimal]:
    """The quantities to take: all that is left, or what was `asked`. Raises TooMuchLeftError, KeyError."""
    if asked is None:
        return {line: quantity for line, quantity in left.items() if quantity > 0}
    for line, quantity in asked.items():
        if not 0 < quantity <= left[line]:
            raise TooMuchLeftError(line, left[line])
    return dict(asked)
