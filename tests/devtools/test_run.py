"""`make run` as a newcomer meets it: the whole program started, used, killed, started again and stopped."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from extrabat.devtools import folder as folder_of
from extrabat.devtools import leftovers, parts, ports, run, surroundings, words
from extrabat.devtools.services import LINUX, Urls, command_of

ROOT = Path(__file__).parents[2]
RUNNING = "Extrabat is running: "
# Long, for a slow machine that tests other things at the same time.
PATIENCE = 120.0

SIGN_IN = "/connexion/"
LOGIN_FIELD, PASSWORD_FIELD = "login", "password"
WHO = {LOGIN_FIELD: "claire", PASSWORD_FIELD: "demo"}
NEW_CLIENT = "/clients/nouveau/?type=particulier&mode=simplifie"
NAME_FIELD = "last_name"
SOMEBODY = {
    NAME_FIELD: "Quermeneur",
    "first_name": "Maëlle",
    "mobile_1": "06 39 98 44 21",
    "address-street": "3 rue des Lilas",
    "address-postcode": "84120",
    "address-city": "Pertuis",
}
CLIENT_LIST = "/clients/?q="

stack = pytest.mark.stack
pytestmark = pytest.mark.xdist_group("stack")


class Program:
    """One `make run`, without make."""

    def __init__(self, data: Path, **env: str) -> None:
        self.data = data
        self.words = data.with_name(f"{data.name}.{time.monotonic_ns()}.txt")
        ours = ("DATABASE_", "REDIS_", "DATA_DIR", "STATIC_ROOT", "SECRET_KEY", "DEMO", "DEBUG", "HTTPS", "PORT")
        clean = {name: value for name, value in os.environ.items() if not name.startswith((*ours, "EXTRABAT"))}
        with self.words.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "extrabat.devtools.run"],
                cwd=ROOT,
                env={**clean, "DATA_DIR": str(data), **env},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.words.read_text(errors="replace")

    @property
    def url(self) -> str:
        found = re.search(rf"{RUNNING}(\S+)", self.said)
        assert found, self.said
        return found.group(1)

    @property
    def marker(self) -> str:
        return parts.Config.read({"DATA_DIR": str(self.data)}).marker

    def wait_until_running(self) -> "Program":
        wait_until(lambda: "Ctrl+C" in self.said or self.process.poll() is not None)
        assert self.process.poll() is None, self.said + logs(self.data)
        return self

    def wait(self) -> int:
        return self.process.wait(PATIENCE)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def groups(self) -> list[int]:
        groups = json.loads((self.data / "run.json").read_text())["groups"]
        assert isinstance(groups, list)
        return groups

    def kill_everything(self) -> None:
        """As a power cut would, or an impatient operator."""
        groups = self.groups()
        self.process.kill()
        self.process.wait()
        for group in groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)


def logs(data: Path) -> str:
    return "".join(f"\n--- {log.name}\n{log.read_text()[-3000:]}" for log in (data / "logs").glob("*.log"))


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition never came true"
        time.sleep(0.05)


def marked(marker: str) -> list[str]:
    """Every process that carries the mark of an instance."""
    pids = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    return [f"{pid} {command_of(pid)}" for pid in pids if command_of(pid) and leftovers.carries(pid, marker)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stack")


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Program]]:
    started: list[Program] = []

    def begin(name: str, **env: str) -> Program:
        started.append(Program(folder / name, **env))
        return started[-1]

    yield begin
    for program in started:
        if program.process.poll() is None:
            program.process.terminate()
            try:
                program.process.wait(30)
            except subprocess.TimeoutExpired:
                program.kill_everything()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


class Forms(HTMLParser):
    """The forms of a page, with what they would send if nothing were typed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        elif self.forms and tag == "input" and given.get("name"):
            sent = given.get("type") not in {"checkbox", "radio"} or "checked" in given
            self.forms[-1] |= {given["name"]: given.get("value", "")} if sent else {}
        elif tag == "select":
            self.select = given.get("name", "")
        elif self.forms and tag == "option" and self.select:
            # A list with nothing chosen gets its first choice.
            open_ = not self.forms[-1].get(self.select)
            self.forms[-1] |= {self.select: given.get("value", "")} if open_ or "selected" in given else {}

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""

    def with_field(self, name: str) -> dict[str, str]:
        return next(form for form in self.forms if name in form)


def fill_in(visitor: OpenerDirector, address: str, field: str, typed: dict[str, str]) -> str:
    """Send the form of a page as a browser does, hidden fields included; return the page that follows."""
    form = Forms(get(visitor, address)).with_field(field)
    with visitor.open(address, urlencode(form | typed).encode(), timeout=30) as answer:
        return str(answer.read().decode())


