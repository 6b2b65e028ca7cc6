"""A database of the first days, brought up to date: nothing is lost, and it becomes what a new one is.

`tests/fixtures/first_demo.sql.gz` is the demo company of the first commit that could load one, saved by
`pg_dump --no-owner --no-privileges --no-comments` after `migrate` and `load_demo`, with the passwords taken out.
Its 39 clients, their addresses, numbers and e-mails are invented.
"""

import gzip
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from extrabat.production import postgres
from tests.operating import Server, empty_server, manage, python, rows

FIXTURE = Path(__file__).parents[1] / "fixtures" / "first_demo.sql.gz"


@pytest.fixture(scope="module")
def upgraded() -> Iterator[Server]:
    with empty_server() as server:
        dump = gzip.decompress(FIXTURE.read_bytes())
        words = [str(server.bin / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", server.owner]
        loaded = subprocess.run(words, input=dump, capture_output=True, check=False)
        assert loaded.returncode == 0, loaded.stderr.decode()
        migrated = manage(server.env, "migrate", "--database=owner", "--no-input")
        assert migrated.returncode == 0, migrated.stderr
        yield server


def test_what_was_there_is_still_there(upgraded: Server) -> None:
    for table, count in {
        "clients_client": 39,
        "clients_address": 36,
        "settings_app_user": 6,
        "settings_app_store": 1,
        "auth_group": 4,
    }.items():
        assert rows(upgraded.owner, f"SELECT count(*) FROM {table}") == [(count,)], table
    assert rows(upgraded.owner, "SELECT last_name, first_name, mobile_1, email FROM clients_client WHERE id = 1") == [
        ("Fabre", "Hélène", "+33639980100", "client01@exemple.fr")
    ]
    # The trail only grows.
    assert rows(upgraded.owner, "SELECT count(*) FROM settings_app_auditentry WHERE id <= 158") == [(158,)]


def test_it_opens_and_searches_and_keeps_its_guards(upgraded: Server) -> None:
    assert rows(upgraded.app, "SELECT count(*) FROM clients_clientsearch") == [(39,)]
    seen = json.loads(
        python(
            upgraded.env,
            """
import json
from django.test import Client as Browser
from settings_app.users.models import User
browser = Browser()
browser.force_login(User.objects.get(username="claire"), backend="settings_app.users.backend.HouseBackend")
pages = [browser.get(a) for a in ("/", "/clients/", "/clients/1/", "/clients/1/modifier/", "/clients/?q=helene+fab")]
print(json.dumps([[page.status_code, "fabre" in page.content.decode().lower()] for page in pages]))
""",
        )
    )
    assert [status for status, _ in seen] == [200] * 5
    assert [named for _, named in seen[2:]] == [True, True, True]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(upgraded.app, "DELETE FROM settings_app_auditentry")


@pytest.mark.django_db
def test_it_has_what_a_new_database_has(upgraded: Server) -> None:
    """Columns, triggers, constraints (all of them proved on the old rows), indexes, functions."""
    connection.ensure_connection()
    with psycopg.connect(upgraded.owner) as old:
        new = connection.connection
        assert postgres.migrations(old) == postgres.migrations(new)
        assert postgres.objects(old) == postgres.objects(new)
        columns = (
            "SELECT table_name, column_name, data_type, is_nullable, is_generated, character_maximum_length"
            " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        )
        assert old.execute(columns).fetchall() == new.execute(columns).fetchall()
        assert old.execute("SELECT conname FROM pg_constraint WHERE NOT convalidated").fetchall() == []
