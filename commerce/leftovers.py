"""How much of each line of a document is left to be made into another (docs/rules/documents.md)."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Sum

from commerce.domain.chain import left_of
from commerce.domain.states import DocumentKind, State
from commerce.models import Document, DocumentLine

Quantities = dict[int, Decimal]


def left_for(source: Document, target: DocumentKind) -> Quantities:
    """By key of the lines of `source` (no parts): what may still become a document of kind `target`.

    A quote is ordered or invoiced, once in all. An order is delivered, and invoiced directly or through its delivery
    notes, never twice. Drafts count: what one holds is taken until it is deleted, or cancelled once it is issued.
    """
    rows = list(
        DocumentLine.objects.filter(document=source, parent=None, kind="item").values("pk", "quantity", "source")
    )
    whole = {row["pk"]: row["quantity"] for row in rows}
    if source.kind == DocumentKind.QUOTE:
        return left_of(whole, _taken(whole, DocumentKind.ORDER, DocumentKind.INVOICE))
    left = left_of(whole, _taken(whole, target))
    if target != DocumentKind.INVOICE:
        return left
    if source.kind == DocumentKind.ORDER:
        return left_of(whole, _invoiced(whole))
    if source.kind == DocumentKind.DELIVERY_NOTE:
        return _within_orders(left, {row["pk"]: row["source"] for row in rows if row["source"]})
    return left


def _taken(lines: Quantities, *kinds: DocumentKind) -> Quantities:
    made = DocumentLine.objects.filter(source__in=lines, document__kind__in=[kind.value for kind in kinds]).exclude(
        document__state=State.CANCELLED.value
    )
    return dict(made.order_by().values_list("source").annotate(total=Sum("quantity")))


def _invoiced(orders: Quantities) -> Quantities:
    """What was invoiced of lines of orders, directly or through their delivery notes."""
    invoice = DocumentKind.INVOICE.value
    direct = _taken(orders, DocumentKind.INVOICE)
    through = DocumentLine.objects.filter(document__kind=invoice, source__source__in=orders).order_by()
    found: defaultdict[int, Decimal] = defaultdict(Decimal, direct)
    for line, total in through.values_list("source__source").annotate(total=Sum("quantity")):
        found[line] += total
    return found


def _within_orders(left: Quantities, sources: dict[int, int]) -> Quantities:
    """What a delivery note has left, no more than is left to invoice of its order."""
    ordered = DocumentLine.objects.filter(pk__in=sources.values(), document__kind=DocumentKind.ORDER.value)
    whole = dict(ordered.values_list("pk", "quantity"))
    open_ = left_of(whole, _invoiced(whole))
    return {line: min(quantity, open_.get(sources.get(line, 0), quantity)) for line, quantity in left.items()}
