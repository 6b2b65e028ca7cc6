"""Which legal mentions a document prints, and what is missing before it may be issued (docs/rules/mentions.md).

Texts are dated data (`commerce.models.LegalMention`); here is only which of them are due, and why.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from commerce.domain.states import DocumentKind


class ContractMode(StrEnum):
    """How a contract with a consumer is concluded (C. conso. L. 221-1)."""

    IN_STORE = "in_store"
    AT_HOME = "at_home"
    DISTANCE = "distance"


class Category(StrEnum):
    """Category of operation, BT-23 (CGI ann. II 242 nonies A, I 1° bis)."""

    GOODS = "goods"
    SERVICES = "services"
    MIXED = "mixed"


@dataclass(frozen=True)
class Facts:
    """What the law looks at. `is_works`: labour, or goods with labour, are installed at the client's."""

    kind: DocumentKind
    is_consumer: bool
    category: Category | None = None
    is_works: bool = False
    has_reduced_rate: bool = False
    reverse_charge: bool = False
    is_franchise: bool = False
    vat_on_debits: bool = False
    contract_mode: str = ""
    gross: Decimal = Decimal(0)
    has_buyer_name: bool = True
    has_buyer_address: bool = True
    has_buyer_siren: bool = True
    has_buyer_vat_number: bool = True
    has_seller_identity: bool = True
    has_insurance: bool = True
    has_mediator: bool = True
    has_execution: bool = True
    has_validity: bool = True
    has_waste_estimate: bool = True
    is_attested: bool = True
    has_sap_number: bool = False


class Mention(StrEnum):
    """Codes of the texts, in the order in which they are printed."""

    FREE_QUOTE = "free_quote"
    EXECUTION = "execution"
    CATEGORY_GOODS = "category_goods"
    CATEGORY_SERVICES = "category_services"
    CATEGORY_MIXED = "category_mixed"
    ON_DEBITS = "on_debits"
    FRANCHISE = "franchise"
    REVERSE_CHARGE = "reverse_charge"
    ATTESTATION = "attestation"
    WASTE = "waste"
    DISCOUNT_TERMS = "discount_terms"
    LATE_TERMS = "late_terms"
    INDEMNITY = "indemnity"
    SAP = "sap"
    INSURANCE = "insurance"
    GUARANTEES = "guarantees"
    WITHDRAWAL = "withdrawal"
    MEDIATOR = "mediator"


_BILLS: Final = frozenset({DocumentKind.INVOICE, DocumentKind.DEPOSIT_INVOICE})
_SALES: Final = frozenset({DocumentKind.QUOTE, DocumentKind.ORDER, *_BILLS})


def mentions(facts: Facts) -> tuple[Mention, ...]:
    """The mentions due, in their order. A delivery note has none; a credit note those of its VAT."""
    quote, bill = facts.kind == DocumentKind.QUOTE, facts.kind in _BILLS
    taxed = facts.kind != DocumentKind.DELIVERY_NOTE
    due = {
        Mention.FREE_QUOTE: quote,  # D6
        Mention.EXECUTION: facts.kind in {DocumentKind.QUOTE, DocumentKind.ORDER} and facts.has_execution,  # D7
        Mention.CATEGORY_GOODS: bill and facts.category == Category.GOODS,  # F13
        Mention.CATEGORY_SERVICES: bill and facts.category == Category.SERVICES,
        Mention.CATEGORY_MIXED: bill and facts.category == Category.MIXED,
        Mention.ON_DEBITS: bill and facts.vat_on_debits and not facts.is_franchise,  # F14
        Mention.FRANCHISE: taxed and facts.is_franchise,  # F10
        Mention.REVERSE_CHARGE: taxed and facts.reverse_charge,
        Mention.ATTESTATION: facts.kind in _SALES and facts.has_reduced_rate,  # D14, R1.6
        Mention.WASTE: quote and facts.is_works and facts.has_waste_estimate,  # D10
        # C. com. L. 441-9: between professionals; a consumer owes neither.
        Mention.DISCOUNT_TERMS: bill and not facts.is_consumer,
        Mention.LATE_TERMS: bill and not facts.is_consumer,
        Mention.INDEMNITY: bill and not facts.is_consumer,
        Mention.SAP: bill and facts.has_sap_number,  # C. trav. L. 7232-1, D. 7233-1 (URS-07)
        Mention.INSURANCE: facts.kind in _SALES and facts.has_insurance,  # D9, F9
        Mention.GUARANTEES: facts.kind in {DocumentKind.QUOTE, DocumentKind.ORDER} and facts.is_consumer,  # D12
        Mention.WITHDRAWAL: quote and facts.is_consumer and facts.contract_mode in _AWAY,  # D13
        Mention.MEDIATOR: facts.kind in _SALES and facts.is_consumer and facts.has_mediator,  # D11
    }
    return tuple(mention for mention in Mention if due[mention])


