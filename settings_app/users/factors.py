"""Second factors: what a person has, what is added, used, taken away. Secrets are sealed with the field keys."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.core.cache import cache
from django.db import transaction

from extrabat.lib.refusals import Refused
from extrabat.lib.secrets import SealError, needs_rotation, seal, unseal
from settings_app.users import attempts
from settings_app.users.models import User

Type = Authenticator.Type
# What each kind keeps in `data` that opens a door; the public half of a passkey opens none.
SECRETS = {Type.TOTP: "secret", Type.RECOVERY_CODES: "seed"}


@dataclass(frozen=True)
class Passkey:
    factor: Any

    @property
    def name(self) -> str:
        return str(self.factor.data["name"])


@dataclass(frozen=True)
class Factors:
    """What one person has; `codes_left` is None without recovery codes."""

    totp: Any
    passkeys: list[Passkey]
    codes_left: int | None

    @property
    def any(self) -> bool:
        return bool(self.totp or self.passkeys)


def factors_of(user: User) -> Factors:
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    codes = next((row for row in rows if row.type == Type.RECOVERY_CODES), None)
    return Factors(
        totp=next((row for row in rows if row.type == Type.TOTP), None),
        passkeys=[Passkey(row) for row in rows if row.type == Type.WEBAUTHN],
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )


def is_totp_code(user: User, secret: str, code: str) -> bool:
    """A code of the application opens once: whoever read it over a shoulder comes too late."""
    if not validate_totp_code(secret, code):
        return False
    life = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    return bool(cache.add(f"totp-used:{user.pk}:{normalize_user_code(code)}", 1, timeout=life))


def matching_factor(user: User, code: str) -> Any:
    """The factor that `code` proves, a recovery code being used up by it, or None."""
    for factor in Authenticator.objects.filter(user=user, type__in=SECRETS):
        if factor.type == Type.TOTP:
            is_right = is_totp_code(user, decrypt(factor.data["secret"]), code)
        else:
            is_right = factor.wrap().validate_code(code)
        if is_right:
            # Read again: a used recovery code was written on another copy of the row.
            return Authenticator.objects.get(pk=factor.pk)
    return None


@transaction.atomic
def enrol_totp(user: User, secret: str) -> bool:
    """Begin to ask for the application's codes; tell whether recovery codes were made along."""
    _lock(user)
    if Authenticator.objects.filter(user=user, type=Type.TOTP).exists():
        raise Refused("Une application est déjà enregistrée. Retirez-la avant d’en enregistrer une autre.")
    TOTP.activate(user, secret)
    return _make_first_codes(user)


@transaction.atomic
def enrol_passkey(user: User, name: str, credential: dict[str, Any]) -> bool:
    """Add a passkey; tell whether recovery codes were made along."""
    _lock(user)
    WebAuthn.add(user, name, credential)
    return _make_first_codes(user)


def _make_first_codes(user: User) -> bool:
    if Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).exists():
        return False
    RecoveryCodes.activate(user)
    return True


@transaction.atomic
def renew_codes(user: User) -> None:
    """New recovery codes; the former ones open nothing any more."""
    _lock(user)
    if not has_factor(user):
        raise Refused("Les codes de secours accompagnent une application ou une clé. Enregistrez-en une d’abord.")
    Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)


@transaction.atomic
def codes_to_show(user: User) -> list[str]:
    """The recovery codes, the first time that they are asked for; nothing afterwards."""
    factor = Authenticator.objects.select_for_update().filter(user=user, type=Type.RECOVERY_CODES).first()
    if factor is None or factor.wrap().did_view:
        return []
    codes = factor.wrap()
    codes.mark_as_viewed()
    return list(codes.get_unused_codes())


@transaction.atomic
def remove_factor(factor: Any) -> None:
    """Take one factor away, and the recovery codes with the last of them."""
    user = factor.user
    _lock(user)
    factor.delete()
    if not has_factor(user):
        Authenticator.objects.filter(user=user).delete()


@transaction.atomic
def reset_factors(user: User, *, by: User | None) -> int:
    """A lost phone: take every factor of `user` away and give how many there were; `by` None is the command line.

    Nobody resets his own: he removes them after having said again who he is.
    """
    if by is not None and by.pk == user.pk:
        raise Refused("Vos propres moyens se retirent depuis «\u00a0Sécurité du compte\u00a0».")
    _lock(user)
    rows = Authenticator.objects.filter(user=user)
    count = int(rows.exclude(type=Type.RECOVERY_CODES).count())
    rows.delete()
    attempts.forget(user)
    return count


def has_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user).exclude(type=Type.RECOVERY_CODES).exists())


def _lock(user: User) -> None:
    """One change at a time for one person."""
    User.objects.select_for_update().get(pk=user.pk)


def reseal(batch: int, unreadable: Counter[str]) -> Iterator[int]:
    """Seal with the first key what another one sealed, `batch` rows at a time, and give how many.

    What no key opens is left and counted by its reason; without factors nothing is given.
    """
    last = 0
    while True:
        with transaction.atomic():
            sealed = Authenticator.objects.select_for_update().filter(type__in=SECRETS, pk__gt=last)
            rows = list(sealed.order_by("pk")[:batch])
            if not rows:
                return
            written = sum(_reseal(row, unreadable) for row in rows)
        yield written
        last = rows[-1].pk


def _reseal(row: Any, unreadable: Counter[str]) -> bool:
    name = SECRETS[row.type]
    try:
        if not needs_rotation(row.data[name]):
            return False
        row.data[name] = seal(unseal(row.data[name]))
    except SealError as error:
        # Its message names a key at most.
        unreadable[str(error)] += 1
        return False
    row.save(update_fields=["data"])
    return True


def as_json(options: dict[str, Any]) -> str:
    """What the server asks of a passkey, for the script that hands it to the browser."""
    return json.dumps(options)
