"""The state in which a slow step last succeeded: the next start leaves it out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from extrabat.devtools.services import Urls

ROOT = Path(__file__).resolve().parents[2]


class Stamp:
    """Remembers the state in which a slow step last succeeded."""

    def __init__(self, file: Path, state: Callable[[], str]) -> None:
        self.file = file
        self.state = state

    def is_current(self) -> bool:
        with suppress(OSError):
            return self.file.read_text() == self.state() != ""
        return False

    def forget(self) -> None:
        self.file.unlink(missing_ok=True)

    def write(self) -> None:
        self.file.write_text(self.state())


def code_state() -> str:
    """Everything that migrate reads: migrations, models, rights, first rows, and the versions of the packages."""
    total = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for package in sorted(path.parent for path in ROOT.glob("*/__init__.py")):
        if package.name != "tests":
            for file in sorted(package.rglob("*.py")):
                total.update(f"{file.relative_to(ROOT)} ".encode() + file.read_bytes())
    return total.hexdigest()


def database_state(urls: Urls) -> str:
    """Tell which cluster this is, and which migrations it holds, whoever made them since."""
    import psycopg

    with psycopg.connect(urls.owner) as conn:
        cluster = conn.execute("SELECT system_identifier FROM pg_control_system()").fetchone()
        table = conn.execute("SELECT to_regclass('django_migrations')::text").fetchone()
        if not table or not table[0]:
            return f"{cluster} empty"
        made = conn.execute("SELECT md5(string_agg(app || name, ' ' ORDER BY id)) FROM django_migrations")
        return f"{cluster} {made.fetchone()}"
