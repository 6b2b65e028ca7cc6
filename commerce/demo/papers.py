"""The demo's documents: some sixty in every kind and state a draft can lead to, pleasant ones and ugly ones."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.timezone import localdate

from clients.models import Address, Client
from commerce.actions.documents import change_state
from commerce.actions.issuing import issue
from commerce.actions.payments import record_payment
from commerce.domain.lines import LineKind
from commerce.domain.recipients import BILLING, LETTERS, SITE, Candidate, choose
from commerce.domain.states import DocumentKind, State
from commerce.models import Article, Document, DocumentLine, DocumentLink, DocumentTransition, Kind, PaymentMethod
from commerce.sums import write_totals
from extrabat.lib.money import cents
from settings_app.audit.context import acting
from settings_app.models import Store
from settings_app.users.models import User

# (kind, state, how many lines): a quote and what follows from it are made in one go by `_follow`.
PLANS: Final = (
    (DocumentKind.QUOTE, State.DRAFT, 4),
    (DocumentKind.QUOTE, State.ACCEPTED, 6),
    (DocumentKind.INVOICE, State.DRAFT, 3),
    (DocumentKind.QUOTE, State.REFUSED, 2),
    (DocumentKind.INVOICE, State.ISSUED, 4),
    (DocumentKind.QUOTE, State.ISSUED, 5),
    (DocumentKind.ORDER, State.CONFIRMED, 5),
    (DocumentKind.QUOTE, State.DRAFT, 8),
    (DocumentKind.DELIVERY_NOTE, State.DRAFT, 3),
    (DocumentKind.QUOTE, State.ACCEPTED, 3),
)
TITLES: Final = (
    *("Pompe à chaleur air/eau", "Rénovation de la filtration", "Pose d’un poêle à granulés", "Liner et margelles"),
    *("Mise en service du bassin", "Remplacement du surpresseur", "Volet immergé", "Traitement automatique de l’eau"),
)
UGLY: Final = (
    "Fourniture, pose, raccordements hydrauliques et électriques, mise en service, réglages, essais, reprise des "
    "maçonneries et évacuation des gravats, selon visite"
)
DOCUMENTS: Final = 44
LONG: Final = 50


def load(using: str) -> None:
    """Documents of the demo's clients; nothing where there is one already."""
    if Document.objects.using(using).exists():
        return
    rows = Client.objects.using(using).filter(status__is_trash=False, is_blocked=False, merged_into=None)
    clients = list(rows.prefetch_related("addresses__type").order_by("pk")[:30])
    by = User.objects.using(using).order_by("pk").first()
    articles = list(
        Article.objects.using(using)
        .filter(is_active=True, sale_price__gt=0)
        .exclude(kind=Kind.ASSEMBLY)
        .order_by("code")
    )
    if not clients or by is None or not articles:
        return
    maker = _Maker(using, by, articles)
    for number in range(DOCUMENTS):
        kind, state, count = PLANS[number % len(PLANS)]
        made = maker.document(clients[number * 7 % len(clients)], kind, number)
        maker.lines(made, count, number)
        maker.settle(made, state)
        if kind == DocumentKind.QUOTE and state == State.ACCEPTED:
            maker.follow(made, DocumentKind.ORDER, State.CONFIRMED)
        elif kind == DocumentKind.ORDER:
            note = maker.follow(made, DocumentKind.DELIVERY_NOTE, State.DELIVERED)
            maker.follow(note, DocumentKind.INVOICE, State.ISSUED if number % 4 else State.DRAFT)
    maker.long(clients[0])
    maker.issue()


