"""The room's ticks."""

from datetime import timedelta

from celery import shared_task
from django.db import connection
from django.utils.timezone import now

from clients.actions import exports, previews, sweeping


@shared_task(name="clients.forget_words")
def forget_words() -> None:
    """Words of names that were changed or erased leave the search's dictionary the night after."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clients_forget_words()")


@shared_task(name="clients.make_previews")
def make_previews() -> None:
    previews.make_previews()


@shared_task(name=exports.WORK)
def work_exports() -> None:
    """Do the files that are due, oldest first."""
    while exports.work_one():
        pass


@shared_task(name="clients.delete_old_exports")
def delete_old_exports() -> None:
    exports.delete_old_files()


@shared_task(name="clients.sweep_files")
def sweep_files() -> None:
    """Bytes without a row go when they are a day old: an upload never takes so long."""
    sweeping.sweep(before=now() - timedelta(days=1))
