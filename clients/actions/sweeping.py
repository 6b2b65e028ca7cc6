"""Stored bytes that no row names: left by a process that died between the two, swept the night after the next."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from clients.actions.files import discard, store
from clients.models import StoredFile

# What add_files and the previews write, and nothing else that somebody may have put there.
OURS: Final = re.compile(r"\A(?P<key>[0-9a-f]{40})(?:-preview\.jpg|-thumbnail\.jpg)?\Z")
FOLDER: Final = re.compile(r"\A[0-9a-f]{2}\Z")
# Keys asked of the database at once.
AT_ONCE: Final = 1000


def sweep(*, before: datetime) -> int:
    """Delete bytes older than `before` that no row names; give how many.

    What is younger may still be waiting for its row. Folder by folder through Django's storage: the disk and S3 alike.
    """
    gone = 0
    for names in _parts():
        keys = {name: key for name in names if (key := _key(name))}
        rows = StoredFile.objects.filter(storage_key__in=set(keys.values()))
        named = set(rows.values_list("storage_key", flat=True))
        orphans = [name for name, key in keys.items() if key not in named and _is_older(name, before)]
        discard(orphans)
        gone += len(orphans)
    return gone


def _parts() -> Iterator[list[str]]:
    for folder in filter(FOLDER.match, store().listdir("")[0]):
        names = sorted(store().listdir(folder)[1])
        for start in range(0, len(names), AT_ONCE):
            yield [f"{folder}/{name}" for name in names[start : start + AT_ONCE]]


def _key(name: str) -> str:
    """The key of the row that would name these bytes; empty for what is not ours to judge."""
    folder, _, last = name.partition("/")
    found = OURS.match(last)
    return f"{folder}/{found['key']}" if found and last.startswith(folder) else ""


def _is_older(name: str, before: datetime) -> bool:
    try:
        return store().get_modified_time(name) < before
    except FileNotFoundError:
        return False
