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
    CANCELLED = "cancelled"


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
    State.ISSUED: "validé",
    State.CANCELLED: "annulé",
}
# Of these the law keeps every one: they get a number and a seal when they are issued.
FEMININE: Final = frozenset({DocumentKind.ORDER, DocumentKind.INVOICE, DocumentKind.DEPOSIT_INVOICE})
_AGREES: Final = frozenset({State.ISSUED, State.CANCELLED})
INVOICES: Final = frozenset({DocumentKind.INVOICE, DocumentKind.DEPOSIT_INVOICE, DocumentKind.CREDIT_NOTE})


@dataclass(frozen=True)
class Transition:
    """One step. `verb` is on its button. Leaving the draft is issuing: number, frozen copy, no change any more."""

    kind: DocumentKind
    source: State
    target: State
    verb: str

    @property
    def is_issuing(self) -> bool:
        return self.source == State.DRAFT

    @property
    def is_undoing(self) -> bool:
        """Takes back what was agreed: only while nothing was made of the document."""
        return self.target == State.CANCELLED or (self.source != State.DRAFT and self.target == State.ISSUED)


_Q, _O, _B = DocumentKind.QUOTE, DocumentKind.ORDER, DocumentKind.DELIVERY_NOTE
TRANSITIONS: Final = (
    Transition(_Q, State.DRAFT, State.ISSUED, "Valider"),
    Transition(_Q, State.ISSUED, State.ACCEPTED, "Accepter"),
    Transition(_Q, State.ISSUED, State.REFUSED, "Refuser"),
    Transition(_Q, State.ACCEPTED, State.ISSUED, "Revenir sur l’acceptation"),
    Transition(_Q, State.REFUSED, State.ISSUED, "Revenir sur le refus"),
    Transition(_O, State.DRAFT, State.CONFIRMED, "Confirmer"),
    Transition(_O, State.CONFIRMED, State.CANCELLED, "Annuler la commande"),
    Transition(_B, State.DRAFT, State.DELIVERED, "Livrer"),
    Transition(_B, State.DELIVERED, State.CANCELLED, "Annuler le bon"),
    Transition(DocumentKind.INVOICE, State.DRAFT, State.ISSUED, "Valider"),
    Transition(DocumentKind.DEPOSIT_INVOICE, State.DRAFT, State.ISSUED, "Valider"),
    Transition(DocumentKind.CREDIT_NOTE, State.DRAFT, State.ISSUED, "Valider"),
)


def steps_from(kind: DocumentKind, state: State) -> tuple[Transition, ...]:
    """What may be offered, the way forward first."""
    return tuple(one for one in TRANSITIONS if (one.kind, one.source) == (kind, state))


def step(kind: DocumentKind, source: State, target: State) -> Transition | None:
    """The step from one state to the other, or None."""
    return next((one for one in steps_from(kind, source) if one.target == target), None)


def issuing(kind: DocumentKind) -> Transition:
    """The one step out of the draft."""
    return steps_from(kind, State.DRAFT)[0]


def state_label(kind: DocumentKind, state: State) -> str:
    """The word in the gender of its kind: « validé », « validée »."""
    word = STATE_LABELS[state]
    return f"{word}e" if kind in FEMININE and state in _AGREES else word
