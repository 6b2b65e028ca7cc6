"""Ouvrages of a client and their equipment."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.actions import installations as actions
from clients.forms.home import EquipmentForm, InstallationForm
from clients.models import Client, Equipment, Installation
from clients.views.home import frame, visible_client
from extrabat.lib.forms.versioned import SEEN
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import Conflict
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in


@require_GET
def list_(request: HttpRequest, pk: int) -> HttpResponse:
    client = visible_client(request, pk)
    rows = client.installations.select_related("address").prefetch_related("equipment")
    return render(request, "clients/installations.html", frame(request, client) | {"rows": rows, "today": localdate()})


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    client = visible_client(request, pk)
    form = InstallationForm(request.POST or None, client=client)
    if request.method == "GET":
        return _show(request, client, form)
    if not form.is_valid():
        return _show(request, client, form, status=422)
    values = {name: value for name, value in form.cleaned_data.items() if name != SEEN}
    token = token_of(request.POST.get("token"))
    actions.add_installation(client, values=values, by=signed_in(request), token=token)
    messages.success(request, "Ouvrage ajouté.")
    return redirect("clients:installations", pk=pk)


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def edit(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    client = visible_client(request, pk)
    row = get_object_or_404(client.installations, pk=key)
    form = InstallationForm(request.POST or None, instance=row, client=client)
    if request.method == "GET":
        return _show(request, client, form, row=row)
    if not form.is_valid():
        return _show(request, client, form, row=row, status=422)
    changed = {"changes": form.changes(), "seen": form.seen_values()}
    try:
        actions.change_installation(client, key, **changed, by=signed_in(request))
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return _show(request, client, form, row=row, status=409, conflict=True)
    messages.success(request, "Ouvrage enregistré.")
    return redirect("clients:installations", pk=pk)


@require_POST
@needs("change_clients")
def remove(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    client = visible_client(request, pk)
    try:
        actions.remove_installation(client, key, by=signed_in(request))
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, "Ouvrage supprimé.")
    return redirect("clients:installations", pk=pk)


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def add_equipment(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    client = visible_client(request, pk)
    installation = get_object_or_404(client.installations, pk=key)
    form = EquipmentForm(request.POST or None)
    if request.method == "GET":
        return _show(request, client, form, installation=installation)
    if not form.is_valid():
        return _show(request, client, form, installation=installation, status=422)
    values = {name: value for name, value in form.cleaned_data.items() if name != SEEN}
    token = token_of(request.POST.get("token"))
    actions.add_equipment(installation, values=values, by=signed_in(request), token=token)
    messages.success(request, "Équipement ajouté.")
    return redirect("clients:installations", pk=pk)


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def edit_equipment(request: HttpRequest, pk: int, key: int, piece: int) -> HttpResponse:
    client = visible_client(request, pk)
    installation = get_object_or_404(client.installations, pk=key)
    row = get_object_or_404(installation.equipment, pk=piece)
    form = EquipmentForm(request.POST or None, instance=row)
    shown: dict[str, Any] = {"row": row, "installation": installation}
    if request.method == "GET":
        return _show(request, client, form, **shown)
    if not form.is_valid():
        return _show(request, client, form, **shown, status=422)
    try:
        actions.change_equipment(installation, piece, changes=form.changes(), seen=form.seen_values())
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return _show(request, client, form, **shown, status=409, conflict=True)
    messages.success(request, "Équipement enregistré.")
    return redirect("clients:installations", pk=pk)


@require_POST
@needs("change_clients")
def remove_equipment(request: HttpRequest, pk: int, key: int, piece: int) -> HttpResponse:
    installation = get_object_or_404(visible_client(request, pk).installations, pk=key)
    actions.remove_equipment(installation, piece, by=signed_in(request))
    messages.success(request, "Équipement retiré.")
    return redirect("clients:installations", pk=pk)


def _show(
    request: HttpRequest,
    client: Client,
    form: InstallationForm | EquipmentForm,
    *,
    row: Installation | Equipment | None = None,
    installation: Installation | None = None,
    status: int = 200,
    conflict: bool = False,
) -> HttpResponse:
    is_equipment = isinstance(form, EquipmentForm)
    new = "Nouvel équipement" if is_equipment else "Nouvel ouvrage"
    context = {
        "client": client,
        "form": form,
        "row": row,
        "title": str(row) if row else new,
        "installation": installation,
        "is_equipment": is_equipment,
        "conflict": conflict,
        "token": token_of(request.POST.get("token")),
    }
    return render(request, "clients/installation_form.html", context, status=status)
