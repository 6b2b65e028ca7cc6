"""Handing out the bytes of a file: only to who may see it, and so that no browser runs what is in it."""

import logging
from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from clients.actions.files import store
from clients.models import StoredFile
from clients.views.files import client_or_404
from settings_app.users.access import signed_in

logger = logging.getLogger(__name__)
# Nothing in the answer may load, run, submit or open anything, even if it were taken for a page. Browsers lay out a
# picture or a PDF that is opened alone with a style of their own.
SANDBOX: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


def download(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """The file as it was sent: a PDF opens in the browser, everything else is saved."""
    row = _file(request, pk, file)
    return _serve(request, row, row.storage_key, row.content_type, row.name, inline=row.is_pdf)


def preview(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """The picture made anew, upright and without where it was taken; as long as there is none, the file to save."""
    row = _file(request, pk, file)
    if not row.has_preview:
        return _serve(request, row, row.storage_key, row.content_type, row.name, inline=False)
    return _serve(request, row, row.preview_key, "image/jpeg", _jpg(row), inline=True)


def thumbnail(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    row = _file(request, pk, file)
    if not row.has_preview:
        raise Http404
    answer = _serve(request, row, row.thumbnail_key, "image/jpeg", _jpg(row), inline=True)
    # Sixty of them on a page; a key's bytes never change.
    answer["Cache-Control"] = "private, max-age=600"
    return answer


def _file(request: HttpRequest, pk: int, file: int) -> StoredFile:
    user = signed_in(request)
    client = client_or_404(user, pk)
    return get_object_or_404(client.files.allowed_to(user), pk=file)


def _jpg(row: StoredFile) -> str:
    return f"{row.name.rsplit('.', 1)[0]}.jpg"


def _serve(
    request: HttpRequest, row: StoredFile, key: str, content_type: str, name: str, *, inline: bool
) -> HttpResponseBase:
    # Asked only now: of a file that one may not see, not even the verbs are told.
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    try:
        content = store().open(key)
    except FileNotFoundError as error:
        logger.exception("bytes missing in the store", extra={"file": row.pk})
        raise Http404 from error
    answer = FileResponse(content, content_type=content_type, filename=name, as_attachment=not inline)
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Content-Security-Policy"] = SANDBOX
    return answer
