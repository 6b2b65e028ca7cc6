"""What the program is given: a clean environment, its keys, servers that answer."""

from __future__ import annotations

import http.client
import os
import secrets
from contextlib import suppress
from pathlib import Path

from extrabat.devtools.services import Urls
from extrabat.devtools.words import StepError, one_line


def bare_environment() -> dict[str, str]:
    """What the user has set, without what would lead libpq or the program's parts astray."""
    ours = {"DATABASE_OWNER_URL", "DATABASE_URL", "REDIS_URL"}
    # They would stand beside the values that are given below, and both are refused.
    ours |= {f"{name}_FILE" for name in (*ours, "SECRET_KEY", "FIELD_KEYS", "SEAL_KEYS")}
    return {name: value for name, value in os.environ.items() if not name.startswith("PG") and name not in ours}


def secret_key(file: Path) -> str:
    return made_once(file, secrets.token_urlsafe(50))


def field_keys(file: Path) -> str:
    from cryptography.fernet import Fernet

    return made_once(file, f"k1:{Fernet.generate_key().decode()}")


def seal_keys(file: Path) -> str:
    return made_once(file, f"k1:{secrets.token_urlsafe(32)}")


def made_once(file: Path, secret: str) -> str:
    with suppress(FileExistsError):
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as output:
            output.write(secret)
    return file.read_text().strip()


def check_database(urls: Urls) -> None:
    import psycopg

    for name, url in (("DATABASE_OWNER_URL", urls.owner), ("DATABASE_URL", urls.app)):
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.Error as error:
            advice = f"Start the server or correct {name}; without either, Extrabat starts its own."
            raise StepError("database", one_line(error), advice) from None


def check_redis(url: str) -> None:
    import redis

    try:
        redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        advice = "Start the server or correct REDIS_URL; without it, Extrabat starts its own."
        raise StepError("broker", one_line(error), advice) from None


def health_status(port: int) -> int | None:
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        talk.request("GET", "/sante/", headers={"Connection": "close"})
        return talk.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        talk.close()
