"""`make run`: everything the program needs, started in order, watched over, and stopped in order."""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import FrameType

from extrabat.devtools.services import (
    LINUX,
    Postgres,
    ServiceError,
    Urls,
    Valkey,
    command_of,
    end,
    provision,
    spawn,
)

ROOT = Path(__file__).resolve().parents[2]
MARKER = "EXTRABAT_INSTANCE"
NO = {"0", "false", "no", "non", "off"}
FIRST_PORT, PORTS_TRIED = 8000, 51
RESTARTS, RESTARTS_WITHIN = 5, 60.0
GRACE = 10.0
ANSWER_PATIENCE, HEALTH_PATIENCE = 120.0, 20.0
LARGEST_LOG = 5_000_000


class StepError(Exception):
    """A step that failed: what, why, what to do."""

    def __init__(self, step: str, reason: str, advice: str = "", log: Path | None = None) -> None:
        sentence = f"{step} failed: {one_line(reason).rstrip('.')}."
        super().__init__(f"{sentence} {advice}".strip() + (f" (log: {log})" if log else ""))


class RefusalError(Exception):
    """Nothing was started: what stands in the way, in one line."""


class StopAsked(Exception):  # noqa: N818  # a wish, not an error
    """Ctrl+C or SIGTERM."""


class StopAtOnce(Exception):  # noqa: N818
    """The second of them."""


def one_line(text: object) -> str:
    return " ".join(str(text).split())[:400]


def say(line: str, to: int = 1) -> None:
    """Unbuffered: the terminal may have been closed, and the end must not stumble over it."""
    with suppress(OSError):
        os.write(to, f"{line}\n".encode())


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


