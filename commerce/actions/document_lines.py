"""Lines of a draft: added, changed, moved; its stored totals follow in the same transaction."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Max

from commerce.actions.documents import draft
from commerce.domain.lines import PRICE_STEP, LineKind
from commerce.domain.states import DocumentKind
from commerce.leftovers import left_for
from commerce.models import Article, AssemblyPart, Document, DocumentLine, VatRate
from commerce.pricing import figures_of, offers_for
from commerce.sums import write_totals
from extrabat.lib.french import number
from extrabat.lib.money import round_half_up
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import apply_changes
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

GONE: Final = "Cette ligne n’existe plus\u00a0: une autre personne vient de la retirer."
INACTIVE: Final = "Cet article n’est plus proposé\u00a0: il est désactivé."
NO_RATE: Final = "Le taux de TVA de «\u00a0{}\u00a0» n’a pas de valeur à la date de la pièce."
NO_FREE_RATE: Final = "Aucun taux de TVA n’est en service à la date de la pièce."


@transaction.atomic
def add_article(
    key: int, article: Article, *, by: User, quantity: Decimal = Decimal(1), is_option: bool = False, token: str
) -> int:
    """Add a line at the end and give its key: price, VAT, unit and discount as the client's list has them (CLI-24).

    An assembly that is open on print brings its parts under it. The same form sent twice adds one line.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    document = draft(key)
    row = articles_for_lines([article.pk]).get(article.pk)
    if row is None:
        raise Refused(INACTIVE)
    line = new_lines(document, [(row, quantity)])[0]
    line.is_option, line.position = is_option, next_position(document)
    line.save()
    _add_parts(document, line, row)
    write_totals(document)
    record_result(token, str(line.pk))
    return line.pk


def articles_for_lines(keys: Sequence[int]) -> dict[int, Article]:
    rows = Article.objects.active().with_vat().select_related("unit", "reduced_vat", "assembly")
    return {row.pk: row for row in rows.prefetch_related("reduced_vat__periods").filter(pk__in=keys)}


def new_lines(document: Document, wanted: Sequence[tuple[Article, Decimal]]) -> list[DocumentLine]:
    """Unsaved lines for articles from `articles_for_lines`, priced for the document's client in four queries."""
    client = document.client
    offers = offers_for(
        [article for article, _ in wanted],
        client.price_list,
        on=document.date,
        client_percent=client.discount_percent or Decimal(0),
    )
    figures = figures_of([article for article, _ in wanted], on=document.date)
    lines = []
    for article, quantity in wanted:
        offer = offers[article.pk]
        # The header's question is about works, which are installed.
        vat = article.vat_for(dwelling_over_two_years=document.dwelling_over_two_years, is_installed=True)
        rate = vat.on(document.date)
        if rate is None:
            raise Refused(NO_RATE.format(article.label))
        price = offer.unit_price
        if document.prices_with_vat:
            price = round_half_up(price * (100 + rate.percent) / 100, PRICE_STEP)
        lines.append(
            DocumentLine(
                document=document,
                article=article,
                code=article.code,
                label=article.label,
                description=article.description,
                quantity=quantity,
                unit_label=article.unit.label,
                unit_code=article.unit.code,
                unit_price=price,
                discount_percent=offer.percent,
                vat=vat,
                purchase_price=figures[article.pk].cost,
                is_hidden_on_print=article.is_hidden_on_print,
            )
        )
    return lines


def _add_parts(document: Document, line: DocumentLine, article: Article) -> None:
    """What an assembly is made of, in quantities for one of it."""
    if not article.is_assembly or not article.assembly.is_open_on_print:
        return
    parts = AssemblyPart.objects.filter(assembly=article.pk).select_related("article__unit")
    DocumentLine.objects.bulk_create(
        DocumentLine(
            document=document,
            parent=line,
            position=line.position,
            article=part.article,
            code=part.article.code,
            label=part.article.label,
            quantity=part.quantity,
            unit_label=part.article.unit.label,
            unit_code=part.article.unit.code,
            vat=line.vat,
            is_hidden_on_print=part.article.is_hidden_on_print,
        )
        for part in parts
    )


