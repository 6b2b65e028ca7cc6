"""The porte-doc: a client's files and folders, adding to them, and the files of a tag across clients."""

import uuid
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from clients.actions.files import Incoming, add_files
from clients.actions.folders import Shelf, shelves
from clients.domain.uploads import KINDS, TAKEN, clean_name, inspect
from clients.models import Client, FileTag, SystemFolder
from clients.search import Mode
from clients.tagged import files_of, tags_found, visible
from clients.views.home import frame, visible_client
from extrabat.lib.french import plural
from extrabat.lib.refusals import Refused
from settings_app.preferences.registry import search_mode
from settings_app.submissions import token_of
from settings_app.users.access import may, signed_in
from settings_app.users.models import User

PAGE_SIZE = 60
MOST_AT_ONCE = 50
PHOTOS_ONLY = "Vous pouvez ajouter des photos seulement."


@dataclass
class Sorted:
    """What was sent, in two heaps."""

    good: list[Incoming] = field(default_factory=list)
    bad: list[tuple[str, str]] = field(default_factory=list)


def client_or_404(user: User, pk: int) -> Client:
    return get_object_or_404(Client.objects.visible_to(user).in_lists(), pk=pk)


def address(client: Client, folder: str = "") -> str:
    where = reverse("clients:files", args=[client.pk])
    return f"{where}?dossier={folder}" if folder else where


@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; and files sent to it, by its form or one by one by upload.js, which asks for JSON."""
    user, client = signed_in(request), visible_client(request, pk)
    if request.method == "GET":
        return _show(request, client)
    # Who may not change the client brings photos from the site, and nothing else.
    photos_only = not may(user, "change_clients")
    folder = SystemFolder.PHOTOS if photos_only else request.POST.get("folder", "")
    _refuse_hidden(folder, client, user)
    sent = _sort(request, photos_only=photos_only)
    token = token_of(request.POST.get("token"))
    batch = token_of(request.POST.get("batch") or token)
    stored = 0
    if sent.good:
        stored = add_files(client, by=user, sent=sent.good, folder=folder, token=token, batch=batch)
    return _answer(request, client, folder, stored, sent.bad)


def _refuse_hidden(folder: str, client: Client, user: User) -> None:
    if folder and folder not in {shelf.key for shelf in shelves(client, user)}:
        raise Refused("Ce dossier n’existe plus, ou ne vous est pas accessible. Rechargez la page.")


def _sort(request: HttpRequest, *, photos_only: bool) -> Sorted:
    sent = Sorted()
    for position, file in enumerate(request.FILES.getlist("files")):
        try:
            sent.good.append(_judge(file, position, photos_only=photos_only))
        except Refused as refused:
            sent.bad.append((clean_name(file.name or ""), refused.reason))
    return sent


def _judge(file: "UploadedFile[Any]", position: int, *, photos_only: bool) -> Incoming:
    if position >= MOST_AT_ONCE:
        raise Refused(f"Pas plus de {MOST_AT_ONCE} fichiers à la fois. Envoyez-le ensuite.")
    found = inspect(file.name or "", file.file, file.size or 0)  # type: ignore[arg-type]  # django-stubs: IO or None
    if photos_only and not found.is_picture:
        raise Refused(PHOTOS_ONLY)
    return Incoming(found, file)


def _answer(request: HttpRequest, client: Client, folder: str, stored: int, bad: list[tuple[str, str]]) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        failed = [{"name": name, "reason": reason} for name, reason in bad]
        return JsonResponse({"stored": stored, "failed": failed}, status=200 if stored else 422)
    if not stored:
        return _show(request, client, failed=bad or [("", "Choisissez au moins un fichier.")], status=422)
    messages.success(request, f"{plural(stored, 'fichier ajouté', 'fichiers ajoutés')}.")
    for name, reason in bad[:5]:
        messages.error(request, f"{name}\u00a0: {reason}")
    return redirect(address(client, folder))


def _show(
    request: HttpRequest, client: Client, *, failed: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    user = signed_in(request)
    folders = shelves(client, user)
    shelf = next((s for s in folders if s.key == (request.POST.get("folder") or request.GET.get("dossier"))), None)
    every = client.files.allowed_to(user)
    tag = _tag(request.GET.get("etiquette"))
    rows = _listed(every, shelf, tag)
    query = request.GET.copy()
    query.pop("page", None)
    context = frame(request, client) | {
        "shelves": folders,
        "shelf": shelf,
        "tag": tag,
        "tags": FileTag.objects.filter(files__in=every).distinct(),
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "totals": every.aggregate(count=Count("*"), size=Sum("size")),
        "query": query.urlencode(),
        "failed": failed,
        "photos_only": not may(user, "change_clients"),
        "token": str(uuid.uuid4()),
        "accept": ",".join(KINDS),
        "taken": TAKEN,
    }
    return render(request, "clients/files.html", context, status=status)


def _tag(key: str | None) -> FileTag | None:
    return FileTag.objects.filter(pk=int(key)).first() if key and key.isdecimal() and len(key) < 19 else None


def _listed(rows: Any, shelf: Shelf | None, tag: FileTag | None) -> Any:
    if shelf:
        rows = rows.filter(folder=shelf.pk)
    if tag:
        rows = rows.filter(tags=tag)
    return rows.select_related("folder").prefetch_related("tags").order_by("-uploaded_at", "-pk")


@require_GET
def tagged(request: HttpRequest) -> HttpResponse:
    """Files of a tag, or of those that `q` finds, of every client whom the user may see (DOC-05)."""
    user = signed_in(request)
    tag, typed = _tag(request.GET.get("tag")), request.GET.get("q", "").strip()[:100]
    chosen = [tag] if tag else tags_found(typed, cast(Mode, search_mode.of(user)))
    tags = FileTag.objects.annotate(total=Count("files", filter=Q(files__in=visible(user)))).filter(total__gt=0)
    # Said again: Django drops a model's own order from what it groups.
    tags = tags.order_by("label")
    page = Paginator(files_of(user, chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"tag": tag, "typed": tag.label if tag else typed, "tags": tags, "page": page, "query": query.urlencode()}
    return render(request, "clients/files_tagged.html", context)
