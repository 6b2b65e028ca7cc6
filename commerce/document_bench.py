"""Documents to measure with, always the same: one for each fourth client, four lines each, every hundredth fifty."""

from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from clients.models import Client
from commerce.domain.states import DocumentKind
from commerce.models import Article, Document, DocumentLine
from extrabat.lib.copying import Copier
from extrabat.lib.money import cents
from settings_app.models import Store
from settings_app.users.models import User

EVERY: Final = 4
SHORT: Final = 4
LONG: Final = 50
BATCH: Final = 2_000
KINDS: Final = (DocumentKind.QUOTE, DocumentKind.ORDER, DocumentKind.INVOICE, DocumentKind.QUOTE)


def load(copier: Copier, clients: int) -> None:
    """All drafts. Their totals are those of the arithmetic: whole quantities, 20 %, no discount."""
    by = User.objects.using(copier.using).order_by("pk").first()
    articles = list(
        Article.objects.using(copier.using).select_related("unit").filter(sale_price__gt=0).order_by("pk")[:500]
    )
    if by is None or not articles:
        return
    store = Store.objects.using(copier.using).earliest("pk").pk
    keys = list(
        Client.objects.using(copier.using).filter(merged_into=None).order_by("-pk").values_list("pk", flat=True)
    )
    chosen = keys[:clients:EVERY]
    for start in range(0, len(chosen), BATCH):
        with transaction.atomic(using=copier.using):
            _write(
                copier,
                articles,
                chosen[start : start + BATCH],
                start,
                store_id=store,
                created_by_id=by.pk,
                followed_by_id=by.pk,
            )


def _write(copier: Copier, articles: list[Article], clients: list[int], start: int, **owners: int) -> None:
    documents, lines = [], []
    today = localdate()
    for number, client in enumerate(clients, start=start):
        count = LONG if number % 100 == 0 else SHORT
        rows = [_line(articles[(number * 13 + place) % len(articles)], place) for place in range(1, count + 1)]
        net = sum((cents(row.quantity * row.unit_price) for row in rows), Decimal(0))
        vat = cents(net * 20 / 100)
        documents.append(
            Document(
                kind=KINDS[number % len(KINDS)].value,
                client_id=client,
                title=f"Chantier {number}",
                date=today.replace(day=1 + number % 28, month=1 + number % 12, year=today.year - 1 - number % 5),
                net=net,
                vat=vat,
                gross=net + vat,
                **owners,
            )
        )
        lines.append(rows)
    copier.give_keys(documents)
    copier.write(documents)
    for document, rows in zip(documents, lines, strict=True):
        for row in rows:
            row.document_id = document.pk
    copier.write([row for rows in lines for row in rows])


def _line(article: Article, place: int) -> DocumentLine:
    return DocumentLine(
        position=place,
        article_id=article.pk,
        code=article.code,
        label=article.label,
        quantity=Decimal(1 + place % 3),
        unit_label=article.unit.label,
        unit_code=article.unit.code,
        unit_price=article.sale_price,
        vat_id=article.vat_id,
        purchase_price=article.purchase_price,
    )
