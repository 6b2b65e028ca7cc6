"""Deposits of an order that an invoice deducts: which there are, what each takes of every rate (PAY-17)."""

from typing import Any

from commerce.domain.vat import Category, Rate, RateAmount
from commerce.models import Document, IssuedRate


def deducted_of(document: Document) -> list[dict[str, Any]]:
    """The deposits deducted from `document`, oldest first, as its copy holds them."""
    deposits = [
        row.deposit
        for row in document.deductions.select_related("deposit").order_by("deposit__date", "deposit__number")
    ]
    rates: dict[int, list[IssuedRate]] = {}
    for rate in IssuedRate.objects.filter(document__in=deposits).order_by("-percent", "pk") if deposits else ():
        rates.setdefault(rate.document_id, []).append(rate)
    return [
        {
            "number": deposit.number,
            "date": deposit.date.isoformat(),
            "net": str(deposit.net),
            "vat": str(deposit.vat),
            "gross": str(deposit.gross),
            "rates": [
                {"category": one.category, "percent": str(one.percent), "net": str(one.net), "vat": str(one.vat)}
                for one in rates.get(deposit.pk, [])
            ],
        }
        for deposit in deposits
    ]


def amounts_of(documents: list[int]) -> list[RateAmount]:
    """What issued documents amount to by rate, each as it was issued."""
    return [
        RateAmount(Rate(row.percent, Category(row.category), row.reason, row.mention), row.net, row.vat)
        for row in IssuedRate.objects.filter(document__in=documents)
    ]
