"""The tab « Modifications » of a client: his trail and that of all that is his, and erasing its values."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from clients.journal import KEPT, deleted_of, lines_of, records_of, told_of
from clients.views.home import frame, visible_client
from extrabat.lib.french import NBSP
from settings_app.journal.subjects import subjects
from settings_app.journal.views import ask_to_erase, trail_page
from settings_app.journal.words import may_erase
from settings_app.users.access import needs, signed_in


@require_GET
@needs("see_audit")
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    client, user = visible_client(request, pk), signed_in(request)
    rows = lines_of(told_of(client, user))
    subject = subjects.get("clients.client")
    context = frame(request, client) | trail_page(request, rows, user)
    context["may_erase"] = subject is not None and may_erase(user, subject)
    return render(request, "clients/client_changes.html", context)


@require_http_methods(["GET", "POST"])
@needs("see_audit")
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    client, user = visible_client(request, pk), signed_in(request)
    subject = subjects.get("clients.client")
    if subject is None or not may_erase(user, subject):
        raise PermissionDenied
    records = [*records_of(client, user), *deleted_of(client, user)]
    what = f"client{NBSP}: {client.display_name}, avec ses adresses, contacts, consentements et le reste de sa fiche"
    back = reverse("clients:changes", args=[pk])
    return ask_to_erase(request, records, lines_of(records), what=what, back=back, kept=KEPT)
