"""Files of clients: at once, or made by a worker and fetched by who asked for them."""

import io
from itertools import chain
from typing import IO
from uuid import uuid4

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from clients import columns as table
from clients import preferences
from clients.actions import exports as actions
from clients.listing import Asked
from clients.models import ExportJob
from clients.views.lists import query_of
from extrabat.lib.requests import is_fragment
from extrabat.lib.wake import wake
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in
from settings_app.users.models import User


@require_GET
@needs("export")
def direct(request: HttpRequest) -> HttpResponseBase:
    """The file itself up to a thousand clients; past that, a page that offers to prepare it."""
    user = signed_in(request)
    asked = Asked(user, request.GET)
    kind = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    if asked.rows().order_by()[: actions.AT_ONCE + 1].count() > actions.AT_ONCE:
        every = request.GET.get("colonnes") == "toutes"
        context = {"asked": asked, "kind": kind, "every": every, "token": str(uuid4())}
        return render(request, "clients/export_ask.html", context)
    columns = table.chosen(_names(user, request.GET.get("colonnes")))
    body = io.BytesIO()
    actions.write(kind, body, columns, chain.from_iterable(actions.rows_of(asked, columns)))
    body.seek(0)
    return _file(body, kind)


@require_http_methods(["GET", "POST"])
@needs("export")
def list_(request: HttpRequest) -> HttpResponse:
    """GET: the files that one asked for. POST: ask for another."""
    user = signed_in(request)
    if request.method == "GET":
        jobs = ExportJob.objects.filter(asked_by=user)[:50]
        return render(request, "clients/export_list.html", {"jobs": jobs})
    job = actions.ask(
        by=user,
        asked=Asked(user, query_of(request)),
        kind="xlsx" if request.POST.get("format") == "xlsx" else "csv",
        names=_names(user, request.POST.get("colonnes")),
        token=token_of(request.POST.get("token")),
    )
    wake(actions.WORK)
    return redirect("clients:export_job", job)


@require_http_methods(["GET", "POST"])
@needs("export")
def home(request: HttpRequest, job: int) -> HttpResponse:
    """How far a file is. POST: try a failed one again."""
    user = signed_in(request)
    row = get_object_or_404(ExportJob, pk=job, asked_by=user)
    if request.method == "POST":
        actions.retry(row)
        wake(actions.WORK)
        return redirect("clients:export_job", job)
    part = "#progress" if is_fragment(request) else ""
    context = {"job": row, "asked": Asked.stored(user, row.query)}
    return render(request, f"clients/export_home.html{part}", context)


@require_GET
@needs("export")
def download(request: HttpRequest, job: int) -> HttpResponseBase:
    row = get_object_or_404(ExportJob, pk=job, asked_by=signed_in(request), state=ExportJob.State.DONE)
    try:
        body = (actions.folder() / row.file).open("rb")
    except OSError:
        raise Http404 from None
    return _file(body, row.format)


def _names(user: User, asked: str | None) -> list[str]:
    """The columns of the page, or every one."""
    return list(table.BY_NAME) if asked == "toutes" else list(preferences.columns.of(user))


def _file(body: IO[bytes], kind: str) -> FileResponse:
    return FileResponse(
        body,
        as_attachment=True,
        filename=actions.file_name(kind),
        content_type=actions.TYPES[ExportJob.Format(kind)],
    )
