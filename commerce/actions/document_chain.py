"""One document made of another, whole or in part: nothing is made twice, nothing is lost (docs/rules/documents.md)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.timezone import localdate

from commerce.actions.deposits import deduct_deposits
from commerce.actions.documents import HEADER, addresses_for, copied, locked, open_client_of, write_document
from commerce.domain.chain import TooMuchLeftError, chosen, conversion
from commerce.domain.lines import LineKind
from commerce.domain.states import KIND_LABELS, DocumentKind, State, state_label
from commerce.leftovers import left_for
from commerce.models import Document, DocumentLine, DocumentLink
from commerce.signals import document_derived
from commerce.sums import totals_of, write_totals
from extrabat.lib.french import day, number
from extrabat.lib.money import cents
from extrabat.lib.refusals import Refused
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

NOTHING_LEFT: Final = "Tout a déjà été transformé\u00a0: il ne reste rien de cette pièce."
NOTHING_CHOSEN: Final = "Choisissez au moins une ligne à transformer."
ELSEWHERE: Final = "Cette ligne n’est pas de cette pièce, ou n’est pas à transformer."


@transaction.atomic
def convert(
    key: int, target: DocumentKind, *, by: User, token: str, quantities: Mapping[int, Decimal] | None = None
) -> int:
    """Make a draft of kind `target` and give its key; `quantities` chooses lines, None is all that is left.

    Options of a quote come only when they are chosen. Sends `document_derived`. Raises Refused for a blocked client,
    a document that is not in the state it needs, and more of a line than is left of it.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    # The client before the document, as a merge locks them.
    client = open_client_of(key)
    source = locked(key)
    _refuse_unready(source, target)
    lines = list(source.lines.select_related("vat").all())
    left = left_for(source, target)
    taken = _chosen(lines, left, quantities)
    made = _new_document(source, target, client, by)
    _copy(lines, taken, left, made)
    _share_discount(source, made, is_last=_is_last(lines, left, taken))
    write_totals(made)
    DocumentLink.objects.create(source=source, target=made)
    if target == DocumentKind.INVOICE:
        deduct_deposits(made)
    document_derived.send(Document, source=source, target=made)
    record_result(token, str(made.pk))
    return made.pk


def _refuse_unready(source: Document, target: DocumentKind) -> None:
    kind, state = DocumentKind(source.kind), State(source.state)
    found = conversion(kind, target)
    if found is None or target == DocumentKind.DEPOSIT_INVOICE:
        raise Refused(f"{KIND_LABELS[kind]} ne devient pas {KIND_LABELS[target].lower()}.")
    if found.state != state:
        needed, now = state_label(kind, found.state), state_label(kind, state)
        raise Refused(f"Cette pièce est «\u00a0{now}\u00a0»\u00a0: elle se transforme une fois «\u00a0{needed}\u00a0».")


def _chosen(
    lines: Sequence[DocumentLine], left: Mapping[int, Decimal], asked: Mapping[int, Decimal] | None
) -> dict[int, Decimal]:
    optional = optional_lines(lines)
    try:
        taken = chosen(left, asked)
    except TooMuchLeftError as error:
        label = next(line.label for line in lines if line.pk == error.line)
        raise Refused(f"Il reste {number(error.left)} à transformer de «\u00a0{label}\u00a0».") from error
    except KeyError as error:
        raise Refused(ELSEWHERE) from error
    if asked is None:
        taken = {line: quantity for line, quantity in taken.items() if line not in optional}
    if not taken:
        raise Refused(NOTHING_LEFT if asked is None else NOTHING_CHOSEN)
    return taken


def optional_lines(lines: Sequence[DocumentLine]) -> set[int]:
    """Keys of the items that are options, themselves or by their section."""
    found, inside = set(), False
    for line in lines:
        if line.kind == LineKind.SECTION:
            inside = line.is_option
        elif line.is_item and (inside or line.is_option):
            found.add(line.pk)
    return found


