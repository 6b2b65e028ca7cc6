"""The drill: the demo company saved while somebody writes, restored into an empty cluster, and lived in."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from extrabat.production import archive
from tests.conftest import empty_tables, program_environment
from tests.operating import Server, empty_server, manage, python, rows

IBAN = "FR7630006000011234567890189"
# Bytes of no picture: the drill compares them, nobody opens them.
PHOTO, REPORT = b"\x89PNG piscine" * 5000, b"%PDF-1.7 rapport"


def refusal(env: dict[str, str], *arguments: str | Path) -> str:
    ran = manage(env, "restore", *arguments)
    assert ran.returncode == 1, ran.stdout
    assert "Traceback" not in ran.stderr
    return ran.stderr


@dataclass
class Drill:
    """A running company and, beside it, what was saved of it."""

    env: dict[str, str]
    root: Path
    said: str
    iban_of: int

    @property
    def backup(self) -> Path:
        return archive.backups(self.root)[0]


@pytest.fixture(scope="module")
def drill(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    folder = tmp_path_factory.mktemp("saved")
    with django_db_blocker.unblock():
        env = program_environment() | {"DATA_DIR": str(folder / "data")}
        try:
            loaded = manage(env, "load_demo")
            assert loaded.returncode == 0, loaded.stderr
            client = _something_of_every_kind(env)
            with _somebody_writes(env):
                ran = manage(env, "backup", folder / "backups")
            assert ran.returncode == 0, ran.stderr
            yield Drill(env, folder / "backups", ran.stdout, client)
        finally:
            empty_tables()
            connections.close_all()


def _something_of_every_kind(env: dict[str, str]) -> int:
    """An IBAN, and two files with their rows."""
    files = Path(env["DATA_DIR"]) / "files"
    (files / "aa").mkdir(parents=True)
    (files / "aa" / "photo").write_bytes(PHOTO)
    (files / "rapport").write_bytes(REPORT)
    script = f"""
import uuid
from clients.models import Client, StoredFile
client = Client.objects.order_by("pk").first()
client.iban = "{IBAN}"; client.save()
for key, size in (("aa/photo", {len(PHOTO)}), ("rapport", {len(REPORT)})):
    StoredFile.objects.create(client=client, name="x.pdf", size=size, content_type="application/pdf",
        sha256="0" * 64, storage_key=key, batch=uuid.uuid4())
print(client.pk)
"""
    return int(python(env, script))


class _somebody_writes:  # read as a sentence
    """Rows come and go from before the backup begins until after it has ended."""

    def __init__(self, env: dict[str, str]) -> None:
        self.url = env["DATABASE_URL"]
        self.stop, self.began = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._write)
        self.rows = 0

    def _write(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            while not self.stop.is_set():
                connection.execute("INSERT INTO clients_filetag (label) VALUES (%s)", [f"tag {self.rows}"])
                self.rows += 1
                self.began.set()

    def __enter__(self) -> None:
        self.thread.start()
        assert self.began.wait(30)

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        self.thread.join()


@pytest.fixture(scope="module")
def empty_cluster() -> Iterator[Server]:
    with empty_server() as server:
        yield server


def copy_of(drill: Drill, tmp_path: Path) -> Path:
    """A backup of one's own, to be spoilt."""
    shutil.copytree(drill.root, tmp_path / "backups")
    return tmp_path / "backups" / drill.backup.name


def test_the_keys_are_told_and_not_in_it(drill: Drill) -> None:
    assert "It opens with the keys tests of FIELD_KEYS, which are not in it" in drill.said
    secret = settings.FIELD_KEYS[0].partition(":")[2].encode()
    kept = [path for path in drill.root.rglob("*") if path.is_file()]
    assert not [
        path for path in kept if secret in path.read_bytes() or settings.SECRET_KEY.encode() in path.read_bytes()
    ]
    assert {oct(path.stat().st_mode & 0o777) for path in kept} == {"0o600"}
    assert not list(drill.root.glob(".partial*"))


def test_a_damaged_backup_a_missing_part_another_key_are_refused_before_anything_is_written(
    drill: Drill, tmp_path: Path, settings: Any
) -> None:
    """pytest-django lets nothing here reach a database: the checks come before it."""
    spoilt = copy_of(drill, tmp_path)
    dump = spoilt / archive.DUMP
    sound = dump.read_bytes()
    dump.write_bytes(sound[:5000] + bytes([sound[5000] ^ 1]) + sound[5001:])
    assert "database.dump is damaged: its checksum is not the manifest's" in refused(spoilt)
    dump.unlink()
    assert "database.dump is missing" in refused(spoilt)
    dump.write_bytes(sound)
    photo = next(path for path in (spoilt.parent / archive.POOL).glob("*/*") if path.read_bytes() == PHOTO)
    photo.unlink()
    assert "1 files are missing or damaged, the first is aa/photo" in refused(spoilt)
    photo.write_bytes(PHOTO)
    manifest = (spoilt / archive.MANIFEST).read_text()
    (spoilt / archive.MANIFEST).write_text(manifest.replace("clients.0001_initial", "clients.9999_later"))
    assert "it was made by a newer program (clients.9999_later)" in refused(spoilt)
    (spoilt / archive.MANIFEST).write_text(manifest[:200])
    assert "manifest.json is damaged" in refused(spoilt)
    assert "holds no finished backup" in refused(tmp_path)
    for name in ("tests", "new"):
        settings.FIELD_KEYS = [f"{name}:{Fernet.generate_key().decode()}"]
        assert "FIELD_KEYS cannot open it: tests is missing or another key" in refused(drill.root)


