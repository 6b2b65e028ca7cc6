"""Printing a document: a draft as a draft, the original once, an invoice's later prints as duplicates (ADR-30)."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from clients.actions.files import keep_file, store
from clients.models import StoredFile, SystemFolder
from commerce.actions.seal import record_event
from commerce.copies import SHOWN, copy_of
from commerce.domain.seal import EventType
from commerce.domain.states import KIND_LABELS, DocumentKind
from commerce.models import Document, IssuedCopy, PrintedCopy
from commerce.paper import Mark, render
from commerce.preferences import line_numbers
from settings_app.pictures.models import Picture
from settings_app.users.models import User

DRAFT: Final = "BROUILLON"
DUPLICATE: Final = "DUPLICATA"


@dataclass(frozen=True)
class Printout:
    """A PDF, the name under which it is saved, and what is written across its pages."""

    name: str
    content: bytes
    mark: Mark = ""


@transaction.atomic
def printed(key: int, *, by: User) -> Printout:
    """The PDF to hand out. Of an issued document the first one is kept, and given again for ever after.

    Of an invoice, deposit invoice or credit note a later one is marked DUPLICATA and told to the seal. Locks the
    document. Raises Refused for a draft that does not add up.
    """
    document, original = _held(key)
    if original is None or not document.is_invoice:
        return _original(document, original, by)
    made = _duplicate(document, original)
    # Rendered before, so that nobody waits for it at the end of the chain.
    copy = document.issued
    record_event(EventType.REPRINT, ref=document.number, by=by, payload={"content": copy.content_hash})
    return made


@transaction.atomic
def printed_again(key: int, mark: str, *, by: User) -> Printout:
    """What `printed` gave, once more: for a worker that begins anew. Tells the seal nothing."""
    document, original = _held(key)
    return _duplicate(document, original) if original and mark == DUPLICATE else _original(document, original, by)


@transaction.atomic
def original_of(key: int, *, by: User) -> StoredFile | None:
    """The file of the original, made now when nobody printed it yet: what is sent. None for a draft."""
    document, original = _held(key)
    if original:
        return original.file
    copy = IssuedCopy.objects.filter(document=document).first()
    return _keep(document, copy, by)[0] if copy else None


def is_reprint(document: Document) -> bool:
    """Would the next print be a duplicate? Only a form may ask for one: it writes."""
    return document.is_invoice and PrintedCopy.objects.filter(document=document).exists()


def _held(key: int) -> tuple[Document, PrintedCopy | None]:
    rows = Document.objects.select_for_update(of=("self",), no_key=True)
    document = rows.select_related("client", "issued", *SHOWN).get(pk=key)
    return document, PrintedCopy.objects.select_related("file").filter(document=document).first()


def _original(document: Document, original: PrintedCopy | None, by: User) -> Printout:
    if document.is_draft:
        content, numbers = copy_of(document), _shows_numbers(by)
        made = render(content, mark=DRAFT, logo=_logo(content), numbers=numbers)
        return Printout(_name(document, "brouillon"), made, DRAFT)
    if original:
        with store().open(original.file.storage_key) as file:
            return Printout(_name(document), file.read())
    copy = IssuedCopy.objects.filter(document=document).first()
    if copy is None:
        # It left the draft before there were copies (migration 0004): printed from the tables, never kept.
        content = copy_of(document)
        return Printout(_name(document), render(content, logo=_logo(content), numbers=_shows_numbers(by)))
    return Printout(_name(document), _keep(document, copy, by)[1])


def _keep(document: Document, copy: IssuedCopy, by: User) -> tuple[StoredFile, bytes]:
    numbers = _shows_numbers(by)
    made = render(copy.content, logo=_logo(copy.content), numbers=numbers, at=copy.issued_at)
    file = keep_file(
        document.client,
        folder=SystemFolder.PIECES,
        name=_name(document),
        content=made,
        content_type="application/pdf",
        by=by,
    )
    PrintedCopy.objects.create(document=document, file=file, with_numbers=numbers, by=by)
    return file, made


def _duplicate(document: Document, original: PrintedCopy) -> Printout:
    copy = document.issued
    logo, numbers = _logo(copy.content), original.with_numbers
    made = render(copy.content, mark=DUPLICATE, logo=logo, numbers=numbers, at=copy.issued_at)
    return Printout(_name(document, "duplicata"), made, DUPLICATE)


def _shows_numbers(user: User) -> bool:
    """PRF-09: the original has them, or not, as who prints it first likes."""
    return line_numbers.of(user) == "oui"


def _logo(content: dict[str, Any]) -> bytes | None:
    key = content["seller"]["logo"]
    picture = Picture.objects.filter(pk=key).first() if key else None
    return bytes(picture.content) if picture else None


def _name(document: Document, more: str = "") -> str:
    """« Facture FA2026-000001.pdf »."""
    kind = KIND_LABELS[DocumentKind(document.kind)]
    return f"{' '.join(part for part in (kind, document.number, more) if part)}.pdf"
