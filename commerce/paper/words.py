"""The words that paper adds to a document, in the client's language, and how figures and days are written in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from extrabat.lib import french

NBSP: Final = french.NBSP


@dataclass(frozen=True)
class Writing:
    """One language: its words by name, its figures, its days. Amounts are in euros."""

    language: str
    words: dict[str, str]
    number: Callable[[Decimal], str]
    amount: Callable[[Decimal], str]
    percent: Callable[[Decimal], str]
    day: Callable[[date], str]

    def __getitem__(self, name: str) -> str:
        return self.words[name]

    def euros(self, value: Decimal) -> str:
        """With its sign of currency: « 1 234,56 € », “€1,234.56”."""
        if self.language == "fr":
            return f"{self.amount(value)}{NBSP}€"
        return f"{'−' if value < 0 else ''}€{self.amount(abs(value))}"


_FRENCH: Final = {
    "quote": "Devis",
    "order": "Commande",
    "delivery_note": "Bon de livraison",
    "invoice": "Facture",
    "deposit_invoice": "Facture d’acompte",
    "credit_note": "Avoir",
    "BROUILLON": "BROUILLON",
    "DUPLICATA": "DUPLICATA",
    "buyer": "Client",
    "delivery": "Livraison",
    "site": "Lieu d’exécution",
    "date": "Date",
    "valid_until": "Valable jusqu’au",
    "due_on": "Échéance",
    "service_on": "Livré ou exécuté le",
    "payment": "Règlement",
    "reference": "Votre référence",
    "client_code": "Code client",
    "installation": "Ouvrage",
    "corrects": "Facture corrigée",
    "made_of": "Suite à",
    "of": "du",
    "no": "N°",
    "choice": "Choix",
    "label": "Désignation",
    "quantity": "Quantité",
    "price_net": "Prix unit. HT",
    "price_gross": "Prix unit. TTC",
    "discount": "Remise",
    "vat": "TVA",
    "amount_net": "Montant HT",
    "amount_gross": "Montant TTC",
    "continued": "(suite)",
    "brought": "Report de la page",
    "carried": "À reporter",
    "hidden": "Autres fournitures et prestations",
    "options": "Options, non comprises dans le total",
    "tick": "Cochez ce que vous retenez : un devis complété vous sera remis avant toute commande.",
    "lines_net": "Total HT avant remise",
    "net": "Total HT",
    "total_vat": "Total TVA",
    "gross": "Total TTC",
    "untaxed": "Total à payer",
    "deposit": "Acompte",
    "payable": "Net à payer",
    "credit": "Net à votre crédit",
    "pay_before": "À régler au plus tard le",
    "rate": "Taux",
    "base": "Base HT",
    "with_vat": "TTC",
    "billed_vat": "TVA déjà facturée",
    "left_vat": "TVA restante",
    "deposits": "Acomptes déduits",
    "invoice_number": "Facture",
    "net_short": "HT",
    "transfer": "Pour régler par virement",
    "holder": "Titulaire",
    "quoted": "Référence à rappeler",
    "the_client": "Le client",
    "the_company": "L’entreprise",
    "received": "Devis reçu avant l’exécution des travaux.",
    "agreed": "Bon pour accord sur {total}, le ……………………",
    "sign": "Nom, signature précédée de « Bon pour accord » :",
    "sign_order": "Date, nom, signature :",
    "sign_delivery": "Reçu en bon état le ……………………",
    "name_sign": "Nom, signature :",
    "attestation": "Attestation du client pour le taux réduit de TVA",
    "withdrawal_lead": "Droit de rétractation :",
    "logo": "Logo de {name}",
    "capital": "au capital de",
    "vat_number": "TVA",
    "ape": "APE",
}
_ENGLISH: Final = {
    "quote": "Quote",
    "order": "Order",
    "delivery_note": "Delivery note",
    "invoice": "Invoice",
    "deposit_invoice": "Deposit invoice",
    "credit_note": "Credit note",
    "BROUILLON": "DRAFT",
    "DUPLICATA": "DUPLICATE",
    "buyer": "Client",
    "delivery": "Delivery",
    "site": "Place of works",
    "date": "Date",
    "valid_until": "Valid until",
    "due_on": "Due date",
    "service_on": "Supplied on",
    "payment": "Payment",
    "reference": "Your reference",
    "client_code": "Client code",
    "installation": "Installation",
    "corrects": "Corrects invoice",
    "made_of": "Following",
    "of": "of",
    "no": "No.",
    "choice": "Choice",
    "label": "Description",
    "quantity": "Quantity",
    "price_net": "Unit price excl. VAT",
    "price_gross": "Unit price incl. VAT",
    "discount": "Discount",
    "vat": "VAT",
    "amount_net": "Amount excl. VAT",
    "amount_gross": "Amount incl. VAT",
    "continued": "(continued)",
    "brought": "Brought forward from page",
    "carried": "Carried forward",
    "hidden": "Other supplies and services",
    "options": "Options, not included in the total",
    "tick": "Tick what you choose: a completed quote will be sent to you before any order.",
    "lines_net": "Total excl. VAT before discount",
    "net": "Total excl. VAT",
    "total_vat": "Total VAT",
    "gross": "Total incl. VAT",
    "untaxed": "Total to pay",
    "deposit": "Deposit",
    "payable": "Amount due",
    "credit": "Amount credited to you",
    "pay_before": "To be paid by",
    "rate": "Rate",
    "base": "Net amount",
    "with_vat": "Incl. VAT",
    "billed_vat": "VAT already billed",
    "left_vat": "VAT remaining",
    "deposits": "Deposits deducted",
    "invoice_number": "Invoice",
    "net_short": "Excl. VAT",
    "transfer": "To pay by bank transfer",
    "holder": "Account holder",
    "quoted": "Reference to quote",
    "the_client": "The client",
    "the_company": "The company",
    "received": "Quote received before the works are carried out.",
    "agreed": "Agreed for {total}, on ……………………",
    "sign": "Name, signature preceded by “Agreed”:",
    "sign_order": "Date, name, signature:",
    "sign_delivery": "Received in good condition on ……………………",
    "name_sign": "Name, signature:",
    "attestation": "Client’s statement for the reduced rate of VAT",
    "withdrawal_lead": "Right of withdrawal:",
    "logo": "Logo of {name}",
    "capital": "with a capital of",
    "vat_number": "VAT",
    "ape": "APE",
}


def _english(value: Decimal) -> str:
    whole = f"{value:,f}"
    return (whole.rstrip("0").rstrip(".") if "." in whole else whole).replace("-", "−")


def _english_day(value: date) -> str:
    # The month in letters: 03/04 is another day across the Channel and across the ocean.
    months = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
    return f"{value.day}{NBSP}{months[value.month - 1]}{NBSP}{value.year}"


FRENCH: Final = Writing(
    "fr",
    {name: french.typo(text) for name, text in _FRENCH.items()},
    french.number,
    lambda value: french.amount(value, currency=False),
    french.percent,
    french.day,
)
ENGLISH: Final = Writing(
    "en",
    _ENGLISH,
    _english,
    lambda value: f"{value:,.2f}".replace("-", "−"),
    lambda value: f"{_english(value)}%",
    _english_day,
)


def writing_of(language: str) -> Writing:
    """English for clients who read it, French for everybody else."""
    return ENGLISH if language == "en" else FRENCH


# Annex to C. conso. art. R. 221-1: the form's words are those of the law.
WITHDRAWAL_TITLE: Final = "Formulaire de rétractation"
WITHDRAWAL_HOW: Final = (
    "Veuillez compléter et renvoyer le présent formulaire uniquement si vous souhaitez vous rétracter du contrat."
)
WITHDRAWAL_TEXT: Final = (
    "Je/nous (*) vous notifie/notifions (*) par la présente ma/notre (*) rétractation du contrat portant sur la vente "
    f"du bien (*)/pour la prestation de services (*) ci-dessous{NBSP}:"
)
WITHDRAWAL_FIELDS: Final = tuple(
    f"{text}{NBSP}:"
    for text in (
        "Commandé le (*)/reçu le (*)",
        "Nom du (des) consommateur(s)",
        "Adresse du (des) consommateur(s)",
        "Signature du (des) consommateur(s), uniquement en cas de notification sur papier",
        "Date",
    )
)
WITHDRAWAL_STRIKE: Final = "(*) Rayez la mention inutile."
