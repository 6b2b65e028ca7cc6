"""Previews and thumbnails, made by the worker from the rows that say they are due; nothing hangs on a message."""

import logging
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Min

from clients.actions.files import store
from clients.models import StoredFile
from extrabat.lib.pictures import render

logger = logging.getLogger(__name__)
# A picture that killed the worker so many times is left alone.
MOST_TRIES = 3
Preview = StoredFile.Preview


def make_previews() -> int:
    """Make all that are due, give how many. Several workers share the work; a tick takes up what one dropped."""
    _give_up()
    made = 0
    while (key := _claim()) is not None:
        try:
            made += _make(key)
        except Exception:
            # The store is down, not the picture bad: the next tick tries again, and this try does not count.
            logger.exception("store unreachable, the next tick will do it")
            StoredFile.objects.filter(pk=key, tries__gt=0).update(tries=F("tries") - 1)
            break
    return made


def oldest_due() -> datetime | None:
    found: datetime | None = StoredFile.objects.filter(preview=Preview.DUE).aggregate(at=Min("uploaded_at"))["at"]
    return found


@transaction.atomic
def _give_up() -> None:
    rows = StoredFile.objects.select_for_update(skip_locked=True).filter(preview=Preview.DUE, tries__gte=MOST_TRIES)
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).update(preview=Preview.FAILED)


@transaction.atomic
def _claim() -> int | None:
    """Count the try before it is made: a worker that dies of it must not forget it."""
    due = StoredFile.objects.select_for_update(skip_locked=True).filter(preview=Preview.DUE, tries__lt=MOST_TRIES)
    row = due.order_by("tries", "uploaded_at", "pk").first()
    if row is None:
        return None
    StoredFile.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    return row.pk


@transaction.atomic
def _make(key: int) -> int:
    """Under the row's lock: who deletes the file waits, and then finds these bytes too."""
    due = StoredFile.objects.select_for_update(skip_locked=True).filter(pk=key, preview=Preview.DUE)
    row = due.first()
    if row is None:
        return 0
    with store().open(row.storage_key) as file:
        content = file.read()
    try:
        preview, thumbnail = render(content)
    except Exception:
        # A spoilt picture: it is kept and can be downloaded, there is nothing to look at.
        logger.warning("picture does not open", extra={"file": row.pk}, exc_info=True)
        StoredFile.objects.filter(pk=key).update(preview=Preview.FAILED)
        return 0
    for name, made in ((row.preview_key, preview), (row.thumbnail_key, thumbnail)):
        # One that an interrupted try left behind; a store would otherwise choose another name.
        store().delete(name)
        store().save(name, ContentFile(made))
    StoredFile.objects.filter(pk=key).update(preview=Preview.DONE)
    return 1
