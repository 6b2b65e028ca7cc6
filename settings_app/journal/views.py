"""The journal, the trail of one record, and erasing its values."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods

from extrabat.lib.database import Page, TooSlowError, keyset_page, patience
from extrabat.lib.exports import csv_lines
from extrabat.lib.french import NBSP, plural
from settings_app.audit.models import AuditEntry
from settings_app.journal.actions import NOTHING, erase
from settings_app.journal.export import HEADER, rows_of
from settings_app.journal.forms import EraseForm
from settings_app.journal.listing import ORDER, PAGE_SIZE, Asked
from settings_app.journal.subjects import Subject, subjects, trail_of
from settings_app.journal.words import may_erase, told
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in
from settings_app.users.models import User

# Words are looked for in the values themselves, which no index holds.
PATIENCE_MS: Final = 4_000


@require_GET
@needs("see_audit")
def list_(request: HttpRequest) -> HttpResponse:
    asked = Asked(signed_in(request), request.GET)
    page: Page[AuditEntry] | None = None
    try:
        with patience(PATIENCE_MS):
            page = asked.page(after=request.GET.get("apres"), before=request.GET.get("avant"))
    except TooSlowError:
        pass
    context = {
        "asked": asked,
        "page": page,
        "lines": told(page.rows, asked.user) if page else [],
        "query": asked.query,
        "verbs": AuditEntry.Verb.choices,
        "too_slow": page is None,
    }
    return render(request, "settings_app/audit_list.html", context)


@require_GET
@needs("see_audit")
@needs("export")
def export(request: HttpRequest) -> HttpResponseBase:
    asked = Asked(signed_in(request), request.GET)
    response = StreamingHttpResponse(csv_lines(HEADER, rows_of(asked)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="journal-audit-{localdate():%Y-%m-%d}.csv"'
    return response


def trail_page(request: HttpRequest, rows: QuerySet[AuditEntry], user: User) -> dict[str, Any]:
    """What `audit_lines.html` needs for the trail of something; the room that owns a page of its own calls it too."""
    page = keyset_page(
        rows, order=ORDER, size=PAGE_SIZE, after=request.GET.get("apres"), before=request.GET.get("avant")
    )
    return {"page": page, "lines": told(page.rows, user)}


@require_GET
@needs("see_audit")
def record(request: HttpRequest, kind: str, record: int) -> HttpResponse:
    user = signed_in(request)
    subject, rows = _found(user, kind, record)
    context = trail_page(request, rows, user) | _named(user, subject, record)
    context |= {"subject": subject, "key": record, "may_erase": may_erase(user, subject)}
    return render(request, "settings_app/audit_record.html", context)


@require_http_methods(["GET", "POST"])
@needs("see_audit")
def erase_(request: HttpRequest, kind: str, record: int) -> HttpResponse:
    user = signed_in(request)
    subject, rows = _found(user, kind, record)
    if not may_erase(user, subject):
        raise PermissionDenied
    back = reverse("settings_app:audit_record", args=[kind, record])
    named = _named(user, subject, record)
    what = f"{subject.title}{NBSP}: {named['name']}"
    return ask_to_erase(request, [(kind, str(record))], rows, what=what, back=back)


def ask_to_erase(
    request: HttpRequest,
    records: list[tuple[str, str]],
    rows: QuerySet[AuditEntry],
    *,
    what: str,
    back: str,
    kept: tuple[str, ...] = (),
) -> HttpResponse:
    """GET asks for the reason, POST erases what `rows` say about `records` and goes `back`."""
    user, form = signed_in(request), EraseForm(request.POST or None)
    held = rows.exclude(verb=AuditEntry.Verb.ERASE).exclude(before=None, after=None).exists()
    token = token_of(request.POST.get("token"))
    context = {"form": form, "what": what, "back": back, "token": token, "refusal": "" if held else NOTHING}
    if request.method == "GET":
        return render(request, "settings_app/audit_erase.html", context)
    if not form.is_valid():
        return render(request, "settings_app/audit_erase.html", context, status=422)
    erased = erase(records, reason=form.cleaned_data["reason"], by=user, token=token, kept=kept)
    messages.success(request, f"Valeurs effacées{NBSP}: {plural(erased, 'ligne')} du journal.")
    return redirect(back)


def _found(user: User, kind: str, key: int) -> tuple[Subject, QuerySet[AuditEntry]]:
    """The kind and the lines; 404 for a record that this person may not see."""
    subject = subjects.get(kind)
    rows = trail_of(user, subject, key) if subject and key < 2**63 else None
    if subject is None or rows is None:
        raise Http404
    return subject, rows


def _named(user: User, subject: Subject, key: int) -> dict[str, str]:
    row = subject.rows(user).filter(pk=key).first()
    return {"name": subject.name(row) if row else f"n°{NBSP}{key}", "url": subject.url(row) if row else ""}