@dataclass
class Step:
    """A command that runs to its end, beside others if need be."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)


class Supervisor:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.logs = config.data / "logs"
        self.record = config.data / "run.json"
        self.env: dict[str, str] = {}
        self.owner_env: dict[str, str] = {}
        self.url = ""
        self.steps: list[Step] = []
        self.children: list[Child] = []
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self.restarts: dict[str, list[float]] = {}
        self.asked_at: float | None = None
        self.stopping = False

    def run(self) -> int:
        """Return the exit code; raises StepError or RefusalError when all that was started has been stopped."""
        make_folder(self.config.data)
        with alone(self.config.data, self.record), choose_port(self.config.port) as reserved:
            self._listen_to_signals()
            try:
                self._prepare(reserved.getsockname()[1])
                self._serve(reserved)
                self._watch()
            except StopAsked:
                pass
            finally:
                self._stop_all()
        say("stopped")
        return 0

    # ---- Before the program ------------------------------------------------------------------------

    def _prepare(self, port: int) -> None:
        self.url = f"http://localhost:{port}"
        end_predecessors(self.record, self.config.marker)
        self._save_record()
        self._begin("assets", "-m", "extrabat.devtools.assets", env=bare_environment())
        self._finish("assets")
        # Its settings want an address, but it speaks to no server: it goes beside what follows.
        self.env = self.environment(Urls("postgresql://nobody@/none", ""), "redis://none", port)
        static = self._static_stamp()
        if not static.is_current():
            static.forget()
            self._begin("collectstatic", "manage.py", "collectstatic", "--no-input", "--clear", "-v0")
        urls, redis = self._services()
        self.env = self.environment(urls, redis, port)
        self.owner_env = {**self.env, "DATABASE_OWNER_URL": urls.owner}
        migrated = self._migrate(urls)
        if self.config.demo:
            self._begin("load_demo", "manage.py", "load_demo", "--if-empty", separate=True)
            if migrated:
                self._finish("load_demo")
        if self._finish("collectstatic"):
            static.write()

    def environment(self, urls: Urls, redis: str, port: int) -> dict[str, str]:
        data = self.config.data
        return {
            **bare_environment(),
            MARKER: self.config.marker,
            "DJANGO_SETTINGS_MODULE": "extrabat.settings",
            "SECRET_KEY": secret_key(data / "secret_key"),
            "FIELD_KEYS": field_keys(data / "field_keys"),
            "DEMO": "1" if self.config.demo else "0",
            "HTTPS": "0",
            "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
            "DATABASE_URL": urls.app,
            "REDIS_URL": redis,
            "STATIC_ROOT": str(data / "static"),
            "DATA_DIR": str(data),
            "SITE_URL": f"http://localhost:{port}",
        }

    def _services(self) -> tuple[Urls, str]:
        started = time.monotonic()
        marked = {MARKER: self.config.marker}
        try:
            urls = self.config.database or self._own_postgres(marked)
            redis = self.config.redis or self._own_valkey(marked)
        except ServiceError as error:
            raise StepError("services", str(error)) from None
        if self.config.database:
            check_database(urls)
        if self.config.redis:
            check_redis(redis)
        told("services", started)
        return urls, redis

    def _own_postgres(self, marked: Mapping[str, str]) -> Urls:
        self.postgres = postgres = Postgres(self.config.data / "postgres", logs=self.logs, env=marked)
        if postgres.running():
            postgres.stop()
        postgres.start()
        self._save_record()
        return provision(postgres)

    def _own_valkey(self, marked: Mapping[str, str]) -> str:
        self.valkey = valkey = Valkey(self.config.data / "valkey", logs=self.logs, env=marked)
        if valkey.running():
            valkey.stop()
        valkey.start()
        self._save_record()
        return valkey.url

    def _migrate(self, urls: Urls) -> bool:
        """Return False when the same code already migrated this same database."""
        stamp = Stamp(self.config.data / "migrate.stamp", lambda: f"{code_state()} {database_state(urls)}")
        if self.postgres is not None and stamp.is_current():
            return False
        stamp.forget()
        self._begin("migrate", "manage.py", "migrate", "--database=owner", "--no-input", env=self.owner_env)
        self._finish("migrate")
        stamp.write()
        return True

    def _static_stamp(self) -> Stamp:
        built = ROOT / "static/build/.stamp"
        facts = f"{os.environ.get('DEBUG', '')} {version('django')} {version('whitenoise')}"
        folder = self.config.data / "static"

        def state() -> str:
            return f"{built.read_text().strip()} {facts} {folder.is_dir()}" if built.exists() else ""

        return Stamp(self.config.data / "static.stamp", state)

    def _begin(self, name: str, *arguments: str, env: Mapping[str, str] | None = None, separate: bool = False) -> None:
        """Start a step; `separate` keeps what it prints for the user apart from its log."""
        log, out = self.logs / f"{name}.log", self.logs / f"{name}.out" if separate else None
        for file in (log, out):
            if file:
                file.unlink(missing_ok=True)
        process = spawn(
            [sys.executable, *arguments],
            log=log,
            out=out,
            env=env or self.env,
            cwd=ROOT,
            at_parent_death=signal.SIGKILL,
        )
        self.steps.append(Step(name, log, process))
        self._save_record()

    def _finish(self, name: str) -> bool:
        """Wait for a step; return False when it was never begun."""
        step = next((step for step in self.steps if step.name == name), None)
        if step is None:
            return False
        while step.process.poll() is None:
            self._breathe(0.01)
        self.steps.remove(step)
        self._save_record()
        if step.process.returncode:
            reason = last_words(step.log).removeprefix(f"{name}: ")
            raise StepError(name, reason, ADVICE.get(name, ""), step.log)
        told(name, step.started)
        return True

    # ---- The program -------------------------------------------------------------------------------

    def _serve(self, reserved: socket.socket) -> None:
        started = time.monotonic()
        port = reserved.getsockname()[1]
        for child in program(port, self.config):
            rotate(self.logs / f"{child.name}.log")
            if child.name == "web":
                reserved.close()
            self.children.append(child)
            self._start(child)
        healthy = self._wait_until_healthy(port)
        told("web, worker, beat", started)
        self._finish("load_demo")
        say(f"\nExtrabat is running: {self.url}")
        sign_ins = (self.logs / "load_demo.out").read_text(errors="replace").strip() if self.config.demo else ""
        if sign_ins:
            say(sign_ins)
        if not healthy:
            say(f"Something is not well yet: see {self.url}/sante/ and {self.logs}")
        say(f"Ctrl+C stops everything; the data stays in {shown(self.config.data)}/")

    def _start(self, child: Child) -> None:
        child.process = spawn(
            child.command,
            log=self.logs / f"{child.name}.log",
            env=self.env,
            cwd=ROOT,
            at_parent_death=signal.SIGTERM,
        )
        self._save_record()

    def _wait_until_healthy(self, port: int) -> bool:
        """Any answer is waited for long, for slow machines; a good one after it, 20 seconds."""
        started, answered_at = time.monotonic(), None
        while answered_at is None or time.monotonic() - answered_at < HEALTH_PATIENCE:
            if answered_at is None and time.monotonic() - started > ANSWER_PATIENCE:
                raise StepError("web", "it lives but does not answer", "Read the log.", self.logs / "web.log")
            for child in self.children:
                if child.process and child.process.poll() is not None:
                    log = self.logs / f"{child.name}.log"
                    raise StepError(child.name, last_words(log), "Read the log.", log)
            status = health_status(port)
            if status == 200:
                return True
            if status and answered_at is None:
                answered_at = time.monotonic()
            # Each bad answer is a line in the log.
            self._breathe(0.2 if answered_at else 0.05)
        return False

    def _watch(self) -> None:
        while True:
            self._breathe(0.2)
            for child in self.children:
                if child.process and child.process.poll() is not None:
                    self._count_restart(child.name)
                    end(child.process)
                    self._start(child)
            for name, service in (("postgres", self.postgres), ("valkey", self.valkey)):
                if service and service.process and service.process.poll() is not None:
                    self._count_restart(name)
                    self._revive(name, service)

    def _revive(self, name: str, service: Postgres | Valkey) -> None:
        try:
            service.start()
        except ServiceError as error:
            raise StepError(name, str(error)) from None
        self._save_record()

    def _count_restart(self, name: str) -> None:
        now = time.monotonic()
        recent = [at for at in self.restarts.get(name, []) if now - at < RESTARTS_WITHIN]
        self.restarts[name] = [*recent, now]
        log = self.logs / f"{name}.log"
        if len(recent) >= RESTARTS:
            reason = f"it died {RESTARTS + 1} times in a minute: {last_words(log)}"
            raise StepError(name, reason, "Read the log.", log)
        say(f"{name} ended unexpectedly and is started again (log: {log})")
        self._breathe(0.5)

    # ---- The end -----------------------------------------------------------------------------------

    def _listen_to_signals(self) -> None:
        for sig in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sig, self._asked_to_stop)
        # Under nohup it is ignored, and means to be.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._asked_to_stop)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        # make passes a signal on that the terminal or a group kill already gave to us: that is one request.
        again = self.asked_at is not None and now - self.asked_at > 1
        self.asked_at = self.asked_at or now
        if again and self.stopping:
            raise StopAtOnce

    def _breathe(self, seconds: float) -> None:
        if self.asked_at is not None:
            raise StopAsked
        time.sleep(seconds)

    def _stop_all(self) -> None:
        self.stopping = True
        try:
            self._stop_gently()
        except StopAtOnce:
            for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(sig, signal.SIG_IGN)
            self._stop_at_once()
        self.record.unlink(missing_ok=True)

    def _stop_gently(self) -> None:
        for step in self.steps:
            end(step.process)
        deadline = time.monotonic() + GRACE
        for child in reversed(self.children):
            if child.process:
                end(child.process, (signal.SIGTERM, max(0.5, deadline - time.monotonic())))
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            self.postgres.stop()

    def _stop_at_once(self) -> None:
        for process in [child.process for child in self.children] + [step.process for step in self.steps]:
            if process:
                end(process)
        if self.valkey:
            self.valkey.kill()
        if self.postgres:
            self.postgres.kill()

    def _save_record(self) -> None:
        """Name the process groups for the next start, should this one be killed with no time to tidy up."""
        parts: list[Child | Step | Postgres | Valkey | None] = [*self.children, *self.steps]
        parts += [self.valkey, self.postgres]
        groups = [part.process.pid for part in parts if part and part.process]
        partial = self.record.with_suffix(".part")
        partial.write_text(json.dumps({"supervisor": os.getpid(), "url": self.url, "groups": groups}))
        partial.replace(self.record)


ADVICE = {
    "collectstatic": "Read the log.",
    "migrate": "Read the log; make demo-reset begins again with an empty database.",
    "load_demo": "Read the log; make demo-reset begins again with an empty database.",
}


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


def told(name: str, started: float) -> None:
    say(f"  {name:<18}{time.monotonic() - started:5.1f} s")


def shown(folder: Path) -> Path:
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def make_folder(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        data.chmod(0o700)
        (data / "logs").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise RefusalError(f"{data} cannot be used ({error.strerror}). Give DATA_DIR a folder of yours") from None


@contextmanager
def alone(data: Path, record: Path) -> Iterator[None]:
    """Hold the folder's lock: the kernel lets go of it however this process ends."""
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            url = read_record(record).get("url") or "an address that it will tell in a moment"
            raise RefusalError(f"already running at {url} (data in {shown(data)}/)") from None
        yield


