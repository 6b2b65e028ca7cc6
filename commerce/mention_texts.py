"""The texts of legal mentions that a new company starts with; each is a row that may be reworded.

Since 1 September 2026 the VAT articles of the CGI stand in the CIBS (ordonnance 2025-1247); references to the CGI are
tolerated on invoices until 31 December 2027. Both wordings are here, each with its days.
"""

from datetime import date
from typing import Final

from commerce.domain.mentions import Mention

_ALWAYS: Final = date(2014, 1, 1)
_CGI_ENDS: Final = date(2027, 12, 31)
_CIBS: Final = date(2028, 1, 1)
_ATTESTATION: Final = (
    "En qualité de preneur de la prestation, j’atteste que les travaux portent sur des locaux à usage d’habitation "
    "achevés depuis plus de deux ans, qu’ils ne concourent pas à la production d’un immeuble neuf et n’accroissent "
    "pas la surface de plancher de plus de 10 %, et qu’ils respectent les conditions prévues par {articles}. {attested}"
)
# (code, from, to, French, English): dates are those of the law, not of the program.
TEXTS: Final[tuple[tuple[Mention, date, date | None, str, str], ...]] = (
    (Mention.FREE_QUOTE, _ALWAYS, None, "Devis gratuit.", "This quote is free of charge."),
    (Mention.EXECUTION, _ALWAYS, None, "Exécution\u00a0: {execution}.", "Works: {execution}."),
    (
        Mention.CATEGORY_GOODS,
        _ALWAYS,
        None,
        "Catégorie de l’opération\u00a0: livraison de biens.",
        "Category of operation: supply of goods.",
    ),
    (
        Mention.CATEGORY_SERVICES,
        _ALWAYS,
        None,
        "Catégorie de l’opération\u00a0: prestation de services.",
        "Category of operation: supply of services.",
    ),
    (
        Mention.CATEGORY_MIXED,
        _ALWAYS,
        None,
        "Catégorie de l’opération\u00a0: livraison de biens et prestation de services.",
        "Category of operation: supply of goods and services.",
    ),
    (
        Mention.ON_DEBITS,
        _ALWAYS,
        None,
        "Option pour le paiement de la taxe d’après les débits.",
        "VAT due on invoicing (option pour le paiement de la taxe d’après les débits).",
    ),
    (
        Mention.FRANCHISE,
        _ALWAYS,
        _CGI_ENDS,
        "TVA non applicable, art. 293 B du CGI.",
        "VAT not applicable, art. 293 B of the French CGI.",
    ),
    (
        Mention.FRANCHISE,
        _CIBS,
        None,
        "TVA non applicable, art. L. 223-1 et suivants du CIBS.",
        "VAT not applicable, art. L. 223-1 and following of the French CIBS.",
    ),
    (
        Mention.REVERSE_CHARGE,
        _ALWAYS,
        _CGI_ENDS,
        "Autoliquidation, art. 283, 2 nonies du CGI.",
        "Reverse charge, art. 283, 2 nonies of the French CGI.",
    ),
    (
        Mention.REVERSE_CHARGE,
        _CIBS,
        None,
        "Autoliquidation, art. L. 221-38 du CIBS.",
        "Reverse charge, art. L. 221-38 of the French CIBS.",
    ),
    (
        Mention.ATTESTATION,
        _ALWAYS,
        _CGI_ENDS,
        _ATTESTATION.replace("{articles}", "les articles 279-0 bis et 278-0 bis A du CGI"),
        "",
    ),
    (
        Mention.ATTESTATION,
        _CIBS,
        None,
        _ATTESTATION.replace("{articles}", "le code des impositions sur les biens et services"),
        "",
    ),
    (
        Mention.WASTE,
        date(2021, 7, 1),
        None,
        "Déchets du chantier\u00a0: {waste_quantity} estimés, coût {waste_cost} HT. {waste_sorting} "
        "Points de collecte\u00a0: {waste_points}",
        "",
    ),
    (Mention.DISCOUNT_TERMS, _ALWAYS, None, "{discount_terms}", ""),
    (Mention.LATE_TERMS, _ALWAYS, None, "Pénalités de retard\u00a0: {late_terms}", "Late payment: {late_terms}"),
    (
        Mention.INDEMNITY,
        _ALWAYS,
        None,
        "Indemnité forfaitaire pour frais de recouvrement en cas de retard\u00a0: 40\u00a0€.",
        "Fixed indemnity for recovery costs in case of late payment: €40.",
    ),
    (
        Mention.SAP,
        _ALWAYS,
        None,
        "Services à la personne, numéro {sap_number}.",
        "Personal services (services à la personne), number {sap_number}.",
    ),
    (Mention.INSURANCE, _ALWAYS, None, "Assurance décennale\u00a0: {insurance}.", "Ten-year liability: {insurance}."),
    (
        Mention.GUARANTEES,
        _ALWAYS,
        None,
        "Garantie légale de conformité (art. L. 217-3 et suivants du code de la consommation) et garantie des vices "
        "cachés (art. 1641 et suivants du code civil).",
        "",
    ),
    (
        Mention.WITHDRAWAL,
        _ALWAYS,
        None,
        "Vous disposez de quatorze jours pour vous rétracter sans motif (art. L. 221-18 du code de la consommation), "
        "à compter de la conclusion du contrat pour une prestation, de la réception pour une livraison de biens. "
        "Aucun paiement n’est dû avant sept jours lorsque le contrat est conclu à votre domicile (art. L. 221-10).",
        "",
    ),
    (
        Mention.MEDIATOR,
        _ALWAYS,
        None,
        "Médiateur de la consommation\u00a0: {mediator}.",
        "Consumer mediator: {mediator}.",
    ),
)
