"""Payments recorded, lettered, unlettered and reversed: kept for good, once each, to the last cent."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction

from clients.models import Client, HistoryEntry
from commerce.actions.documents import HISTORY, lock_client
from commerce.actions.numbers import PAYMENTS, next_number
from commerce.actions.seal import record_event
from commerce.domain.mentions import ContractMode
from commerce.domain.payments import first_payable_day
from commerce.domain.seal import EventType, digest
from commerce.domain.states import State
from commerce.models import Allocation, Document, Payment, PaymentMethod
from extrabat.lib.french import amount as euros
from extrabat.lib.french import day
from extrabat.lib.money import cents
from extrabat.lib.refusals import Refused
from settings_app.models import CashJournal
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

NOT_POSITIVE: Final = "Un règlement est plus grand que zéro."
FUTURE: Final = "La date d’un règlement n’est pas à venir."
STRANGE: Final = "Une de ces factures n’est pas de ce client, ou n’est pas validée."
LETTERED: Final = "Ce règlement est lettré à une facture\u00a0: délettrez-le d’abord."
REVERSED: Final = "Ce règlement est déjà contrepassé."


class SurplusError(Refused):
    """More is paid than is owed: the person says that the rest stays as an advance (PAY-10)."""

    def __init__(self, surplus: Decimal) -> None:
        super().__init__(f"{euros(surplus)} de plus que le reste dû\u00a0: le surplus reste en avance client.")
        self.surplus = surplus


@transaction.atomic
def record_payment(
    client: Client,
    *,
    method: PaymentMethod,
    amount: Decimal,
    paid_on: date,
    by: User,
    on: date,
    token: str,
    shares: Mapping[int, Decimal],
    reference: str = "",
    bank: str = "",
    journal: CashJournal | None = None,
    comment: str = "",
    accept_surplus: bool = False,
) -> int:
    """Keep one payment of `client`, letter `shares` of it (by key of invoice), and give its key. The same token: once.

    `on` is today. Locks the client, the balances, the counter, the end of the seal, in that order. Raises SurplusError
    when more is paid than lettered, Refused for what the law or the balances do not allow.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    if amount <= 0:
        raise Refused(NOT_POSITIVE)
    if paid_on > on:
        raise Refused(FUTURE)
    held = lock_client(client.pk)
    invoices = _invoices(held, shares, paid_on)
    surplus = amount - sum(shares.values(), Decimal(0))
    if surplus < 0:
        raise Refused("La somme des parts est plus grande que le règlement.")
    if surplus and not accept_surplus:
        raise SurplusError(surplus)
    _lock(list(invoices), [])
    payment = _write(
        Payment(
            client=held,
            method=method,
            paid_on=paid_on,
            amount=amount,
            reference=reference,
            bank=bank,
            journal=journal,
            comment=comment,
            token=token,
            created_by=by,
        ),
        on,
    )
    _letter(shares, by, payment=payment)
    told = ", ".join(invoice.number for invoice in invoices.values())
    _tell(payment, f"Règlement {payment.number} de {euros(amount)} ({method}){f' sur {told}' if told else ''}", by)
    _seal(EventType.PAYMENT, payment, shares, by)
    record_result(token, str(payment.pk))
    return payment.pk


def _invoices(client: Client, shares: Mapping[int, Decimal], paid_on: date) -> dict[int, Document]:
    rows = Document.objects.filter(pk__in=shares, client=client, state=State.ISSUED)
    found = {row.pk: row for row in rows.order_by("pk")}
    if set(found) != set(shares):
        raise Refused(STRANGE)
    for row in found.values():
        _refuse_early(row, paid_on)
    return found


def _refuse_early(invoice: Document, paid_on: date) -> None:
    """Nothing is taken within seven days of a contract signed at the client's (C. conso. L. 221-10; R1.3.4)."""
    if invoice.contract_mode != ContractMode.AT_HOME or invoice.contract_on is None or invoice.is_urgent:
        return
    first = first_payable_day(invoice.contract_on)
    if paid_on < first:
        raise Refused(
            f"Le contrat a été signé chez le client le {day(invoice.contract_on)}\u00a0: "
            f"aucun règlement ne se prend avant le {day(first)} (art. L. 221-10 du code de la consommation)."
        )


def _write(payment: Payment, on: date) -> Payment:
    payment.number = next_number(PAYMENTS, on)
    payment.save(force_insert=True)
    return payment


def _letter(
    shares: Mapping[int, Decimal], by: User, *, payment: Payment | None = None, credit_note: Document | None = None
) -> None:
    for key in sorted(shares):
        Allocation.objects.create(payment=payment, credit_note=credit_note, invoice_id=key, amount=shares[key], by=by)


