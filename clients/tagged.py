"""Files by their tags, across clients: one finding for the search field and the page (DOC-05, SEA-05)."""

from collections.abc import Sequence
from functools import lru_cache

from clients.domain.searching import read, stands
from clients.models import FileTag, StoredFile
from clients.models.files import StoredFileQuerySet
from clients.search import PLACES, Mode
from extrabat.lib.text import normalise
from settings_app.users.models import User

# The same dozens of labels at each letter that is typed.
_key = lru_cache(maxsize=1_000)(normalise)


def visible(user: User) -> StoredFileQuerySet:
    """Files that the user may see, but those of clients in the Corbeille."""
    return StoredFile.objects.visible_to(user).filter(client__status__is_trash=False)


def tags_found(typed: str, mode: Mode) -> list[FileTag]:
    """Tags whose label holds every word. There are dozens of them, and none is told before a file that bears it."""
    if mode == "exact":
        key = normalise(typed)
        return [tag for tag in FileTag.objects.all() if _key(tag.label) == key]
    needles = read(typed)
    held = stands(needles, PLACES[mode])
    return [tag for tag in FileTag.objects.all() if needles and held(f" {_key(tag.label)} ")]


def files_of(user: User, tags: Sequence[FileTag]) -> StoredFileQuerySet:
    """Files that bear one of `tags`, newest first."""
    # Not a join: a file that bears two of them is one file.
    bearing = StoredFile.tags.through.objects.filter(filetag__in=tags).values("storedfile")
    rows = visible(user).filter(pk__in=bearing) if tags else StoredFile.objects.none()
    return rows.select_related("client", "folder").prefetch_related("tags").order_by("-uploaded_at", "-pk")
