"""What the screens of payments read: a client's account, the panel of an invoice, the journal of a till."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpRequest

from clients.models import Client
from commerce.models import Allocation, Document, DocumentBalance, Payment, amount_due
from settings_app.users.access import may, signed_in


def unpaid_of(client: Client) -> list[Document]:
    """Issued invoices of which something is due, the one due first before the others."""
    rows = Document.objects.filter(client=client, balance__due__gt=0, balance__is_credit=False)
    return list(rows.select_related("balance").order_by("balance__due_on", "date", "pk"))


def credits_of(client: Client) -> list[Document]:
    """Credit notes that still give something."""
    rows = Document.objects.filter(client=client, balance__due__gt=0, balance__is_credit=True)
    return list(rows.select_related("balance").order_by("date", "pk"))


def payments_of(client: Client) -> QuerySet[Payment]:
    rows = Payment.objects.filter(client=client).select_related("method", "balance", "created_by", "reversed_by")
    return rows.order_by("-paid_on", "-pk")


def live(rows: QuerySet[Allocation]) -> QuerySet[Allocation]:
    """Lettrages that hold: neither undone nor an undoing."""
    return rows.filter(undoes=None, undone_by=None)


def panel_of(invoice: Document) -> dict[str, Any]:
    """What remains of an issued invoice, and what was received; nothing for any other document. Two queries."""
    balance = DocumentBalance.objects.filter(document=invoice).first() if invoice.is_invoice else None
    if balance is None:
        return {}
    received = live(invoice.allocations.select_related("payment__method", "payment__created_by", "credit_note"))
    return {"balance": balance, "received": list(received.order_by("pk"))}


def owed_panel(request: HttpRequest, client: Client) -> dict[str, Any]:
    """The client's home: what he owes, and the invoices behind it (PAY-19)."""
    unpaid = unpaid_of(client)
    user = signed_in(request)
    return {
        "client": client,
        "owed": amount_due(client),
        "unpaid": unpaid,
        "may_pay": may(user, "record_payments") and not client.is_merged,
    }


def journal_rows(rows: QuerySet[Payment], journal: str, since: date | None, until: date | None) -> QuerySet[Payment]:
    if journal:
        rows = rows.filter(journal=int(journal)) if journal != "aucun" else rows.filter(journal=None)
    if since:
        rows = rows.filter(paid_on__gte=since)
    if until:
        rows = rows.filter(paid_on__lte=until)
    return rows


def totals_by_method(rows: QuerySet[Payment]) -> Sequence[tuple[str, Decimal]]:
    found = rows.order_by("method__position", "method__label").values_list("method__label")
    return [(label, total) for label, total in found.annotate(total=Sum("amount"))]
