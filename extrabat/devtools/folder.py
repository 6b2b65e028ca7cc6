"""The data folder of `make run`: made, held by one process at a time, deleted."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from extrabat.devtools.leftovers import end_predecessors, read_record
from extrabat.devtools.parts import Config
from extrabat.devtools.words import RefusalError, say, shown


def make_folder(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        data.chmod(0o700)
        (data / "logs").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise RefusalError(f"{data} cannot be used ({error.strerror}). Give DATA_DIR a folder of yours") from None


@contextmanager
def alone(data: Path, record: Path) -> Iterator[None]:
    """Hold the folder's lock: the kernel lets go of it however this process ends."""
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            url = read_record(record).get("url") or "an address that it will tell in a moment"
            raise RefusalError(f"already running at {url} (data in {shown(data)}/)") from None
        yield


def reset(config: Config) -> int:
    """Delete the data folder, and nothing that is not one."""
    data = config.data
    if not data.exists():
        say(f"{shown(data)}/ does not exist: nothing to delete")
        return 0
    if any(data.iterdir()) and not (data / "lock").exists():
        raise RefusalError(f"{data} is no data folder of Extrabat: nothing was deleted. Correct DATA_DIR")
    with alone(data, data / "run.json"):
        end_predecessors(data / "run.json", config.marker)
        cluster = (data / "postgres").resolve()
        for folder in (cluster, cluster.with_name("postgres.run"), data):
            shutil.rmtree(folder, ignore_errors=folder != data)
        with suppress(OSError):
            cluster.parent.rmdir()
    say(f"{shown(data)}/ deleted; make run makes a new one")
    return 0
