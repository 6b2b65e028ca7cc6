"""The room's ticks."""

from celery import shared_task
from django.utils.timezone import localdate

from commerce.actions import closings


@shared_task(name="commerce.close_periods")
def close_periods() -> None:
    """Days that ended are closed the night after; the first tick after a stop catches up."""
    closings.close_periods(before=localdate())
