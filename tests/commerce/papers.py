"""Documents for tests, made through the actions."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from clients.models import Client
from commerce.actions import document_lines, documents, issuing
from commerce.domain.states import DocumentKind, State
from commerce.models import Article, Document, DocumentLine
from settings_app.models import User
from tests.commerce.records import make_article
from tests.factories import make_address, make_client, make_user


def token() -> str:
    return str(uuid.uuid4())


def make_document(
    kind: DocumentKind = DocumentKind.QUOTE, *, client: Client | None = None, by: User | None = None, **values: Any
) -> Document:
    """A draft with a title, without lines."""
    key = documents.create_document(
        kind, client or make_client(), by=by or make_user(), values={"title": "Filtration"} | values, token=token()
    )
    return Document.objects.get(pk=key)


def add(document: Document, article: Article | None = None, quantity: str = "1", **values: Any) -> DocumentLine:
    """A line of an article of 100 € at 20 %; `values` are written on it through the action."""
    by = document.created_by
    key = document_lines.add_article(
        document.pk, article or make_article(), by=by, quantity=Decimal(quantity), token=token()
    )
    line = DocumentLine.objects.get(pk=key)
    if values:
        seen = {name: getattr(line, name) for name in values}
        document_lines.change_line(document.pk, key, changes=values, seen=seen, by=by)
        line.refresh_from_db()
    document.refresh_from_db()
    return line


def issued(document: Document, *, by: User | None = None, on: date | None = None) -> Document:
    """Out of the draft, past the warnings; the client gets an address when he has none."""
    if document.billing_address is None:
        document.billing_address = make_address(client=document.client)
        document.save(update_fields=["billing_address"])
    issuing.issue(
        document.pk,
        by=by or document.created_by,
        on=on or localdate(),
        token=token(),
        reason="Essai",
        may_override=True,
    )
    return Document.objects.get(pk=document.pk)


def taken_to(document: Document, state: State) -> Document:
    if document.is_draft:
        document = issued(document)
    return documents.change_state(document.pk, state, by=document.created_by)
