"""Payments: recorded once, lettered, unlettered, reversed; never more than there is (docs/rules/payments.md)."""

import os
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from clients.actions import merges, partings
from clients.models import Client
from commerce.actions import document_chain, payments
from commerce.domain.payments import Books, Due, RefusedStepError, first_payable_day, oldest_first, settlement
from commerce.domain.states import DocumentKind
from commerce.models import (
    Allocation,
    Document,
    DocumentBalance,
    Payment,
    PaymentBalance,
    PaymentMethod,
    SealEvent,
    amount_due,
)
from commerce.verification import Verification
from extrabat.lib.refusals import Refused
from tests.commerce.papers import add, issued, make_document, token
from tests.factories import make_address, make_client, make_user

DAY = date(2026, 11, 26)


def cheque() -> PaymentMethod:
    return PaymentMethod.objects.get(label="Chèque")


def billed(client: Client | None = None, quantity: str = "1", **values: Any) -> Document:
    """An issued invoice of 120 € with VAT, or as many times that."""
    client = client or make_address().client
    row = make_document(DocumentKind.INVOICE, client=client, **values)
    add(row, quantity=quantity)
    return issued(row, on=DAY)


def pay(client: Client, amount: str, shares: dict[int, str] | None = None, **values: Any) -> Payment:
    asked: dict[str, Any] = {
        "method": cheque(),
        "amount": Decimal(amount),
        "paid_on": DAY,
        "by": make_user(),
        "on": DAY,
        "token": token(),
        "shares": {key: Decimal(share) for key, share in (shares or {}).items()},
        "accept_surplus": True,
    }
    key = payments.record_payment(client, **asked | values)
    return Payment.objects.get(pk=key)


def due(invoice: Document) -> Decimal:
    return Decimal(DocumentBalance.objects.get(document=invoice).due)


def left(payment: Payment) -> Decimal:
    return Decimal(PaymentBalance.objects.get(payment=payment).left)


# ---- Rules ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payable", "settled", "expected"),
    [("120", "0", "unpaid"), ("120", "0.01", "partly"), ("120", "119.99", "partly"), ("120", "120", "paid")],
)
def test_the_state_of_an_invoice(payable: str, settled: str, expected: str) -> None:
    assert settlement(Decimal(payable), Decimal(settled)) == expected
    assert settlement(Decimal(0), Decimal(0)) == "paid"


@pytest.mark.parametrize(
    ("concluded", "first"),
    [
        (date(2026, 11, 2), date(2026, 11, 10)),
        (date(2026, 12, 28), date(2027, 1, 5)),
        (date(2028, 2, 22), date(2028, 3, 1)),
    ],
)
def test_seven_whole_days_before_a_payment(concluded: date, first: date) -> None:
    assert first_payable_day(concluded) == first


def test_the_oldest_is_paid_first() -> None:
    invoices = [
        Due(1, Decimal(100), date(2026, 3, 1), date(2026, 2, 1)),
        Due(2, Decimal(50), date(2026, 1, 31), date(2026, 1, 1)),
        Due(3, Decimal(80), None, date(2026, 2, 15)),
    ]
    assert oldest_first(Decimal(60), invoices) == {2: Decimal(50), 3: Decimal(10)}
    assert oldest_first(Decimal(500), invoices) == {2: Decimal(50), 3: Decimal(80), 1: Decimal(100)}
    assert oldest_first(Decimal(0), invoices) == {}


# ---- One invoice ---------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("PAY-11")
def test_two_partial_payments_take_an_invoice_from_black_to_green() -> None:
    invoice = billed()
    balance = DocumentBalance.objects.get(document=invoice)
    assert (balance.payable, balance.due, balance.label) == (Decimal(120), Decimal(120), "non payée")
    first = pay(invoice.client, "50", {invoice.pk: "50"})
    balance.refresh_from_db()
    assert (balance.due, balance.label) == (Decimal(70), "partiellement payée")
    pay(invoice.client, "70", {invoice.pk: "70"})
    balance.refresh_from_db()
    assert (balance.due, balance.label) == (Decimal(0), "payée")
    assert (first.number, left(first)) == ("RG2026-000001", Decimal(0))
    assert list(Verification().problems()) == []


