"""Documents: begun, changed, taken from state to state, duplicated, deleted while drafts."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate

from clients.models import Address, Client, HistoryEntry
from commerce.domain.mentions import Mention
from commerce.domain.recipients import BILLING, DELIVERY, LETTERS, SITE, Candidate, choose
from commerce.domain.states import FEMININE, KIND_LABELS, DocumentKind, State, state_label, step
from commerce.models import Document, DocumentLine, DocumentTransition, IssuedCopy, SellingTerms
from commerce.preferences import warehouse
from commerce.sums import write_totals
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import apply_changes
from settings_app.models import Store
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

HISTORY: Final = "document"
GONE: Final = "Cette pièce n’existe plus\u00a0: une autre personne vient de la supprimer."
NO_DRAFT: Final = "Cette pièce n’est plus un brouillon\u00a0: elle ne change plus."
NO_TITLE: Final = "Une facture a un titre\u00a0: donnez-le."
NOT_FROM_NOTHING: Final = "Cette pièce naît d’une autre\u00a0: transformez-la."
MADE_OF_IT: Final = "Une autre pièce a été faite de celle-ci\u00a0: annulez ou supprimez-la d’abord."
PRICED: Final = "HT ou TTC se choisit avant d’ajouter des lignes\u00a0: leurs prix ne seraient plus les mêmes."
# Orders, notes and invoices are made of something else, or by hand; credit notes and deposits never by hand.
BY_HAND: Final = (DocumentKind.QUOTE, DocumentKind.ORDER, DocumentKind.DELIVERY_NOTE, DocumentKind.INVOICE)
HEADER: Final = (
    *("store", "warehouse", "title", "payment_method", "installation", "billing_address", "delivery_address"),
    *("site_address", "language", "prices_with_vat", "dwelling_over_two_years", "discount_percent"),
    *("discount_amount", "foot", "client_reference", "execution", "contract_mode", "contract_on", "is_urgent"),
    *("early_start_on", "reverse_charge", "attested_on", "attested_by"),
)


# Of the one contract that was signed: what is made of it bears it too, a copy of it does not.
SIGNED: Final = ("contract_on", "early_start_on", "attested_on", "attested_by")


def lock_client(key: int) -> Client:
    """The client of a document, locked before it as a merge does."""
    return Client.objects.select_for_update(of=("self",), no_key=True).in_lists().get(pk=key)


def open_client(key: int) -> Client:
    """Lock the client of a document that is to be made. Raises Refused when his commerce is blocked (CLI-25)."""
    client = lock_client(key)
    if client.is_blocked:
        raise Refused(f"La gestion commerciale de {client} est bloquée\u00a0: {client.finance_comment.strip()}")
    return client


@transaction.atomic
def create_document(
    kind: DocumentKind, client: Client, *, by: User, values: Mapping[str, Any] | None = None, token: str
) -> int:
    """Begin a draft and give its key; `values` go before the defaults. The same form sent twice begins one.

    Raises Refused for a blocked client, an invoice without title, a kind that is only made of another.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    if kind not in BY_HAND:
        raise Refused(NOT_FROM_NOTHING)
    held = open_client(client.pk)
    defaults: dict[str, Any] = {
        "date": localdate(),
        "store": by.store or Store.objects.earliest("pk"),
        "warehouse": warehouse.of(by),
        "followed_by": by,
        "language": held.language,
    }
    if kind == DocumentKind.QUOTE:
        defaults |= quote_defaults(localdate())
    document = write_document(Document(kind=kind, client=held, **defaults | addresses_for(kind, held)), by, values)
    record_result(token, str(document.pk))
    return document.pk


def quote_defaults(on: date) -> dict[str, Any]:
    """How long a new quote is valid, and how the waste of its works is handled."""
    terms = SellingTerms.objects.get(pk=1)
    return {
        "valid_until": on + timedelta(days=terms.quote_days),
        "waste_sorting": terms.waste_sorting,
        "waste_points": terms.waste_points,
    }


def write_document(document: Document, by: User, values: Mapping[str, Any] | None = None) -> Document:
    """Write a new draft with its log and its line of history, and give the client his code when it is due."""
    for name, value in (values or {}).items():
        setattr(document, name, value)
    if document.kind == DocumentKind.INVOICE and not document.title.strip():
        raise Refused(NO_TITLE)
    document.created_by = by
    document.save()
    DocumentTransition.objects.create(document=document, by=by, target=State.DRAFT)
    give_code(document)
    tell(document, "commencée" if document.kind in FEMININE else "commencé", by)
    return document


def addresses_for(kind: DocumentKind, client: Client) -> dict[str, Any]:
    """The three addresses that a new document takes; a quote is sent where letters go (ADR-04)."""
    rows = list(Address.objects.filter(client=client).select_related("type").order_by("pk"))
    candidates = [Candidate(row.pk, row.type.code, row.is_default) for row in rows]
    billing = LETTERS if kind == DocumentKind.QUOTE else BILLING
    return {
        "billing_address_id": choose(billing, candidates),
        "delivery_address_id": choose(DELIVERY, candidates),
        "site_address_id": choose(SITE, candidates),
    }


def give_code(document: Document) -> None:
    """Give a client without code the next free one, at his first document that is no quote (CLI-26)."""
    client = document.client
    if document.kind == DocumentKind.QUOTE or client.code:
        return
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('commerce_client_code')")
            code = f"C{cursor.fetchone()[0]:05d}"
        try:
            with transaction.atomic():
                Client.objects.filter(pk=client.pk, code="").update(code=code)
        except IntegrityError:
            # Somebody typed that very code: the next one.
            continue
        client.code = code
        return


