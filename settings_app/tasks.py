"""The room's ticks."""

from celery import shared_task

from settings_app.audit.queries import forget_sign_ins
from settings_app.submissions import purge
from settings_app.users.connections import forget


@shared_task(name="settings_app.purge_submissions")
def purge_submissions() -> None:
    purge()


@shared_task(name="settings_app.forget_connections")
def forget_connections() -> None:
    forget()


@shared_task(name="settings_app.forget_sign_ins")
def forget_old_sign_ins() -> None:
    forget_sign_ins()
