"""The one-time link by which a person chooses his password: signed, never stored, never logged."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.timezone import now

from extrabat.lib.rooms import sign_in_mail
from settings_app.users.models import User


class _OneTimeToken(PasswordResetTokenGenerator):
    """Django's, which dies with the password, and with the next link as well."""

    key_salt = "settings_app.users.links"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        made = user.link_made_at.isoformat() if user.link_made_at else ""
        return f"{super()._make_hash_value(user, timestamp)}{made}"


_token = _OneTimeToken()


def one_time_path(user: User) -> tuple[str, str]:
    """The two parts of a link that lets `user` choose a password, once, within PASSWORD_RESET_TIMEOUT.

    Writes the instant on the user: every link made before stops working.
    """
    user.link_made_at = now()
    user.save(update_fields=["link_made_at"])
    return urlsafe_base64_encode(str(user.pk).encode()), _token.make_token(user)


def ends_at(user: User) -> datetime | None:
    """Until when the last link works, if one was made."""
    return user.link_made_at and user.link_made_at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def owner_of(uid: str, token: str) -> User | None:
    """Whose link this is, while it works."""
    try:
        key = int(urlsafe_base64_decode(uid).decode())
    except (ValueError, OverflowError):
        return None
    user = User.objects.filter(pk=key, is_active=True).first()
    return user if user and _token.check_token(user, token) else None


@transaction.atomic
def choose_password(user: User, token: str, password: str) -> bool:
    """Set it if the link still works: of two who open one link at once, the second is told that it is used.

    The new password ends every session, as Django compares each with it.
    """
    row = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not row.is_active or not _token.check_token(row, token):
        return False
    row.set_password(password)
    row.save(update_fields=["password"])
    return True


def send(user: User, url: str) -> bool:
    """Also write to him, once a room has registered how; gives whether it did."""
    for mail in sign_in_mail:
        if user.email:
            mail.send(user, url)
            return True
    return False
