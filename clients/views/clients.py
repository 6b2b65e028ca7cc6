"""A client's page."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from clients.actions.urssaf import missing_of
from clients.models import Address, Client
from settings_app.users.access import signed_in


@require_GET
def home(request: HttpRequest, pk: int) -> HttpResponse:
    visible = (
        Client.objects.visible_to(signed_in(request))
        .in_lists()
        .select_related("civility", "status", "followed_by", "colour", "service_nature")
        .prefetch_related(Prefetch("addresses", Address.objects.select_related("type")))
    )
    client = get_object_or_404(visible, pk=pk)
    context = {
        "client": client,
        "addresses": client.addresses.all(),
        "urssaf_missing": len(missing_of(client)),
        "contacts": client.contacts.all(),
    }
    return render(request, "clients/client_home.html", context)
