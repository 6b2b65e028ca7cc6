"""Changing what is in the porte-doc: one file, several at once, folders."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clients.actions.files import delete_files, edit_file, move_files
from clients.actions.folders import create_folder, delete_folder, rename_folder, shelves
from clients.forms.files import FileForm, FolderForm, RenameForm, folder_choices
from clients.models import Client, StoredFile
from clients.views.files import address, client_or_404
from extrabat.lib.french import plural
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import Conflict
from settings_app.users.access import may, needs, signed_in
from settings_app.users.models import User


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def edit(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    user = signed_in(request)
    client = client_or_404(user, pk)
    row = get_object_or_404(client.files.allowed_to(user).select_related("folder"), pk=file)
    options: dict[str, Any] = {
        "shelves": shelves(client, user),
        "may_restrict": may(user, "see_restricted_clients"),
    }
    context = {"client": client, "file": row, "name": row.name}
    form = FileForm(request.POST or None, instance=row, **options)
    if request.method == "GET":
        return render(request, "clients/file_form.html", {**context, "form": form})
    if not form.is_valid():
        return render(request, "clients/file_form.html", {**context, "form": form}, status=422)
    changes, seen = form.changes(), form.seen_values()
    try:
        labels = changes.pop("new_tags", [])
        edit_file(client, row.pk, changes=changes, seen=seen, new_tags=labels)
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return render(request, "clients/file_form.html", {**context, "form": form, "conflict": True}, status=409)
    messages.success(request, "Fichier enregistré.")
    return redirect(address(client, form.cleaned_data["place"]))


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def selection(request: HttpRequest, pk: int) -> HttpResponse:
    """Several files: GET asks what to do with them (deleting cannot be undone), POST does it."""
    user = signed_in(request)
    client = client_or_404(user, pk)
    sent = request.POST if request.method == "POST" else request.GET
    files = _chosen(client, user, sent.getlist("files"))
    if request.method == "POST" and files:
        return _apply(request, client, files, user)
    context = {
        "client": client,
        "files": files,
        "deleting": sent.get("geste") == "supprimer",
        "choices": folder_choices(shelves(client, user)),
    }
    return render(request, "clients/files_selection.html", context, status=422 if request.method == "POST" else 200)


def _chosen(client: Client, user: User, keys: list[str]) -> list[StoredFile]:
    numbers = [int(key) for key in keys[:500] if key.isdecimal() and len(key) < 19]
    return list(client.files.allowed_to(user).filter(pk__in=numbers))


def _apply(request: HttpRequest, client: Client, files: list[StoredFile], user: User) -> HttpResponse:
    folder = request.POST.get("folder", "")
    if request.POST.get("geste") == "supprimer":
        count = delete_files(client, files, by=user)
        messages.success(request, f"{plural(count, 'fichier supprimé', 'fichiers supprimés')}.")
        return redirect(address(client))
    if folder and folder not in {shelf.key for shelf in shelves(client, user)}:
        raise Refused("Ce dossier n’existe plus, ou ne vous est pas accessible. Rechargez la page.")
    moved = move_files(client, files, folder=folder)
    messages.success(request, f"{plural(moved, 'fichier déplacé', 'fichiers déplacés')}.")
    return redirect(address(client, folder))


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def new_folder(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    client = client_or_404(user, pk)
    form = FolderForm(request.POST or None, shelves=shelves(client, user))
    if request.method == "POST" and form.is_valid():
        try:
            made = create_folder(client, name=form.cleaned_data["name"], within=form.cleaned_data["within"])
            messages.success(request, f"Dossier «\u00a0{made.name}\u00a0» créé.")
            return redirect(address(client, made.key))
        except Refused as refused:
            form.add_error("name", refused.reason)
    status = 422 if request.method == "POST" else 200
    return render(request, "clients/folder_form.html", {"client": client, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def folder(request: HttpRequest, pk: int, folder: int) -> HttpResponse:
    """Rename, or with `delete` delete when empty. One of the program's answers 409 to both."""
    user = signed_in(request)
    client = client_or_404(user, pk)
    # Among those that the user sees: what is inside Pièces commerciales is not for everybody.
    row = get_object_or_404(client.folders.filter(pk__in=[shelf.pk for shelf in shelves(client, user)]), pk=folder)
    form = RenameForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and "delete" in request.POST:
        delete_folder(client, row.pk)
        messages.success(request, f"Dossier «\u00a0{row.name}\u00a0» supprimé.")
        return redirect(address(client))
    if request.method == "POST" and form.is_valid():
        rename_folder(client, row.pk, name=form.cleaned_data["name"])
        messages.success(request, "Dossier renommé.")
        return redirect(address(client, row.key))
    context = {"client": client, "form": form, "folder": row}
    return render(request, "clients/folder_form.html", context, status=422 if request.method == "POST" else 200)