def _lock(documents: list[int], payments: list[int]) -> None:
    """Documents before payments, each by key: nobody waits for who waits for him."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT commerce_lock_balances(%s::bigint[], %s::bigint[])", [documents, payments])


@transaction.atomic
def letter_payment(key: int, shares: Mapping[int, Decimal], *, by: User, token: str) -> None:
    """Letter what is left of a payment to invoices of its client (PAY-12). The same form sent twice letters once."""
    if earlier_result(token, by=by):
        return
    payment = Payment.objects.select_related("client").get(pk=key)
    lock_client(payment.client_id)
    _invoices(payment.client, shares, payment.paid_on)
    _lock(list(shares), [key])
    _letter(shares, by, payment=payment)
    _tell(payment, f"Règlement {payment.number} lettré", by)
    record_result(token, str(key))


@transaction.atomic
def letter_credit_note(key: int, shares: Mapping[int, Decimal], *, by: User, token: str) -> None:
    """Pay invoices with what is left of a credit note (PAY-12)."""
    if earlier_result(token, by=by):
        return
    note = Document.objects.select_related("client").get(pk=key)
    lock_client(note.client_id)
    rows = Document.objects.filter(pk__in=shares, client=note.client_id, state=State.ISSUED)
    if rows.count() != len(shares):
        raise Refused(STRANGE)
    _lock([key, *shares], [])
    _letter(shares, by, credit_note=note)
    HistoryEntry.objects.create(client_id=note.client_id, kind=HISTORY, text=f"Avoir {note.number} lettré", by=by)
    record_result(token, str(key))


@transaction.atomic
def unletter(key: int, *, by: User) -> Allocation:
    """Délettrer: the opposite is added, nothing is deleted. Asked twice it happens once."""
    row = Allocation.objects.select_related("payment", "invoice", "credit_note").get(pk=key)
    lock_client(row.invoice.client_id)
    _lock([one for one in (row.invoice_id, row.credit_note_id) if one], [row.payment_id] if row.payment_id else [])
    if not Allocation.objects.filter(undoes=row).exists():
        _undo(row, by)
        source = row.payment or row.credit_note
        what = f"{source} délettré de {row.invoice.number}"
        HistoryEntry.objects.create(client_id=row.invoice.client_id, kind=HISTORY, text=what, by=by)
    return row


def _undo(row: Allocation, by: User) -> None:
    Allocation.objects.create(
        payment=row.payment,
        credit_note=row.credit_note,
        invoice=row.invoice,
        amount=-row.amount,
        undoes=row,
        by=by,
    )


@transaction.atomic
def reverse(key: int, *, by: User, on: date, token: str, with_unlettering: bool = False, comment: str = "") -> int:
    """Contrepasser: an opposite payment that letters with the first; gives its key.

    A payment that is lettered is refused unless it is unlettered in the same step (PAY-14).
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    payment = Payment.objects.select_related("client", "method", "journal").get(pk=key)
    lock_client(payment.client_id)
    live = list(Allocation.objects.filter(payment=payment, undoes=None, undone_by=None).order_by("invoice_id"))
    _lock([row.invoice_id for row in live], [key])
    # Read again under the locks: somebody may have lettered it meanwhile.
    live = list(Allocation.objects.filter(payment=payment, undoes=None, undone_by=None).order_by("invoice_id"))
    if payment.reverses_id or Payment.objects.filter(reverses=payment).exists():
        raise Refused(REVERSED)
    if live and not with_unlettering:
        raise Refused(LETTERED)
    for row in live:
        _undo(row, by)
    opposite = _write(
        Payment(
            client=payment.client,
            method=payment.method,
            paid_on=on,
            amount=-payment.amount,
            reference=payment.reference,
            bank=payment.bank,
            journal=payment.journal,
            comment=comment,
            reverses=payment,
            token=token,
            created_by=by,
        ),
        on,
    )
    _tell(opposite, f"Règlement {payment.number} contrepassé par {opposite.number}", by)
    _seal(EventType.REVERSAL, opposite, {}, by)
    record_result(token, str(opposite.pk))
    return opposite.pk


def _tell(payment: Payment, text: str, by: User) -> None:
    HistoryEntry.objects.create(client_id=payment.client_id, kind=HISTORY, text=text, by=by)


def payment_content(payment: Payment) -> dict[str, Any]:
    """What the seal vouches for: texts that are somebody's only go in by their hash."""
    return {
        "number": payment.number,
        "amount": str(cents(payment.amount)),
        "paid_on": payment.paid_on.isoformat(),
        "method": str(payment.method_id),
        "journal": str(payment.journal_id or ""),
        "reverses": str(payment.reverses_id or ""),
        "reference": payment.reference,
        "bank": payment.bank,
        "comment": payment.comment,
    }


def _seal(type_: EventType, payment: Payment, shares: Mapping[int, Decimal], by: User) -> None:
    numbers = dict(Document.objects.filter(pk__in=shares).values_list("pk", "number"))
    record_event(
        type_,
        ref=payment.number,
        by=by,
        gross=payment.amount,
        payload={
            "date": payment.paid_on.isoformat(),
            "content": digest(payment_content(payment)),
            "invoices": [[numbers[key], str(share)] for key, share in sorted(shares.items())],
        },
    )