def refused(folder: Path) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("restore", folder)
    return str(caught.value)


def test_the_drill(drill: Drill, empty_cluster: Server) -> None:
    checked = manage(empty_cluster.env, "restore", drill.root, "--check")
    assert checked.returncode == 0, checked.stderr
    restored = manage(empty_cluster.env, "restore", drill.root)
    assert restored.returncode == 0, restored.stderr
    assert "rows restored, as they were" in restored.stdout

    manifest = json.loads((drill.backup / archive.MANIFEST).read_text())
    owner, app = empty_cluster.owner, empty_cluster.app
    assert manifest["tables"]["clients_client"] == 400
    assert rows(owner, "SELECT count(*) FROM clients_client") == [(400,)]
    for table, count in manifest["tables"].items():
        assert rows(owner, f'SELECT count(*) FROM "{table}"') == [(count,)], table
    # Others wrote before, during and after: the manifest tells the dump's own moment.
    ended = rows(drill.env["DATABASE_URL"], "SELECT count(*) FROM clients_filetag")[0][0]
    assert 0 < manifest["tables"]["clients_filetag"] < ended

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(app, "UPDATE settings_app_auditentry SET source = 'x'")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(app, "TRUNCATE clients_client CASCADE")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(app, "CREATE TABLE mine ()")

    files = Path(empty_cluster.env["DATA_DIR"]) / "files"
    assert (files / "aa" / "photo").read_bytes() == PHOTO
    assert (files / "rapport").read_bytes() == REPORT
    assert oct((files / "aa" / "photo").stat().st_mode & 0o777) == "0o600"
    seen = json.loads(python(empty_cluster.env, VISIT.format(pk=drill.iban_of)))
    assert seen == {"page": 200, "named": True, "iban": IBAN, "found": True, "audited": 1}

    again = refusal(empty_cluster.env, drill.root)
    assert "the database extrabat is not empty" in again
    assert "--force" in again
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    assert f"{files} is not empty" in refusal(empty_cluster.env, drill.root)
    forced = manage(empty_cluster.env, "restore", drill.root, "--force")
    assert forced.returncode == 0, forced.stderr
    assert rows(owner, "SELECT count(*) FROM clients_client") == [(400,)]


VISIT = """
import json
from django.conf import settings
from django.test import Client as Browser
from django.test.utils import override_settings
from clients.models import Client
from settings_app.models import AuditEntry
one = Client.objects.get(pk={pk})
browser = Browser()
assert browser.post("/connexion/", {{"login": "claire", "password": "demo"}}).status_code == 302
page = browser.get(f"/clients/{{one.pk}}/")
named = one.last_name.lower() in page.content.decode().lower()
before = AuditEntry.objects.count()
one.first_name = "Zoé-Restaurée"; one.save()
found = browser.get("/clients/?q=zoe-restauree").content.decode()
print(json.dumps({{"page": page.status_code, "named": named, "iban": one.iban,
    "found": f"/clients/{{one.pk}}/" in found, "audited": AuditEntry.objects.count() - before}}))
"""


def test_what_differs_after_a_restore_is_said_and_fails(drill: Drill, empty_cluster: Server, tmp_path: Path) -> None:
    wrong = copy_of(drill, tmp_path)
    path = wrong / archive.MANIFEST
    manifest = json.loads(path.read_text())
    manifest["tables"]["clients_client"] = 401
    manifest["objects"]["triggers"].append("clients_client.guard")
    path.write_text(json.dumps(manifest))
    told = refusal(empty_cluster.env, wrong, "--force")
    assert "clients_client: 401 rows were saved, 400 are there" in told
    assert "triggers missing: clients_client.guard" in told


def test_old_backups_go_and_the_files_of_the_kept_stay(drill: Drill, tmp_path: Path) -> None:
    first = copy_of(drill, tmp_path)
    files = Path(drill.env["DATA_DIR"]) / "files"
    (files / "aa" / "photo").unlink()
    (files / "nouveau").write_bytes(b"nouveau")
    second = manage(drill.env, "backup", first.parent, "--keep", "1")
    # The row of the photo is still there.
    assert second.returncode == 1
    assert "1 files that the database names were not found" in second.stderr
    assert f"deleted: {first.name}" in second.stdout
    assert not first.exists()
    pool = sorted(path.read_bytes() for path in (first.parent / archive.POOL).glob("*/*"))
    assert {REPORT, b"nouveau"} <= set(pool)
    assert PHOTO not in pool
    assert "keep 1 at least" in manage(drill.env, "backup", first.parent, "--keep", "0").stderr
    assert len(archive.backups(first.parent)) == 1


def test_a_backup_that_fails_leaves_nothing_behind(drill: Drill, tmp_path: Path) -> None:
    broken = drill.env | {"DATABASE_OWNER_URL": drill.env["DATABASE_URL"]}
    with psycopg.connect(drill.env["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE kept_from_the_program ()")
        try:
            ran = manage(broken, "backup", tmp_path)
        finally:
            owner.execute("DROP TABLE kept_from_the_program")
    assert ran.returncode == 1
    assert "No backup was made: pg_dump failed: " in ran.stderr
    assert archive.backups(tmp_path) == []
    assert not list(tmp_path.glob(".partial*"))
