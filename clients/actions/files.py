"""What can be done to files: taken in, told apart, moved, deleted, each told in the client's history."""

import hashlib
import logging
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import Q

from clients.actions.folders import folder_of
from clients.domain.uploads import Found, clean_name
from clients.models import Client, FileTag, Folder, HistoryEntry, StoredFile, SystemFolder
from extrabat.lib.french import plural
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import Conflict, apply_changes
from extrabat.lib.wake import wake
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

logger = logging.getLogger(__name__)
GONE: Final = "Ce fichier n’existe plus\u00a0: une autre personne vient de le supprimer."
MOST_TAGS: Final = 20


@dataclass(frozen=True)
class Incoming:
    """A file that was found good, and its bytes."""

    found: Found
    file: "File[bytes]"


def store() -> Storage:
    return storages["files"]


def add_files(client: Client, *, by: User, sent: Sequence[Incoming], folder: str, token: str, batch: str) -> int:
    """Store what was sent; give how many. The same `token` again stores nothing and gives what it gave.

    Files that come one by one with one `batch` share one line of the history.
    """
    written: list[str] = []
    try:
        with transaction.atomic():
            earlier = earlier_result(token, by=by)
            if earlier is not None:
                return int(earlier or 0)
            kept = [(incoming, *_write(incoming.file, written)) for incoming in sent]
            # Two uploads of one batch tell one line, one after the other.
            Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
            place = folder_of(client, folder)
            entry = _tell_added(client, by, place, batch, len(kept))
            for incoming, key, digest in kept:
                _row(client, by, incoming, key, digest, folder=place, batch=batch, entry=entry).save()
            record_result(token, str(len(kept)))
            wake("clients.make_previews")
    except BaseException:
        # Without their rows nobody would ever find these bytes.
        discard(written)
        raise
    return len(sent)


def keep_file(
    client: Client, *, folder: SystemFolder, name: str, content: bytes, content_type: str, by: User
) -> StoredFile:
    """Store what the program made itself, in the caller's transaction; bytes of one that fails are swept at night."""
    written: list[str] = []
    try:
        with transaction.atomic():
            key, digest = _write(ContentFile(content), written)
            return StoredFile.objects.create(
                client=client,
                folder=folder_of(client, folder),
                name=name,
                size=len(content),
                content_type=content_type,
                sha256=digest,
                storage_key=key,
                uploaded_by=by,
                batch=uuid.uuid4(),
            )
    except BaseException:
        discard(written)
        raise


def _write(file: "File[bytes]", written: list[str]) -> tuple[str, str]:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    name = secrets.token_hex(20)
    key = store().save(f"{name[:2]}/{name}", file)
    written.append(key)
    return key, digest.hexdigest()


def _row(client: Client, by: User, incoming: Incoming, key: str, digest: str, **more: Any) -> StoredFile:
    found = incoming.found
    return StoredFile(
        client=client,
        name=found.name,
        size=incoming.file.size,
        content_type=found.content_type,
        sha256=digest,
        storage_key=key,
        uploaded_by=by,
        taken_at=found.taken_at,
        width=found.width,
        height=found.height,
        preview=StoredFile.Preview.DUE if found.is_picture else StoredFile.Preview.NONE,
        **more,
    )


def _tell_added(client: Client, by: User, place: Folder | None, batch: str, count: int) -> HistoryEntry:
    before = StoredFile.objects.filter(client=client, uploaded_by=by, batch=batch, folder=place).exclude(entry=None)
    entry = HistoryEntry.objects.filter(pk__in=before.values("entry")).first()
    total = count + (before.count() if entry else 0)
    entry = entry or HistoryEntry(client=client, kind="file", by=by)
    where = f" dans {place.name}" if place else ""
    entry.text = f"{plural(total, 'fichier ajouté', 'fichiers ajoutés')}{where}"
    entry.save()
    return entry


