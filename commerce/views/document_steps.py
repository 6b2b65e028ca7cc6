"""A document's head, its next state, what is made of it, its copy, its end."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from commerce.actions import documents as actions
from commerce.actions.document_chain import convert as convert_document
from commerce.actions.document_chain import optional_lines
from commerce.domain.chain import conversion
from commerce.domain.states import KIND_LABELS, DocumentKind, State, state_label
from commerce.forms.documents import HeaderForm
from commerce.forms.fields import QuantityField
from commerce.leftovers import left_for
from commerce.models import Document
from commerce.views.documents import cell_problems, cell_theirs, head_answer, visible_document
from extrabat.lib.refusals import Refused
from extrabat.lib.requests import is_fragment
from extrabat.lib.versions import Conflict
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in


@require_http_methods(["GET", "POST"])
@needs("create_quotes")
def header(request: HttpRequest, document: int) -> HttpResponse:
    row = visible_document(request, document)
    only = request.POST.getlist("champ")
    changed = visible_document(request, document)
    form = HeaderForm(request.POST or None, instance=changed, client=row.client, only=only)
    if request.method == "GET":
        return _header(request, row, form, 200)
    if not form.is_valid():
        return cell_problems(form) if is_fragment(request) else _header(request, row, form, 422)
    try:
        actions.change_header(row.pk, changes=form.changes(), seen=form.seen_values(), by=signed_in(request))
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return cell_theirs(form) if is_fragment(request) else _header(request, row, form, 409)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return cell_problems(form, 409) if is_fragment(request) else _header(request, row, form, 409)
    return _header_kept(request, row, only)


def _header(request: HttpRequest, row: Document, form: HeaderForm, status: int) -> HttpResponse:
    shown = {"document": row, "form": form, "conflict": bool(form.theirs)}
    return render(request, "commerce/document_header.html", shown, status=status)


def _header_kept(request: HttpRequest, row: Document, only: list[str]) -> HttpResponse:
    if is_fragment(request):
        return head_answer(request, row.pk, names=only)
    messages.success(request, "En-tête enregistré.")
    return redirect("documents:sheet", document=row.pk)


@require_POST
@needs("create_quotes")
def state(request: HttpRequest, document: int) -> HttpResponse:
    row, sent = visible_document(request, document), request.POST.get("etat", "")
    if sent not in list(State):
        raise Refused("Choisissez un état.")
    actions.change_state(row.pk, State(sent), by=signed_in(request))
    messages.success(
        request, f"{KIND_LABELS[DocumentKind(row.kind)]}\u00a0: {state_label(DocumentKind(row.kind), State(sent))}."
    )
    return redirect("documents:sheet", document=row.pk)


@require_http_methods(["GET", "POST"])
@needs("create_quotes")
def convert(request: HttpRequest, document: int, kind: str) -> HttpResponse:
    """GET shows what is left of each line; POST makes the document of the quantities that were typed."""
    row = visible_document(request, document)
    if kind not in list(DocumentKind) or conversion(DocumentKind(row.kind), DocumentKind(kind)) is None:
        raise Http404
    target = DocumentKind(kind)
    token = token_of(request.POST.get("token"))
    lines = _lines(row, target, request)
    shown = {"document": row, "kind": target, "label": KIND_LABELS[target], "lines": lines, "token": token}
    if request.method == "GET":
        return render(request, "commerce/document_convert.html", shown)
    if any(line["problem"] for line in lines):
        return render(request, "commerce/document_convert.html", shown, status=422)
    asked = {line["line"].pk: line["asked"] for line in lines if line["asked"]}
    try:
        made = convert_document(row.pk, target, by=signed_in(request), token=token, quantities=asked)
    except Refused as refused:
        return render(request, "commerce/document_convert.html", shown | {"refusal": refused.reason}, status=409)
    messages.success(request, f"{KIND_LABELS[target]}\u00a0: brouillon prêt.")
    return redirect("documents:sheet", document=made)


def _lines(row: Document, target: DocumentKind, request: HttpRequest) -> list[dict[str, Any]]:
    """Each item with what is left of it and the quantity that was typed; options begin with none."""
    lines = list(row.lines.all())
    left, optional = left_for(row, target), optional_lines(lines)
    field = QuantityField(required=False)
    found = []
    for line in lines:
        if line.pk not in left:
            continue
        rest = left[line.pk]
        shown: dict[str, Any] = {"line": line, "left": rest, "is_option": line.pk in optional, "problem": ""}
        if request.method == "POST":
            shown["typed"] = request.POST.get(f"q-{line.pk}", "").strip()
            shown["asked"] = None
            if shown["typed"] not in ("", "0"):
                try:
                    shown["asked"] = field.clean(shown["typed"])
                except ValidationError as error:
                    shown["problem"] = " ".join(error.messages)
        else:
            start = Decimal(0) if shown["is_option"] else rest
            shown["typed"] = field.prepare_value(start) if start else ""
        found.append(shown)
    return found


@require_POST
@needs("create_quotes")
def duplicate(request: HttpRequest, document: int) -> HttpResponse:
    row = visible_document(request, document)
    token = token_of(request.POST.get("token"))
    made = actions.duplicate_document(row.pk, by=signed_in(request), token=token)
    messages.success(request, "Copie prête, en brouillon.")
    return redirect("documents:sheet", document=made)


@require_http_methods(["GET", "POST"])
@needs("create_quotes")
def delete(request: HttpRequest, document: int) -> HttpResponse:
    row = visible_document(request, document)
    if request.method == "GET":
        return render(request, "commerce/document_delete.html", {"document": row})
    actions.delete_draft(row.pk, by=signed_in(request))
    messages.success(request, "Brouillon supprimé.")
    return redirect("documents:client", pk=row.client_id)
