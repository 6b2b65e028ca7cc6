"""Deposit invoices of an order, and what the next invoice deducts of them, once (PAY-17; docs/rules/issuing.md)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from commerce.actions.documents import HEADER, draft, locked, open_client_of, write_document
from commerce.deductions import amounts_of
from commerce.domain.deposits import TooMuchError, balance, deposit
from commerce.domain.states import KIND_LABELS, DocumentKind, State, state_label
from commerce.domain.vat import Rate, RateAmount
from commerce.leftovers import left_for
from commerce.models import DepositDeduction, Document, DocumentLine, DocumentLink, VatRate
from commerce.signals import document_derived
from commerce.sums import instead_of, lines_of, totals_of, write_totals
from extrabat.lib.french import amount
from extrabat.lib.french import percent as percentage
from extrabat.lib.refusals import Refused
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

ALL_INVOICED: Final = "Toute la commande est déjà facturée\u00a0: un acompte n’a plus de sens."
TOO_MUCH: Final = "Cet acompte dépasse ce qui reste à facturer."
NOTHING: Final = "Un acompte est plus grand que zéro."


@transaction.atomic
def make_deposit(key: int, *, by: User, token: str, percent: Decimal | None = None, gross: Decimal = Decimal(0)) -> int:
    """Begin a deposit invoice of `percent` of the order with VAT, or of `gross`, and give its key.

    Deposits that are drafts count with those that are issued. Raises Refused for an order that is not confirmed or is
    invoiced already, and beyond what is left.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    client = open_client_of(key)
    order = locked(key)
    if order.kind != DocumentKind.ORDER or order.state != State.CONFIRMED:
        now = state_label(DocumentKind(order.kind), State(order.state))
        raise Refused(f"Cette pièce est «\u00a0{now}\u00a0»\u00a0: un acompte se demande sur une commande confirmée.")
    if not any(left_for(order, DocumentKind.INVOICE).values()):
        raise Refused(ALL_INVOICED)
    try:
        wanted = deposit(totals_of(order).whole.amounts, _asked(order), percent=percent, gross=gross)
    except TooMuchError as error:
        raise Refused(TOO_MUCH) from error
    except ValueError as error:
        raise Refused(NOTHING) from error
    what = f"de {percentage(percent)}" if percent is not None else f"de {amount(gross)}"
    values = {name: getattr(order, name) for name in HEADER}
    values |= {"title": f"Acompte {what} sur la commande {order.number}".strip()}
    values |= {"discount_percent": Decimal(0), "discount_amount": Decimal(0)}
    # With VAT the amount stays to the cent; without any there is nothing to hold.
    values |= {"prices_with_vat": instead_of(order) is None}
    made = Document(kind=DocumentKind.DEPOSIT_INVOICE, client=client, date=localdate(), followed_by=order.followed_by)
    made = write_document(made, by, values)
    _write_lines(order, made, wanted)
    write_totals(made)
    DocumentLink.objects.create(source=order, target=made)
    document_derived.send(Document, source=order, target=made)
    record_result(token, str(made.pk))
    return made.pk


def _asked(order: Document) -> list[RateAmount]:
    """What deposits of this order ask already, less what was credited of them."""
    deposits = Document.objects.filter(made_of__source=order, kind=DocumentKind.DEPOSIT_INVOICE)
    issued = [row.pk for row in deposits if row.state == State.ISSUED]
    drafts = [amount for row in deposits if row.is_draft for amount in totals_of(row).whole.amounts]
    credits_ = Document.objects.filter(
        made_of__source__in=issued, kind=DocumentKind.CREDIT_NOTE, state=State.ISSUED
    ).values_list("pk", flat=True)
    return [*amounts_of(issued), *drafts, *(-one for one in amounts_of(list(credits_)))]


def _write_lines(order: Document, made: Document, wanted: Iterable[RateAmount]) -> None:
    rates = _named_rates(order)
    DocumentLine.objects.bulk_create(
        DocumentLine(
            document=made,
            position=place,
            label=f"Acompte, TVA {percentage(one.rate.percent)}" if one.rate.percent else "Acompte",
            unit_label="forfait",
            unit_code="LS",
            unit_price=one.gross if made.prices_with_vat else one.net,
            vat=rates.get(one.rate) or next(iter(rates.values())),
        )
        for place, one in enumerate(wanted, start=1)
    )


def _named_rates(order: Document) -> dict[Rate, VatRate]:
    """The rates of the order's lines by what they are worth."""
    found: dict[Rate, VatRate] = {}
    for row in lines_of(order):
        rate = row.vat.on(order.date) if row.vat else None
        if rate and row.vat:
            found.setdefault(rate, row.vat)
    return found


def deduct_deposits(invoice: Document) -> None:
    """Deduct from a new invoice the deposits of its orders that no other deducts, oldest first, as far as it goes.

    In the transaction that makes the invoice, which holds the order or the delivery note.
    """
    taken: list[RateAmount] = []
    whole = totals_of(invoice).whole.amounts
    for row in free_deposits(invoice):
        amounts = amounts_of([row.pk])
        try:
            balance(whole, [*taken, *amounts])
        except TooMuchError:
            # Larger than this part of the order: the next invoice takes it.
            continue
        DepositDeduction.objects.create(deposit=row, invoice=invoice)
        taken += amounts


def free_deposits(invoice: Document) -> list[Document]:
    """Issued deposits of the orders behind `invoice`, neither deducted nor credited, oldest first."""
    orders, edge = set(), {invoice.pk}
    for _ in range(3):
        links = DocumentLink.objects.filter(target__in=edge).values_list("source", "source__kind")
        orders |= {key for key, kind in links if kind == DocumentKind.ORDER}
        edge = {key for key, _ in links}
    rows = Document.objects.filter(
        made_of__source__in=orders, kind=DocumentKind.DEPOSIT_INVOICE, state=State.ISSUED, deducted_by=None
    )
    credited = DocumentLink.objects.filter(target__kind=DocumentKind.CREDIT_NOTE).values("source")
    return list(rows.exclude(pk__in=credited).distinct().order_by("date", "number"))


@transaction.atomic
def undeduct(key: int, deposit_key: int, *, by: User) -> str:
    """Leave a deposit for another invoice; gives its number. Raises Refused when the invoice is no draft any more."""
    invoice = draft(key)
    row = DepositDeduction.objects.select_related("deposit").filter(invoice=invoice, deposit=deposit_key).first()
    if row is None:
        raise Refused("Cet acompte n’est plus déduit de cette facture.")
    row.delete()
    return f"{KIND_LABELS[DocumentKind.DEPOSIT_INVOICE]} {row.deposit.number}"


@transaction.atomic
def deduct(key: int, deposit_key: int, *, by: User) -> str:
    """Deduct one of the free deposits from a draft invoice; gives its number."""
    invoice = draft(key)
    row = next((one for one in free_deposits(invoice) if one.pk == deposit_key), None)
    if row is None:
        raise Refused("Cet acompte est déjà déduit d’une autre facture, ou n’est pas de cette commande.")
    taken = amounts_of(list(invoice.deductions.values_list("deposit", flat=True)))
    try:
        balance(totals_of(invoice).whole.amounts, [*taken, *amounts_of([row.pk])])
    except TooMuchError as error:
        raise Refused("Cet acompte est plus grand que la facture à l’un des taux de TVA.") from error
    DepositDeduction.objects.create(deposit=row, invoice=invoice)
    return f"{KIND_LABELS[DocumentKind.DEPOSIT_INVOICE]} {row.number}"