@pytest.mark.django_db
@pytest.mark.req("PAY-10", "PAY-19")
def test_more_than_the_rest_is_asked_and_stays_as_an_advance() -> None:
    invoice = billed()
    with pytest.raises(payments.SurplusError, match="reste en avance client") as refused:
        pay(invoice.client, "150", {invoice.pk: "120"}, accept_surplus=False)
    assert refused.value.surplus == Decimal(30)
    assert not Payment.objects.exists()
    payment = pay(invoice.client, "150", {invoice.pk: "120"})
    assert left(payment) == Decimal(30)
    assert amount_due(invoice.client) == Decimal(-30)
    second = billed(invoice.client)
    assert amount_due(invoice.client) == Decimal(90)
    payments.letter_payment(payment.pk, {second.pk: Decimal(30)}, by=make_user(), token=token())
    assert (due(second), amount_due(invoice.client)) == (Decimal(90), Decimal(90))


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["0", "-5"])
def test_a_payment_is_more_than_nothing(amount: str) -> None:
    invoice = billed()
    with pytest.raises(Refused, match="plus grand que zéro"):
        pay(invoice.client, amount)


@pytest.mark.django_db
def test_what_a_payment_may_not_settle() -> None:
    invoice, stranger, draft = billed(), billed(), make_document(DocumentKind.INVOICE)
    quote = make_document()
    add(quote)
    for other in (stranger, draft, issued(quote)):
        with pytest.raises(Refused, match="pas de ce client"):
            pay(invoice.client, "10", {other.pk: "10"})
    with pytest.raises(Refused, match="plus grande que le règlement"):
        pay(invoice.client, "10", {invoice.pk: "20"})
    with pytest.raises(DatabaseError, match="plus que ce qui reste dû"), transaction.atomic():
        pay(invoice.client, "200", {invoice.pk: "200"})
    with pytest.raises(Refused, match="pas à venir"):
        pay(invoice.client, "10", {invoice.pk: "10"}, paid_on=date(2026, 11, 27))


@pytest.mark.django_db
def test_nothing_is_taken_within_seven_days_at_home() -> None:
    """The worked example of the law: signed on Monday 2 November 2026, payable from the 10th on (R1.3.4)."""
    signed: dict[str, Any] = {"contract_mode": "at_home", "contract_on": date(2026, 11, 2)}
    invoice = billed(**signed)
    with pytest.raises(Refused, match="avant le 10/11/2026"):
        pay(invoice.client, "10", {invoice.pk: "10"}, paid_on=date(2026, 11, 9))
    pay(invoice.client, "10", {invoice.pk: "10"}, paid_on=date(2026, 11, 10))
    urgent = billed(is_urgent=True, **signed)
    pay(urgent.client, "10", {urgent.pk: "10"}, paid_on=date(2026, 11, 3))


# ---- Several -------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("PAY-12")
def test_one_payment_over_three_invoices_and_back() -> None:
    first = billed()
    client = first.client
    second, third = billed(client), billed(client)
    payment = pay(client, "300", {first.pk: "120", second.pk: "120", third.pk: "60"})
    assert [due(row) for row in (first, second, third)] == [Decimal(0), Decimal(0), Decimal(60)]
    row = Allocation.objects.get(invoice=second)
    for _ in range(2):
        payments.unletter(row.pk, by=make_user())
    assert (due(second), left(payment)) == (Decimal(120), Decimal(120))
    payments.letter_payment(payment.pk, {third.pk: Decimal(60), second.pk: Decimal(60)}, by=make_user(), token=token())
    assert [due(row) for row in (first, second, third)] == [Decimal(0), Decimal(60), Decimal(0)]
    # Nothing was deleted on the way.
    assert Allocation.objects.count() == 6


@pytest.mark.django_db
def test_a_credit_note_pays_an_invoice() -> None:
    first = billed()
    second = billed(first.client, "2")
    made = document_chain.convert(first.pk, DocumentKind.CREDIT_NOTE, by=make_user(), token=token())
    note = issued(Document.objects.get(pk=made), on=DAY)
    assert amount_due(first.client) == Decimal(240)
    payments.letter_credit_note(note.pk, {second.pk: Decimal(100)}, by=make_user(), token=token())
    assert (due(second), due(note)) == (Decimal(140), Decimal(20))
    with pytest.raises(DatabaseError, match="Il ne reste pas assez"), transaction.atomic():
        payments.letter_credit_note(note.pk, {first.pk: Decimal(21)}, by=make_user(), token=token())
    assert amount_due(first.client) == Decimal(240)


