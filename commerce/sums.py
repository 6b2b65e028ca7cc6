"""The totals of a document: one way for its sheet, its list and everything that is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from commerce.domain.lines import Line, LineKind, Sheet
from commerce.domain.totals import LineTotal, Totals, totals
from commerce.domain.vat import FRANCHISE, REVERSE_CHARGE, Rate
from commerce.models import Document, DocumentLine
from extrabat.lib.french import day
from extrabat.lib.refusals import Refused
from settings_app.company.models import Company, VatRegime

DISCOUNT = "La remise est plus grande que ce dont elle est retirée\u00a0: corrigez la remise d’abord."


@dataclass(frozen=True)
class DocumentTotals:
    """`by_line` has no part of an assembly: its price is the assembly's."""

    whole: Totals
    by_line: dict[int, LineTotal]


def lines_of(document: Document) -> QuerySet[DocumentLine]:
    """In their order, with what the totals read; parts come among them, under their assembly."""
    return document.lines.select_related("vat").prefetch_related("vat__periods")


def totals_of(document: Document, lines: Sequence[DocumentLine] | None = None) -> DocumentTotals:
    """Add up `document`; `lines`, when read already, come from `lines_of`. Four queries at most.

    Raises Refused for a discount larger than what it is taken from, and for a rate that has no value on the day.
    """
    rows = [row for row in (lines_of(document) if lines is None else lines) if row.parent_id is None]
    try:
        whole = totals(
            Sheet(
                tuple(_line(document, row) for row in rows),
                discount=document.discount,
                prices_with_vat=document.prices_with_vat,
                instead=instead_of(document),
            )
        )
    except ValueError as error:
        raise Refused(DISCOUNT) from error
    return DocumentTotals(whole, {row.pk: total for row, total in zip(rows, whole.lines, strict=True)})


def instead_of(document: Document) -> Rate | None:
    """The rate of the whole document where the law changes that of every line: autoliquidation, franchise."""
    if document.reverse_charge:
        return REVERSE_CHARGE
    # Read each time, and not from a store that somebody loaded before the company changed its regime.
    franchise = Company.objects.filter(stores=document.store_id, vat_regime=VatRegime.FRANCHISE).exists()
    return FRANCHISE if franchise else None


def _line(document: Document, row: DocumentLine) -> Line:
    kind = LineKind(row.kind)
    if kind != LineKind.ITEM or row.vat is None:
        return Line(kind=kind, is_option=row.is_option)
    rate = row.vat.on(document.date)
    if rate is None:
        raise Refused(f"Le taux «\u00a0{row.vat}\u00a0» n’a pas de valeur au {day(document.date)}.")
    return Line(
        kind=kind,
        quantity=row.quantity,
        unit_price=row.unit_price,
        rate=rate,
        discount=row.discount,
        is_option=row.is_option,
        unit_cost=row.purchase_price,
    )


def write_totals(document: Document) -> DocumentTotals:
    """Keep the stored totals in step, in the caller's transaction, which holds the document."""
    found = totals_of(document)
    sums = (found.whole.net, found.whole.vat, found.whole.gross)
    if sums != (document.net, document.vat, document.gross):
        document.net, document.vat, document.gross = sums
        document.save(update_fields=["net", "vat", "gross", "updated_at"])
    return found
