"""Chromium against the running program, on this test's database."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import BrowserContext, Page

from extrabat.devtools import chromium
from extrabat.devtools.places import PlacesServer, places_server
from settings_app.models import Origin, Preference, User
from tests.conftest import program_environment
from tests.factories import PASSWORD, make_user
from tests.waiting import wait_for

FOUND = chromium.find(install=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if FOUND is None and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="no Chromium here: install one or set CHROMIUM"))


@pytest.fixture(scope="session", autouse=True)
def _django_beside_an_event_loop() -> Iterator[None]:
    """Playwright's loop lives in the thread of the tests, where Django would refuse its database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if FOUND is None:
        raise RuntimeError("CI has no Chromium")
    return {
        **browser_type_launch_args,
        "executable_path": str(FOUND.path),
        "args": list(FOUND.args),
        "env": dict(FOUND.env),
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1366, "height": 900},
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def console(context: BrowserContext) -> Iterator[list[str]]:
    """What the browser complains of: script errors, blocked content. Every test that asks for it ends on none."""
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield complaints
    # 4xx answers are told by the network log too; they are what some tests are about.
    assert [line for line in complaints if "Failed to load resource" not in line] == []


@pytest.fixture(scope="session")
def places() -> Iterator[PlacesServer]:
    """The public services of addresses, companies and tiles, as this test's program knows them."""
    with places_server() as server:
        yield server


@pytest.fixture(scope="session")
def server(django_db_setup: None, places: PlacesServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real web server, its assets and its content policy, on this process's database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    granian = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "extrabat.wsgi:application"]
    log = (tmp_path_factory.mktemp("web") / "log").open("w+")
    process = subprocess.Popen(
        [*granian, "--port", str(port), "--workers", "1", "--blocking-threads", "4"],
        env=program_environment() | places.environment,
        stdout=log,
        stderr=log,
    )
    address = f"http://localhost:{port}"
    try:
        wait_for(lambda: process.poll() is not None or answers(f"{address}/connexion/"), what="the web server")
        assert process.poll() is None, Path(log.name).read_text()
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        log.close()


def answers(address: str) -> bool:
    try:
        return bool(urllib.request.urlopen(address, timeout=5).status == 200)
    except OSError:
        return False


@pytest.fixture
def home(server: str, transactional_db: None) -> str:
    """The address of the program. Its host is a name: cookies and passkeys know no IP address."""
    return server


@pytest.fixture
def nadia(home: str) -> User:
    user = make_user(username="nadia", first_name="Nadia", last_name="Ferrand", password=make_password(PASSWORD))
    Preference.objects.create(user=user, name="client-origin", value=Origin.objects.get(label="Salon").pk)
    return user


@pytest.fixture
def enter(home: str, nadia: User, context: BrowserContext, client: Any) -> Callable[[User | None], None]:
    """Give the browser a session, as signing in does, without typing the password in every test."""

    def sign_in(user: User | None = None) -> None:
        client.force_login(user or nadia)
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": home}])

    return sign_in


@pytest.fixture
def office(page: Page, home: str, enter: Callable[..., None], console: list[str]) -> Page:
    """Nadia's browser, on the home page."""
    enter()
    page.goto(home)
    return page
