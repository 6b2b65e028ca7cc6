"""`make run`: everything the program needs, started in order, watched over, and stopped in order."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import FrameType

from extrabat.devtools.folder import alone, make_folder, reset
from extrabat.devtools.leftovers import MARKER, end_predecessors
from extrabat.devtools.parts import Child, Config, program
from extrabat.devtools.ports import choose_port
from extrabat.devtools.services import Postgres, ServiceError, Urls, Valkey, end, provision, spawn
from extrabat.devtools.stamps import ROOT, Stamp, code_state, database_state
from extrabat.devtools.surroundings import (
    bare_environment,
    check_database,
    check_redis,
    field_keys,
    health_status,
    seal_keys,
    secret_key,
)
from extrabat.devtools.words import (
    RefusalError,
    StepError,
    StopAsked,
    StopAtOnce,
    last_words,
    one_line,
    rotate,
    say,
    shown,
    told,
)

RESTARTS, RESTARTS_WITHIN = 5, 60.0
GRACE = 10.0
ANSWER_PATIENCE, HEALTH_PATIENCE = 120.0, 20.0


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
            "SEAL_KEYS": seal_keys(data / "seal_keys"),
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
