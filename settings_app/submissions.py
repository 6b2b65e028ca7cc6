"""A form sent twice writes once: double clicks, replays and impatient networks (PAY-16)."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, models
from django.utils.timezone import now

from extrabat.lib.refusals import Refused

if TYPE_CHECKING:
    from settings_app.users.models import User


class Submission(models.Model):
    """One form as sent. The primary key is what makes a second one impossible; `result` says where it led."""

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    result = models.CharField(max_length=200)

    class Meta:
        verbose_name = "envoi de formulaire"
        default_permissions = ()
        indexes = [models.Index(fields=["at"], name="submission_at")]

    def __str__(self) -> str:
        return str(self.token)


def token_of(sent: str | None) -> str:
    """The token that came back with a form, or a new one for a form that is shown or was meddled with."""
    try:
        return str(uuid.UUID(sent or ""))
    except ValueError:
        return str(uuid.uuid4())


def earlier_result(token: str, *, by: "User") -> str | None:
    """Claim `token` inside the caller's transaction; None for the first, else the result of the one before.

    A twin that is still being written is waited for (the insert waits on its key), so both get the same answer;
    if that one rolls back, this one goes on as the first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO settings_app_submission (token, user_id, at, result) VALUES (%s, %s, now(), '')"
            " ON CONFLICT (token) DO NOTHING",
            [token, by.pk],
        )
        if cursor.rowcount:
            return None
    earlier = Submission.objects.get(token=token)
    if earlier.user_id != by.pk:
        raise Refused("Ce formulaire a déjà été envoyé par une autre personne. Rechargez la page.")
    return earlier.result


def was_recorded(token: str, *, by: "User") -> bool:
    """Has the form with this token been written? Claims nothing."""
    return Submission.objects.filter(token=token, user_id=by.pk).exclude(result="").exists()


def record_result(token: str, result: str) -> None:
    Submission.objects.filter(token=token).update(result=result)


def purge() -> int:
    """Forget tokens older than a week, long after any retry; give how many."""
    deleted, _ = Submission.objects.filter(at__lt=now() - timedelta(days=7)).delete()
    return deleted
