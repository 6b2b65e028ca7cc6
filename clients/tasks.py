"""The room's ticks."""

from celery import shared_task

from clients.actions import exports


@shared_task(name=exports.WORK)
def work_exports() -> None:
    """Do the files that are due, oldest first."""
    while exports.work_one():
        pass


@shared_task(name="clients.delete_old_exports")
def delete_old_exports() -> None:
    exports.delete_old_files()
