"""The image and the compose file without an engine: the same files, packages, commands and variables, in a folder."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from extrabat.devtools.image import production_lock
from extrabat.production import make_secrets
from tests.operating import Server

ROOT = Path(settings.BASE_DIR)
PRODUCTION = ROOT / "extrabat" / "production"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
HOST = "gestion.exemple.fr"


def dockerfile() -> str:
    return re.sub(r"\\\n\s*", "", (PRODUCTION / "Dockerfile").read_text())


def stages() -> list[list[str]]:
    """The instructions of each stage, without comments."""
    lines = [line for line in dockerfile().splitlines() if line and not line.startswith("#")]
    starts = [number for number, line in enumerate(lines) if line.startswith("FROM ")]
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


@dataclass
class Installation:
    folder: Path
    port: int
    redis: str

    @property
    def app(self) -> Path:
        return self.folder / "app"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def environment(self, service: str) -> dict[str, str]:
        """What the compose file gives to a service, with the places and the broker of this machine."""
        given = {
            key: value.replace("${SITE_HOST:?set SITE_HOST to the name of the site}", HOST)
            .replace("${SITE_HOST}", HOST)
            .replace("/run/secrets", str(self.folder / "secrets"))
            for key, value in SERVICES[service]["environment"].items()
        }
        assert given["REDIS_URL"] == "redis://redis:6379/0"
        assert given["DATA_DIR"] == "/data"
        return given | {
            "REDIS_URL": self.redis,
            "DATA_DIR": str(self.data),
            "STATIC_ROOT": os.environ["STATIC_ROOT"],
            "PATH": f"{self.folder / 'venv/bin'}:/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "HOME": "/nonexistent",
        }

    def command(self, service: str) -> list[str]:
        """The service's own words, at this machine's places."""
        here = {"0.0.0.0": "127.0.0.1", "8000": str(self.port), "/data/beat-schedule": str(self.data / "beat-schedule")}
        here |= {"/backups": str(self.folder / "backups"), "python": str(self.folder / "venv/bin/python")}
        return [here.get(word, word) for word in SERVICES[service]["command"]]

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        words = list(command) or self.command(service)
        words[0] = str(self.folder / "venv/bin/python")
        env = self.environment(service)
        return subprocess.run(words, env=env, cwd=self.app, capture_output=True, text=True, check=False)

    def probe(self, part: str) -> int:
        words = [*SERVICES[part]["healthcheck"]["test"][1:], *([str(self.port)] if part == "web" else [])]
        return self.run(part, *words).returncode

    @contextmanager
    def running(self, *services: str) -> Iterator[dict[str, Path]]:
        """The services' processes; gives the file of what each says."""
        logs = {name: self.folder / f"{name}.log" for name in services}
        started = []
        try:
            for name, log in logs.items():
                with log.open("wb") as output:
                    words, env = self.command(name), self.environment(name)
                    started.append(subprocess.Popen(words, env=env, cwd=self.app, stdout=output, stderr=output))
            yield logs
        finally:
            for process in reversed(started):
                process.send_signal(signal.SIGTERM)
            for process in started:
                process.wait(timeout=30)


def install(folder: Path, server: Server, redis: str) -> Installation:
    """Lay out the image's files and packages, make the secrets, point them at this server."""
    app = folder / "app"
    for line in stages()[-1]:
        if line.startswith("COPY ") and " /" not in line.replace("--from=build /app/", ""):
            *sources, target = line.removeprefix("COPY ").replace("--from=build /app/", "").split()
            for source in sources:
                _lay(ROOT / source, app / (source if target == "./" else target))
    _packages(folder / "venv")
    make_secrets.make(folder / "secrets")
    for name, url in (("database_url", server.app), ("database_owner_url", server.owner)):
        (folder / "secrets" / name).unlink()
        (folder / "secrets" / name).write_text(url)
    (folder / "data").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Installation(folder, port, redis)


def _lay(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    else:
        shutil.copy(source, target)


def _packages(folder: Path) -> None:
    """An environment that sees the image's packages and no other."""
    venv.create(folder, symlinks=True)
    site = folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    for name in re.findall(r"^([A-Za-z0-9_.-]+)==", production_lock(), re.MULTILINE):
        for file in distribution(name).files or []:
            top = file.parts[0]
            if top != ".." and not (site / top).exists():
                (site / top).symlink_to(Path(str(distribution(name).locate_file(top))))