@contextmanager
def choose_port(wanted: int | None) -> Iterator[socket.socket]:
    """Hold the port by listening on it until the web server takes over, and the claim on it to the end."""
    for port in [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as claim, socket.socket() as door:
            if take(port, claim, door):
                yield door
                return
    if wanted:
        raise RefusalError(f"port {wanted} is taken by another program. Give another one: make run PORT={wanted + 1}")
    last = FIRST_PORT + PORTS_TRIED - 1
    raise RefusalError(f"the ports {FIRST_PORT} to {last} are all taken. Give a free one: make run PORT=9000")


def take(port: int, claim: socket.socket, door: socket.socket) -> bool:
    """Return False when somebody has the port.

    granian opens its own with SO_REUSEPORT: two instances would share one and never know. So each also takes
    the UDP port of that number, which nobody can share and which a killed process gives back.
    """
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        claim.bind(("127.0.0.1", port))
        door.bind(("127.0.0.1", port))
        door.listen(1)
    except OSError:
        return False
    return not answers_on_ipv6(port)


def answers_on_ipv6(port: int) -> bool:
    """Browsers try ::1 first for localhost: a program that answers there would hide ours."""
    try:
        with socket.socket(socket.AF_INET6) as other:
            return other.connect_ex(("::1", port)) == 0
    except OSError:
        return False


def bare_environment() -> dict[str, str]:
    """What the user has set, without what would lead libpq or the program's parts astray."""
    ours = {"DATABASE_OWNER_URL", "DATABASE_URL", "REDIS_URL"}
    # They would stand beside the values that are given below, and both are refused.
    ours |= {f"{name}_FILE" for name in (*ours, "SECRET_KEY", "FIELD_KEYS")}
    return {name: value for name, value in os.environ.items() if not name.startswith("PG") and name not in ours}


def secret_key(file: Path) -> str:
    return made_once(file, secrets.token_urlsafe(50))


def field_keys(file: Path) -> str:
    from cryptography.fernet import Fernet

    return made_once(file, f"k1:{Fernet.generate_key().decode()}")


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


class Stamp:
    """Remembers the state in which a slow step last succeeded."""

    def __init__(self, file: Path, state: Callable[[], str]) -> None:
        self.file = file
        self.state = state

    def is_current(self) -> bool:
        with suppress(OSError):
            return self.file.read_text() == self.state() != ""
        return False

    def forget(self) -> None:
        self.file.unlink(missing_ok=True)

    def write(self) -> None:
        self.file.write_text(self.state())


def code_state() -> str:
    """Everything that migrate reads: migrations, models, rights, first rows, and the versions of the packages."""
    total = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for package in sorted(path.parent for path in ROOT.glob("*/__init__.py")):
        if package.name != "tests":
            for file in sorted(package.rglob("*.py")):
                total.update(f"{file.relative_to(ROOT)} ".encode() + file.read_bytes())
    return total.hexdigest()


def database_state(urls: Urls) -> str:
    """Tell which cluster this is, and which migrations it holds, whoever made them since."""
    import psycopg

    with psycopg.connect(urls.owner) as conn:
        cluster = conn.execute("SELECT system_identifier FROM pg_control_system()").fetchone()
        table = conn.execute("SELECT to_regclass('django_migrations')::text").fetchone()
        if not table or not table[0]:
            return f"{cluster} empty"
        made = conn.execute("SELECT md5(string_agg(app || name, ' ' ORDER BY id)) FROM django_migrations")
        return f"{cluster} {made.fetchone()}"


def health_status(port: int) -> int | None:
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        talk.request("GET", "/sante/", headers={"Connection": "close"})
        return talk.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        talk.close()


def last_words(log: Path) -> str:
    """The line of a log that says what went wrong: after a traceback the one that names the error."""
    try:
        lines = [line for line in log.read_text(errors="replace").splitlines()[-300:] if line.strip()]
    except OSError:
        lines = []
    frames = [number for number, line in enumerate(lines) if line.startswith("  File ")]
    after = lines[frames[-1] + 1 :] if frames else lines[::-1]
    told = [line for line in after if not line.startswith((" ", "{"))]
    return one_line((told or lines[-1:] or ["it said nothing"])[0])


def rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))