@transaction.atomic
def change_header(key: int, *, changes: Mapping[str, Any], seen: Mapping[str, Any], by: User) -> None:
    """Write what was changed of a draft. Raises Conflict over newer values, Refused when it is no draft any more."""
    document = draft(key)
    turned = changes.get("prices_with_vat", document.prices_with_vat) != document.prices_with_vat
    if turned and document.lines.exists():
        raise Refused(PRICED)
    if apply_changes(document, changes, seen):
        if document.kind == DocumentKind.INVOICE and not document.title.strip():
            raise Refused(NO_TITLE)
        document.save()
        write_totals(document)


@transaction.atomic
def change_state(key: int, target: State, *, by: User) -> Document:
    """Take an issued document one step further, or back. Asked twice it happens once.

    Raises Refused for another step; leaving the draft is issuing (`actions.issuing`).
    """
    document = locked(key)
    source = State(document.state)
    if source == target:
        return document
    taken = step(DocumentKind(document.kind), source, target)
    if taken is None or taken.is_issuing:
        word = state_label(DocumentKind(document.kind), source)
        raise Refused(f"Cette pièce est «\u00a0{word}\u00a0»\u00a0: ce changement n’est plus possible.")
    if taken.is_undoing and document.made.exclude(target__state=State.CANCELLED).exists():
        raise Refused(MADE_OF_IT)
    document.state = target
    if target == State.ACCEPTED:
        _conclude(document)
    document.save(update_fields=["state", "contract_on", "attested_on", "attested_by", "updated_at"])
    DocumentTransition.objects.create(document=document, by=by, source=source, target=target)
    tell(document, state_label(DocumentKind(document.kind), target), by)
    return document


def _conclude(document: Document) -> None:
    """A quote that is accepted is a contract from today; signed, it is the attestation that it prints (R1.6)."""
    document.contract_on = document.contract_on or localdate()
    copy = IssuedCopy.objects.filter(document=document).first()
    codes = {mention["code"] for mention in copy.content["mentions"]} if copy else set()
    if Mention.ATTESTATION in codes and document.attested_on is None:
        document.attested_on = document.contract_on
        document.attested_by = document.attested_by or document.client.display_name[:120]


@transaction.atomic
def duplicate_document(key: int, *, by: User, token: str, on: date | None = None) -> int:
    """A new draft of the same kind and lines, of today; nothing links the two. Refused for a blocked client."""
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    client = open_client_of(key)
    source = locked(key)
    if source.kind not in BY_HAND:
        raise Refused(NOT_FROM_NOTHING)
    copy = Document(kind=source.kind, client=client, date=on or localdate(), followed_by=by)
    copy = write_document(copy, by, {name: getattr(source, name) for name in HEADER if name not in SIGNED})
    copy_lines(list(source.lines.all()), copy)
    write_totals(copy)
    record_result(token, str(copy.pk))
    return copy.pk


def copy_lines(lines: list[DocumentLine], target: Document) -> dict[int, DocumentLine]:
    """Write copies of `lines`, parts under their assembly, and give them by the key of the original."""
    copies: dict[int, DocumentLine] = {}
    for batch in ([row for row in lines if row.parent_id is None], [row for row in lines if row.parent_id]):
        made = []
        for row in batch:
            copy = copied(row, target)
            copy.parent = copies[row.parent_id] if row.parent_id else None
            made.append(copy)
        DocumentLine.objects.bulk_create(made)
        copies |= {row.pk: copy for row, copy in zip(batch, made, strict=True)}
    return copies


COPIED: Final = (
    *("position", "kind", "article_id", "code", "label", "description", "quantity", "unit_label", "unit_code"),
    *("unit_price", "discount_percent", "discount_amount", "vat_id", "purchase_price", "is_option"),
    "is_hidden_on_print",
)


def copied(row: DocumentLine, target: Document) -> DocumentLine:
    return DocumentLine(document=target, **{name: getattr(row, name) for name in COPIED})


@transaction.atomic
def delete_draft(key: int, *, by: User) -> Client:
    """Delete a draft for good: nothing numbered it, and what it had taken of its source is free again.

    The client's history and the audit trail go on telling of it. Raises Refused when it is no draft any more.
    """
    document = draft(key)
    client = document.client
    tell(document, "supprimée" if document.kind in FEMININE else "supprimé", by)
    document.delete()
    return client


def open_client_of(key: int) -> Client:
    """Lock the client of a document, before the document itself. Raises Refused when he is blocked (CLI-25)."""
    return open_client(client_of(key))


def client_of(key: int) -> int:
    """Whose document it is: he is locked before it, as a merge does."""
    found = Document.objects.filter(pk=key).values_list("client", flat=True).first()
    if found is None:
        raise Refused(GONE)
    return found


def locked(key: int) -> Document:
    document = Document.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if document is None:
        raise Refused(GONE)
    return document


def draft(key: int) -> Document:
    """The document, locked, when it may still be changed."""
    document = locked(key)
    if not document.is_draft:
        raise Refused(NO_DRAFT)
    return document


def tell(document: Document, what: str, by: User) -> None:
    title = f" ({document.title})" if document.title else ""
    name = f"{KIND_LABELS[DocumentKind(document.kind)]} {document.number}".strip()
    HistoryEntry.objects.create(client_id=document.client_id, kind=HISTORY, text=f"{name} {what}{title}", by=by)
