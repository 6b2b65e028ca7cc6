"""The room's ticks."""

from celery import shared_task
from django.utils.timezone import localdate

from commerce.actions import closings, print_jobs


@shared_task(name="commerce.close_periods")
def close_periods() -> None:
    """Days that ended are closed the night after; the first tick after a stop catches up."""
    closings.close_periods(before=localdate())


@shared_task(name=print_jobs.WORK)
def work_prints() -> None:
    """Do the prints that are due, oldest first."""
    while print_jobs.work_one():
        pass


@shared_task(name="commerce.delete_old_prints")
def delete_old_prints() -> None:
    print_jobs.delete_old_files()