def read_record(file: Path) -> dict[str, object]:
    try:
        content = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def end_predecessors(record: Path, marker: str) -> None:
    """End what a killed supervisor left behind: groups that it wrote down and that still carry our mark."""
    groups = read_record(record).get("groups")
    left = [group for group in groups if isinstance(group, int)] if isinstance(groups, list) else []
    # Postgres takes SIGINT for a fast shutdown and would wait for its clients after SIGTERM.
    for sig, patience in ((signal.SIGTERM, 2.0), (signal.SIGINT, 3.0), (signal.SIGKILL, 5.0)):
        deadline = time.monotonic() + patience
        left = [group for group in left if is_ours(group, marker)]
        for group in left:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, sig)
        while time.monotonic() < deadline and any(is_ours(group, marker) for group in left):
            time.sleep(0.05)


def is_ours(group: int, marker: str) -> bool:
    """A number may have been given to another process since: only the mark tells."""
    return any(carries(pid, marker) for pid in members(group))


def members(group: int) -> list[int]:
    if not LINUX:
        listed = subprocess.run(["ps", "-axo", "pid=,pgid="], capture_output=True, text=True, check=False)
        pairs = [line.split() for line in listed.stdout.splitlines()]
        return [int(pid) for pid, of in pairs if int(of) == group]
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            # After the name in brackets, which may hold spaces: state, parent, group.
            state, _, of = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state != "Z":
                found.append(int(folder.name))
    return found


