"""The Corbeille: clients out of every list, and the way back (CLI-33)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from clients.actions import statuses as actions
from clients.columns import BY_NAME, addresses_of
from clients.models import Client
from extrabat.lib.database import keyset_page
from extrabat.lib.refusals import Refused
from settings_app.reference.models import Status
from settings_app.users.access import needs, signed_in

PAGE_SIZE = 40


@require_GET
@needs("change_clients")
def list_(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    rows = Client.objects.visible_to(user).in_lists().filter(status__is_trash=True)
    page = keyset_page(
        rows.select_related("status", "colour", "merged_into"),
        order=("sort_name", "pk"),
        size=PAGE_SIZE,
        after=request.GET.get("apres"),
        before=request.GET.get("avant"),
    )
    addresses = addresses_of(page.rows, [BY_NAME["commune"]])
    context = {
        "page": page,
        "rows": [(client, addresses.get(client.pk)) for client in page.rows],
        "statuses": list(Status.objects.offered_to(user).filter(is_trash=False)),
    }
    return render(request, "clients/trash.html", context)


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the status with which a client comes back."""
    user = signed_in(request)
    client = get_object_or_404(Client.objects.visible_to(user).in_lists().select_related("status"), pk=pk)
    statuses = list(Status.objects.offered_to(user).filter(is_trash=False))
    context = {"client": client, "statuses": statuses}
    if request.method == "GET":
        return render(request, "clients/trash_restore.html", context)
    chosen = next((status for status in statuses if str(status.pk) == request.POST.get("statut")), None)
    if chosen is None:
        context["problem"] = "Choisissez le statut que ce client aura."
        return render(request, "clients/trash_restore.html", context, status=422)
    try:
        actions.restore(client.pk, status=chosen, by=user)
    except Refused as refused:
        context["problem"] = refused.reason
        return render(request, "clients/trash_restore.html", context, status=409)
    messages.success(request, f"{client.display_name} est de nouveau dans la liste\u00a0: {chosen}.")
    return redirect("clients:trash")
