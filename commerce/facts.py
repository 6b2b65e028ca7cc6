"""What the law looks at, read from the tables: for mentions and for what is missing (domain/mentions)."""

from commerce.domain.mentions import Category, Facts
from commerce.domain.states import DocumentKind
from commerce.domain.totals import Totals
from commerce.models import Article, Document, DocumentLine, Kind
from commerce.parties import address_lines, buyer_of, sap_number_of, seller_of
from settings_app.company.models import VatRegime

_GOODS = frozenset({Kind.GOODS.value})
_WORKS = frozenset({Kind.LABOUR.value, Kind.PLANNING.value, Kind.ASSEMBLY.value})


def category_of(kinds: frozenset[str]) -> Category:
    """Goods delivered and installed are one service of works; goods beside a visit are both (rules/mentions.md)."""
    if kinds and kinds <= _GOODS:
        return Category.GOODS
    if kinds & _GOODS and not kinds & _WORKS:
        return Category.MIXED
    return Category.SERVICES


def kinds_of(document: Document) -> frozenset[str]:
    """Kinds of the articles on its lines; of a deposit or a credit note, of what it was made of."""
    sources = [document.pk]
    if document.kind in {DocumentKind.DEPOSIT_INVOICE, DocumentKind.CREDIT_NOTE}:
        sources += document.made_of.values_list("source", flat=True)
    lines = DocumentLine.objects.filter(document__in=sources, parent=None, article__isnull=False)
    return frozenset(Article.objects.filter(document_lines__in=lines).order_by().values_list("kind", flat=True))


def facts_of(document: Document, totals: Totals) -> Facts:
    """`document` with its client, store and addresses at hand; two queries."""
    kinds = kinds_of(document)
    company = document.store.company
    buyer, seller = buyer_of(document), seller_of(document)
    return Facts(
        kind=DocumentKind(document.kind),
        is_consumer=buyer["kind"] == "individual",
        category=category_of(kinds),
        is_works=bool(kinds & _WORKS),
        has_reduced_rate=any(0 < rate.rate.percent < 20 for rate in totals.rates) and _is_attestable(document),
        reverse_charge=document.reverse_charge,
        is_franchise=company.vat_regime == VatRegime.FRANCHISE,
        vat_on_debits=company.vat_on_debits,
        contract_mode=document.contract_mode,
        gross=totals.gross,
        has_buyer_name=bool(buyer["name"]),
        has_buyer_address=bool(address_lines(document.billing_address)),
        has_buyer_siren=bool(buyer["siren"]),
        has_buyer_vat_number=bool(buyer["vat_number"]),
        has_seller_identity=all(seller[name] for name in ("name", "siren", "street", "postcode", "city")),
        has_insurance=_is_insured(document),
        has_mediator=bool(company.mediator),
        has_execution=bool(document.execution or document.service_on),
        has_validity=document.valid_until is not None,
        has_waste_estimate=document.waste_quantity is not None,
        is_attested=document.attested_on is not None,
        has_sap_number=bool(sap_number_of(document)),
    )


def _is_insured(document: Document) -> bool:
    """Does a contract of ten-year liability hold on the document's date (D9)? Without dates it holds."""
    held = document.store.insurance
    begins, ends = held.insurance_from or document.date, held.insurance_to or document.date
    return bool(held.insurer) and begins <= document.date <= ends


def _is_attestable(document: Document) -> bool:
    """Does one of its lines stand at a rate that asks for the client's attestation?"""
    return document.lines.filter(parent=None, vat__needs_attestation=True).exists()
