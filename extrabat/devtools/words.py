"""What `make run` says to who started it, and the reasons for which it ends."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

LARGEST_LOG = 5_000_000


class StepError(Exception):
    """A step that failed: what, why, what to do."""

    def __init__(self, step: str, reason: str, advice: str = "", log: Path | None = None) -> None:
        sentence = f"{step} failed: {one_line(reason).rstrip('.')}."
        super().__init__(f"{sentence} {advice}".strip() + (f" (log: {log})" if log else ""))


class RefusalError(Exception):
    """Nothing was started: what stands in the way, in one line."""


class StopAsked(Exception):  # noqa: N818  # a wish, not an error
    """Ctrl+C or SIGTERM."""


class StopAtOnce(Exception):  # noqa: N818
    """The second of them."""


def one_line(text: object) -> str:
    return " ".join(str(text).split())[:400]


def say(line: str, to: int = 1) -> None:
    """Unbuffered: the terminal may have been closed, and the end must not stumble over it."""
    with suppress(OSError):
        os.write(to, f"{line}\n".encode())


def told(name: str, started: float) -> None:
    say(f"  {name:<18}{time.monotonic() - started:5.1f} s")


def shown(folder: Path) -> Path:
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def last_words(log: Path) -> str:
    """The line of a log that says what went wrong: after a traceback the one that names the error."""
    try:
        lines = [line for line in log.read_text(errors="replace").splitlines()[-300:] if line.strip()]
    except OSError:
        lines = []
    frames = [number for number, line in enumerate(lines) if line.startswith("  File ")]
    after = lines[frames[-1] + 1 :] if frames else lines[::-1]
    told = [line for line in after if not line.startswith((" ", "{"))]
    return one_line((told or lines[-1:] or ["it said nothing"])[0])


def rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
