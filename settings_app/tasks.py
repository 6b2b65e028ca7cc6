"""The room's ticks."""

from celery import shared_task

from settings_app.submissions import purge


@shared_task(name="settings_app.purge_submissions")
def purge_submissions() -> None:
    purge()
