"""The keys of the seal (setting SEAL_KEYS) and its anchor, a file beside the database that tells a tail cut off.

The first key signs, all of them verify: a key is never taken away, or what it signed cannot be verified any more.
"""

import fcntl
import os
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

_LEAST: Final = 16


class SealKeyError(Exception):
    """SEAL_KEYS is wrong; the message is for the operator and shows no key."""


def keys() -> dict[str, bytes]:
    """All of them by name, the one that signs first."""
    found: dict[str, bytes] = {}
    for place, pair in enumerate(settings.SEAL_KEYS, start=1):
        name, colon, key = pair.partition(":")
        if not (name and colon and len(key) >= _LEAST) or name in found:
            raise SealKeyError(f"SEAL_KEYS is wrong: item {place} is not id:key with a key of {_LEAST} characters")
        found[name] = key.encode()
    if not found:
        raise SealKeyError("SEAL_KEYS is empty: give one or more id:key pairs, newest first")
    return found


def current() -> tuple[str, bytes]:
    return next(iter(keys().items()))


def anchor(seq: int, signature: str) -> None:
    """Note outside the database how far the chain goes. Without SEAL_ANCHOR nothing is noted."""
    path = settings.SEAL_ANCHOR
    if not path:
        return
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with Path(path).open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        # Two transactions may end in the other order than they signed: the furthest stays.
        file.seek(0)
        if _furthest(file.read())[0] < seq:
            file.seek(0)
            file.truncate()
            file.write(f"{seq} {signature}\n")
            file.flush()
            os.fsync(file.fileno())


def anchored() -> tuple[int, str]:
    """How far the chain went when it was last noted; 0 when it never was."""
    path = settings.SEAL_ANCHOR
    if not path or not Path(path).exists():
        return 0, ""
    return _furthest(Path(path).read_text(encoding="ascii"))


def _furthest(text: str) -> tuple[int, str]:
    last = text.strip().splitlines()[-1:] or [""]
    seq, _, signature = last[0].partition(" ")
    return (int(seq), signature) if seq.isdecimal() else (0, "")


@register(deploy=True)
def keys_can_sign(**_kwargs: object) -> list[CheckMessage]:
    """Found out when the program is put up, not when the first invoice is issued."""
    try:
        keys()
    except SealKeyError as error:
        return [Error(str(error), hint="SEAL_KEYS=id:key, the key from secrets.token_urlsafe(32).", id="commerce.E001")]
    return []