@transaction.atomic
def add_words(
    key: int, kind: LineKind, *, by: User, label: str = "", description: str = "", is_option: bool = False, token: str
) -> int:
    """Add a section, a subtotal or a text at the end, and give its key."""
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    document = draft(key)
    if kind == LineKind.ITEM:
        raise ValueError("an item is added with its article, or as a free line")
    if kind != LineKind.SUBTOTAL and not (label or description):
        raise Refused("Écrivez le texte de la ligne.")
    line = DocumentLine.objects.create(
        document=document,
        kind=kind,
        label=label,
        description=description,
        is_option=is_option and kind == LineKind.SECTION,
        position=next_position(document),
    )
    write_totals(document)
    record_result(token, str(line.pk))
    return line.pk


@transaction.atomic
def add_free(key: int, label: str, *, by: User, quantity: Decimal = Decimal(1), token: str) -> int:
    """Add a line without article, at no price and the first rate of the list, and give its key."""
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    document = draft(key)
    if not label:
        raise Refused("Écrivez la désignation de la ligne.")
    line = free_line(document, label, quantity)
    line.position = next_position(document)
    line.save()
    write_totals(document)
    record_result(token, str(line.pk))
    return line.pk


def free_line(document: Document, label: str, quantity: Decimal) -> DocumentLine:
    rate = next((one for one in VatRate.objects.filter(is_active=True) if one.on(document.date)), None)
    if rate is None:
        raise Refused(NO_FREE_RATE)
    return DocumentLine(document=document, label=label, quantity=quantity, vat=rate)


@transaction.atomic
def change_line(key: int, line_key: int, *, changes: Mapping[str, Any], seen: Mapping[str, Any], by: User) -> None:
    """Write what was changed of one line. Raises Conflict over another person's newer values (quality: two people).

    Raises Refused when more is asked than is left of the line that it was converted from.
    """
    document = draft(key)
    line = locked_line(document, line_key)
    was = line.quantity
    if not apply_changes(line, changes, seen):
        return
    if line.source_id and line.quantity > was:
        refuse_too_much(document, line, was)
    line.save()
    write_totals(document)


def refuse_too_much(document: Document, line: DocumentLine, was: Decimal) -> None:
    source = Document.objects.select_for_update(of=("self",)).get(lines=line.source_id)
    left = left_for(source, DocumentKind(document.kind)).get(line.source_id or 0, Decimal(0)) + was
    if line.quantity > left:
        raise Refused(f"Il n’en reste que {number(left)} à transformer\u00a0: «\u00a0{line.label}\u00a0».")


@transaction.atomic
def move_line(key: int, line_key: int, *, to: int, by: User) -> None:
    """Put a line at the place `to`, counted from 0 among the lines that are no parts; its parts go along."""
    document = draft(key)
    line = locked_line(document, line_key)
    order = list(document.lines.filter(parent=None).exclude(pk=line.pk).values_list("pk", flat=True))
    order.insert(max(0, min(to, len(order))), line.pk)
    _write_order(document, order)
    write_totals(document)


@transaction.atomic
def shift_line(key: int, line_key: int, *, by_places: int, by: User) -> None:
    """Move a line up (-1) or down (1)."""
    document = draft(key)
    order = list(document.lines.filter(parent=None).values_list("pk", flat=True))
    if line_key not in order:
        raise Refused(GONE)
    move_line(key, line_key, to=order.index(line_key) + by_places, by=by)


@transaction.atomic
def order_lines(key: int, order: Sequence[int], *, by: User) -> None:
    """Put the lines in the order of these keys; those that somebody added meanwhile stay at the end."""
    document = draft(key)
    known = list(document.lines.filter(parent=None).values_list("pk", flat=True))
    first = [one for one in dict.fromkeys(order) if one in known]
    _write_order(document, [*first, *(one for one in known if one not in first)])
    write_totals(document)


def _write_order(document: Document, order: Sequence[int]) -> None:
    places = {one: place for place, one in enumerate(order, start=1)}
    moved = []
    for row in document.lines.all():
        place = places[row.parent_id or row.pk]
        if row.position != place:
            row.position = place
            moved.append(row)
    DocumentLine.objects.bulk_update(moved, ["position"])


def locked_line(document: Document, key: int) -> DocumentLine:
    line = DocumentLine.objects.select_for_update(of=("self",)).filter(document=document, pk=key).first()
    if line is None:
        raise Refused(GONE)
    return line


def next_position(document: Document) -> int:
    found = document.lines.aggregate(last=Max(F("position")))["last"]
    return (found or 0) + 1
