"""Documents on paper: one at once, many by a worker and fetched by who asked for them."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.views.file_serving import SANDBOX
from commerce.actions import print_jobs as actions
from commerce.actions.printing import Printout, is_reprint, printed
from commerce.models import PrintedCopy, PrintJob
from commerce.views.documents import visible_document
from extrabat.lib.requests import is_fragment
from extrabat.lib.wake import wake
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in


@require_http_methods(["GET", "POST"])
@needs("see_prices")
def pdf(request: HttpRequest, document: int) -> HttpResponse:
    """The PDF, in the browser. The duplicate of an invoice is told to the seal: GET asks first, POST makes it."""
    row = visible_document(request, document)
    if request.method == "GET" and is_reprint(row):
        original = PrintedCopy.objects.select_related("by", "file").get(document=row)
        context = {"document": row, "client": row.client, "original": original}
        return render(request, "commerce/document_reprint.html", context)
    return _answer(printed(row.pk, by=signed_in(request)))


def _answer(made: Printout) -> HttpResponse:
    answer = HttpResponse(made.content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=made.name) or "inline"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Content-Security-Policy"] = SANDBOX
    return answer


@require_POST
@needs("see_prices")
def chosen(request: HttpRequest) -> HttpResponse:
    """Print the documents that were ticked in the list."""
    sent = request.POST.getlist("c")[: actions.MOST + 1]
    keys = [int(key) for key in sent if key.isascii() and key.isdecimal() and len(key) < 19]
    token = token_of(request.POST.get("token"))
    job = actions.ask(keys, by=signed_in(request), format_=request.POST.get("format", ""), token=token)
    wake(actions.WORK)
    return redirect("documents:print", job)


@require_GET
@needs("see_prices")
def jobs(request: HttpRequest) -> HttpResponse:
    rows = PrintJob.objects.visible_to(signed_in(request))[:50]
    return render(request, "commerce/print_list.html", {"jobs": rows})


@require_http_methods(["GET", "POST"])
@needs("see_prices")
def job(request: HttpRequest, job: int) -> HttpResponse:
    """How far a print is. POST: try a failed one again."""
    row = get_object_or_404(PrintJob.objects.visible_to(signed_in(request)), pk=job)
    if request.method == "POST":
        actions.retry(row)
        wake(actions.WORK)
        return redirect("documents:print", job)
    part = "#progress" if is_fragment(request) else ""
    return render(request, f"commerce/print_home.html{part}", {"job": row})


@require_GET
@needs("see_prices")
def download(request: HttpRequest, job: int) -> HttpResponseBase:
    rows = PrintJob.objects.visible_to(signed_in(request)).filter(state=PrintJob.State.DONE)
    row = get_object_or_404(rows, pk=job)
    try:
        body = (actions.folder() / row.file).open("rb")
    except OSError:
        raise Http404 from None
    name = f"pieces-{localdate(row.asked_at):%Y-%m-%d}.{row.format}"
    kind = actions.TYPES[PrintJob.Format(row.format)]
    answer = FileResponse(body, as_attachment=True, filename=name, content_type=kind)
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
