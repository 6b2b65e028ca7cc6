"""The room's ticks."""

from celery import shared_task
from django.db import connection


@shared_task(name="clients.forget_words")
def forget_words() -> None:
    """Words of names that were changed or erased leave the search's dictionary the night after."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clients_forget_words()")
