"""What a killed supervisor left behind: found by the mark that all its processes carry, and ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from extrabat.devtools.services import LINUX, command_of

MARKER = "EXTRABAT_INSTANCE"


def read_record(file: Path) -> dict[str, object]:
    try:
        content = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def end_predecessors(record: Path, marker: str) -> None:
    """End what a killed supervisor left behind: groups that it wrote down and that still carry our mark."""
    groups = read_record(record).get("groups")
    left = [group for group in groups if isinstance(group, int)] if isinstance(groups, list) else []
    # Postgres takes SIGINT for a fast shutdown and would wait for its clients after SIGTERM.
    for sig, patience in ((signal.SIGTERM, 2.0), (signal.SIGINT, 3.0), (signal.SIGKILL, 5.0)):
        deadline = time.monotonic() + patience
        left = [group for group in left if is_ours(group, marker)]
        for group in left:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, sig)
        while time.monotonic() < deadline and any(is_ours(group, marker) for group in left):
            time.sleep(0.05)


def is_ours(group: int, marker: str) -> bool:
    """A number may have been given to another process since: only the mark tells."""
    return any(carries(pid, marker) for pid in members(group))


def members(group: int) -> list[int]:
    if not LINUX:
        listed = subprocess.run(["ps", "-axo", "pid=,pgid="], capture_output=True, text=True, check=False)
        pairs = [line.split() for line in listed.stdout.splitlines()]
        return [int(pid) for pid, of in pairs if int(of) == group]
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            # After the name in brackets, which may hold spaces: state, parent, group.
            state, _, of = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state != "Z":
                found.append(int(folder.name))
    return found


def carries(pid: int, marker: str) -> bool:
    if not LINUX:
        shown_env = subprocess.run(["ps", "eww", "-p", str(pid)], capture_output=True, text=True, check=False)
        return marker in shown_env.stdout
    with suppress(OSError):
        if f"{MARKER}={marker}".encode() in Path(f"/proc/{pid}/environ").read_bytes():
            return True
    return marker in command_of(pid)
