"""A folder of backups: one folder a backup with its dump, its list of files and its manifest; the files beside them."""

import fcntl
import json
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from extrabat.production.files import Kept, place, read_list
from extrabat.production.postgres import BackupError

FORMAT = 1
MANIFEST, DUMP, LIST, POOL = "manifest.json", "database.dump", "files.jsonl", "files"
PARTIAL = ".partial-"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z")


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `probes` are words sealed with each key, to know it by without it."""

    format: int
    made_at: str
    program: str
    postgres: int
    migrations: list[str]
    tables: dict[str, int]
    objects: dict[str, list[str]]
    dump_sha256: str
    list_sha256: str
    bucket: str
    missing_files: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    probes: dict[str, str] = field(default_factory=dict)


def program_version() -> str:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def backups(root: Path) -> list[Path]:
    """The finished backups of a folder, oldest first."""
    return sorted(path for path in root.glob("*") if _NAME.fullmatch(path.name) and (path / MANIFEST).is_file())


def newest(path: Path) -> Path:
    """The backup meant by a path: itself, or the newest of a folder of them. Raises BackupError."""
    if (path / MANIFEST).is_file():
        return path
    found = backups(path)
    if not found:
        raise BackupError(f"{path} holds no finished backup")
    return found[-1]


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the folder of backups for one process; what it writes is closed to other accounts. Raises BackupError."""
    mask = os.umask(0o077)
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupError(f"another backup is being written to {root}") from None
            for left in root.glob(f"{PARTIAL}*"):
                shutil.rmtree(left)
            (root / POOL).mkdir(exist_ok=True)
            yield
    finally:
        os.umask(mask)


@contextmanager
def begun(root: Path) -> Iterator[Path]:
    """A folder to fill, which takes its name only when all went well. Raises BackupError."""
    final = root / datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    if final.exists():
        raise BackupError(f"{final} exists already: wait a second")
    partial = root / f"{PARTIAL}{final.name}"
    partial.mkdir()
    try:
        yield partial
        partial.rename(final)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        made_with = int(read["format"])
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, KeyError):
        raise BackupError(f"{path} is damaged: it does not read as a manifest") from None
    if made_with != FORMAT:
        raise BackupError(f"{path} is of format {made_with}, and this program knows {FORMAT}: use the one that made it")
    try:
        return Manifest(**read)
    except TypeError:
        raise BackupError(f"{path} is damaged: parts of the manifest are missing") from None


def known_files(root: Path) -> dict[str, Kept]:
    """The files of the last backup, by name: what did not change since is not read again."""
    found = backups(root)
    if not found:
        return {}
    try:
        return {kept.name: kept for kept in read_list(found[-1] / LIST)}
    except BackupError:
        return {}


def prune(root: Path, keep: int) -> list[str]:
    """Delete all but the newest `keep` backups (at least 1), then the files that none of them names.

    Inside `alone`: a backup being written names its files last. Returns the names of the deleted. Files stay where a
    list that remains cannot be read: better too many.
    """
    gone = backups(root)[:-keep]
    for folder in gone:
        # Without its manifest it is no backup any more, should the deletion be interrupted.
        (folder / MANIFEST).unlink()
        shutil.rmtree(folder)
    try:
        named = {place(root / POOL, one.sha256) for folder in backups(root) for one in read_list(folder / LIST)}
    except BackupError:
        return [folder.name for folder in gone]
    for path in (root / POOL).glob("*/*"):
        if path not in named:
            path.unlink()
    return [folder.name for folder in gone]
