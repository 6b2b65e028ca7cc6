"""What every test leans on: a database of its own, emptied by its owner.

The schema is migrated once, by the owner, into a template; each worker works on its own copy, as the program's role.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.services import SERVICES, TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Once for the whole run, migrate the template and gather the assets; then give this process its own copy."""
    import fcntl

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from extrabat import celery  # noqa: F401  # as wsgi.py does
    from extrabat.devtools import assets

    name = "test_" + os.environ.get("PYTEST_XDIST_WORKER", "main")
    owner_url = os.environ["DATABASE_OWNER_URL"]
    folder = Path(os.environ[SERVICES])
    with django_db_blocker.unblock(), (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            call_command("migrate", database="owner", verbosity=0, interactive=False)
            connections.close_all()
            assets.build(Path(settings.BASE_DIR))
            call_command("collectstatic", verbosity=0, interactive=False)
            (folder / "ready").touch()
        with psycopg.connect(owner_url, dbname="postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
    for alias in ("default", "owner"):
        settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True, scope="session")
def _transactional_tests_are_cleaned_by_the_owner(django_db_blocker: Any) -> Iterator[None]:
    """Django's flush is a TRUNCATE, which the program's role may not do and append-only tables refuse."""
    from django.test import TransactionTestCase

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_tables())
        yield


KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission"}


def empty_tables() -> None:
    """Empty every table as its owner, triggers asleep, and load the starting rows again."""
    from django.db import connection

    from extrabat.lib.rooms import starting_rows

    tables = ", ".join(t for t in connection.introspection.table_names() if t not in KEPT_TABLES)
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=name, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(f"TRUNCATE {tables} RESTART IDENTITY")
    for rows in starting_rows:
        rows.load("default")


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Sessions and counters of failed sign-ins never pass from one test to the next."""
    yield
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def _served_files_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A web server closes an answer it has sent; Django's test client, only one whose content was read."""
    from django.test import Client

    ask = Client.request
    answers: list[Any] = []

    def note(self: Client, **request: Any) -> Any:
        answers.append(ask(self, **request))
        return answers[-1]

    monkeypatch.setattr(Client, "request", note)
    yield
    for answer in answers:
        for close in answer._resource_closers if answer.streaming else ():
            close()


def program_environment() -> dict[str, str]:
    """The environment for a process of ours that must see this process's test database."""
    from django.db import connection

    env = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        env[name] = env[name].replace(f"/{TEMPLATE}?", f"/{connection.settings_dict['NAME']}?")
    return env


@pytest.fixture
def program_env(db: None) -> dict[str, str]:
    return program_environment()


@pytest.fixture(autouse=True)
def _no_anchor(settings: Any) -> None:
    """Each test begins a chain of its own: the file that notes how far another one went says nothing of it."""
    settings.SEAL_ANCHOR = ""
