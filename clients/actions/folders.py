"""Folders of a client's porte-doc: the four of the program, which stay as they are, and those that people make."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count

from clients.models import Client, Folder, StoredFile, SystemFolder
from extrabat.lib.refusals import Refused
from settings_app.users.models import User

GONE = "Ce dossier n’existe plus\u00a0: une autre personne vient de le supprimer. Rechargez la page."
SAME_NAME = "Un dossier de ce nom existe déjà."


@dataclass(frozen=True)
class Shelf:
    """A folder as the page lists it; a folder of the program shows before its row exists. `pk` is 0 then."""

    key: str
    name: str
    count: int
    is_inner: bool = False
    is_system: bool = False
    pk: int = 0


def shelves(client: Client, user: User) -> list[Shelf]:
    """Folders that the user may see, inner ones below theirs, with how many files he may see in each."""
    rows = list(client.folders.all())
    counts = dict(
        StoredFile.objects.filter(client=client)
        .allowed_to(user)
        .order_by()
        .values_list("folder_id")
        .annotate(total=Count("*"))
    )
    return list(_shelves(rows, counts, with_pieces=user.has_perm("settings_app.see_prices")))


def _shelves(rows: list[Folder], counts: dict[int | None, int], *, with_pieces: bool) -> Iterator[Shelf]:
    system = {row.system: row for row in rows if row.is_system}
    for kind in SystemFolder:
        if kind == SystemFolder.PIECES and not with_pieces:
            continue
        row = system.get(kind)
        yield Shelf(kind, kind.label, counts.get(row.pk, 0) if row else 0, is_system=True, pk=row.pk if row else 0)
        yield from _inner(row, rows, counts)
    for row in rows:
        if not row.is_system and row.parent_id is None:
            yield Shelf(row.key, row.name, counts.get(row.pk, 0), pk=row.pk)
            yield from _inner(row, rows, counts)


def _inner(parent: Folder | None, rows: list[Folder], counts: dict[int | None, int]) -> Iterator[Shelf]:
    for row in rows:
        if parent and row.parent_id == parent.pk:
            yield Shelf(row.key, row.name, counts.get(row.pk, 0), is_inner=True, pk=row.pk)


def folder_of(client: Client, key: str) -> Folder | None:
    """The folder that `key` names, None for no folder. One of the program's is written when it is first asked for.

    It is held until the end of the caller's transaction: nobody deletes it while something is put into it.
    """
    if not key:
        return None
    if key in SystemFolder.values:
        kind = SystemFolder(key)
        row, _ = Folder.objects.get_or_create(client=client, system=kind, defaults={"name": kind.label})
        return row
    rows = client.folders.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    if found is None:
        raise Refused(GONE)
    return found


@transaction.atomic
def create_folder(client: Client, *, name: str, within: str = "") -> Folder:
    """Make a folder, inside another one or none; the same name twice in one place is refused."""
    parent = folder_of(client, within)
    if parent and parent.parent_id:
        raise Refused("Un sous-dossier ne peut pas en contenir d’autres.")
    folder = Folder(client=client, parent=parent, name=_named(name, parent))
    _save(folder)
    return folder


@transaction.atomic
def rename_folder(client: Client, key: int, *, name: str) -> None:
    folder = _own(client, key)
    folder.name = _named(name, folder.parent)
    _save(folder)


@transaction.atomic
def delete_folder(client: Client, key: int) -> None:
    """Delete an empty folder: files are moved or deleted first, by somebody who sees which."""
    folder = _own(client, key)
    if folder.files.exists() or folder.children.exists():
        raise Refused("Ce dossier n’est pas vide. Déplacez ou supprimez d’abord ce qu’il contient.")
    folder.delete()


def _own(client: Client, key: int) -> Folder:
    folder = client.folders.select_for_update(of=("self",)).filter(pk=key).first()
    if folder is None:
        raise Refused(GONE)
    if folder.is_system:
        raise Refused(
            f"«\u00a0{folder.name}\u00a0» est un dossier du programme\u00a0: il ne se renomme ni ne se supprime."
        )
    return folder


def _named(name: str, parent: Folder | None) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise Refused("Donnez un nom à ce dossier.")
    # Those of the program have their names, whether their rows exist yet or not.
    if parent is None and tidy.casefold() in {label.casefold() for label in SystemFolder.labels}:
        raise Refused(SAME_NAME)
    return tidy[:80]


def _save(folder: Folder) -> None:
    try:
        with transaction.atomic():
            folder.validate_constraints()
            folder.save()
    except (ValidationError, IntegrityError) as error:
        raise Refused(SAME_NAME) from error
