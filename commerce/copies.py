"""A document as one value: what issuing freezes, and what the paper is printed from (shape: docs/rules/issuing.md)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from commerce.deductions import deducted_of
from commerce.domain.mentions import mentions
from commerce.domain.totals import LineTotal, RateTotal
from commerce.facts import facts_of
from commerce.legal import texts_of
from commerce.models import Document, DocumentLine
from commerce.parties import address_lines, buyer_of, seller_of
from commerce.sums import DocumentTotals, lines_of, totals_of

SHAPE: Final = 1
SHOWN: Final = (
    *("client__civility", "store__company", "followed_by", "payment_method", "installation", "language"),
    *("billing_address", "delivery_address", "site_address"),
)


def copy_of(document: Document, found: DocumentTotals | None = None) -> dict[str, Any]:
    """The whole document from the live tables: amounts as texts, dates in ISO. Of a draft the number is empty.

    Raises Refused when it does not add up. Ten queries, however many lines.
    """
    lines = list(lines_of(document))
    found = found or totals_of(document, lines)
    facts = facts_of(document, found.whole)
    deposits = deducted_of(document)
    deducted = sum((Decimal(one["gross"]) for one in deposits), Decimal("0.00"))
    language = document.language.code if document.language else "fr"
    return {
        "version": SHAPE,
        "kind": document.kind,
        "number": document.number,
        "date": document.date.isoformat(),
        "title": document.title,
        "language": language,
        "valid_until": _day(document.valid_until),
        "due_on": _day(document.due_on) if document.is_invoice else None,
        "payment": str(document.payment_method or ""),
        "client_reference": document.client_reference,
        "category": facts.category.value if facts.category else "",
        "prices_with_vat": document.prices_with_vat,
        "execution": document.execution,
        "service_on": _day(document.service_on),
        "seller": seller_of(document),
        "buyer": buyer_of(document),
        "delivery": address_lines(document.delivery_address),
        "site": address_lines(document.site_address),
        "installation": str(document.installation or ""),
        "lines": _lines(document, lines, found),
        "rates": [_rate(rate) for rate in found.whole.rates],
        "totals": {
            "lines_net": str(found.whole.lines_net),
            "discount": str(found.whole.discount),
            "net": str(found.whole.net),
            "vat": str(found.whole.vat),
            "gross": str(found.whole.gross),
            "deducted": str(deducted),
            "payable": str(found.whole.gross - deducted),
        },
        "deposits": deposits,
        "corrects": _sources(document, {"invoice", "deposit_invoice"}),
        "made_of": _sources(document, {"quote", "order", "delivery_note"}),
        "foot": document.foot,
        "mentions": [
            {"code": code.value, "text": text}
            for code, text in texts_of(mentions(facts), document, language=language).items()
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _lines(document: Document, lines: Sequence[DocumentLine], found: DocumentTotals) -> list[dict[str, Any]]:
    parts: dict[int, list[DocumentLine]] = {}
    for row in lines:
        if row.parent_id:
            parts.setdefault(row.parent_id, []).append(row)
    copied, number = [], 0
    for row in (one for one in lines if one.parent_id is None):
        number += row.is_item
        total = found.by_line[row.pk]
        copied.append(
            _line(document, row, total, parts.get(row.pk, [])) | {"number": str(number) if row.is_item else ""}
        )
    return copied


def _line(document: Document, row: DocumentLine, total: LineTotal, parts: Sequence[DocumentLine]) -> dict[str, Any]:
    rate = row.vat.on(document.date) if row.vat else None
    return {
        "kind": row.kind,
        "code": row.code,
        "label": row.label,
        "description": row.description,
        "quantity": _figure(row.quantity),
        "unit": row.unit_label,
        "unit_code": row.unit_code,
        "unit_price": _figure(row.unit_price),
        "discount_percent": _figure(row.discount_percent),
        "discount_amount": str(row.discount_amount),
        "rate": str(rate.percent) if rate else "",
        "category": rate.category.value if rate else "",
        "net": str(total.net),
        "total": str(total.total),
        "is_option": row.is_option,
        "is_hidden": row.is_hidden_on_print,
        "parts": [
            {"code": part.code, "label": part.label, "quantity": _figure(part.quantity), "unit": part.unit_label}
            for part in parts
            if not part.is_hidden_on_print
        ],
    }


def _figure(value: Decimal) -> str:
    """Without the zeros that the column adds: « 1234.5 », never in powers of ten."""
    return f"{value.normalize():f}"


def _rate(rate: RateTotal) -> dict[str, str]:
    return {
        "category": rate.rate.category.value,
        "percent": str(rate.rate.percent),
        "reason": rate.rate.reason,
        "mention": rate.rate.mention,
        "lines_net": str(rate.lines_net),
        "discount": str(rate.discount),
        "net": str(rate.net),
        "vat": str(rate.vat),
        "gross": str(rate.gross),
    }


def _sources(document: Document, kinds: set[str]) -> list[dict[str, str]]:
    links = document.made_of.filter(source__kind__in=kinds).select_related("source").order_by("source__date", "source")
    return [
        {"kind": link.source.kind, "number": link.source.number, "date": link.source.date.isoformat()} for link in links
    ]
