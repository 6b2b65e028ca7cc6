"""What people uploaded, kept once by its content however many backups name it."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage, storages

from extrabat.production.postgres import BackupError

BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """One file: its name in the storage, bytes, nanoseconds of its last change, hexadecimal SHA-256.

    The last two are empty for files of a bucket, which are named and not copied.
    """

    name: str
    size: int
    changed: int = 0
    sha256: str = ""


def uploads() -> Storage:
    return storages["files"]


def folder(storage: Storage) -> Path | None:
    """Where files lie on this machine; None when they live in a bucket."""
    return Path(storage.location) if isinstance(storage, FileSystemStorage) else None


def copy_into(pool: Path, root: Path, known: dict[str, Kept]) -> list[Kept]:
    """Add to the pool what it does not hold; a file of the same size and date as in `known` is not read again."""
    kept = []
    for path in sorted(_walk(root)):
        name = path.relative_to(root).as_posix()
        try:
            kept.append(_copy_one(pool, path, name, known.get(name)))
        except FileNotFoundError:
            # Deleted since it was listed; if a row of the backup names it, the manifest says so.
            continue
    return kept


def _copy_one(pool: Path, path: Path, name: str, before: Kept | None) -> Kept:
    facts = path.stat()
    same = before and (before.size, before.changed) == (facts.st_size, facts.st_mtime_ns)
    if before and same and place(pool, before.sha256).is_file():
        return before
    partial = pool / ".partial"
    total, size = hashlib.sha256(), 0
    with path.open("rb") as source, partial.open("wb") as target:
        while block := source.read(BLOCK):
            total.update(block)
            size += target.write(block)
        target.flush()
        os.fsync(target.fileno())
    final = place(pool, total.hexdigest())
    final.parent.mkdir(exist_ok=True)
    partial.replace(final)
    return Kept(name, size, facts.st_mtime_ns, total.hexdigest())


def listed(storage: Storage) -> list[Kept]:
    """Names and sizes of a bucket's files, asked through the storage's own API."""

    def within(prefix: str) -> Iterator[Kept]:
        folders, names = storage.listdir(prefix)
        for name in names:
            path = f"{prefix}/{name}".lstrip("/")
            yield Kept(path, storage.size(path))
        for inner in folders:
            yield from within(f"{prefix}/{inner}".lstrip("/"))

    return sorted(within(""), key=lambda kept: kept.name)


def place(pool: Path, sha256: str) -> Path:
    return pool / sha256[:2] / sha256


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write_list(path: Path, kept: list[Kept]) -> None:
    path.write_text("".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in kept), encoding="utf-8")


def read_list(path: Path) -> list[Kept]:
    try:
        return [Kept(**_checked(json.loads(line))) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError, TypeError):
        raise BackupError(f"{path} cannot be read: the list of files is damaged") from None


def _checked(line: dict[str, Any]) -> dict[str, Any]:
    """A name is written under the folder of files: one that leads out of it is no name of ours."""
    if Path(line["name"]).is_absolute() or ".." in Path(line["name"]).parts:
        raise ValueError("a name that leads out")
    if line["sha256"] and not (len(line["sha256"]) == 64 and line["sha256"].isalnum()):
        raise ValueError("no checksum")
    return line


def damaged(pool: Path, kept: list[Kept]) -> list[str]:
    """The names whose bytes the pool has no more, or has otherwise."""
    wrong = []
    for one in kept:
        path = place(pool, one.sha256)
        if not path.is_file() or digest(path) != one.sha256:
            wrong.append(one.name)
    return wrong


def copy_out(pool: Path, root: Path, kept: list[Kept]) -> None:
    """Write the files under `root`, closed to others as the storage does."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in kept:
        target = root / one.name
        for parent in reversed(target.relative_to(root).parents[:-1]):
            (root / parent).mkdir(mode=0o700, exist_ok=True)
        partial = target.with_name(f"{target.name}.partial")
        with place(pool, one.sha256).open("rb") as source, partial.open("wb") as output:
            partial.chmod(0o600)
            while block := source.read(BLOCK):
                output.write(block)
        os.utime(partial, ns=(one.changed, one.changed))
        partial.replace(target)


def _walk(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
