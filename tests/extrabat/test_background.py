"""The real worker and the real beat: tasks are done, signs of life reach /sante/."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client as Browser
from django.utils.timezone import now

from clients.models import ExportJob
from extrabat.lib.rooms import QueuedWork, queued_work
from extrabat.lib.wake import wake
from settings_app.models import AuditEntry, Store, Submission
from settings_app.submissions import purge
from tests.factories import make_client, make_user
from tests.waiting import wait_for

CELERY = [str(Path(sys.executable).with_name("celery")), "-A", "extrabat.celery"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def processes(program_env: dict[str, str], tmp_path: Path) -> Iterator[None]:
    """A worker and a beat on this test's own database and queue."""
    quiet: dict[str, Any] = {"env": program_env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    schedule = ["--schedule", str(tmp_path / "schedule"), "--pidfile="]
    worker = subprocess.Popen([*CELERY, "worker", "-c", "1", "-n", f"{tmp_path.name}@test"], **quiet)
    beat = subprocess.Popen([*CELERY, "beat", *schedule], **quiet)
    yield
    for process in (beat, worker):
        process.send_signal(signal.SIGTERM)
    for process in (beat, worker):
        process.wait(timeout=30)


@pytest.fixture(autouse=True)
def _empty_queue() -> Iterator[None]:
    cache._cache.get_client().flushdb()  # type: ignore[attr-defined]
    yield
    cache._cache.get_client().flushdb()  # type: ignore[attr-defined]


def test_the_worker_does_what_it_is_woken_for(processes: None, client: Browser) -> None:
    user = make_user()
    for token, age in (("00000000-0000-4000-8000-000000000000", 8), ("00000000-0000-4000-8000-000000000001", 6)):
        Submission.objects.create(token=token, user=user)
        Submission.objects.filter(token=token).update(at=now() - timedelta(days=age))
    with transaction.atomic():
        wake("settings_app.purge_submissions")
    wait_for(lambda: Submission.objects.count() == 1, what="the purge")
    assert Submission.objects.get().token.hex.endswith("1")

    def all_well() -> bool:
        return client.get("/sante/").status_code == 200

    wait_for(all_well, what="every heart")
    body = client.get("/sante/").json()
    assert body["ok"]
    assert body["database"] == {"ok": True}
    assert body["worker"]["ok"]
    assert body["beat"]["ok"]
    assert body["oldest_queued_s"] is None


def test_what_a_task_writes_is_signed_by_the_task(processes: None, program_env: dict[str, str]) -> None:
    """Nobody is signed in at night: the trail names the task."""
    store = Store.objects.earliest("pk")
    trigger = f"""
        CREATE FUNCTION touch_store() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE settings_app_store SET city = 'Pertuis' WHERE id = {store.pk}; RETURN OLD; END $$;
        CREATE TRIGGER touch AFTER DELETE ON settings_app_submission FOR EACH ROW EXECUTE FUNCTION touch_store();
    """
    import psycopg

    with psycopg.connect(program_env["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(trigger)
        try:
            Submission.objects.create(token="00000000-0000-4000-8000-000000000009", user=make_user())
            Submission.objects.update(at=now() - timedelta(days=30))
            wake("settings_app.purge_submissions")
            lines = AuditEntry.objects.filter(model="settings_app.store", verb="change")
            wait_for(lines.exists, what="the task's line")
            assert lines.get().source == "tâche settings_app.purge_submissions"
            assert lines.get().actor_id is None
        finally:
            owner.execute("DROP FUNCTION touch_store CASCADE")


def test_the_worker_makes_the_file_that_was_asked_for(processes: None, client: Browser) -> None:
    clients = [make_client(last_name=f"Nom{number}") for number in range(3)]
    client.force_login(make_user())
    address = client.post("/clients/exports/", {"format": "xlsx"})["Location"]
    wait_for(lambda: ExportJob.objects.get().state == "done", what="the file")
    assert ExportJob.objects.get().done == len(clients)
    response = client.get(f"{address}fichier/")
    assert b"".join(response.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


def test_without_worker_and_beat_health_says_who_is_silent(client: Browser) -> None:
    response = client.get("/sante/")
    body = response.json()
    assert response.status_code == 503
    assert not body["ok"]
    assert body["database"]["ok"]
    assert body["broker"]["ok"]
    assert body["worker"] == {"ok": False, "age_s": None}
    assert body["beat"] == {"ok": False, "age_s": None}


def test_health_says_how_long_the_oldest_work_waits(client: Browser) -> None:
    wake("settings_app.purge_submissions")
    queued_work.add(QueuedWork("essai", lambda: now() - timedelta(minutes=2)))
    try:
        body = client.get("/sante/").json()
    finally:
        queued_work.remove("essai")
    assert body["broker"]["waiting"] == 1
    assert 0 <= body["broker"]["oldest_s"] < 30
    assert 119 < body["oldest_queued_s"] < 150


def test_health_without_broker_or_database(client: Browser, settings: pytest.FixtureRequest) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"  # type: ignore[attr-defined]
    body = client.get("/sante/").json()
    assert body["broker"] == {"ok": False}
    assert not body["worker"]["ok"]
    assert body["database"]["ok"]


def test_a_rolled_back_action_wakes_nobody() -> None:
    broker = cache._cache.get_client()  # type: ignore[attr-defined]
    with transaction.atomic():
        wake("settings_app.purge_submissions")
        transaction.set_rollback(True)
    assert broker.llen("celery") == 0


def test_a_lost_hint_is_not_a_lost_action(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The broker is down: the row is written all the same, a tick will find it."""
    from celery import current_app

    monkeypatch.setattr(current_app.conf, "broker_url", "redis+socket:///nowhere/valkey.sock")

    def unreachable(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(current_app, "send_task", unreachable)
    with transaction.atomic():
        Submission.objects.create(token="00000000-0000-4000-8000-000000000003", user=make_user())
        wake("settings_app.purge_submissions")
    assert Submission.objects.count() == 1
    assert "the next tick will do it" in caplog.text


def test_any_thread_of_the_web_server_wakes_the_same_worker() -> None:
    def work() -> None:
        wake("settings_app.purge_submissions")
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=20)
    assert cache._cache.get_client().llen("celery") == 1  # type: ignore[attr-defined]


def test_purging_keeps_a_week() -> None:
    user = make_user()
    Submission.objects.create(token="00000000-0000-4000-8000-000000000001", user=user)
    assert purge() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE settings_app_submission SET at = now() - interval '7 days 1 minute'")
    assert purge() == 1
