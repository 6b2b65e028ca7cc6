"""Who brought a client: the clients whose name is being typed (referrers.js)."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from clients import search
from clients.models import Client
from extrabat.lib.text import normalise
from settings_app.users.access import needs, signed_in

MOST = 8
FEWEST = 2


@require_GET
@needs("change_clients")
def referrers(request: HttpRequest) -> JsonResponse:
    typed = request.GET.get("q", "").strip()[:100]
    if len(normalise(typed)) < FEWEST:
        return JsonResponse({"ok": True, "clients": []})
    living = Client.objects.visible_to(signed_in(request)).living().in_lists()
    rows = living.filter(pk__in=search.find(living, typed, "contient", MOST).keys).select_related("status")
    found = [
        {"id": client.pk, "name": client.display_name, "detail": client.status.label}
        for client in rows.order_by("sort_name", "pk")
    ]
    return JsonResponse({"ok": True, "clients": found})
