"""The door's own lines in the audit trail."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import user_logged_in
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from settings_app.audit.context import becomes
from settings_app.users.models import User
from settings_app.users.sign_ins import SignInEvent


@receiver(user_logged_in)
def came_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Until now nobody was behind the request."""
    becomes(user.pk)
    records = get_authentication_records(request, user)
    # Every door opened anew says its method again; only this sign-in's count.
    since = max((n for n, record in enumerate(records) if record["method"] == "password"), default=0)
    method = " ".join(str(record.get("type", record["method"])) for record in records[since:])
    SignInEvent.objects.create(user=user, event=SignInEvent.Event.IN, method=method[:60])


@receiver(user_logged_out)
def went_out(user: Any, **_kwargs: Any) -> None:
    if isinstance(user, User) and user.pk:
        SignInEvent.objects.create(user=user, event=SignInEvent.Event.OUT)
