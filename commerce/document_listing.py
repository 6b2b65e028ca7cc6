"""What an address of the list of documents asks for, the chain of one, and the frame of its sheet."""

from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from commerce.actions.deposits import free_deposits
from commerce.domain.chain import conversions_of
from commerce.domain.searching import read
from commerce.domain.states import INVOICES, KIND_LABELS, STATE_LABELS, DocumentKind, State, steps_from
from commerce.models import Document, DocumentLine, DocumentLink, DocumentQuerySet
from commerce.sums import lines_of, totals_of

ORDER: Final = ("-date", "-pk")
# A chain is a quote, orders, notes, invoices, credit notes; no more floors than that.
_FLOORS: Final = 6


class AskedDocuments:
    """What was understood of a query; what was not is as if it were not there."""

    def __init__(self, query: QueryDict) -> None:
        self.q = query.get("q", "").replace("\x00", "").strip()[:100]
        self.kind = query.get("genre", "") if query.get("genre", "") in list(DocumentKind) else ""
        self.state = query.get("etat", "") if query.get("etat", "") in list(State) else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.kind or self.state)

    def narrow(self, rows: DocumentQuerySet) -> DocumentQuerySet:
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.state:
            rows = rows.filter(state=self.state)
        return matching(rows, self.q)

    @property
    def query(self) -> str:
        values = {"q": self.q, "genre": self.kind, "etat": self.state}
        return urlencode({name: value for name, value in values.items() if value})

    kinds = tuple((kind.value, KIND_LABELS[kind]) for kind in DocumentKind)
    states = tuple((state.value, STATE_LABELS[state]) for state in State)


def matching(rows: DocumentQuerySet, typed: str) -> DocumentQuerySet:
    """Documents that hold every word in their client's name or code, their title, their number or his reference.

    Two letters begin a word, three or more may be inside one (SEA-04).
    """
    asked = read(typed)
    for pattern in asked.inside or asked.starts:
        rows = rows.filter(search_text__contains=pattern)
    return rows


def chain_of(document: Document) -> list[Document]:
    """All that the document was made of and all that was made of them, oldest first, itself among them."""
    known, edge = {document.pk}, {document.pk}
    for _ in range(_FLOORS):
        pairs = DocumentLink.objects.filter(Q(source__in=edge) | Q(target__in=edge)).values_list("source", "target")
        edge = {key for pair in pairs for key in pair} - known
        known |= edge
        if not edge:
            break
    return list(Document.objects.filter(pk__in=known).order_by("created_at", "pk"))


def sheet_rows(document: Document, lines: list[DocumentLine] | None = None) -> dict[str, Any]:
    """The lines of a sheet, numbered, each with its total and its parts; and the totals. Few queries, however many."""
    rows = list(lines_of(document)) if lines is None else lines
    found = totals_of(document, rows)
    parts: dict[int, list[DocumentLine]] = {}
    for row in rows:
        if row.parent_id:
            parts.setdefault(row.parent_id, []).append(row)
    shown = []
    number = 0
    for row in (one for one in rows if one.parent_id is None):
        number += row.is_item
        rate = row.vat.on(document.date) if row.vat else None
        shown.append(
            {
                "line": row,
                "number": number if row.is_item else "",
                "total": found.by_line[row.pk],
                "percent": rate.percent if rate else None,
                "parts": parts.get(row.pk, []),
            }
        )
    return {"rows": shown, "totals": found.whole}


def deposits_of(document: Document) -> dict[str, Any]:
    """Deposits that an invoice deducts and, of a draft, those that it might."""
    if document.kind != DocumentKind.INVOICE:
        return {}
    deducted = [row.deposit for row in document.deductions.select_related("deposit").order_by("deposit__number")]
    return {"deducted": deducted, "deductible": free_deposits(document) if document.is_draft else []}


def steps_of(document: Document) -> dict[str, Any]:
    """The one next step that is a button, and the others, which are in the menu."""
    kind, state = DocumentKind(document.kind), State(document.state)
    steps, made = steps_from(kind, state), conversions_of(kind, state)
    forward = [one for one in steps if not one.is_undoing]
    if made and kind not in INVOICES:
        return {"next_conversion": made[0], "conversions": made[1:], "steps": steps}
    others = [one for one in steps if one not in forward[:1]]
    return {"next_step": forward[0] if forward else None, "steps": others, "conversions": made}