@pytest.mark.django_db
@pytest.mark.req("PAY-14")
def test_a_payment_is_reversed_and_never_changed() -> None:
    invoice = billed()
    payment = pay(invoice.client, "120", {invoice.pk: "120"})
    by = make_user()
    with pytest.raises(Refused, match="délettrez-le d’abord"):
        payments.reverse(payment.pk, by=by, on=DAY, token=token())
    sent = token()
    opposite = payments.reverse(payment.pk, by=by, on=DAY, token=sent, with_unlettering=True)
    assert payments.reverse(payment.pk, by=by, on=DAY, token=sent, with_unlettering=True) == opposite
    with pytest.raises(Refused, match="déjà contrepassé"):
        payments.reverse(payment.pk, by=by, on=DAY, token=token())
    with pytest.raises(Refused, match="déjà contrepassé"):
        payments.reverse(opposite, by=by, on=DAY, token=token())
    row = Payment.objects.get(pk=opposite)
    assert (row.amount, row.reverses, left(payment), left(row)) == (Decimal(-120), payment, Decimal(0), Decimal(0))
    assert due(invoice) == Decimal(120)
    assert [event.gross for event in SealEvent.objects.order_by("seq")] == [Decimal(120), Decimal(120), Decimal(-120)]
    with pytest.raises(DatabaseError, match="Il ne reste pas assez"), transaction.atomic():
        payments.letter_payment(payment.pk, {invoice.pk: Decimal(1)}, by=by, token=token())
    assert list(Verification().problems()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "tamper",
    [
        lambda row: Payment.objects.filter(pk=row.pk).update(amount=1),
        lambda row: Payment.objects.filter(pk=row.pk).update(client=make_client()),
        lambda row: Payment.objects.filter(pk=row.pk).delete(),
        lambda row: Payment.objects.bulk_update([_with(row, comment="x")], ["comment"]),
        lambda row: _with(row, paid_on=date(2020, 1, 1)).save(),
        lambda row: Allocation.objects.update(amount=1),
        lambda row: Allocation.objects.all().delete(),
        lambda row: PaymentBalance.objects.update(allocated=0),
        lambda row: DocumentBalance.objects.update(settled=0),
        lambda row: DocumentBalance.objects.all().delete(),
        lambda row: Allocation.objects.create(
            payment=row, invoice=Document.objects.get(kind="invoice"), amount=Decimal("0.01"), by=row.created_by
        ),
    ],
)
def test_the_books_are_refused_to_tampering(tamper: Any) -> None:
    invoice = billed()
    payment = pay(invoice.client, "120", {invoice.pk: "120"})
    with pytest.raises(DatabaseError), transaction.atomic():
        tamper(payment)


def _with(row: Payment, **values: Any) -> Payment:
    for name, value in values.items():
        setattr(row, name, value)
    return row


# ---- Machines and crowds -------------------------------------------------------------------------------


def random_step(books: Books, dice: random.Random) -> tuple[str, tuple[Any, ...]]:
    verb = dice.choice(["record", "allocate", "allocate", "unallocate", "reverse"])
    amount = Decimal(dice.randint(-200, 20_000)).scaleb(-2)
    payment = dice.choice([*books.payments, 0])
    invoice = dice.choice(list(books.payable))
    if verb == "record":
        return verb, (max([*books.payments, 0]) + 1, amount)
    if verb == "allocate":
        return verb, (payment, invoice, amount)
    return verb, ((payment, invoice) if verb == "unallocate" else (payment,))


def taken(books: Books, verb: str, values: tuple[Any, ...]) -> Books | None:
    if verb != "record" and values[0] not in books.payments:
        return None
    try:
        made: Books = getattr(books, verb)(*values)
    except RefusedStepError:
        return None
    return made


def check(books: Books) -> None:
    paid = sum(books.settled.values(), Decimal(0))
    assert paid + sum(books.due(one) for one in books.payable) == sum(books.payable.values())
    assert all(0 <= books.due(one) <= books.payable[one] for one in books.payable)
    assert all(0 <= books.left(one) <= books.payments[one] for one in books.payments)


def test_the_pure_machine_never_loses_a_cent() -> None:
    """Two thousand walks of fifty steps in `make torture`; some here."""
    for seed in range(int(os.environ.get("WALKS", "100"))):
        dice = random.Random(seed)
        books = Books(payable={1: Decimal("120.00"), 2: Decimal("33.33"), 3: Decimal("0.01")})
        for _ in range(50):
            books = taken(books, *random_step(books, dice)) or books
            check(books)


@pytest.mark.django_db
def test_postgres_walks_as_the_pure_machine_does() -> None:
    """A hundred walks of fifty steps in `make torture`; a few here: each step is taken or refused by both alike."""
    for seed in range(int(os.environ.get("WALKS_ON_POSTGRES", "3"))):
        dice = random.Random(seed)
        client = make_address().client
        rows = {place: billed(client, str(place)) for place in (1, 2, 3)}
        books, kept, by = Books(payable={one: due(row) for one, row in rows.items()}), dict[int, Payment](), make_user()
        for _ in range(50):
            verb, values = random_step(books, dice)
            after = taken(books, verb, values)
            try:
                with transaction.atomic():
                    _on_postgres(verb, values, rows, kept, client, by)
                done = True
            except (Refused, DatabaseError, KeyError):
                done = False
            assert done is (after is not None), (seed, verb, values)
            books = after or books
            assert {one: due(row) for one, row in rows.items()} == {one: books.due(one) for one in rows}
            assert {one: left(row) for one, row in kept.items()} == {one: books.left(one) for one in kept}


