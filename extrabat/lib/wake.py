"""Waking a worker: a hint after commit. The table is the truth; a tick finds what a lost hint missed."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake(task_name: str, *args: int | str) -> None:
    """Send the task once the transaction is committed. A broker that is down loses the hint, not the work."""

    def send() -> None:
        try:
            current_app.send_task(task_name, args=args)
        except (OperationalError, ConnectionError, OSError):
            logger.warning("broker unreachable, the next tick will do it", extra={"task": task_name})

    transaction.on_commit(send)
