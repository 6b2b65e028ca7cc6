"""Codes are guessed as passwords are: after a few wrong ones the person waits, whatever address asks.

Counted before the code is looked at, so that a hundred guesses sent at once are not a hundred looks.
"""

from axes.helpers import get_cool_off
from django.conf import settings
from django.core.cache import cache

from settings_app.users.models import User


def pause() -> int:
    """Seconds."""
    cool_off = get_cool_off()
    return int(cool_off.total_seconds()) if cool_off else 0


def take(user: User) -> bool:
    """Use up one attempt; False when none is left."""
    key = _key(user)
    cache.add(key, 0, timeout=pause())
    try:
        return bool(cache.incr(key) <= settings.AXES_FAILURE_LIMIT)
    except ValueError:  # it ran out between the two
        return take(user)


def forget(user: User) -> None:
    cache.delete(_key(user))


def _key(user: User) -> str:
    return f"code-attempts:{user.pk}"
