"""Payments: the panel of an invoice, a client's account, one payment over several, the journal of a till."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.models import Client
from clients.views.home import frame, visible_client
from commerce.actions import payments as actions
from commerce.domain.payments import Due, oldest_first
from commerce.forms.payments import PaymentForm, SharesForm
from commerce.models import Allocation, Document, Payment, amount_due
from commerce.payment_listing import (
    credits_of,
    journal_rows,
    live,
    payments_of,
    totals_by_method,
    unpaid_of,
)
from commerce.views.documents import show, visible_document
from extrabat.lib.database import keyset_page
from extrabat.lib.dates import parse_day
from extrabat.lib.exports import csv_lines
from extrabat.lib.french import amount as euros
from extrabat.lib.refusals import Refused
from settings_app.models import CashJournal
from settings_app.submissions import token_of
from settings_app.users.access import may, needs, signed_in

PAGE_SIZE = 40


@require_http_methods(["GET", "POST"])
@needs("record_payments")
def invoice_payment(request: HttpRequest, document: int) -> HttpResponse:
    """One payment of an invoice; then its sheet again with what remains, until nothing does (PAY-08)."""
    row = visible_document(request, document)
    if request.method == "GET":
        return redirect(f"{row.get_absolute_url()}#reglements")
    balance = getattr(row, "balance", None)
    if balance is None or balance.is_credit:
        raise Refused("Seule une facture validée se règle.")
    user, token = signed_in(request), token_of(request.POST.get("token"))
    form = PaymentForm(request.POST, user=user, start=balance.due, asks_surplus="accept_surplus" in request.POST)
    if not form.is_valid():
        return show(request, row, payment_form=form, status=422)
    values = form.values()
    shares = {row.pk: min(values["amount"], balance.due)} if balance.due else {}
    try:
        actions.record_payment(row.client, by=user, on=localdate(), token=token, shares=shares, **values)
    except actions.SurplusError as surplus:
        again = PaymentForm(request.POST, user=user, start=balance.due, asks_surplus=True)
        again.add_error("accept_surplus", surplus.reason)
        return show(request, row, payment_form=again, status=409)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return show(request, row, payment_form=form, status=409)
    messages.success(request, f"Règlement de {euros(values['amount'])} enregistré.")
    return redirect(f"{row.get_absolute_url()}#reglements")


@require_GET
@needs("see_prices")
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Règlements et lettrage: what is due, what was received, what is left of it (PAY-12)."""
    client = visible_client(request, pk)
    context = frame(request, client) | {
        # The tab that this page is part of.
        "within": "documents:client",
        "unpaid": unpaid_of(client),
        "credits": credits_of(client),
        "payments": payments_of(client).prefetch_related("allocations__invoice", "allocations__undone_by")[:200],
        "owed": amount_due(client),
        "may_pay": may(signed_in(request), "record_payments") and not client.is_merged,
        "may_reverse": may(signed_in(request), "reverse_payments"),
        "token": token_of(None),
    }
    return render(request, "commerce/payment_account.html", context)


