"""Postgres and Valkey as a fresh machine gets them: real servers, in folders of their own."""

import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from extrabat.devtools import services
from extrabat.devtools.services import Account, Postgres, ServiceError, Valkey, provision

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def make_postgres(tmp_path: Path) -> Iterator[Callable[..., Postgres]]:
    made: list[Postgres] = []

    def make(name: str = "postgres", *, durable: bool = False, account: Account | None = None) -> Postgres:
        made.append(Postgres(tmp_path / name, durable=durable, account=account))
        return made[-1]

    yield make
    for postgres in made:
        postgres.stop()
    for postgres in made:
        if not postgres.data.is_relative_to(tmp_path):
            shutil.rmtree(postgres.data.parent, ignore_errors=True)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey")
    yield server
    server.stop()


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition never came true"
        time.sleep(0.02)


def ask(valkey: Valkey, *words: str) -> bytes:
    with socket.socket(socket.AF_UNIX) as talk:
        talk.connect(str(valkey.sock))
        talk.sendall((" ".join(words) + "\r\n").encode())
        return talk.recv(200)


def test_provisioning_twice_gives_two_roles_that_are_no_superusers(
    make_postgres: Callable[..., Postgres],
) -> None:
    postgres = make_postgres()
    postgres.start()
    first = provision(postgres)

    assert provision(postgres) == first
    with psycopg.connect(first.owner) as conn:
        roles = conn.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname LIKE 'extrabat%'"
            " ORDER BY 1"
        ).fetchall()
        extensions = {name for (name,) in conn.execute("SELECT extname FROM pg_extension")}
        place = conn.execute(
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding), current_setting('TimeZone'),"
            " current_setting('listen_addresses') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert roles == [("extrabat_app", False, False, False), ("extrabat_owner", False, False, False)]
    assert {"pg_trgm", "btree_gist", "btree_gin"} <= extensions
    assert place == ("b", "C.UTF-8", "UTF8", "UTC", "")


def test_the_program_can_neither_create_nor_empty_a_table(make_postgres: Callable[..., Postgres]) -> None:
    postgres = make_postgres()
    postgres.start()
    urls = provision(postgres)
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE kept (i int)")
        owner.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON kept TO extrabat_app")

    with psycopg.connect(urls.app, autocommit=True) as app:
        app.execute("INSERT INTO kept VALUES (1)")
        for forbidden in ("CREATE TABLE mine (i int)", "TRUNCATE kept", "DROP TABLE kept"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SET session_replication_role = replica")


def test_for_the_tests_the_owner_may_put_triggers_to_sleep_and_make_databases(
    make_postgres: Callable[..., Postgres],
) -> None:
    postgres = make_postgres()
    postgres.start()
    urls = provision(postgres, database="other", testing=True)
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("CREATE DATABASE another")
    assert "/other?" in urls.app


def test_a_killed_postgres_starts_again_with_its_data(make_postgres: Callable[..., Postgres]) -> None:
    postgres = make_postgres(durable=True)
    postgres.start()
    urls = provision(postgres)
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    pid = postgres.pid
    assert pid
    os.kill(pid, signal.SIGKILL)

    # Its zombie, lock and socket files are all still there.
    again = make_postgres(durable=True)
    again.start()

    assert again.pid != pid
    with psycopg.connect(urls.owner) as owner:
        assert owner.execute("SELECT answer FROM kept").fetchone() == (42,)


@pytest.mark.skipif(not services.LINUX, reason="reads /proc")
def test_a_lock_whose_number_is_now_another_process_does_not_stop_the_start(
    make_postgres: Callable[..., Postgres],
) -> None:
    postgres = make_postgres()
    postgres.start()
    lock = (postgres.data / "postmaster.pid").read_text().splitlines()
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lock[1:]]) + "\n")

    postgres.start()

    assert postgres.running()


def test_an_interrupted_initdb_is_begun_again(make_postgres: Callable[..., Postgres], tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    postgres = make_postgres()
    postgres.start()
    assert postgres.running()
    assert not half.exists()


def test_stopping_ends_every_process_and_leaves_no_socket(make_postgres: Callable[..., Postgres]) -> None:
    postgres = make_postgres()
    postgres.start()
    pid = postgres.pid
    assert pid
    postgres.stop()
    assert not postgres.running()
    assert not postgres.sock.exists()
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, 0)


