"""What `make run` starts and with what; docker-compose.yml starts the same three parts."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extrabat.devtools.services import Urls
from extrabat.devtools.words import RefusalError

NO = {"0", "false", "no", "non", "off"}


@dataclass(frozen=True)
class Config:
    data: Path
    port: int | None
    demo: bool
    database: Urls | None
    redis: str | None

    @classmethod
    def read(cls, env: Mapping[str, str]) -> Config:
        port, app, owner = env.get("PORT"), env.get("DATABASE_URL"), env.get("DATABASE_OWNER_URL")
        if port and not (port.isdecimal() and 0 < int(port) < 65536):
            raise RefusalError(f"PORT={port} is no port number. Give one between 1 and 65535, or none")
        if bool(app) != bool(owner):
            raise RefusalError(
                "DATABASE_URL (the program's role) and DATABASE_OWNER_URL (the tables' owner, who migrates) "
                "are both needed, or neither. extrabat/production/roles.sh shows how to make the two roles"
            )
        return cls(
            data=Path(env.get("DATA_DIR") or ".data").absolute(),
            port=int(port) if port else None,
            demo=env.get("DEMO", "1").strip().lower() not in NO,
            database=Urls(app, owner) if app and owner else None,
            redis=env.get("REDIS_URL") or None,
        )

    @property
    def marker(self) -> str:
        return hashlib.sha256(os.fsencode(self.data.resolve())).hexdigest()[:16]


@dataclass
class Child:
    """A part of the program that is started again when it dies."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None


def entry_points(*, host: str, port: int, node: str, schedule: Path) -> dict[str, list[str]]:
    """The three parts as arguments of Python, in the order in which they start; docker-compose.yml starts the same."""
    granian = ["--interface", "wsgi", "extrabat.wsgi:application", "--host", host, "--port", str(port)]
    granian += ["--workers", "2", "--blocking-threads", "4", "--no-ws", "--workers-kill-timeout", "5"]
    celery = ["-m", "celery", "-A", "extrabat.celery"]
    # It has no colleagues to look for, which costs a second.
    alone_here = ["--without-mingle", "--without-gossip"]
    return {
        "web": ["-m", "granian", *granian],
        "worker": [*celery, "worker", "--concurrency", "2", "-n", node, "-l", "INFO", *alone_here],
        "beat": [*celery, "beat", "--schedule", str(schedule), "--pidfile=", "-l", "INFO"],
    }


def program(port: int, config: Config) -> list[Child]:
    """The parts in the order in which they start; they stop the other way round."""
    commands = entry_points(
        host="127.0.0.1", port=port, node=f"worker@{config.marker}", schedule=config.data / "beat-schedule"
    )
    return [Child(name, [sys.executable, *command]) for name, command in commands.items()]
