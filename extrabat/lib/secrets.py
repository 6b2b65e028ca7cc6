"""Short texts encrypted at rest: `v1:<key id>:<Fernet token>`, with the keys of the setting FIELD_KEYS.

The first key encrypts, every key decrypts: to change keys, put a new one first, seal again what `needs_rotation`,
then take the old one away. No message here shows a key or a text.
"""

import re
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

_TOKEN: Final = re.compile(r"v1:(?P<id>[A-Za-z0-9_-]+):(?P<sealed>[A-Za-z0-9_=-]+)")
_PAIR: Final = re.compile(r"(?P<id>[A-Za-z0-9_-]+):(?P<key>[A-Za-z0-9_=-]+)")


class SealError(Exception):
    """A key is missing or wrong, or a text was altered; the message is for the operator."""


def seal(text: str) -> str:
    """Encrypt with the first key; an empty text stays empty."""
    return seal_with(next(iter(_keys())), text) if text else ""


def seal_with(key_id: str, text: str) -> str:
    """Encrypt with the key of that name, first or not. Raises KeyError when there is none."""
    return f"v1:{key_id}:{_keys()[key_id].encrypt(text.encode()).decode()}"


def unseal(token: str) -> str:
    """Decrypt with the key that the token names; an empty text stays empty. Raises SealError."""
    if not token:
        return ""
    key_id, sealed = _parts(token)
    fernet = _keys().get(key_id)
    if fernet is None:
        raise SealError(f"FIELD_KEYS has no key {key_id}: what it sealed cannot be read")
    try:
        return fernet.decrypt(sealed).decode()
    except InvalidToken:
        pass  # raised below: nothing of the token is chained
    raise SealError(f"what key {key_id} sealed cannot be read: the key is another one, or the text was altered")


def needs_rotation(token: str) -> bool:
    """Tell whether the text was sealed with another key than the first. Raises SealError."""
    return bool(token) and _parts(token)[0] != next(iter(_keys()))


def _parts(token: str) -> tuple[str, str]:
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise SealError("this text is not a sealed one")
    return match["id"], match["sealed"]


def _keys() -> dict[str, Fernet]:
    return _read_keys(tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=4)
def _read_keys(pairs: tuple[str, ...]) -> dict[str, Fernet]:
    keys: dict[str, Fernet] = {}
    for place, pair in enumerate(pairs, start=1):
        match = _PAIR.fullmatch(pair)
        fernet = _fernet(match["key"]) if match else None
        if match is None or fernet is None:
            raise SealError(f"FIELD_KEYS is wrong: item {place} is not id:key with a Fernet key")
        if match["id"] in keys:
            raise SealError(f"FIELD_KEYS is wrong: two keys are called {match['id']}")
        keys[match["id"]] = fernet
    if not keys:
        raise SealError("FIELD_KEYS is empty: give one or more id:key pairs, newest first")
    return keys


def _fernet(key: str) -> Fernet | None:
    try:
        return Fernet(key)
    except ValueError:
        return None