@transaction.atomic
def edit_file(
    client: Client, key: int, *, changes: Mapping[str, Any], seen: Mapping[str, Any], new_tags: Iterable[str] = ()
) -> None:
    """Write what was changed, `place` being the key of its folder. Raises `Conflict`, with nothing written, over
    somebody else's newer values.
    """
    row = client.files.select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        raise Refused(GONE)
    columns, was = dict(changes), dict(seen)
    tags, tags_seen = columns.pop("tags", None), was.pop("tags", None)
    if "place" in columns:
        columns["folder"] = folder_of(client, columns.pop("place"))
        was["folder"] = folder_of(client, str(was.pop("place") or ""))
    if "name" in columns:
        columns["name"] = with_extension(columns["name"], row.name)
    try:
        names = apply_changes(row, columns, was)
    except Conflict as conflict:
        current = conflict.current
        if "folder" in current:
            current["place"] = row.folder.key if row.folder else ""
            del current["folder"]
        raise
    if names:
        row.save(update_fields=names)
    _set_tags(row, tags, tags_seen, new_tags)


def _set_tags(row: StoredFile, tags: Iterable[FileTag] | None, seen: Any, new: Iterable[str]) -> None:
    held = {tag.pk for tag in row.tags.all()}
    chosen = held if tags is None else {tag.pk for tag in tags}
    if tags is not None and held not in ({int(key) for key in seen or ()}, chosen):
        raise Conflict({"tags": sorted(held)})
    added = {tag_of(label).pk for label in new}
    if len(chosen | added) > MOST_TAGS:
        raise Refused(f"Un fichier ne peut pas avoir plus de {MOST_TAGS} étiquettes.")
    row.tags.set(chosen | added)


def tag_of(label: str) -> FileTag:
    """The tag of this label, whatever its capitals; made when there is none."""
    tidy = " ".join(label.split())[:40]
    return FileTag.objects.get_or_create(label__iexact=tidy, defaults={"label": tidy})[0]


def with_extension(typed: str, before: str) -> str:
    """The new name of a file: its extension stays, since it says what the file is."""
    extension = PurePath(before).suffix
    stem = typed if typed.lower().endswith(extension.lower()) else f"{typed}{extension}"
    return clean_name(stem)


@transaction.atomic
def move_files(client: Client, files: Iterable[StoredFile], *, folder: str) -> int:
    """Put files into a folder ("" for none); give how many really moved."""
    place = folder_of(client, folder)
    rows = client.files.filter(pk__in=[file.pk for file in files])
    elsewhere = rows.exclude(folder=place) if place is None else rows.filter(Q(folder=None) | ~Q(folder=place))
    return elsewhere.update(folder=place)


@transaction.atomic
def delete_files(client: Client, files: Iterable[StoredFile], *, by: User) -> int:
    """Delete rows now, their bytes once that is certain; a worker that is at one of them is waited for."""
    wanted = [file.pk for file in files]
    rows = list(client.files.select_for_update(of=("self",)).select_related("folder__parent").filter(pk__in=wanted))
    if not rows:
        return 0
    told = [row.name for row in rows if _may_be_told(row)]
    names = f"\u00a0: {', '.join(told[:5])}{'…' if len(told) > 5 else ''}" if told else ""
    text = f"{plural(len(rows), 'fichier supprimé', 'fichiers supprimés')}{names}"
    HistoryEntry.objects.create(client=client, kind="file", by=by, text=text)
    keys = [key for row in rows for key in (row.storage_key, row.preview_key, row.thumbnail_key)]
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    transaction.on_commit(_discarder(keys))
    return len(rows)


def _may_be_told(row: StoredFile) -> bool:
    """The history is read by people who may not see every file."""
    folder = row.folder
    above = folder.parent if folder else None
    return not row.is_restricted and SystemFolder.PIECES not in {f.system for f in (folder, above) if f}


def _discarder(keys: Sequence[str]) -> Callable[[], None]:
    return lambda: discard(keys)


def discard(keys: Sequence[str]) -> None:
    for key in keys:
        try:
            store().delete(key)
        except Exception:
            # The rows are gone: a store that is down must not fail what was done. The key is no personal data.
            logger.exception("bytes left in the store", extra={"key": key})
