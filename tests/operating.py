"""The program as its operator handles it: commands in a process of their own, a server beside the tests' own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from extrabat.devtools.services import Postgres, provision


def manage(env: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "manage.py", *map(str, arguments)]
    return subprocess.run(words, env=env, capture_output=True, text=True, check=False, cwd=settings.BASE_DIR)


def python(env: dict[str, str], script: str) -> str:
    """What a script prints, run with the program's settings."""
    env = env | {"DJANGO_SETTINGS_MODULE": "extrabat.settings"}
    words = [sys.executable, "-c", f"import django; django.setup()\n{script}"]
    ran = subprocess.run(words, env=env, capture_output=True, text=True, check=False, cwd=settings.BASE_DIR)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def rows(url: str, query: str) -> list[Any]:
    with psycopg.connect(url, autocommit=True) as connection:
        return list(connection.execute(query).fetchall())


@dataclass
class Server:
    """Another cluster, on which only the two roles and an empty database exist."""

    env: dict[str, str]
    bin: Path

    @property
    def owner(self) -> str:
        return self.env["DATABASE_OWNER_URL"]

    @property
    def app(self) -> str:
        return self.env["DATABASE_URL"]


@contextmanager
def empty_server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="xr-"))
    folder.chmod(0o711)
    postgres = Postgres(folder / "postgres", durable=False)
    postgres.start()
    try:
        urls = provision(postgres)
        ours = {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner, "DATA_DIR": str(folder / "data")}
        yield Server({**os.environ, **ours}, postgres.bin)
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
