"""Kinds of documents, the states each goes through, and what a person may do in each (docs/rules/documents.md)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class DocumentKind(StrEnum):
    QUOTE = "quote"
    ORDER = "order"
    DELIVERY_NOTE = "delivery_note"
    INVOICE = "invoice"
    DEPOSIT_INVOICE = "deposit_invoice"
    CREDIT_NOTE = "credit_note"


class State(StrEnum):
    DRAFT = "draft"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CONFIRMED = "confirmed"
    DELIVERED = "delivered"
    ISSUED = "issued"


KIND_LABELS: Final = {
    DocumentKind.QUOTE: "Devis",
    DocumentKind.ORDER: "Commande",
    DocumentKind.DELIVERY_NOTE: "Bon de livraison",
    DocumentKind.INVOICE: "Facture",
    DocumentKind.DEPOSIT_INVOICE: "Facture d’acompte",
    DocumentKind.CREDIT_NOTE: "Avoir",
}
STATE_LABELS: Final = {
    State.DRAFT: "brouillon",
    State.ACCEPTED: "accepté",
    State.REFUSED: "refusé",
    State.CONFIRMED: "confirmée",
    State.DELIVERED: "livré",
    State.ISSUED: "validée",
}
# Of these the law keeps every one: they get a number and a seal when they are issued.
INVOICES: Final = frozenset({DocumentKind.INVOICE, DocumentKind.DEPOSIT_INVOICE, DocumentKind.CREDIT_NOTE})


@dataclass(frozen=True)
class Transition:
    """One step. `verb` is on its button; a step that is not `offered` belongs to issuing, and nobody takes it here."""

    kind: DocumentKind
    source: State
    target: State
    verb: str
    offered: bool = True

    @property
    def is_back(self) -> bool:
        """Back to the draft: only while nothing was made of the document."""
        return self.target == State.DRAFT


_Q, _O, _B = DocumentKind.QUOTE, DocumentKind.ORDER, DocumentKind.DELIVERY_NOTE
TRANSITIONS: Final = (
    Transition(_Q, State.DRAFT, State.ACCEPTED, "Accepter"),
    Transition(_Q, State.DRAFT, State.REFUSED, "Refuser"),
    Transition(_Q, State.ACCEPTED, State.DRAFT, "Reprendre en brouillon"),
    Transition(_Q, State.REFUSED, State.DRAFT, "Reprendre en brouillon"),
    Transition(_O, State.DRAFT, State.CONFIRMED, "Confirmer"),
    Transition(_O, State.CONFIRMED, State.DRAFT, "Reprendre en brouillon"),
    Transition(_B, State.DRAFT, State.DELIVERED, "Livrer"),
    Transition(_B, State.DELIVERED, State.DRAFT, "Reprendre en brouillon"),
    Transition(DocumentKind.INVOICE, State.DRAFT, State.ISSUED, "Valider", offered=False),
    Transition(DocumentKind.DEPOSIT_INVOICE, State.DRAFT, State.ISSUED, "Valider", offered=False),
    Transition(DocumentKind.CREDIT_NOTE, State.DRAFT, State.ISSUED, "Valider", offered=False),
)


def steps_from(kind: DocumentKind, state: State) -> tuple[Transition, ...]:
    """What may be offered, the way forward first."""
    return tuple(one for one in TRANSITIONS if (one.kind, one.source) == (kind, state) and one.offered)


def step(kind: DocumentKind, source: State, target: State) -> Transition | None:
    """The offered step from one state to the other, or None."""
    return next((one for one in steps_from(kind, source) if one.target == target), None)
