"""Where a person is signed in, and ending it (« Mes connexions »).

allauth.usersessions would read and write a row at each request; here a row is written once in five minutes.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now

from extrabat.lib.browsers import browser_words
from settings_app.users.models import User, UserSession

FRESH: Final = timedelta(minutes=5)
# In this process: which sessions were written lately, by the clock that never goes back. Forgotten whole when long.
_lately: dict[str, float] = {}
_ROOM: Final = 10_000


class ConnectionMiddleware:
    """Notes where each session is used. After the answer is made; nothing at all for a session noted lately."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Asking `request.user` here would load it for pages that never did.
        user = request.__dict__.get("_cached_user")
        if isinstance(user, User) and request.session.session_key:
            note(request, user)
        return response


def note(request: HttpRequest, user: User) -> None:
    key = request.session.session_key
    tick = time.monotonic()
    if key is None or _lately.get(key, 0) > tick:
        return
    if len(_lately) >= _ROOM:
        _lately.clear()
    _lately[key] = tick + FRESH.total_seconds()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO settings_app_usersession (user_id, key, browser, address, opened_at, seen_at)"
            " VALUES (%s, %s, %s, %s, now(), now()) ON CONFLICT (key) DO UPDATE"
            " SET user_id = excluded.user_id, browser = excluded.browser, address = excluded.address, seen_at = now()",
            [user.pk, key, browser_words(request.headers.get("User-Agent", "")), _address(request)],
        )


def _address(request: HttpRequest) -> str | None:
    try:
        return get_adapter(request).get_client_ip(request) or None
    except PermissionDenied:
        return None


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    if request.session.session_key is None:
        request.session.save()
    note(request, user)


def open_sessions(user: User) -> list[UserSession]:
    """Where `user` is signed in now, last seen first: what expired or lost its password is not told."""
    rows = list(user.sessions.all())
    stored = Session.objects.filter(pk__in=[row.key for row in rows], expire_date__gt=now())
    alive = {session.pk for session in stored if _is_of(user, session.get_decoded())}
    return [row for row in rows if row.key in alive]


def _is_of(user: User, data: dict[str, Any]) -> bool:
    told = data.get(HASH_SESSION_KEY, "")
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return data.get(SESSION_KEY) == str(user.pk) and any(constant_time_compare(told, known) for known in hashes)


def end_sessions(user: User, *, keep: str | None = None, only: int | None = None) -> int:
    """End the sessions of `user` but that of the key `keep`, or the one of the row `only`; give how many.

    Whatever is on its way in such a session is answered 400 or sent to the door, as Django does.
    """
    rows = user.sessions.exclude(key=keep) if keep else user.sessions.all()
    if only is not None:
        rows = rows.filter(pk=only)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = list(rows)
    for row in ended:
        store(row.key).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in ended]).delete()
    return len(ended)


def forget() -> int:
    """Drop the rows whose session is no more; give how many."""
    alive = Session.objects.filter(expire_date__gt=now()).values("pk")
    deleted, _ = UserSession.objects.exclude(key__in=alive).delete()
    return deleted