def carries(pid: int, marker: str) -> bool:
    if not LINUX:
        shown_env = subprocess.run(["ps", "eww", "-p", str(pid)], capture_output=True, text=True, check=False)
        return marker in shown_env.stdout
    with suppress(OSError):
        if f"{MARKER}={marker}".encode() in Path(f"/proc/{pid}/environ").read_bytes():
            return True
    return marker in command_of(pid)


def reset(config: Config) -> int:
    """Delete the data folder, and nothing that is not one."""
    data = config.data
    if not data.exists():
        say(f"{shown(data)}/ does not exist: nothing to delete")
        return 0
    if any(data.iterdir()) and not (data / "lock").exists():
        raise RefusalError(f"{data} is no data folder of Extrabat: nothing was deleted. Correct DATA_DIR")
    with alone(data, data / "run.json"):
        end_predecessors(data / "run.json", config.marker)
        cluster = (data / "postgres").resolve()
        for folder in (cluster, cluster.with_name("postgres.run"), data):
            shutil.rmtree(folder, ignore_errors=folder != data)
        with suppress(OSError):
            cluster.parent.rmdir()
    say(f"{shown(data)}/ deleted; make run makes a new one")
    return 0


def main(arguments: Sequence[str]) -> int:
    command = "demo-reset" if arguments else "run"
    try:
        config = Config.read(os.environ)
        return reset(config) if arguments == ["reset"] else Supervisor(config).run()
    except StepError as error:
        say(f"make {command} stopped: {error}", to=2)
    except RefusalError as error:
        say(f"make {command} did not start: {error}", to=2)
    except OSError as error:
        say(f"make {command} stopped: {one_line(error)}. Check the disk space and who owns the files.", to=2)
    except Exception as error:
        # Nobody foresaw it, and still the terminal gets one line.
        log = config.data / "logs/supervisor.log"
        log.write_text(traceback.format_exc())
        say(f"make {command} stopped: {type(error).__name__}: {one_line(error)} (log: {log})", to=2)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
