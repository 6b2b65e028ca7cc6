"""Lines of a draft. htmx gets the line and the totals, a page without it is led back to the sheet."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commerce.actions import document_lines as actions
from commerce.actions.document_paste import paste_lines
from commerce.domain.lines import LineKind
from commerce.domain.pasted import PasteError, read_rows
from commerce.forms.documents import AddLineForm, LineForm
from commerce.models import Article, Document, DocumentLine
from commerce.search import TooSlowError, exact, find_articles
from commerce.views.documents import sheet_context, show, visible_document
from extrabat.lib.refusals import Refused
from extrabat.lib.requests import is_fragment
from extrabat.lib.versions import Conflict
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in

PROPOSED = 8
MOST_PASTED = 200_000


def back(document: int, *, at: int | str = "lignes") -> HttpResponse:
    anchor = f"ligne-{at}" if isinstance(at, int) else at
    return redirect(f"{reverse('documents:sheet', args=[document])}#{anchor}")


def _answer(request: HttpRequest, document: int, line: int) -> HttpResponse:
    """The line as it is now and the totals for htmx; else the sheet, at the line."""
    if not is_fragment(request):
        return back(document, at=line)
    context = sheet_context(request, visible_document(request, document)) | {"is_fragment": True}
    row = next((one for one in context["rows"] if one["line"].pk == line), None)
    return render(request, "commerce/document_sheet.html#changed", context | {"row": row})


@require_POST
@needs("create_quotes")
def add(request: HttpRequest, document: int) -> HttpResponse:
    """An exact code adds; otherwise the articles that may be meant are proposed (PAY-03). `genre` adds words."""
    row, user = visible_document(request, document), signed_in(request)
    token = token_of(request.POST.get("token"))
    kind = request.POST.get("genre", "")
    if kind in (LineKind.SECTION, LineKind.SUBTOTAL, LineKind.TEXT):
        label = request.POST.get("label", "").replace("\x00", "").strip()[:160]
        line = actions.add_words(row.pk, LineKind(kind), by=user, label=label, token=token)
        return _answer(request, row.pk, line)
    form = AddLineForm(request.POST)
    if not form.is_valid():
        return show(request, row, add_form=form, status=422)
    typed = form.cleaned_data["article"]
    article = exact(typed)
    if article is None:
        proposed = _proposed(typed)
        known = "plusieurs articles peuvent convenir" if proposed else "aucun article actif ne correspond"
        form.add_error("article", f"«\u00a0{typed}\u00a0»\u00a0: {known}.")
        return show(request, row, add_form=form, proposed=proposed, status=422)
    quantity = form.cleaned_data["quantity"]
    try:
        line = actions.add_article(
            row.pk, article, by=user, **({"quantity": quantity} if quantity else {}), token=token
        )
    except Refused as refused:
        form.add_error("article", refused.reason)
        return show(request, visible_document(request, document), add_form=form, status=409)
    return _answer(request, row.pk, line)


def _proposed(typed: str) -> list[Article]:
    try:
        return find_articles(typed, PROPOSED)
    except TooSlowError:
        return []


def _line(document: Document, key: int) -> DocumentLine:
    return get_object_or_404(document.lines.select_related("document", "vat"), pk=key)


@require_http_methods(["GET", "POST"])
@needs("create_quotes")
def change(request: HttpRequest, document: int, line: int) -> HttpResponse:
    """`champ` names the fields that are sent, where a cell sends itself alone."""
    row = visible_document(request, document)
    found = _line(row, line)
    form = LineForm(request.POST or None, instance=found, only=request.POST.getlist("champ"))
    shown = {"document": row, "line": DocumentLine.objects.get(pk=line), "form": form}
    if request.method == "GET":
        return _form(request, shown)
    if not form.is_valid():
        return _form(request, shown, status=422)
    try:
        actions.change_line(row.pk, line, changes=form.changes(), seen=form.seen_values(), by=signed_in(request))
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return _form(request, shown | {"conflict": True}, status=409)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return _form(request, shown, status=409)
    return _answer(request, row.pk, line)


def _form(request: HttpRequest, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "commerce/document_line.html", shown, status=status)


@require_POST
@needs("create_quotes")
def move(request: HttpRequest, document: int, line: int) -> HttpResponse:
    """`vers` up or down moves one place; `a` is a place counted from 0."""
    row, user = visible_document(request, document), signed_in(request)
    place = request.POST.get("a", "")
    if place.isascii() and place.isdecimal() and len(place) < 6:
        actions.move_line(row.pk, line, to=int(place), by=user)
    else:
        actions.shift_line(row.pk, line, by_places=-1 if request.POST.get("vers") == "up" else 1, by=user)
    return _answer(request, row.pk, line)


@require_POST
@needs("create_quotes")
def remove(request: HttpRequest, document: int, line: int) -> HttpResponse:
    row = visible_document(request, document)
    label = actions.remove_line(row.pk, line, by=signed_in(request))
    if is_fragment(request):
        return _answer(request, row.pk, 0)
    messages.success(request, f"Retiré\u00a0: «\u00a0{label}\u00a0».")
    return back(row.pk)


@require_http_methods(["GET", "POST"])
@needs("create_quotes")
def paste(request: HttpRequest, document: int) -> HttpResponse:
    """Rows of a spreadsheet: all of them become lines, or none, and each wrong one is named."""
    row = visible_document(request, document)
    typed = request.POST.get("rows", "").replace("\x00", "")[:MOST_PASTED]
    token = token_of(request.POST.get("token"))
    shown: dict[str, Any] = {"document": row, "typed": typed, "token": token}
    if request.method == "GET":
        return render(request, "commerce/document_paste.html", shown)
    try:
        rows = read_rows(typed)
        added = paste_lines(row.pk, rows, by=signed_in(request), token=token)
    except PasteError as error:
        shown["problems"] = error.problems
        return render(request, "commerce/document_paste.html", shown, status=422)
    messages.success(request, "Une ligne ajoutée." if added == 1 else f"{added} lignes ajoutées.")
    return back(row.pk)


@require_GET
@needs("see_prices")
def totals(request: HttpRequest, document: int) -> HttpResponse:
    row = visible_document(request, document)
    if not is_fragment(request):
        return back(row.pk, at="totaux")
    return render(request, "commerce/document_sheet.html#totals", sheet_context(request, row))