def _on_postgres(
    verb: str, values: tuple[Any, ...], rows: dict[int, Document], kept: dict[int, Payment], client: Client, by: Any
) -> None:
    if verb == "record":
        kept[values[0]] = pay(client, str(values[1]), by=by)
    elif verb == "allocate":
        if values[2] <= 0:
            raise Refused("nothing")
        payments.letter_payment(kept[values[0]].pk, {rows[values[1]].pk: values[2]}, by=by, token=token())
    elif verb == "unallocate":
        live = Allocation.objects.filter(payment=kept[values[0]], invoice=rows[values[1]], undoes=None, undone_by=None)
        if not live:
            raise Refused("nothing")
        for row in live:
            payments.unletter(row.pk, by=by)
    else:
        payments.reverse(kept[values[0]].pk, by=by, on=DAY, token=token())


@pytest.mark.django_db(transaction=True)
def test_many_threads_on_one_payment_letter_it_once() -> None:
    """Thirty-two ask for the whole of one payment, for two invoices in both orders: no deadlock, never too much."""
    client = make_address().client
    first, second = billed(client), billed(client)
    payment, by = pay(client, "120"), make_user()

    deadlocks: list[str] = []

    def one(place: int) -> bool:
        shares = {first.pk: Decimal(60), second.pk: Decimal(60)}
        if place % 2:
            shares = dict(reversed(shares.items()))
        try:
            payments.letter_payment(payment.pk, shares, by=by, token=token())
        except (Refused, DatabaseError) as error:
            deadlocks.extend([str(error)] if "deadlock" in str(error) else [])
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(int(os.environ.get("THREADS", "16"))) as pool:
        done = sum(pool.map(one, range(32)))
    assert (done, deadlocks) == (1, [])
    assert (left(payment), due(first), due(second)) == (Decimal(0), Decimal(60), Decimal(60))


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("PAY-16")
def test_the_same_bytes_twice_in_parallel_are_one_payment() -> None:
    invoice = billed()
    by, sent = make_user(), token()

    def one(_: int) -> int:
        try:
            return pay(invoice.client, "50", {invoice.pk: "50"}, by=by, token=sent).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(one, range(int(os.environ.get("TWINS", "16")))))
    assert len(keys) == 1
    assert (Payment.objects.count(), due(invoice)) == (1, Decimal(70))
    # The column is unique whatever the program thinks.
    with pytest.raises(DatabaseError), transaction.atomic():
        Payment.objects.create(
            client=invoice.client,
            number="RG2026-999999",
            method=cheque(),
            paid_on=DAY,
            amount=Decimal(1),
            token=uuid.UUID(sent),
            created_by=by,
        )
    connection.close()


@pytest.mark.django_db
def test_a_merge_carries_issued_documents_and_payments_and_its_undo_gives_them_back() -> None:
    """Only the link to the client moves: copy, seal and balances say what they said."""
    by = make_user()
    kept, absorbed = make_address().client, make_address().client
    invoice = billed(absorbed)
    payment = pay(absorbed, "50", {invoice.pk: "50"})
    opposite = payments.reverse(pay(absorbed, "10").pk, by=by, on=DAY, token=token())
    rows = {row.pk: row for row in Client.objects.filter(pk__in=[kept.pk, absorbed.pk])}
    seen = (rows[kept.pk].version, rows[absorbed.pk].version)
    done = merges.merge(kept.pk, absorbed.pk, by=by, choices={}, seen=seen, token=token())
    for row in (invoice, payment, Payment.objects.get(pk=opposite)):
        row.refresh_from_db()
        assert row.client_id == kept.pk
    pay(kept, "70", {invoice.pk: "70"})
    assert (due(invoice), list(Verification().problems())) == (Decimal(0), [])
    partings.undo(done, by=by)
    payment.refresh_from_db()
    assert payment.client_id in {kept.pk, absorbed.pk}
    assert list(Verification().problems()) == []


@pytest.mark.django_db
def test_postgres_letters_nobody_elses_invoice() -> None:
    mine, stranger = billed(), billed()
    payment = pay(mine.client, "50")
    with pytest.raises(DatabaseError, match="pas d’un autre"), transaction.atomic():
        Allocation.objects.create(payment=payment, invoice=stranger, amount=Decimal(10), by=payment.created_by)