def get(visitor: OpenerDirector, address: str) -> str:
    with visitor.open(address, timeout=30) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def signed_in(program: Program) -> OpenerDirector:
    visitor = build_opener(HTTPCookieProcessor(CookieJar()))
    fill_in(visitor, program.url + SIGN_IN, LOGIN_FIELD, WHO)
    return visitor


def lists(program: Program, name: str) -> bool:
    """Search by the first letters, as the page repeats what was searched."""
    return name.upper() in get(signed_in(program), program.url + CLIENT_LIST + name[:5]).upper()


@stack
def test_what_was_saved_outlives_a_kill_and_a_stop_leaves_nothing_behind(
    start: Callable[..., Program],
) -> None:
    program = start("one").wait_until_running()
    assert "claire" in program.said
    fill_in(signed_in(program), program.url + NEW_CLIENT, NAME_FIELD, SOMEBODY)

    program.kill_everything()
    again = start("one").wait_until_running()

    assert lists(again, SOMEBODY[NAME_FIELD])
    assert again.stop() == 0
    assert again.said.rstrip().endswith("stopped")
    if LINUX:
        assert marked(again.marker) == []
    assert not (again.data / "run.json").exists()


@stack
def test_two_instances_live_side_by_side_and_a_dead_part_comes_back(
    start: Callable[..., Program], folder: Path
) -> None:
    one = start("one").wait_until_running()
    (folder / "two").mkdir()
    shutil.copytree(one.data / "static", folder / "two/static")
    shutil.copy(one.data / "static.stamp", folder / "two/static.stamp")
    two = start("two").wait_until_running()
    assert one.url != two.url

    fill_in(signed_in(two), two.url + NEW_CLIENT, NAME_FIELD, SOMEBODY | {NAME_FIELD: "Seulementdeux"})
    assert lists(two, "Seulementdeux")
    assert not lists(one, "Seulementdeux")

    twin = start("one")
    assert twin.wait() == 1
    assert twin.said == f"make run did not start: already running at {one.url} (data in {one.data}/)\n"

    for group in two.groups():
        os.killpg(group, signal.SIGKILL)
    parts = ("web", "worker", "beat", "valkey", "postgres")
    wait_until(lambda: all(f"{part} ended unexpectedly and is started again" in two.said for part in parts))
    wait_until(lambda: is_healthy(two))
    assert lists(two, "Seulementdeux")
    assert one.stop() == 0
    assert two.stop() == 0


def is_healthy(program: Program) -> bool:
    try:
        get(build_opener(), f"{program.url}/sante/")
    except (OSError, http.client.HTTPException):
        return False
    return True


@stack
def test_what_a_killed_supervisor_leaves_is_ended_by_the_next(start: Callable[..., Program]) -> None:
    program = start("one").wait_until_running()
    groups = program.groups()
    program.process.kill()
    program.process.wait()

    again = start("one").wait_until_running()

    assert not any(leftovers.is_ours(group, again.marker) for group in groups)
    again.process.send_signal(signal.SIGINT)
    assert again.wait() == 0


@stack
def test_ctrl_c_while_it_starts_leaves_nothing_behind(start: Callable[..., Program]) -> None:
    program = start("three")
    wait_until(lambda: "services" in program.said)
    program.process.send_signal(signal.SIGINT)
    assert program.wait() == 0
    assert program.said.rstrip().endswith("stopped")
    if LINUX:
        assert marked(program.marker) == []


def test_a_port_that_is_asked_for_and_taken_is_told_in_one_line(start: Callable[..., Program], taken_port: int) -> None:
    program = start("four", PORT=str(taken_port))
    assert program.wait() == 1
    assert program.said == (
        f"make run did not start: port {taken_port} is taken by another program. "
        f"Give another one: make run PORT={taken_port + 1}\n"
    )


def test_a_database_that_does_not_answer_is_told_in_one_line(start: Callable[..., Program], taken_port: int) -> None:
    url = "postgresql://nobody:secret-word@127.0.0.1:1/none"
    program = start("four", DATABASE_URL=url, DATABASE_OWNER_URL=url)
    assert program.wait() == 1
    last = program.said.splitlines()[-1]
    assert last.startswith("make run stopped: database failed: ")
    assert "Start the server or correct DATABASE_OWNER_URL" in last
    assert "Traceback" not in program.said
    assert "secret-word" not in program.said


