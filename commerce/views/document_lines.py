"""Lines of a draft. In place on the sheet htmx's header asks for what changed; a page without it goes back there."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commerce.actions import document_lines as actions
from commerce.actions.document_paste import paste_lines
from commerce.actions.line_removal import remove_line, restore_line
from commerce.domain.lines import LineKind
from commerce.domain.pasted import PasteError, read_rows
from commerce.forms.documents import AddLineForm, LineForm
from commerce.models import Article, Document, DocumentLine
from commerce.search import TooSlowError, exact, find_articles
from commerce.views.documents import cell_problems, cell_theirs, sheet_context, show, visible_document
from extrabat.lib.refusals import Refused
from extrabat.lib.requests import is_fragment
from extrabat.lib.versions import Conflict
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in

PROPOSED = 8
MOST_PASTED = 200_000
FREE = "free"
WORDS = (LineKind.SECTION, LineKind.SUBTOTAL, LineKind.TEXT)


def back(document: int, *, at: int | str = "lignes") -> HttpResponse:
    anchor = f"ligne-{at}" if isinstance(at, int) else at
    return redirect(f"{reverse('documents:sheet', args=[document])}#{anchor}")


def _answer(request: HttpRequest, document: int, at: int, part: str, **more: Any) -> HttpResponse:
    """One of the parts of document_rows.html that say what changed; without script, the sheet at the line."""
    if not is_fragment(request):
        return back(document, at=at or "lignes")
    context = sheet_context(request, visible_document(request, document)) | more
    if part == "changed":
        # Subtotals and sections count other lines.
        context["rows"] = [row for row in context["rows"] if row["line"].pk == at or not row["line"].is_item]
    return render(request, f"commerce/document_rows.html#{part}", context)


@require_POST
@needs("create_quotes")
def add(request: HttpRequest, document: int) -> HttpResponse:
    """An exact code adds; otherwise the articles that may be meant are proposed (PAY-03). `genre` adds words."""
    row = visible_document(request, document)
    form = AddLineForm(request.POST)
    if kind := request.POST.get("genre", ""):
        return _added(request, row, form, lambda: _add_words(request, row.pk, kind))
    if not form.is_valid():
        return _refused(request, row, form, 422)
    typed, quantity = form.cleaned_data["article"], form.cleaned_data["quantity"]
    article = exact(typed)
    if article is None:
        proposed = _proposed(typed)
        known = "plusieurs articles peuvent convenir" if proposed else "aucun article actif ne correspond"
        form.add_error("article", f"«\u00a0{typed}\u00a0»\u00a0: {known}.")
        return _refused(request, row, form, 422, proposed=proposed)
    wanted: dict[str, Any] = {"quantity": quantity} if quantity else {}
    token, user = token_of(request.POST.get("token")), signed_in(request)
    return _added(request, row, form, lambda: actions.add_article(row.pk, article, by=user, token=token, **wanted))


def _add_words(request: HttpRequest, document: int, kind: str) -> int:
    token, user = token_of(request.POST.get("token")), signed_in(request)
    label = " ".join(request.POST.get("article", "").replace("\x00", "").split())[:160]
    if kind == FREE:
        return actions.add_free(document, label, by=user, token=token)
    if kind not in WORDS:
        raise Refused("Choisissez ce qui est ajouté.")
    return actions.add_words(document, LineKind(kind), by=user, label=label, token=token)


def _added(request: HttpRequest, row: Document, form: AddLineForm, act: Callable[[], int]) -> HttpResponse:
    try:
        line = act()
    except Refused as refused:
        form.add_error("article", refused.reason)
        return _refused(request, row, form, 409)
    return _answer(request, row.pk, line, "changed", is_added=True, add_form=AddLineForm())


def _refused(request: HttpRequest, row: Document, form: AddLineForm, status: int, **more: Any) -> HttpResponse:
    if not is_fragment(request):
        return show(request, visible_document(request, row.pk), add_form=form, status=status, **more)
    context = sheet_context(request, row) | {"add_form": form, **more}
    return render(request, "commerce/document_rows.html#adding", context, status=status)


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
    if request.method == "GET":
        return _form(request, row, form)
    if not form.is_valid():
        return cell_problems(form) if is_fragment(request) else _form(request, row, form, status=422)
    try:
        actions.change_line(row.pk, line, changes=form.changes(), seen=form.seen_values(), by=signed_in(request))
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return cell_theirs(form) if is_fragment(request) else _form(request, row, form, status=409)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return cell_problems(form, 409) if is_fragment(request) else _form(request, row, form, status=409)
    return _answer(request, row.pk, line, "changed")


def _form(request: HttpRequest, row: Document, form: LineForm, *, status: int = 200) -> HttpResponse:
    line = DocumentLine.objects.get(pk=form.instance.pk)
    shown = {"document": row, "line": line, "form": form, "conflict": bool(form.theirs)}
    return render(request, "commerce/document_line.html", shown, status=status)


@require_POST
@needs("create_quotes")
def order(request: HttpRequest, document: int) -> HttpResponse:
    """`key` repeated is the whole new order, `up` or `down` moves one line."""
    row, user = visible_document(request, document), signed_in(request)
    for name, step in (("up", -1), ("down", 1)):
        sent = request.POST.get(name, "")
        if _is_key(sent):
            actions.shift_line(row.pk, int(sent), by_places=step, by=user)
            return _answer(request, row.pk, int(sent), "ordered")
    actions.order_lines(row.pk, [int(key) for key in request.POST.getlist("key") if _is_key(key)], by=user)
    return _answer(request, row.pk, 0, "ordered")


def _is_key(sent: str) -> bool:
    return sent.isascii() and sent.isdecimal() and len(sent) < 18


@require_POST
@needs("create_quotes")
def remove(request: HttpRequest, document: int, line: int) -> HttpResponse:
    row = visible_document(request, document)
    removed = remove_line(row.pk, line, by=signed_in(request))
    if not is_fragment(request):
        messages.success(request, f"Retiré\u00a0: «\u00a0{removed.label}\u00a0».")
    return _answer(request, row.pk, 0, "whole", removed=removed)


@require_POST
@needs("create_quotes")
def restore(request: HttpRequest, document: int) -> HttpResponse:
    """« Annuler » after a removal: the sealed line that its answer brought."""
    row = visible_document(request, document)
    kept, token = request.POST.get("ligne", ""), token_of(request.POST.get("token"))
    line = restore_line(row.pk, kept, by=signed_in(request), token=token)
    return _answer(request, row.pk, line, "whole")


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
    return render(request, "commerce/document_rows.html#totals", sheet_context(request, row))