_AWAY: Final = frozenset({ContractMode.AT_HOME, ContractMode.DISTANCE})


class Level(StrEnum):
    """STOP holds for everybody; OVERRIDE is passed over with the right and a reason; NOTE is only said."""

    STOP = "stop"
    OVERRIDE = "override"
    NOTE = "note"


@dataclass(frozen=True)
class Problem:
    """What is missing. `text` says it in French, with what to do."""

    code: str
    level: Level
    text: str


def problems(facts: Facts) -> tuple[Problem, ...]:
    """What stands against issuing, the gravest first."""
    quote, bill = facts.kind == DocumentKind.QUOTE, facts.kind in _BILLS
    sale = facts.kind in _SALES
    company = not facts.is_consumer
    found = (
        (not facts.has_buyer_name, "buyer_name", Level.STOP, "Le client n’a pas de nom."),
        (
            not facts.has_buyer_address and facts.kind != DocumentKind.DELIVERY_NOTE,
            "buyer_address",
            Level.STOP,
            "Le client n’a pas d’adresse\u00a0: la loi veut celle de facturation sur la pièce.",
        ),
        (
            facts.reverse_charge and facts.is_consumer,
            "reverse_charge_consumer",
            Level.STOP,
            "L’autoliquidation ne vaut qu’entre professionnels.",
        ),
        (
            facts.reverse_charge and company and not facts.has_buyer_vat_number,
            "reverse_charge_number",
            Level.STOP,
            "L’autoliquidation veut le numéro de TVA du client\u00a0: complétez sa fiche.",
        ),
        (
            sale and not facts.has_seller_identity,
            "seller",
            Level.OVERRIDE,
            "L’identité de la société est incomplète\u00a0: complétez-la dans Paramètres.",
        ),
        (
            bill and facts.has_reduced_rate and not facts.is_attested,
            "attestation",
            Level.OVERRIDE,
            "Un taux réduit veut l’attestation du client\u00a0: notez la date à laquelle il l’a signée.",
        ),
        (
            quote and facts.is_works and not facts.has_execution,
            "execution",
            Level.OVERRIDE,
            "La date ou le délai d’exécution manque.",
        ),
        (quote and not facts.has_validity, "validity", Level.OVERRIDE, "La durée de validité du devis manque."),
        (
            sale and facts.is_works and not facts.has_insurance,
            "insurance",
            Level.OVERRIDE,
            "L’assurance décennale manque\u00a0: renseignez-la dans Paramètres.",
        ),
        (
            sale and facts.is_consumer and not facts.has_mediator,
            "mediator",
            Level.OVERRIDE,
            "Le médiateur de la consommation manque\u00a0: renseignez-le dans Paramètres.",
        ),
        (
            bill and company and not facts.has_buyer_siren,
            "buyer_siren",
            Level.OVERRIDE,
            "Le SIREN du client manque\u00a0: une facture entre professionnels le porte.",
        ),
        (
            quote and facts.is_works and not facts.has_waste_estimate,
            "waste",
            Level.NOTE,
            "Ce devis de travaux n’a pas d’estimation des déchets.",
        ),
    )
    order = list(Level)
    kept = [Problem(code, level, text) for is_so, code, level, text in found if is_so]
    return tuple(sorted(kept, key=lambda one: order.index(one.level)))
