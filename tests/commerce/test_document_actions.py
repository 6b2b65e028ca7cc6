"""Drafts of documents through their actions: begun, filled, changed by two people, taken on, never twice."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from clients.models import Client, HistoryEntry
from commerce.actions import document_chain, document_lines, documents
from commerce.actions.line_removal import remove_line
from commerce.domain.lines import LineKind
from commerce.domain.states import DocumentKind, State
from commerce.leftovers import left_for
from commerce.models import ArticlePrice, Document, DocumentLine
from commerce.signals import document_derived
from extrabat.lib.refusals import Refused, reason_of
from extrabat.lib.versions import Conflict
from settings_app.models import AddressType, PriceList
from tests.commerce.papers import add, issued, make_document, taken_to, token
from tests.commerce.records import make_article, make_assembly
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db
QUOTE, ORDER, NOTE, INVOICE = (
    DocumentKind.QUOTE,
    DocumentKind.ORDER,
    DocumentKind.DELIVERY_NOTE,
    DocumentKind.INVOICE,
)


def fresh(row: Document) -> Document:
    return Document.objects.get(pk=row.pk)


def converted(source: Document, kind: DocumentKind, **quantities: dict[int, Decimal] | None) -> Document:
    by = source.created_by
    return Document.objects.get(pk=document_chain.convert(source.pk, kind, by=by, token=token(), **quantities))


def test_totals_are_stored_with_each_change() -> None:
    quote = make_document()
    line = add(quote, quantity="3")
    assert (quote.net, quote.vat, quote.gross) == (Decimal("300.00"), Decimal("60.00"), Decimal("360.00"))
    document_lines.change_line(
        quote.pk,
        line.pk,
        changes={"discount_percent": Decimal(10)},
        seen={"discount_percent": Decimal(0)},
        by=make_user(),
    )
    assert fresh(quote).gross == Decimal("324.00")
    remove_line(quote.pk, line.pk, by=make_user())
    assert fresh(quote).gross == Decimal("0.00")


@pytest.mark.req("CLI-24")
def test_new_lines_use_the_clients_list_or_his_percent() -> None:
    listed, pump = PriceList.objects.create(label="Revendeur", percent=Decimal(10)), make_article()
    ArticlePrice.objects.create(article=pump, price_list=listed, price=Decimal("82.5"))
    quote = make_document(client=make_client(price_list=listed))
    first, second = add(quote, pump), add(quote)
    assert [first.unit_price, first.discount_percent] == [Decimal("82.5"), 0]
    assert [second.unit_price, second.discount_percent] == [100, 10]
    other = make_document(client=make_client(discount_percent=Decimal(5)))
    third = add(other)
    assert [third.unit_price, third.discount_percent] == [100, 5]


def test_prices_with_vat_show_what_the_client_pays() -> None:
    quote = make_document(prices_with_vat=True)
    assert add(quote).unit_price == 120
    assert [quote.net, quote.vat, quote.gross] == [100, 20, 120]


def test_a_blocked_client_is_refused_with_the_reason() -> None:
    client, by = make_client(), make_user()
    quote = make_document(client=client)
    add(quote)
    taken_to(quote, State.ACCEPTED)
    Client.objects.filter(pk=client.pk).update(is_blocked=True, finance_comment="Trois impayés")
    with pytest.raises(Refused, match="Trois impayés"):
        documents.create_document(QUOTE, client, by=by, token=token())
    with pytest.raises(Refused, match="Trois impayés"):
        documents.duplicate_document(quote.pk, by=by, token=token())
    with pytest.raises(Refused, match="Trois impayés"):
        document_chain.convert(quote.pk, ORDER, by=by, token=token())
    assert Document.objects.count() == 1


@pytest.mark.req("CLI-26")
def test_the_client_gets_his_code_with_the_first_order_and_never_on_a_quote() -> None:
    client, own = make_client(), make_client(code="FAB-7")
    quote = make_document(client=client)
    add(quote)
    assert Client.objects.get(pk=client.pk).code == ""
    taken_to(quote, State.ACCEPTED)
    converted(quote, ORDER)
    code = Client.objects.get(pk=client.pk).code
    assert code.startswith("C")
    make_document(INVOICE, client=client)
    make_document(INVOICE, client=own)
    assert Client.objects.get(pk=client.pk).code == code
    assert Client.objects.get(pk=own.pk).code == "FAB-7"


def test_a_code_that_somebody_typed_is_passed_over() -> None:
    make_document(ORDER, client=(first := make_client()))
    first.refresh_from_db()
    make_client(code=f"c{int(first.code[1:]) + 1:05d}")
    make_document(ORDER, client=(second := make_client()))
    second.refresh_from_db()
    assert second.code == f"C{int(first.code[1:]) + 2:05d}"


@pytest.mark.parametrize(
    ("kind", "default", "billing", "delivery", "site"),
    [
        (QUOTE, True, "correspondance", "livraison", "chantier"),
        (INVOICE, True, "facturation", "livraison", "chantier"),
        (INVOICE, False, "correspondance", "chantier", "correspondance"),
    ],
)
def test_addresses_of_a_new_document(kind: DocumentKind, default: bool, billing: str, delivery: str, site: str) -> None:
    client = make_client()
    for code in ("chantier", "livraison", "facturation", "correspondance"):
        make_address(client=client, type=AddressType.objects.get(code=code), is_default=default)
    made = make_document(kind, client=client)
    found = (made.billing_address, made.delivery_address, made.site_address)
    assert [one.type.code for one in found if one] == [billing, delivery, site]


def test_an_invoice_has_a_title() -> None:
    with pytest.raises(Refused, match="titre"):
        make_document(INVOICE, title="")
    assert make_document(QUOTE, title="").title == ""


def test_two_people_on_one_line_do_not_overwrite_each_other() -> None:
    quote, by = make_document(), make_user()
    line = add(quote)
    seen = {"quantity": line.quantity, "label": line.label}
    document_lines.change_line(quote.pk, line.pk, changes={"quantity": Decimal(8)}, seen=seen, by=by)
    document_lines.change_line(quote.pk, line.pk, changes={"label": "Vanne 6 voies"}, seen=seen, by=by)
    with pytest.raises(Conflict) as conflict:
        document_lines.change_line(quote.pk, line.pk, changes={"quantity": Decimal(5)}, seen=seen, by=by)
    assert conflict.value.current == {"quantity": Decimal(8)}
    line.refresh_from_db()
    assert line.quantity == 8
    assert line.label == "Vanne 6 voies"


def test_sent_twice_is_written_once() -> None:
    client, by, article = make_client(), make_user(), make_article()
    one, two, three = token(), token(), token()
    first = documents.create_document(QUOTE, client, by=by, token=one)
    assert documents.create_document(QUOTE, client, by=by, token=one) == first
    line = document_lines.add_article(first, article, by=by, token=two)
    assert document_lines.add_article(first, article, by=by, token=two) == line
    taken_to(Document.objects.get(pk=first), State.ACCEPTED)
    order = document_chain.convert(first, ORDER, by=by, token=three)
    assert document_chain.convert(first, ORDER, by=by, token=three) == order
    assert Document.objects.count() == 2


def test_an_open_assembly_brings_its_parts_which_cost_nothing() -> None:
    room, part = make_assembly()
    room.assembly.is_open_on_print = True
    room.assembly.save()
    quote = make_document()
    line = add(quote, room, quantity="2")
    assert [(one.label, one.quantity, one.unit_price) for one in line.parts.all()] == [
        ("Pompe", part.quantity, Decimal(0))
    ]
    assert quote.net == 400
    taken_to(quote, State.ACCEPTED)
    order = converted(quote, ORDER)
    assert order.lines.get(parent__isnull=False).label == "Pompe"
    assert order.net == 400


def test_lines_move_and_their_parts_go_along() -> None:
    room, _ = make_assembly()
    room.assembly.is_open_on_print = True
    room.assembly.save()
    quote = make_document()
    first, second, third = add(quote, room), add(quote), add(quote)
    document_lines.move_line(quote.pk, first.pk, to=2, by=make_user())
    rows = list(quote.lines.all())
    assert [row.pk for row in rows if row.parent_id is None] == [second.pk, third.pk, first.pk]
    assert rows[-1].parent_id == first.pk
    document_lines.shift_line(quote.pk, first.pk, by_places=-1, by=make_user())
    assert list(quote.lines.filter(parent=None).values_list("pk", flat=True)) == [second.pk, first.pk, third.pk]


def test_parts_of_an_order_sum_to_the_whole() -> None:
    order = make_document(ORDER, discount_amount=Decimal("10.00"))
    pipe = add(order, quantity="10", discount_amount=Decimal("1.00"))
    pump = add(order, quantity="1")
    taken_to(order, State.CONFIRMED)
    first = converted(order, INVOICE, quantities={pipe.pk: Decimal("3.3333")})
    second = converted(order, INVOICE, quantities={pipe.pk: Decimal("3.3333"), pump.pk: Decimal(1)})
    third = converted(order, INVOICE)
    made = DocumentLine.objects.filter(source=pipe)
    assert [line.quantity for line in made.order_by("pk")] == [
        Decimal("3.3333"),
        Decimal("3.3333"),
        Decimal("3.3334"),
    ]
    assert sum(line.discount_amount for line in made) == Decimal("1.00")
    assert sum(one.discount_amount for one in (first, second, third)) == Decimal("10.00")
    with pytest.raises(Refused, match="reste rien"):
        converted(order, INVOICE)


def test_more_than_is_left_is_refused_and_a_deleted_draft_gives_back() -> None:
    order = make_document(ORDER)
    pipe = add(order, quantity="10")
    taken_to(order, State.CONFIRMED)
    part = converted(order, NOTE, quantities={pipe.pk: Decimal(6)})
    with pytest.raises(Refused, match="Il reste 4 à transformer"):
        converted(order, NOTE, quantities={pipe.pk: Decimal(5)})
    line = part.lines.get()
    with pytest.raises(Refused, match="Il n’en reste que 10"):
        document_lines.change_line(
            part.pk, line.pk, changes={"quantity": Decimal(11)}, seen={"quantity": Decimal(6)}, by=make_user()
        )
    documents.delete_draft(part.pk, by=make_user())
    assert converted(order, NOTE).lines.get().quantity == 10


def test_what_was_delivered_and_invoiced_is_not_invoiced_again() -> None:
    order = make_document(ORDER)
    pipe = add(order, quantity="10")
    taken_to(order, State.CONFIRMED)
    note = converted(order, NOTE, quantities={pipe.pk: Decimal(6)})
    taken_to(note, State.DELIVERED)
    assert converted(note, INVOICE).lines.get().quantity == 6
    assert converted(order, INVOICE).lines.get().quantity == 4
    rest = converted(order, NOTE)
    taken_to(rest, State.DELIVERED)
    with pytest.raises(Refused, match="reste rien"):
        converted(rest, INVOICE)


def test_a_quote_is_ordered_or_invoiced_once_in_all() -> None:
    quote = make_document()
    line = add(quote, quantity="2")
    taken_to(quote, State.ACCEPTED)
    converted(quote, ORDER, quantities={line.pk: Decimal(1)})
    assert converted(quote, INVOICE).lines.get().quantity == 1
    with pytest.raises(Refused, match="reste rien"):
        converted(quote, ORDER)


def test_options_come_only_when_chosen_and_are_none_then() -> None:
    quote = make_document()
    add(quote)
    option = add(quote, is_option=True)
    assert quote.net == 100
    taken_to(quote, State.ACCEPTED)
    assert converted(quote, ORDER).lines.count() == 1
    order = converted(quote, ORDER, quantities={option.pk: Decimal(1)})
    assert not order.lines.get().is_option
    assert order.net == 100


def test_the_signal_is_sent_inside_the_transaction() -> None:
    heard = []

    def hear(source: Document, target: Document, **_: object) -> None:
        heard.append((source.pk, target.pk, connection.in_atomic_block, target.made_of.get().source_id))

    quote = make_document()
    add(quote)
    taken_to(quote, State.ACCEPTED)
    document_derived.connect(hear)
    try:
        order = converted(quote, ORDER)
    finally:
        document_derived.disconnect(hear)
    assert heard == [(quote.pk, order.pk, True, quote.pk)]


def test_states_follow_the_table_and_leave_a_log() -> None:
    quote, by = make_document(), make_user()
    add(quote)
    for target in (State.ACCEPTED, State.ISSUED):
        with pytest.raises(Refused, match="brouillon"):
            documents.change_state(quote.pk, target, by=by)
    issued(quote)
    with pytest.raises(Refused, match="validé"):
        documents.change_state(quote.pk, State.DELIVERED, by=by)
    documents.change_state(quote.pk, State.ACCEPTED, by=by)
    documents.change_state(quote.pk, State.ACCEPTED, by=by)
    documents.change_state(quote.pk, State.ISSUED, by=by)
    steps = quote.transitions.values_list("source", "target")
    assert list(steps) == [("", "draft"), ("draft", "issued"), ("issued", "accepted"), ("accepted", "issued")]
    documents.change_state(quote.pk, State.ACCEPTED, by=by)
    order = converted(quote, ORDER)
    with pytest.raises(Refused, match="Une autre pièce"):
        documents.change_state(quote.pk, State.ISSUED, by=by)
    add(order)
    taken_to(order, State.CONFIRMED)
    documents.change_state(order.pk, State.CANCELLED, by=by)
    # What a cancelled order took is free again.
    documents.change_state(quote.pk, State.ISSUED, by=by)
    assert left_for(quote, ORDER) == {quote.lines.get().pk: Decimal(1)}


def test_a_duplicate_is_a_draft_of_its_own() -> None:
    quote = make_document(foot="Prix tenus un mois")
    add(quote, quantity="4")
    taken_to(quote, State.ACCEPTED)
    copy = Document.objects.get(pk=documents.duplicate_document(quote.pk, by=make_user(), token=token()))
    assert (copy.state, copy.foot, copy.gross) == ("draft", "Prix tenus un mois", Decimal(480))
    assert copy.lines.get().source is None
    assert not copy.made_of.exists()


def test_deleting_a_draft_leaves_its_trace() -> None:
    quote = make_document()
    add(quote)
    client = documents.delete_draft(quote.pk, by=make_user())
    assert not Document.objects.exists()
    told = HistoryEntry.objects.filter(client=client, kind="document").order_by("pk").values_list("text", flat=True)
    assert list(told) == ["Devis commencé (Filtration)", "Devis supprimé (Filtration)"]


def test_sections_are_copied_with_what_they_hold() -> None:
    order = make_document(ORDER)
    by = order.created_by
    document_lines.add_words(order.pk, LineKind.SECTION, by=by, label="Bassin", token=token())
    pump = add(order)
    document_lines.add_words(order.pk, LineKind.SECTION, by=by, label="Abords", token=token())
    add(order)
    taken_to(order, State.CONFIRMED)
    note = converted(order, NOTE, quantities={pump.pk: Decimal(1)})
    assert list(note.lines.values_list("label", flat=True)) == ["Bassin", pump.label]


def refusal(statement: str, *values: int) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return reason_of(refused.value) or ""


def test_postgres_refuses_in_french() -> None:
    client, stranger = make_client(), make_address()
    quote = make_document(client=client)
    line = add(quote)
    table, lines = "UPDATE commerce_document SET", "UPDATE commerce_documentline SET"
    assert "genre" in refusal(f"{table} kind = 'order' WHERE id = %s", quote.pk)
    assert "son client" in refusal(f"{table} site_address_id = %s WHERE id = %s", stranger.pk, quote.pk)
    assert "plus grande que zéro" in refusal(f"{lines} quantity = -1 WHERE id = %s", line.pk)
    order = make_document(ORDER)
    ordered = add(order)
    assert "que sur un devis" in refusal(f"{lines} is_option = true WHERE id = %s", ordered.pk)
    assert "change pas de pièce" in refusal(f"{lines} document_id = %s WHERE id = %s", quote.pk, ordered.pk)
    taken_to(order, State.CONFIRMED)
    assert "plus un brouillon" in refusal(f"{lines} quantity = 2 WHERE id = %s", ordered.pk)
    assert "plus un brouillon" in refusal("DELETE FROM commerce_documentline WHERE id = %s", ordered.pk)
    assert "ne se supprime pas" in refusal("DELETE FROM commerce_document WHERE id = %s", order.pk)
