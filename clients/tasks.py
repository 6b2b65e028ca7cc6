"""The room's ticks."""

from celery import shared_task

from clients.actions import previews


@shared_task(name="clients.make_previews")
def make_previews() -> None:
    previews.make_previews()
