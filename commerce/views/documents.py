"""Documents: their list, its count and file, a client's tab, a new one, the sheet."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from clients.models import Client
from clients.search import find as find_clients
from clients.views.home import frame, visible_client
from commerce import document_columns as table
from commerce.actions import documents as actions
from commerce.actions.printing import is_reprint
from commerce.document_cells import with_cells
from commerce.document_listing import ORDER, AskedDocuments, chain_of, deposits_of, sheet_rows, steps_of
from commerce.document_panels import KIND
from commerce.domain.states import KIND_LABELS, DocumentKind
from commerce.forms.documents import ON_SHEET, AddLineForm, HeaderForm, NewDocumentForm
from commerce.forms.payments import PaymentForm
from commerce.models import Article, Document, DocumentQuerySet
from commerce.payment_listing import panel_of
from commerce.preferences import EVERY, first_kind, first_state, line_numbers
from commerce.preferences import columns as columns_of
from extrabat.lib.database import CAP, capped_count, keyset_page
from extrabat.lib.exports import csv_lines
from extrabat.lib.forms.versioned import VersionedForm
from extrabat.lib.refusals import Refused
from settings_app.preferences.composing import composed, is_moving, lines_of
from settings_app.preferences.registry import search_mode
from settings_app.recents import remember
from settings_app.submissions import token_of
from settings_app.users.access import may, needs, signed_in
from settings_app.users.models import User

PAGE_SIZE = 40
PROPOSED_CLIENTS = 12
SHOWN = (
    "client",
    "client__civility",
    "store__company",
    "language",
    "payment_method",
    "installation",
    "followed_by",
    "warehouse",
)


def visible_document(request: HttpRequest, key: int) -> Document:
    """The document with what its sheet shows; 404 for one whose client the user may not see."""
    rows = Document.objects.visible_to(signed_in(request)).select_related(
        *SHOWN, "billing_address", "delivery_address", "site_address", "created_by"
    )
    return get_object_or_404(rows, pk=key)


def _rows(request: HttpRequest) -> DocumentQuerySet:
    return Document.objects.visible_to(signed_in(request)).select_related("client__civility", "balance")


@require_GET
@needs("see_prices")
def list_(request: HttpRequest) -> HttpResponse:
    """Without a query, as from a menu, it is narrowed as the person prefers (PRF-08)."""
    user = signed_in(request)
    asked = AskedDocuments(request.GET if request.GET else _first(user))
    after, before = request.GET.get("apres"), request.GET.get("avant")
    rows = asked.narrow(_rows(request)).select_related(*_related(user))
    page = keyset_page(rows, order=ORDER, size=PAGE_SIZE, after=after, before=before)
    is_empty = not page.rows and not asked.is_narrowed
    context = {"page": page, "asked": asked, "query": asked.query, "is_empty": is_empty, **_table(user, page.rows)}
    context |= {"token": token_of(None), "has_picks": True}
    return render(request, "commerce/document_list.html", context)


def _first(user: User) -> QueryDict:
    chosen = {"genre": first_kind.of(user), "etat": first_state.of(user)}
    return QueryDict(urlencode({name: value for name, value in chosen.items() if value != EVERY}))


def _related(user: User) -> list[str]:
    """What the chosen columns read beside the document itself, which is never nothing: an empty one means all."""
    found = [one.related for one in table.chosen(columns_of.of(user)) if one.related]
    return ["client__civility", "balance", *found]


def _table(user: User, rows: Sequence[Document]) -> dict[str, Any]:
    chosen = table.chosen(columns_of.of(user))
    return {"rows": table.with_texts(rows, chosen), "headings": table.headings(chosen)}


@require_http_methods(["GET", "POST"])
@needs("see_prices")
def columns(request: HttpRequest) -> HttpResponse:
    """Keep the ticked columns in the order they were sent; an arrow moves one, `reset` forgets the choice."""
    user = signed_in(request)
    if request.method == "GET":
        lines = lines_of(columns_of.offered(user), columns_of.of(user))
        return render(request, "commerce/document_columns.html", {"lines": lines})
    columns_of.save(user, None if "reset" in request.POST else composed(request.POST))
    return redirect("documents:columns" if is_moving(request.POST) else "documents:list")


@require_GET
@needs("see_prices")
def count(request: HttpRequest) -> HttpResponse:
    rows = AskedDocuments(request.GET).narrow(Document.objects.visible_to(signed_in(request)))
    return render(request, "commerce/document_list.html#count", {"total": capped_count(rows), "cap": CAP})


@require_GET
@needs("export")
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered; nothing for who may not see prices."""
    rows = AskedDocuments(request.GET).narrow(_rows(request)).order_by(*ORDER)
    header = ["Genre", "Numéro", "État", "Date", "Client", "Code client", "Titre", "Total HT", "TVA", "Total TTC"]
    answer = StreamingHttpResponse(csv_lines(header, _lines(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="pieces.csv"'
    return answer


def _lines(rows: DocumentQuerySet) -> Iterator[Sequence[object]]:
    for row in rows.iterator(chunk_size=1_000):
        named = [row.get_kind_display(), row.number, row.get_state_display(), row.date]
        client = [row.client.display_name, row.client.code, row.title]
        yield [*named, *client, row.net, row.vat, row.gross]


@require_GET
@needs("see_prices")
def client_tab(request: HttpRequest, pk: int) -> HttpResponse:
    """GEST. COM.: the client's documents, and what may be begun for him."""
    client = visible_client(request, pk)
    asked = AskedDocuments(request.GET)
    user = signed_in(request)
    rows = asked.narrow(Document.objects.visible_to(user).filter(client=client)).select_related(*_related(user))
    after, before = request.GET.get("apres"), request.GET.get("avant")
    page = keyset_page(rows, order=ORDER, size=PAGE_SIZE, after=after, before=before)
    own = {"page": page, "asked": asked, "kinds": actions.BY_HAND, "labels": KIND_LABELS, **_table(user, page.rows)}
    return render(request, "commerce/document_client.html", frame(request, client) | own | {"query": asked.query})


@require_http_methods(["GET", "POST"])
@needs("create_quotes")
def create(request: HttpRequest) -> HttpResponse:
    """`genre` and `client` say what and for whom; without a client, he is looked for by `q`."""
    sent = request.POST if request.method == "POST" else request.GET
    kind = DocumentKind(sent["genre"]) if sent.get("genre") in list(actions.BY_HAND) else DocumentKind.QUOTE
    key = sent.get("client", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 18):
        return _choose_client(request, kind)
    client = get_object_or_404(Client.objects.visible_to(signed_in(request)).in_lists(), pk=int(key))
    form = NewDocumentForm(request.POST or None, client=client, kind=kind)
    if request.method == "GET":
        return _show_new(request, kind, client, form)
    if not form.is_valid():
        return _show_new(request, kind, client, form, status=422)
    try:
        made = actions.create_document(
            kind, client, by=signed_in(request), values=form.cleaned_data, token=token_of(request.POST.get("token"))
        )
    except Refused as refused:
        form.add_error(None, refused.reason)
        return _show_new(request, kind, client, form, status=409)
    messages.success(request, f"{KIND_LABELS[kind]}\u00a0: brouillon prêt.")
    return redirect("documents:sheet", document=made)


def _show_new(
    request: HttpRequest, kind: DocumentKind, client: Client, form: NewDocumentForm, *, status: int = 200
) -> HttpResponse:
    context = {"kind": kind, "label": KIND_LABELS[kind], "client": client, "form": form}
    context["token"] = token_of(request.POST.get("token"))
    return render(request, "commerce/document_new.html", context, status=status)


def _choose_client(request: HttpRequest, kind: DocumentKind) -> HttpResponse:
    user, typed = signed_in(request), request.GET.get("q", "").replace("\x00", "").strip()[:100]
    visible = Client.objects.visible_to(user).living()
    found: list[Client] = []
    if typed:
        keys = find_clients(visible, typed, search_mode.of(user), PROPOSED_CLIENTS).keys  # type: ignore[arg-type]
        rows = {row.pk: row for row in visible.in_lists().filter(pk__in=keys).prefetch_related("addresses")}
        found = [rows[key] for key in keys if key in rows]
    context = {"kind": kind, "label": KIND_LABELS[kind], "q": typed, "found": found}
    return render(request, "commerce/document_new.html", context)


@require_GET
@needs("see_prices")
def sheet(request: HttpRequest, document: int) -> HttpResponse:
    row = visible_document(request, document)
    remember(signed_in(request), KIND, row.pk)
    return show(request, row)


def show(
    request: HttpRequest,
    row: Document,
    *,
    add_form: AddLineForm | None = None,
    proposed: Sequence[Article] = (),
    payment_form: PaymentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The sheet, with the row at the bottom of its lines as it was sent in vain when there is one."""
    context = sheet_context(request, row)
    context |= head_context(context) | {
        "add_form": add_form or AddLineForm(),
        "proposed": proposed,
        "chain": chain_of(row),
        **_payments(request, row, payment_form),
        "events": row.transitions.select_related("by"),
    }
    return render(request, "commerce/document_sheet.html", context, status=status)


def _payments(request: HttpRequest, row: Document, form: PaymentForm | None) -> dict[str, Any]:
    """The panel of an issued invoice: what remains, the next payment, what was received."""
    panel = panel_of(row)
    if not panel:
        return {}
    user, balance = signed_in(request), panel["balance"]
    may_pay = may(user, "record_payments") and not row.client.is_merged and balance.due > 0 and not balance.is_credit
    if may_pay:
        panel["payment_form"] = form or PaymentForm(user=user, start=balance.due)
    return panel | {"may_reverse": may(user, "reverse_payments")}


def sheet_context(request: HttpRequest, row: Document) -> dict[str, Any]:
    """What every fragment of a sheet reads."""
    user = signed_in(request)
    may_write = may(user, "create_quotes") and not row.client.is_merged
    context = {
        "document": row,
        "client": row.client,
        "may_write": may_write,
        "may_change": may_write and row.is_draft,
        "may_issue": may(user, "issue_invoices") if row.is_invoice else may_write,
        "is_reprint": is_reprint(row),
        "has_numbers": line_numbers.of(user) == "oui",
        "token": token_of(None),
        **sheet_rows(row),
        **deposits_of(row),
        **(steps_of(row) if may_write else {}),
    }
    if context["may_change"]:
        with_cells(context["rows"], on=row.date, may_be_option=row.is_quote)
    return context


def head_context(context: dict[str, Any]) -> dict[str, Any]:
    """The cells of the head, where it may be changed."""
    row = context["document"]
    if not context["may_change"]:
        return {}
    return {"head": HeaderForm(instance=row, client=row.client, only=ON_SHEET).as_cells()}


def head_answer(request: HttpRequest, key: int, *, names: Collection[str]) -> HttpResponse:
    """The head and the totals as they are now, and the lines where their rates may have changed."""
    context = sheet_context(request, visible_document(request, key))
    context |= head_context(context) | {"has_rows": "date" in names}
    return render(request, "commerce/document_head.html#answer", context)


def cell_problems(form: BaseForm, status: int = 422) -> JsonResponse:
    """What is wrong with a cell that sent itself, by field name; "" is the whole."""
    problems = {name if name != NON_FIELD_ERRORS else "": list(texts) for name, texts in form.errors.items()}
    return JsonResponse({"problems": problems}, status=status)


def cell_theirs(form: VersionedForm) -> JsonResponse:
    """What another person wrote meanwhile: as it reads, and as the cell writes it."""
    theirs = {name: {"shown": one.shown, "raw": one.raw} for name, one in form.theirs.items()}
    return JsonResponse({"theirs": theirs}, status=409)
