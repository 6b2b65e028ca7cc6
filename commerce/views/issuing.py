"""The page on which a document leaves the draft; deposit invoices, and the deposits that an invoice deducts."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST

from commerce.actions import deposits as deposit_actions
from commerce.actions.documents import NO_DRAFT
from commerce.actions.issuing import Forecast, forecast, issue
from commerce.domain.states import KIND_LABELS, DocumentKind, State, issuing, state_label
from commerce.forms.issuing import DepositForm, IssueForm
from commerce.models import Document
from commerce.views.documents import visible_document
from extrabat.lib.refusals import Refused
from settings_app.submissions import token_of, was_recorded
from settings_app.users.access import may, needs, signed_in


@require_http_methods(["GET", "POST"])
@needs("see_prices")
def issue_document(request: HttpRequest, document: int) -> HttpResponse:
    """What is missing, for which ouvrage, and the one warning before it becomes final (PAY-05, PAY-06)."""
    user, row = signed_in(request), visible_document(request, document)
    if not may(user, "issue_invoices" if row.is_invoice else "create_quotes"):
        raise PermissionDenied
    token = token_of(request.POST.get("token"))
    if not row.is_draft:
        if request.method == "POST" and was_recorded(token, by=user):
            return _after(row)
        raise Refused(NO_DRAFT)
    found = forecast(row)
    may_override = may(user, "override_legal_warnings")
    form = IssueForm(
        request.POST or None,
        client=row.client,
        chosen=row.installation_id,
        asks_reason=bool(found.warnings) and may_override,
    )
    if request.method == "GET":
        return _show(request, row, form, found, token)
    if not form.is_valid():
        return _show(request, row, form, found, token, status=422)
    try:
        issue(
            row.pk,
            by=user,
            on=localdate(),
            token=token,
            installation=form.cleaned_data["installation"],
            reason=form.cleaned_data.get("reason", ""),
            may_override=may_override,
        )
    except Refused as refused:
        form.add_error(None, refused.reason)
        return _show(request, row, form, found, token, status=409)
    row.refresh_from_db()
    word = state_label(DocumentKind(row.kind), State(row.state))
    messages.success(request, f"{KIND_LABELS[DocumentKind(row.kind)]} {row.number}\u00a0: {word}.")
    return _after(row)


def _after(row: Document) -> HttpResponse:
    """The sheet; of an invoice at its payments, which are next (PAY-05)."""
    part = "#reglements" if row.kind in {DocumentKind.INVOICE, DocumentKind.DEPOSIT_INVOICE} else ""
    return redirect(f"{row.get_absolute_url()}{part}")


def _show(
    request: HttpRequest, row: Document, form: IssueForm, found: Forecast, token: str, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "document": row,
        "client": row.client,
        "form": form,
        "forecast": found,
        "step": issuing(DocumentKind(row.kind)),
        "today": localdate(),
        "token": token,
        "may_override": may(signed_in(request), "override_legal_warnings"),
    }
    return render(request, "commerce/document_issue.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs("create_quotes")
def deposit(request: HttpRequest, document: int) -> HttpResponse:
    """A deposit invoice of an order: how much of it (PAY-17)."""
    row = visible_document(request, document)
    token, form = token_of(request.POST.get("token")), DepositForm(request.POST or None)
    shown = {"document": row, "form": form, "token": token}
    if request.method == "GET":
        return render(request, "commerce/document_deposit.html", shown)
    if not form.is_valid():
        return render(request, "commerce/document_deposit.html", shown, status=422)
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    try:
        made = deposit_actions.make_deposit(row.pk, by=signed_in(request), token=token, **asked)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return render(request, "commerce/document_deposit.html", shown, status=409)
    messages.success(request, "Facture d’acompte\u00a0: brouillon prêt.")
    return redirect("documents:sheet", document=made)


@require_POST
@needs("create_quotes")
def deduction(request: HttpRequest, document: int, deposit: int) -> HttpResponse:
    """Deduct a deposit from a draft invoice, or with `retirer` leave it for another."""
    row, user = visible_document(request, document), signed_in(request)
    if "retirer" in request.POST:
        told = f"{deposit_actions.undeduct(row.pk, deposit, by=user)}\u00a0: n’est plus déduite."
    else:
        told = f"{deposit_actions.deduct(row.pk, deposit, by=user)}\u00a0: déduite."
    messages.success(request, told)
    return redirect("documents:sheet", document=row.pk)
