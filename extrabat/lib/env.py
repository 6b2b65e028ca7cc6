"""Typed reading of the environment: a missing or wrong value stops the start and says what to write."""

import os
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

_TRUE: Final = frozenset({"1", "true", "yes", "oui", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "non", "off"})
_POSTGRES_FORM: Final = (
    "postgresql://user:password@host:port/dbname?host=/socket/folder, with special characters percent-encoded"
)


class SettingError(Exception):
    """A variable of the environment is missing or wrong; the message is for the operator."""


def text(name: str, default: str | None = None, *, hint: str = "a value", secret: bool = False) -> str:
    """Read a text, trimmed. An empty variable counts as not set; without default it is then required.

    With `<name>_FILE` it is what that file holds, as container engines hand over secrets: a file that is missing,
    empty or closed stops the start, default or not. Raises SettingError; `hint` ends its sentence "… is not set: give
    …". `secret` changes nothing here, where no message shows a value: every reader takes it.
    """
    found = os.environ.get(name, "").strip()
    file = os.environ.get(f"{name}_FILE", "").strip()
    if found and file:
        raise SettingError(f"{name} and {name}_FILE are both set: keep one")
    if file:
        return _content(f"{name}_FILE", Path(file))
    if found:
        return found
    if default is None:
        raise SettingError(f"{name} is not set: give {hint}")
    return default


def integer(name: str, default: int | None = None, *, hint: str = "a whole number", secret: bool = False) -> int:
    """Read a whole number; errors as for `text`. `secret` keeps the value found out of the message."""
    found = text(name, None if default is None else str(default), hint=hint, secret=secret)
    try:
        return int(found)
    except ValueError:
        pass  # raised below: a chained exception would show a secret value
    raise _wrong(name, found, "expected a whole number", secret)


def flag(name: str, default: bool | None = None, *, hint: str = "1 or 0", secret: bool = False) -> bool:
    """Read 1/0, true/false, yes/no, oui/non, on/off in any case; errors as for `integer`."""
    found = text(name, None if default is None else str(default), hint=hint, secret=secret)
    if found.lower() in _TRUE | _FALSE:
        return found.lower() in _TRUE
    raise _wrong(name, found, "expected 1 or 0, true or false, oui or non", secret)


def words(
    name: str,
    default: list[str] | None = None,
    *,
    hint: str = "a list separated by commas",
    secret: bool = False,
) -> list[str]:
    """Read a list separated by commas, each item trimmed, empty items left out; errors as for `text`."""
    found = text(name, None if default is None else ",".join(default), hint=hint, secret=secret)
    return [word for item in found.split(",") if (word := item.strip())]


def postgres(name: str, default: str | None = None, *, hint: str = _POSTGRES_FORM) -> dict[str, Any]:
    """Read postgresql://user:password@host:port/dbname?key=value into an entry of Django's DATABASES.

    host (which may be a socket folder), port, user, password and dbname of the query win over those before
    it; the other keys become OPTIONS, as texts. The value always counts as secret. Errors as for `text`.
    """
    found = text(name, default, hint=hint, secret=True)
    try:
        return _parse_postgres(found)
    except ValueError:
        pass  # raised below: a chained exception would show the password
    raise _wrong(name, found, f"expected {_POSTGRES_FORM}", secret=True)


def _content(name: str, file: Path) -> str:
    try:
        found, reason = file.read_text(encoding="utf-8").strip(), "it is empty"
    except OSError as error:
        found, reason = "", str(error.strerror)
    except UnicodeDecodeError:
        found, reason = "", "it is no text"
    # Raised here: a chained exception would show what the file holds.
    if not found:
        raise SettingError(f"{name} names {file}, which gives nothing: {reason}")
    return found


def _wrong(name: str, found: str, expected: str, secret: bool) -> SettingError:
    shown = "" if secret else f" ({found!r})"
    return SettingError(f"{name} is wrong{shown}: {expected}")


def _parse_postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or parts.fragment:
        raise ValueError("not a Postgres address")
    # Not parse_qsl, which reads + as a space: libpq does not.
    pairs = [pair.partition("=") for pair in parts.query.split("&") if pair]
    query = {unquote(key): unquote(value) for key, _, value in pairs}
    port = query.pop("port", "" if parts.port is None else str(parts.port))
    database = {
        "NAME": query.pop("dbname", unquote(parts.path.removeprefix("/"))),
        "USER": query.pop("user", unquote(parts.username or "")),
        "PASSWORD": query.pop("password", unquote(parts.password or "")),
        "HOST": query.pop("host", unquote(parts.hostname or "")),
        "PORT": port,
    }
    if not database["NAME"] or (port and not port.isdecimal()):
        raise ValueError("no database name, or a port that is no number")
    return {"ENGINE": "django.db.backends.postgresql", **database, "OPTIONS": query}
