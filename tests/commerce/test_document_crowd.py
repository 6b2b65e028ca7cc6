"""Several people on one document at once, on the real database; documents of a client who is merged."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from clients.actions.merges import merge
from clients.actions.partings import undo
from clients.models import Client, Installation
from commerce.actions import document_chain, document_lines, documents
from commerce.domain.states import DocumentKind, State
from commerce.models import Document, DocumentLine
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import Conflict
from tests.commerce.papers import add, make_document, taken_to, token
from tests.commerce.records import make_article
from tests.factories import make_address, make_client, make_user

CROWD = 6


def together(*works: Callable[[], object]) -> list[object]:
    """Run all at the same moment, each on its own connection; give results, or what was raised."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            start.wait(timeout=20)
            return work()
        except (Refused, Conflict) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.django_db(transaction=True)
def test_a_crowd_fills_one_draft_and_nothing_is_lost() -> None:
    quote, article, by = make_document(), make_article(), make_user()
    works = [lambda: document_lines.add_article(quote.pk, article, by=by, token=token()) for _ in range(CROWD)]
    assert len(set(together(*works))) == CROWD
    quote.refresh_from_db()
    assert sorted(quote.lines.values_list("position", flat=True)) == list(range(1, CROWD + 1))
    assert quote.net == 100 * CROWD


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_by_an_impatient_hand_adds_one_line() -> None:
    quote, article, by, once = make_document(), make_article(), make_user(), token()
    answers = together(*[lambda: document_lines.add_article(quote.pk, article, by=by, token=once)] * CROWD)
    assert len(set(answers)) == 1
    assert quote.lines.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_quantities_for_one_line_one_is_told() -> None:
    quote, by = make_document(), make_user()
    line = add(quote)

    def change(quantity: int) -> None:
        changes, seen = {"quantity": Decimal(quantity)}, {"quantity": Decimal(1)}
        document_lines.change_line(quote.pk, line.pk, changes=changes, seen=seen, by=by)

    answers = together(lambda: change(5), lambda: change(8))
    assert [isinstance(one, Conflict) for one in answers].count(True) == 1
    line.refresh_from_db()
    quote.refresh_from_db()
    assert line.quantity in (5, 8)
    assert quote.net == 100 * line.quantity


@pytest.mark.django_db(transaction=True)
def test_a_crowd_converts_no_more_than_there_is() -> None:
    order, by = make_document(DocumentKind.ORDER), make_user()
    line = add(order, quantity="10")
    taken_to(order, State.CONFIRMED)

    def take() -> int:
        return document_chain.convert(
            order.pk, DocumentKind.INVOICE, by=by, token=token(), quantities={line.pk: Decimal(3)}
        )

    answers = together(*[take] * CROWD)
    assert [isinstance(one, Refused) for one in answers].count(False) == 3
    assert sum(one.quantity for one in DocumentLine.objects.filter(source=line)) == 9


@pytest.mark.django_db(transaction=True)
def test_a_line_that_comes_while_the_quote_is_accepted_is_in_it_or_refused() -> None:
    quote, article, by = make_document(), make_article(), make_user()
    add(quote)
    answers = together(
        lambda: documents.change_state(quote.pk, State.ACCEPTED, by=by),
        lambda: document_lines.add_article(quote.pk, article, by=by, token=token()),
    )
    quote.refresh_from_db()
    assert quote.lines.count() == (1 if isinstance(answers[1], Refused) else 2)
    assert quote.net == 100 * quote.lines.count()


@pytest.mark.django_db(transaction=True)
def test_first_orders_of_many_clients_at_once_give_each_his_own_code() -> None:
    by, clients = make_user(), [make_client() for _ in range(CROWD)]
    works = [
        lambda one=one: documents.create_document(DocumentKind.ORDER, one, by=by, token=token()) for one in clients
    ]
    together(*works)
    codes = {client.code for client in Client.objects.filter(pk__in=[one.pk for one in clients])}
    assert len(codes) == CROWD
    assert "" not in codes


@pytest.mark.django_db(transaction=True)
def test_documents_go_with_a_merge_and_come_back() -> None:
    kept, absorbed, by = make_client(), make_client(), make_user()
    home = make_address(client=absorbed)
    pool = Installation.objects.create(client=absorbed, name="Piscine")
    quote = make_document(client=absorbed, installation=pool)
    assert quote.billing_address == home
    add(quote)
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    done = merge(kept.pk, absorbed.pk, by=by, choices={}, seen=(kept.version, absorbed.version), token=token())
    quote.refresh_from_db()
    assert (quote.client, quote.billing_address) == (kept, home)
    undo(done, by=by)
    quote = Document.objects.get(pk=quote.pk)
    assert quote.client_id == absorbed.pk
    assert quote.installation_id == pool.pk