def test_one_database_address_without_the_other_is_told_in_one_line() -> None:
    with pytest.raises(words.RefusalError, match="are both needed") as caught:
        parts.Config.read({"DATABASE_URL": "postgresql://a@/b"})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_told(port: str) -> None:
    with pytest.raises(words.RefusalError, match="is no port number"):
        parts.Config.read({"PORT": port})


def test_without_a_wish_the_next_free_port_is_taken(monkeypatch: pytest.MonkeyPatch, taken_port: int) -> None:
    monkeypatch.setattr(ports, "FIRST_PORT", taken_port)
    with ports.choose_port(None) as first, ports.choose_port(None) as second:
        found = [holder.getsockname()[1] for holder in (first, second)]
    assert taken_port < found[0] < found[1]


def test_a_recorded_number_that_is_another_process_now_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    record = tmp_path / "run.json"
    record.write_text(json.dumps({"groups": [stranger.pid]}))
    with stranger:
        leftovers.end_predecessors(record, "0123456789abcdef")
        assert stranger.poll() is None
        stranger.kill()


def test_a_recorded_group_that_carries_our_mark_is_ended(tmp_path: Path) -> None:
    marker = parts.Config.read({"DATA_DIR": str(tmp_path)}).marker
    ours = subprocess.Popen(
        [sys.executable, "-c", "input()"],
        stdin=subprocess.PIPE,
        env={**os.environ, leftovers.MARKER: marker},
        start_new_session=True,
    )
    record = tmp_path / "run.json"
    record.write_text(json.dumps({"groups": [ours.pid]}))
    with ours:
        wait_until(lambda: leftovers.is_ours(ours.pid, marker))
        leftovers.end_predecessors(record, marker)
        assert ours.wait(1) == -signal.SIGTERM


@pytest.mark.parametrize("content", ["", "{", "[]", '{"groups": "all"}', '{"groups": ["1"]}'])
def test_a_record_that_makes_no_sense_ends_nobody(tmp_path: Path, content: str) -> None:
    record = tmp_path / "run.json"
    record.write_text(content)
    leftovers.end_predecessors(record, "0123456789abcdef")


def test_the_secret_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    key = surroundings.secret_key(tmp_path / "secret_key")
    assert len(key) >= 50
    assert surroundings.secret_key(tmp_path / "secret_key") == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_program_is_not_given_the_owners_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@/x")
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@/x")
    monkeypatch.setenv("PGHOST", "/elsewhere")
    supervisor = run.Supervisor(parts.Config.read({**os.environ, "DATA_DIR": str(tmp_path)}))
    env = supervisor.environment(Urls("postgresql://app@/x", "postgresql://owner@/x"), "unix:///s", 8000)
    assert env["DATABASE_URL"] == "postgresql://app@/x"
    assert "DATABASE_OWNER_URL" not in env
    assert "PGHOST" not in env


def test_the_reason_of_a_failure_is_the_line_of_its_traceback_that_names_the_error(tmp_path: Path) -> None:
    log = tmp_path / "migrate.log"
    traceback = 'Traceback (most recent call last):\n  File "x", line 1\n    look()\n    ~~~~^^\n'
    log.write_text(f'{{"event": "noise"}}\n{traceback}ValueError: no such colour\nDETAIL: a person\n\n')
    assert words.last_words(log) == "ValueError: no such colour"
    error = words.StepError("migrate", words.last_words(log), "Read the log.", log)
    assert str(error) == f"migrate failed: ValueError: no such colour. Read the log. (log: {log})"
    log.write_text("Operations to perform:\nCommandError: no such application\n")
    assert words.last_words(log) == "CommandError: no such application"
    assert words.last_words(tmp_path / "none.log") == "it said nothing"


def test_reset_deletes_the_data_but_no_folder_that_is_not_ours(tmp_path: Path) -> None:
    ours, other = tmp_path / "ours", tmp_path / "other"
    for folder in (ours, other):
        folder.mkdir()
        (folder / "file").touch()
    (ours / "lock").touch()

    with pytest.raises(words.RefusalError, match="nothing was deleted"):
        folder_of.reset(parts.Config.read({"DATA_DIR": str(other)}))
    with folder_of.alone(ours, ours / "run.json"), pytest.raises(words.RefusalError, match="already running"):
        folder_of.reset(parts.Config.read({"DATA_DIR": str(ours)}))
    assert (other / "file").exists()
    assert (ours / "file").exists()

    assert folder_of.reset(parts.Config.read({"DATA_DIR": str(ours)})) == 0
    assert not ours.exists()
    assert folder_of.reset(parts.Config.read({"DATA_DIR": str(ours)})) == 0
