"""Bytes without a row: swept when they are a day old, in the real store and by the real task."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.timezone import now

from clients.actions.previews import make_previews
from clients.actions.sweeping import sweep
from clients.tasks import sweep_files
from extrabat.celery import app
from tests.factories import make_client, make_file

pytestmark = pytest.mark.django_db
KEY = "ab" + "0123456789" * 3 + "01234567"


def put(name: str, *, days: float) -> str:
    """Bytes that have lain in the store for so many days."""
    store = storages["files"]
    store.delete(name)
    store.save(name, ContentFile(b"orphan"))
    age(name, days)
    return name


def age(name: str, days: float) -> None:
    when = (now() - timedelta(days=days)).timestamp()
    os.utime(Path(storages["files"].path(name)), (when, when))


def there(*names: str) -> list[bool]:
    return [storages["files"].exists(name) for name in names]


def test_old_bytes_without_a_row_go_and_all_else_stays() -> None:
    row = make_file(make_client())
    make_previews()
    kept = [row.storage_key, row.preview_key, row.thumbnail_key]
    for name in kept:
        age(name, 400)
    old = [put(f"ab/{KEY}{tail}", days=1.1) for tail in ("", "-preview.jpg", "-thumbnail.jpg")]
    young = put(f"ab/{KEY[:-1]}a", days=0.9)
    others = [put("ab/notice.pdf", days=400), put("autre/" + KEY, days=400), put(f"cd/{KEY}", days=400)]
    assert there(*kept, *old, young, *others) == [True] * 10
    sweep_files()
    assert there(*kept) == [True] * 3
    assert there(*old) == [False] * 3
    assert there(young, *others) == [True] * 4
    for name in (young, *others):
        storages["files"].delete(name)


def test_a_second_night_finds_nothing_and_rows_that_went_leave_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    from clients.actions import sweeping

    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    rows = [make_file(make_client()) for _ in range(2)]
    sweep(before=now() - timedelta(days=1))
    keys = [row.storage_key for row in rows]
    # Gone without the action that also deletes the bytes.
    rows[0].delete()
    extra = [put(f"ab/{KEY[:-1]}{last}", days=2) for last in "0123456"]
    for key in keys:
        age(key, 2)
    assert sweep(before=now() - timedelta(days=1)) == 8
    assert there(*keys, *extra) == [False, True, *[False] * 7]
    assert sweep(before=now() - timedelta(days=1)) == 0


def test_each_night_it_is_due() -> None:
    entry = app.conf.beat_schedule["sweep-files"]
    assert entry["task"] == sweep_files.name
    assert entry["schedule"].hour == {3}