class _Maker:
    def __init__(self, using: str, by: User, articles: Sequence[Article]) -> None:
        self.using = using
        self.by = by
        self.articles = articles
        self.today = localdate()
        self.store = Store.objects.using(using).earliest("pk")
        self.later: list[tuple[Document, State]] = []
        self.methods = list(PaymentMethod.objects.using(using).all())

    def document(self, client: Client, kind: DocumentKind, number: int, **values: Any) -> Document:
        addresses: list[Address] = list(client.addresses.all())
        candidates = [Candidate(row.pk, row.type.code, row.is_default) for row in addresses]
        day = self.today - timedelta(days=3 * number + number % 5)
        row = Document(
            **{
                "kind": kind.value,
                "client_id": client.pk,
                "store": self.store,
                "title": TITLES[number % len(TITLES)],
                "date": day,
                "valid_until": day + timedelta(days=30) if kind == DocumentKind.QUOTE else None,
                "payment_method": self.methods[number % len(self.methods)] if self.methods else None,
                "billing_address_id": choose(LETTERS if kind == DocumentKind.QUOTE else BILLING, candidates),
                "site_address_id": choose(SITE, candidates),
                "followed_by": self.by,
                "created_by": self.by,
                "discount_percent": Decimal(3) if number % 9 == 4 else Decimal(0),
            }
            | values
        )
        row.save(using=self.using)
        self._log(row, "", State.DRAFT)
        return row

    def lines(self, document: Document, count: int, start: int, **values: Any) -> None:
        chosen = [self.articles[(start * 11 + place * 5) % len(self.articles)] for place in range(count)]
        rows = [self._line(document, article, place, start) for place, article in enumerate(chosen, start=1)]
        for row in rows:
            for name, value in values.items():
                setattr(row, name, value)
        DocumentLine.objects.using(self.using).bulk_create(rows)

    def _line(self, document: Document, article: Article, place: int, start: int) -> DocumentLine:
        return DocumentLine(
            document=document,
            position=place,
            article=article,
            code=article.code,
            label=article.label,
            description=article.description,
            quantity=Decimal(1 + (place * start) % 4) + (Decimal("0.5") if place % 6 == 5 else 0),
            unit_label=article.unit.label,
            unit_code=article.unit.code,
            unit_price=article.sale_price,
            discount_percent=Decimal(5) if place % 4 == 3 else Decimal(0),
            vat_id=article.vat_id,
            purchase_price=article.purchase_price,
        )

    def settle(self, document: Document, state: State) -> None:
        """Add it up, and remember what becomes of it: numbers are given at the end, by day."""
        write_totals(document)
        # Nobody without an address is billed: those of the ugliest clients stay drafts.
        if state != State.DRAFT and document.billing_address_id:
            self.later.append((document, state))

    def issue(self) -> None:
        """Everything that is no draft any more, oldest first as the law wants its numbers, then what became of it."""
        for document, state in sorted(self.later, key=lambda one: (one[0].date, one[0].pk)):
            with acting(by=self.by.pk, source="démonstration"):
                issue(
                    document.pk,
                    by=self.by,
                    on=document.date,
                    token=str(uuid.uuid4()),
                    reason="Exemple de la démonstration",
                    may_override=True,
                )
                if state in {State.ACCEPTED, State.REFUSED}:
                    change_state(document.pk, state, by=self.by)
        self._pay([document for document, state in self.later if document.kind == DocumentKind.INVOICE])

    def _pay(self, invoices: Sequence[Document]) -> None:
        """One in three in full, one in three a part of it, one in three nothing yet."""
        for place, invoice in enumerate(invoices):
            parts = ((Decimal(100),), (Decimal(40),), ())[place % 3]
            for percent in parts:
                amount = cents(invoice.gross * percent / 100)
                with acting(by=self.by.pk, source="démonstration"):
                    record_payment(
                        invoice.client,
                        method=self.methods[place % len(self.methods)],
                        amount=amount,
                        paid_on=min(invoice.date + timedelta(days=12), self.today),
                        by=self.by,
                        on=self.today,
                        token=str(uuid.uuid4()),
                        shares={invoice.pk: amount},
                        reference="4417902" if place % 2 else "",
                    )

    def _log(self, document: Document, source: str, target: State) -> None:
        DocumentTransition.objects.using(self.using).create(
            document=document, by=self.by, source=source, target=target.value
        )

    def follow(self, source: Document, kind: DocumentKind, state: State) -> Document:
        day: date = min(source.date + timedelta(days=6), self.today)
        made = self.document(
            Client.objects.using(self.using).prefetch_related("addresses__type").get(pk=source.client_id),
            kind,
            0,
            title=source.title,
            date=day,
            discount_percent=source.discount_percent,
        )
        rows = list(source.lines.all())
        for row in rows:
            row.source_id, row.pk, row.document = row.pk, None, made
            row._state.adding = True
        DocumentLine.objects.using(self.using).bulk_create(rows)
        DocumentLink.objects.using(self.using).create(source=source, target=made)
        self.settle(made, state)
        return made

    def long(self, client: Client) -> None:
        """Fifty lines in sections, with options, a text too long, prices with VAT and a client's long reference."""
        row = self.document(
            client,
            DocumentKind.QUOTE,
            1,
            title=UGLY[:150],
            prices_with_vat=True,
            client_reference="BC-2026/000147-LOT-B",
            foot="Prix tenus un mois. Acompte de 30 % à la commande, solde à la réception.",
            note="Rappeler avant d’envoyer : le client compare avec deux autres devis.",
        )
        self.lines(row, LONG, 3)
        lines = list(row.lines.all())
        for place, line in enumerate(lines):
            line.position = place * 2 + 2
            line.is_option = place % 17 == 16
            if place == 7:
                line.label, line.quantity = UGLY[:158], Decimal("1234.5678")
        DocumentLine.objects.using(self.using).bulk_update(lines, ["position", "is_option", "label", "quantity"])
        words = (
            (1, LineKind.SECTION, "Bassin"),
            (31, LineKind.SUBTOTAL, ""),
            (33, LineKind.SECTION, "Local technique"),
            (67, LineKind.TEXT, "Le raccordement électrique est à la charge du client."),
        )
        DocumentLine.objects.using(self.using).bulk_create(
            DocumentLine(document=row, position=place, kind=kind.value, label=label) for place, kind, label in words
        )
        self.settle(row, State.DRAFT)
