"""Paramètres: its first page, and the store's own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from extrabat.lib.versions import Conflict
from settings_app.company.actions import update_store
from settings_app.company.forms import StoreForm
from settings_app.company.models import Store
from settings_app.users.access import needs


@require_GET
@needs("change_settings")
def index(request: HttpRequest) -> HttpResponse:
    return redirect("settings_app:store")


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def edit_store(request: HttpRequest) -> HttpResponse:
    store = Store.objects.earliest("pk")
    form = StoreForm(request.POST or None, instance=store)
    context: dict[str, object] = {"form": form}
    if request.method == "GET":
        return render(request, "settings_app/store.html", context)
    if not form.is_valid():
        return render(request, "settings_app/store.html", context, status=422)
    try:
        update_store(store.pk, changes=form.changes(), seen=form.seen_values())
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return render(request, "settings_app/store.html", context | {"conflict": True}, status=409)
    messages.success(request, "Magasin enregistré.")
    return redirect("settings_app:store")