@require_http_methods(["GET", "POST"])
@needs("record_payments")
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment over the invoices that were chosen, oldest first, each part editable (PAY-13)."""
    client, user = visible_client(request, pk), signed_in(request)
    chosen = _chosen(client, request)
    due = sum((row.balance.due for row in chosen), Decimal(0))
    start = oldest_first(due, [Due(row.pk, row.balance.due, row.balance.due_on, row.date) for row in chosen])
    sent = request.POST or None
    form = PaymentForm(sent, user=user, start=due, asks_surplus="accept_surplus" in request.POST or not chosen)
    shares = SharesForm(sent, invoices=chosen, start=start)
    token = token_of(request.POST.get("token"))
    shown = {"client": client, "form": form, "shares": shares, "token": token, "due": due}
    if request.method == "GET":
        return render(request, "commerce/payment_new.html", shown)
    if not form.is_valid() or not shares.is_valid() or shares.refuse_more_than(form.cleaned_data["amount"]):
        return render(request, "commerce/payment_new.html", shown, status=422)
    try:
        actions.record_payment(client, by=user, on=localdate(), token=token, shares=shares.shares(), **form.values())
    except actions.SurplusError as surplus:
        again = PaymentForm(request.POST, user=user, start=due, asks_surplus=True)
        again.add_error("accept_surplus", surplus.reason)
        return render(request, "commerce/payment_new.html", shown | {"form": again}, status=409)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return render(request, "commerce/payment_new.html", shown, status=409)
    messages.success(request, f"Règlement de {euros(form.cleaned_data['amount'])} enregistré.")
    return redirect("payments:account", pk=client.pk)


def _chosen(client: Client, request: HttpRequest) -> list[Document]:
    """The client's unpaid invoices that the address or the form names; another's are none of them."""
    sent = request.POST if request.method == "POST" else request.GET
    asked = {key for key in sent.getlist("facture") if key.isascii() and key.isdecimal()}
    return [row for row in unpaid_of(client) if str(row.pk) in asked]


@require_http_methods(["GET", "POST"])
@needs("record_payments")
def letter(request: HttpRequest, pk: int, source: str, key: int) -> HttpResponse:
    """Share what is left of a payment (`reglement`) or of a credit note (`avoir`) over the unpaid invoices."""
    client, user = visible_client(request, pk), signed_in(request)
    row, left = _source(client, source, key)
    invoices = unpaid_of(client)
    start = oldest_first(left, [Due(row.pk, row.balance.due, row.balance.due_on, row.date) for row in invoices])
    form, token = SharesForm(request.POST or None, invoices=invoices, start=start), token_of(request.POST.get("token"))
    shown = {"client": client, "source": row, "left": left, "shares": form, "token": token}
    if request.method == "GET":
        return render(request, "commerce/payment_letter.html", shown)
    if not form.is_valid() or form.refuse_more_than(left):
        return render(request, "commerce/payment_letter.html", shown, status=422)
    if not form.shares():
        form.add_error(None, "Donnez la part d’au moins une facture.")
        return render(request, "commerce/payment_letter.html", shown, status=422)
    if isinstance(row, Payment):
        actions.letter_payment(row.pk, form.shares(), by=user, token=token)
    else:
        actions.letter_credit_note(row.pk, form.shares(), by=user, token=token)
    messages.success(request, "Lettrage enregistré.")
    return redirect("payments:account", pk=client.pk)


def _source(client: Client, source: str, key: int) -> tuple[Payment | Document, Decimal]:
    """The payment or the credit note of this client, with what is left of it; 404 for any other."""
    if source == "reglement":
        payment = get_object_or_404(Payment.objects.select_related("balance"), pk=key, client=client)
        return payment, payment.balance.left
    if source != "avoir":
        raise Http404
    notes = Document.objects.select_related("balance").filter(client=client, balance__is_credit=True)
    note = get_object_or_404(notes, pk=key)
    return note, note.balance.due


@require_POST
@needs("record_payments")
def unletter(request: HttpRequest, allocation: int) -> HttpResponse:
    rows = live(Allocation.objects.filter(invoice__in=Document.objects.visible_to(signed_in(request))))
    row = get_object_or_404(rows, pk=allocation)
    done = actions.unletter(row.pk, by=signed_in(request))
    messages.success(request, f"{done.invoice.number}\u00a0: délettrée.")
    return redirect("payments:account", pk=done.invoice.client_id)


@require_http_methods(["GET", "POST"])
@needs("reverse_payments")
def reverse(request: HttpRequest, payment: int) -> HttpResponse:
    """Contrepasser; when it is lettered, the page proposes both in one step (PAY-14)."""
    user = signed_in(request)
    rows = Payment.objects.visible_to(user).select_related("client", "method", "balance")
    row = get_object_or_404(rows, pk=payment)
    lettered = list(live(row.allocations.select_related("invoice")))
    token = token_of(request.POST.get("token"))
    shown = {"payment": row, "client": row.client, "lettered": lettered, "token": token}
    if request.method == "GET":
        return render(request, "commerce/payment_reverse.html", shown)
    comment = request.POST.get("comment", "").replace("\x00", "").strip()[:300]
    try:
        actions.reverse(
            row.pk,
            by=user,
            on=localdate(),
            token=token,
            with_unlettering="delettrer" in request.POST,
            comment=comment,
        )
    except Refused as refused:
        return render(request, "commerce/payment_reverse.html", shown | {"refusal": refused.reason}, status=409)
    messages.success(request, f"{row.number}\u00a0: contrepassé.")
    return redirect("payments:account", pk=row.client_id)


@require_GET
@needs("see_prices")
def journal(request: HttpRequest) -> HttpResponseBase:
    """Journal de caisse: what was received, by journal and day, with the total of each method."""
    asked = request.GET.get("journal", "")
    kept = asked if asked == "aucun" or (asked.isascii() and asked.isdecimal() and len(asked) < 10) else ""
    since, until = _day(request, "du"), _day(request, "au")
    rows = journal_rows(Payment.objects.visible_to(signed_in(request)), kept, since, until)
    if "csv" in request.GET and may(signed_in(request), "export"):
        return _csv(rows.select_related("client", "method", "journal").order_by("paid_on", "pk"))
    page = keyset_page(
        rows.select_related("client", "method", "journal", "reverses"),
        order=("-paid_on", "-pk"),
        size=PAGE_SIZE,
        after=request.GET.get("apres"),
        before=request.GET.get("avant"),
    )
    query = request.GET.copy()
    for name in ("apres", "avant", "csv"):
        query.pop(name, None)
    context = {
        "page": page,
        "rows": page.rows,
        "journals": CashJournal.objects.all(),
        "asked": kept,
        "du": request.GET.get("du", ""),
        "au": request.GET.get("au", ""),
        "by_method": totals_by_method(rows),
        "query": query.urlencode(),
    }
    return render(request, "commerce/payment_journal.html", context)


def _day(request: HttpRequest, name: str) -> date | None:
    """What was understood of a date in the address; what was not is as if it were not there."""
    try:
        return parse_day(request.GET.get(name, ""))
    except ValueError:
        return None


def _csv(rows: Any) -> StreamingHttpResponse:
    header = ["Numéro", "Date", "Client", "Mode", "Montant", "Journal", "Référence", "Banque", "Commentaire"]
    answer = StreamingHttpResponse(csv_lines(header, _lines(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="journal-de-caisse.csv"'
    return answer


def _lines(rows: Any) -> Iterator[Sequence[object]]:
    for row in rows.iterator(chunk_size=1_000):
        kept = [row.number, row.paid_on, row.client.display_name, str(row.method), row.amount, str(row.journal or "")]
        yield [*kept, row.reference, row.bank, row.comment]
