"""A whole installation started without an engine: the image's files and packages, the compose file's commands."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extrabat.devtools.services import Valkey
from tests.operating import empty_server, rows
from tests.production import HOST, ROOT, Installation, install
from tests.waiting import wait_for

PROGRAM = ["web", "worker", "beat"]


@pytest.fixture(scope="module")
def installed(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A new company on a server of its own: migrated, without anybody in it. The fixture above gathers the assets."""
    folder = tmp_path_factory.mktemp("installed")
    valkey = Valkey(folder / "valkey")
    valkey.start()
    try:
        with empty_server() as server:
            made = install(folder, server, valkey.url)
            migrated = made.run("migrate")
            assert migrated.returncode == 0, migrated.stderr
            yield made
    finally:
        valkey.stop()


@pytest.fixture(scope="module")
def running(installed: Installation) -> Iterator[dict[str, Path]]:
    assert [installed.probe(part) for part in PROGRAM] == [1, 1, 1]
    with installed.running(*PROGRAM) as logs:
        for part in PROGRAM:
            wait_for(lambda part=part: installed.probe(part) == 0, seconds=90, what=f"{part}, {logs[part].read_text()}")  # type: ignore[misc]
        yield logs


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_facts: Any) -> None:
        return None


class Visitor:
    """A browser on the other side of the TLS proxy, played by hand: what Caddy would say of him goes along."""

    def __init__(self, installation: Installation, scheme: str = "https", address: str = "203.0.113.7") -> None:
        self.base = f"http://127.0.0.1:{installation.port}"
        self.told = {"Host": HOST, "X-Forwarded-Proto": scheme, "X-Forwarded-For": address}
        self.cookies: dict[str, str] = {}
        self.opener = urllib.request.build_opener(_Stay)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, Any, str]:
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers = self.told | cookies | ({"Origin": f"https://{HOST}"} if form else {})
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            answer = self.opener.open(urllib.request.Request(self.base + path, data, headers))
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.headers, answer.read().decode()


def test_check_deploy_is_silent_in_each_part(installed: Installation) -> None:
    for part in ("web", "worker"):
        ran = installed.run(part, "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
        assert (ran.returncode, ran.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), (
            ran.stderr
        )


def test_a_secret_that_is_missing_or_empty_stops_the_start(installed: Installation) -> None:
    for name, variable in (("field_keys", "FIELD_KEYS_FILE"), ("database_url", "DATABASE_URL_FILE")):
        file = installed.folder / "secrets" / name
        kept = file.read_text()
        file.unlink()
        try:
            for content in (None, ""):
                if content is not None:
                    file.write_text(content)
                ran = installed.run("web", "python", "manage.py", "check")
                assert ran.returncode == 1
                assert f"{variable} names {file}, which gives nothing" in ran.stderr
        finally:
            file.unlink(missing_ok=True)
            file.write_text(kept)


def test_pages_are_for_https_alone_and_cookies_for_this_host(installed: Installation, running: dict[str, Path]) -> None:
    status, headers, _ = Visitor(installed, scheme="http").ask("/connexion/")
    assert (status, headers["Location"]) == (301, f"https://{HOST}/connexion/")
    status, headers, page = Visitor(installed).ask("/connexion/")
    assert status == 200
    assert "<form" in page
    cookies = headers.get_all("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith(("__Host-csrf=", "__Host-session="))
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    asset = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert asset
    status, headers, _ = Visitor(installed).ask(asset[1])
    assert (status, "immutable" in headers["Cache-Control"]) == (200, True)
    other = Visitor(installed)
    other.told["Host"] = "ailleurs.exemple.fr"
    assert other.ask("/connexion/")[0] == 400


def test_the_first_administrator_comes_in_and_nothing_of_it_is_logged(
    installed: Installation, running: dict[str, Path]
) -> None:
    made = installed.run("web", "python", "manage.py", "first_admin", "oriane", "--email", "oriane@exemple.fr")
    link = re.search(rf"https://{re.escape(HOST)}(/\S+)", made.stdout)
    assert link, made.stderr
    visitor = Visitor(installed)
    path = link[1]
    status, headers, page = visitor.ask(path)
    if status == 302:
        path = headers["Location"]
        status, headers, page = visitor.ask(path)
    assert status == 200
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    names = re.findall(r'<input[^>]*type="password"[^>]*name="(\w+)"|<input[^>]*name="(\w+)"[^>]*type="password"', page)
    assert token
    password = "Sept-rivages-bleus-27"
    form = {first or second: password for first, second in names} | {"csrfmiddlewaretoken": token[1]}
    assert visitor.ask(path, form)[0] == 302

    wrong = Visitor(installed, address="203.0.113.9")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', wrong.ask("/connexion/")[2])
    assert token
    typed = {"login": "oriane@exemple.fr", "password": "Quatre-vents-perdus", "csrfmiddlewaretoken": token[1]}
    assert wrong.ask("/connexion/", typed)[0] in {200, 422}
    visitor.ask("/clients/?q=Quermeneur")
    url = (installed.folder / "secrets" / "database_owner_url").read_text()
    # Counted against who mistypes, not against the proxy.
    assert rows(url, "SELECT host(ip_address) FROM axes_accessattempt") == [("203.0.113.9",)]

    said = "".join(log.read_text() for log in running.values())
    assert '"route": "connexion/"' in said
    one_time = link[1].rstrip("/").rpartition("/")[2]
    for word in ("oriane", "Quermeneur", "rivages", "Quatre-vents", "203.0.113", one_time):
        assert word.lower() not in said.lower(), word


def test_only_the_data_folder_is_written(installed: Installation, running: dict[str, Path]) -> None:
    """As the image's read-only root wants it, after all that the tests above did."""
    new = {str(path.relative_to(installed.app)) for path in installed.app.rglob("*") if path.is_file()} - {
        str(path.relative_to(ROOT))
        for folder in ROOT.iterdir()
        if folder.name not in {".venv", "node_modules"}
        for path in (folder.rglob("*") if folder.is_dir() else [folder])
    }
    assert new == set()
    assert not list(installed.app.rglob("__pycache__"))
    assert {path.name.partition(".")[0] for path in installed.data.iterdir()} <= {"beat-schedule", "files"}


def test_the_service_that_backs_up_and_the_one_that_restores(installed: Installation) -> None:
    saved = installed.run("backup")
    assert saved.returncode == 0, saved.stderr
    sound = installed.run("restore", *installed.command("restore"), "--check")
    assert sound.returncode == 0, sound.stderr
    assert "is not empty" in installed.run("restore").stderr