def test_two_instances_never_meet(make_postgres: Callable[..., Postgres], tmp_path: Path) -> None:
    one, two = make_postgres("one"), make_postgres("two")
    one.start()
    two.start()
    with psycopg.connect(provision(one).owner) as owner:
        owner.execute("CREATE TABLE of_one (i int)")
    with psycopg.connect(provision(two).owner) as owner:
        assert owner.execute("SELECT to_regclass('of_one')").fetchone() == (None,)
    assert one.sock != two.sock


@ROOT_ONLY
def test_where_namespaces_are_refused_root_runs_it_as_nobody(make_postgres: Callable[..., Postgres]) -> None:
    postgres = make_postgres(account=Account.OTHER)
    postgres.start()
    assert postgres.pid
    assert postgres.data.stat().st_uid == services.NOBODY
    if services.LINUX:
        assert Path(f"/proc/{postgres.pid}").stat().st_uid == services.NOBODY
    with psycopg.connect(provision(postgres).owner) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 1 AS i")
    postgres.stop()

    # The machine's rules may change between two starts: the same data serve both ways.
    again = make_postgres()
    again.start()
    with psycopg.connect(provision(again).owner) as owner:
        assert owner.execute("SELECT i FROM kept").fetchone() == (1,)


def test_the_journal_of_valkey_outlives_a_kill(valkey: Valkey) -> None:
    valkey.start()
    assert ask(valkey, "SET", "colour", "blue") == b"+OK\r\n"
    assert b"noeviction" in ask(valkey, "CONFIG", "GET", "maxmemory-policy")
    wait_until(lambda: any(f.stat().st_size for f in valkey.data.glob("appendonlydir/*.incr.aof")))
    process = valkey.process
    assert process
    process.kill()
    process.wait()

    valkey.start()

    assert b"blue" in ask(valkey, "GET", "colour")


def test_a_valkey_that_runs_already_is_taken_over_and_stopped(valkey: Valkey) -> None:
    valkey.start()
    other = Valkey(valkey.data)
    other.start()
    assert other.process is None
    other.stop()
    wait_until(lambda: not valkey.running())


def test_a_deep_folder_gets_a_short_socket_path(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 20) / "valkey"
    server = Valkey(deep)
    server.start()
    try:
        assert server.running()
        assert len(str(server.sock)) < services.LONGEST_SOCKET
        assert server.sock.parent.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
    assert not server.sock.parent.exists()


def test_a_socket_folder_planted_by_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/tmp")
    data = tmp_path / ("deep" * 20) / "valkey"
    planted = services.socket_folder(data, os.geteuid())
    planted.rmdir()
    planted.symlink_to(elsewhere)
    try:
        with pytest.raises(ServiceError, match="belongs to someone else"):
            services.socket_folder(data, os.geteuid())
    finally:
        planted.unlink()


def test_without_binaries_one_line_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for service in (Postgres, Valkey):
        with pytest.raises(ServiceError, match=r"DATABASE_URL.*REDIS_URL.*docker compose") as caught:
            service(tmp_path / "data")
        assert "\n" not in str(caught.value)


def test_a_start_that_fails_quotes_the_server(
    make_postgres: Callable[..., Postgres], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "PATIENCE", 0.1)
    postgres = make_postgres()
    postgres.start()
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(ServiceError, match=r"version 12|not compatible") as caught:
        postgres.start()
    assert "\n" not in str(caught.value)


def test_the_servers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    if not services.LINUX:
        pytest.skip("only Linux tells children that their parent died")
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", STARTER, str(tmp_path)],
        {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    valkey, postgres = Valkey(tmp_path / "valkey"), Postgres(tmp_path / "postgres")
    wait_until(lambda: valkey.running() and postgres.running(), 30)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    wait_until(lambda: not valkey.running() and not postgres.running(), 15)
    # Nobody was left to tidy up their socket folders.
    valkey.stop()
    postgres.stop()


STARTER = """
import sys, time
from pathlib import Path
from extrabat.devtools.services import Postgres, Valkey
folder = Path(sys.argv[1])
postgres, valkey = Postgres(folder / "postgres", durable=False), Valkey(folder / "valkey")
postgres.start()
valkey.start()
time.sleep(600)
"""