def _new_document(source: Document, target: DocumentKind, client: Any, by: User) -> Document:
    values = {name: getattr(source, name) for name in HEADER} | {"discount_amount": Decimal(0)}
    if target == DocumentKind.CREDIT_NOTE:
        values["title"] = f"Avoir sur {KIND_LABELS[DocumentKind(source.kind)].lower()} {source.number}"
    elif not values["title"]:
        values["title"] = f"{KIND_LABELS[DocumentKind(source.kind)]} du {day(source.date)}"
    usual = addresses_for(DocumentKind.QUOTE, client)["billing_address_id"]
    if source.kind == DocumentKind.QUOTE and source.billing_address_id == usual:
        # A quote goes where letters go, what follows it where invoices go (ADR-04).
        del values["billing_address"]
        values["billing_address_id"] = addresses_for(target, client)["billing_address_id"]
    made = Document(kind=target, client=client, date=localdate(), followed_by=source.followed_by)
    return write_document(made, by, values)


def _copy(
    lines: Sequence[DocumentLine], taken: Mapping[int, Decimal], left: Mapping[int, Decimal], made: Document
) -> None:
    wanted = _headings(lines, taken) | set(taken)
    copies = {}
    for row in lines:
        if row.pk not in wanted:
            continue
        copy = copied(row, made)
        # What is taken of an option is one no more.
        copy.is_option = False
        if row.is_item:
            copy.source, copy.quantity = row, taken[row.pk]
            copy.discount_amount = _share(row, copy.quantity, left[row.pk], DocumentKind(made.kind))
        copies[row.pk] = copy
    DocumentLine.objects.bulk_create(copies.values())
    parts = []
    for row in lines:
        if row.parent_id in copies:
            part = copied(row, made)
            part.parent = copies[row.parent_id]
            parts.append(part)
    DocumentLine.objects.bulk_create(parts)


def _headings(lines: Sequence[DocumentLine], taken: Mapping[int, Decimal]) -> set[int]:
    """Sections, texts and subtotals of the sections of which something is taken."""
    found: set[int] = set()
    here: set[int] = set()
    is_taken = False
    for line in lines:
        if line.kind == LineKind.SECTION:
            found |= here if is_taken else set()
            here, is_taken = set(), False
        if line.is_item:
            is_taken |= line.pk in taken
        else:
            here.add(line.pk)
    return found | here if is_taken else found


def _share(row: DocumentLine, quantity: Decimal, left: Decimal, kind: DocumentKind) -> Decimal:
    """The part of a discount in euros that goes with `quantity`; the last part takes what is left of it."""
    whole: Decimal = row.discount_amount
    if not whole or quantity == row.quantity:
        return whole
    if quantity < left:
        return cents(whole * quantity / row.quantity)
    given = row.derived.filter(document__kind=kind).values_list("discount_amount", flat=True)
    return whole - sum(given, Decimal(0))


def _is_last(lines: Sequence[DocumentLine], left: Mapping[int, Decimal], taken: Mapping[int, Decimal]) -> bool:
    optional = optional_lines(lines)
    return all(taken.get(line, Decimal(0)) == rest for line, rest in left.items() if line not in optional)


def _share_discount(source: Document, made: Document, *, is_last: bool) -> None:
    """The part of the document's discount in euros that goes with the lines taken; the last document takes the rest."""
    if not source.discount_amount:
        return
    if is_last:
        links = source.made.filter(target__kind=made.kind)
        given = sum(links.values_list("target__discount_amount", flat=True), Decimal(0))
        part = source.discount_amount - given
    else:
        whole, mine = totals_of(source).whole.lines_net, totals_of(made).whole.lines_net
        part = cents(source.discount_amount * mine / whole) if whole else Decimal(0)
    made.discount_amount = part
    made.save(update_fields=["discount_amount"])
