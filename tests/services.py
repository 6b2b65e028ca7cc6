"""The tests' own PostgreSQL cluster and broker (`-p tests.services` in pyproject.toml).

One of each per run, started by the first process and found by the xdist workers through the environment.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from extrabat.devtools.services import Postgres, Valkey, provision

SERVICES = "EXTRABAT_TEST_SERVICES"
TEMPLATE = "extrabat"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Around pytest-django's own hook, which reads the settings and so the environment."""
    if SERVICES not in os.environ:
        start(early_config)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker and "?db=" not in os.environ["REDIS_URL"]:
        # Queues, sessions and counters of one worker are not the other's.
        os.environ["REDIS_URL"] += f"?db={int(worker.removeprefix('gw')) + 1}"
    return (yield)


def start(config: pytest.Config) -> None:
    """Start the cluster and the broker, and say in the environment where they are."""
    folder = Path(tempfile.mkdtemp(prefix="xt-"))
    folder.chmod(0o711)
    (folder / "static").mkdir()
    postgres, valkey = Postgres(folder / "postgres", durable=False), Valkey(folder / "valkey")
    postgres.start()
    valkey.start()
    urls = provision(postgres, database=TEMPLATE, testing=True)
    os.environ |= {
        SERVICES: str(folder),
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
        "REDIS_URL": valkey.url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": f"tests:{Fernet.generate_key().decode()}",
        "SEAL_KEYS": f"tests:{secrets.token_urlsafe(32)}",
        # No test asks the public services: extrabat/devtools/places.py stands for them.
        "GEOCODER_URL": "",
        "COMPANIES_URL": "",
        "TILES_URL": "",
        "DEMO": "1",
        "DEBUG": "0",
        "HTTPS": "0",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "SITE_URL": "http://localhost",
        "DATA_DIR": str(folder / "data"),
        "STATIC_ROOT": str(folder / "static"),
    }
    config.stash[_services] = (folder, postgres, valkey)


_services = pytest.StashKey[tuple[Path, Any, Any]]()


def pytest_unconfigure(config: pytest.Config) -> None:
    started = config.stash.get(_services, None)
    if started:
        folder, postgres, valkey = started
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
