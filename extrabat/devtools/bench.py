"""`make bench`: load a big company, start the web server, time the main pages, write docs/benchmarks.md.

All of it in a scratch folder, with a Postgres and a Valkey of its own.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx

from extrabat.devtools.folder import make_folder
from extrabat.devtools.parts import Config, program
from extrabat.devtools.ports import choose_port
from extrabat.devtools.run import Supervisor
from extrabat.devtools.services import Postgres, Urls, Valkey, end, provision, spawn
from extrabat.devtools.stamps import ROOT
from extrabat.devtools.surroundings import health_status

REPORT: Final = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- make bench writes from here -->\n", "<!-- to here -->\n"
# Unrecorded: each of the server's processes reads its templates and settles its plans.
WARMING: Final = 12
SESSIONS: Final = 8
WORDS: Final = (
    *("du", "dup", "dupont jean", "martin", "le", "lefev", "bar", "camping", "marie", "zoe", "de belba"),
    *("saus", "villa", "pel", "jean pierre", "cor", "hotel mar", "nguyen", "girard lea", "xyz"),
)
# What a request needs of chance: the key of a client and a word to look for.
Path_ = Callable[[int, str], str]
PAGES: Final[Mapping[str, Path_]] = {
    "/clients/": lambda _key, _word: "/clients/",
    "/clients/?q=…": lambda _key, word: f"/clients/?q={word.replace(' ', '+')}",
    "/clients/nombre/": lambda _key, _word: "/clients/nombre/",
    "/clients/<id>/": lambda key, _word: f"/clients/{key}/",
    "/clients/<id>/modifier/ (simple)": lambda key, _word: f"/clients/{key}/modifier/?mode=simplifie",
    "/clients/<id>/modifier/ (advanced)": lambda key, _word: f"/clients/{key}/modifier/?mode=avance",
    "/clients/nouveau/": lambda _key, _word: "/clients/nouveau/",
    "/recherche/?q=…": lambda _key, word: f"/recherche/?q={word.replace(' ', '+')}",
}


GROWING: Final = ("/clients/", "/clients/?q=…", "/clients/<id>/", "/recherche/?q=…")
GROWTH_BEGIN, GROWTH_END = "<!-- make bench ARGS=--growth writes from here -->\n", "<!-- growth to here -->\n"


@dataclass(frozen=True)
class Together:
    """Answers in a second, and the milliseconds of one, of eight sessions at once."""

    page: str
    rate: float
    median: float
    high: float


@dataclass(frozen=True)
class Timed:
    """Milliseconds of each answer, and the size of the last."""

    page: str
    ms: Sequence[float]
    size: int


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=60, help="of each page")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each page with eight sessions at once")
    parser.add_argument("--report", type=Path, default=REPORT)
    parser.add_argument(
        "--growth", type=_sizes, help="clients, as 1000,10000: measure search, list and record at each instead"
    )
    parser.add_argument("--static", type=Path, help="static files that were gathered before")
    asked = parser.parse_args(arguments)
    if asked.growth:
        return bench_growth(asked.growth, asked.requests, asked.report, asked.static)
    busy = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="xb-") as name:
        Path(name).chmod(0o711)
        bench = Bench(Path(name) / "data", asked.static)
        with bench.services():
            loaded = bench.load(asked.clients)
            plans = json.loads(bench.python("-m", "extrabat.devtools.bench_plans"))
            with bench.server() as port:
                paths = {**PAGES, "/clients/?apres=… (at 90 %)": lambda _key, _word: plans["deep"]}
                times = measure(port, paths, plans["last"], asked.clients, asked.requests)
                together = measure_together(port, plans["last"], asked.clients, asked.seconds)
    write_report(asked.report, tables(asked.clients, busy, loaded, (times, together), plans["pages"]))
    print(f"written: {asked.report.name}")
    return 0


def _sizes(text: str) -> list[int]:
    sizes = [int(part) for part in text.split(",")]
    if sizes != sorted(set(sizes)):
        raise argparse.ArgumentTypeError("sizes grow")
    return sizes


def bench_growth(sizes: Sequence[int], requests: int, report: Path, static: Path | None) -> int:
    """The same pages at each size in turn, in one database that grows."""
    found: dict[int, list[Timed]] = {}
    with tempfile.TemporaryDirectory(prefix="xb-") as name:
        Path(name).chmod(0o711)
        bench = Bench(Path(name) / "data", static)
        with bench.services():
            bench.prepare()
            for before, size in zip([0, *sizes], sizes, strict=False):
                bench.python("manage.py", "load_bench", f"--clients={size - before}", "--only=clients", "--add")
                last = int(bench.python("-m", "extrabat.devtools.bench_plans", "last"))
                with bench.server() as port:
                    found[size] = measure(port, {page: PAGES[page] for page in GROWING}, last, size, requests)
    write_report(report, growth_table(found), (GROWTH_BEGIN, GROWTH_END))
    print(f"written: {report.name}")
    return 0


def growth_table(found: Mapping[int, Sequence[Timed]]) -> str:
    smallest, largest = min(found), max(found)
    heads = " | ".join(f"{size:,}" for size in found)
    lines = [f"{date.today():%Y-%m-%d}, median / 95 % in milliseconds, one session.\n"]  # noqa: DTZ011
    lines.append(f"| GET | {heads} | largest : smallest |\n|---|{'---:|' * len(found)}---:|")
    for place, page in enumerate(GROWING):
        cells = [f"{_median(timed[place]):.1f} / {_high(timed[place]):.1f}" for timed in found.values()]
        ratio = _median(found[largest][place]) / _median(found[smallest][place])
        lines.append(f"| `{page}` | {' | '.join(cells)} | {ratio:.2f} |")
    return "\n".join(lines) + "\n"


def _median(timed: Timed) -> float:
    return statistics.median(timed.ms)


def _high(timed: Timed) -> float:
    return sorted(timed.ms)[int(0.95 * (len(timed.ms) - 1))]


class Bench:
    """The program in a folder of its own, without worker and beat."""

    def __init__(self, folder: Path, static: Path | None) -> None:
        self.config = Config(data=folder, port=None, demo=True, database=None, redis=None)
        self.static = static
        self.env: dict[str, str] = {}

    @contextmanager
    def services(self) -> Iterator[None]:
        make_folder(self.config.data)
        postgres = Postgres(self.config.data / "postgres")
        valkey = Valkey(self.config.data / "valkey")
        try:
            postgres.start()
            valkey.start()
            self.env = self._environment(provision(postgres), valkey.url)
            yield
        finally:
            valkey.stop()
            postgres.stop()

    def _environment(self, urls: Urls, redis: str) -> dict[str, str]:
        env = Supervisor(self.config).environment(urls, redis, 8000) | {"DATABASE_OWNER_URL": urls.owner}
        return env | ({"STATIC_ROOT": str(self.static)} if self.static else {})

    def load(self, clients: int) -> str:
        """Give what load_bench says of its tables."""
        self.prepare()
        return self.python("manage.py", "load_bench", f"--clients={clients}")

    def prepare(self) -> None:
        """Static files, tables, the demo company."""
        if self.static is None:
            self.python("-m", "extrabat.devtools.assets")
            self.python("manage.py", "collectstatic", "--no-input", "-v0")
        self.python("manage.py", "migrate", "--database=owner", "--no-input", "-v0")
        self.python("manage.py", "load_demo")

    def python(self, *command: str) -> str:
        print(f"  {command[1]}", flush=True)
        ran = subprocess.run(
            [sys.executable, *command], env=self.env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            raise SystemExit(f"make bench stopped: {command[1]} failed.\n{ran.stderr[-3000:]}")
        return ran.stdout

    @contextmanager
    def server(self) -> Iterator[int]:
        """Granian as `make run` starts it."""
        with choose_port(None) as reserved:
            port = int(reserved.getsockname()[1])
            web = next(child for child in program(port, self.config) if child.name == "web")
            reserved.close()
            log = self.config.data / "logs" / "web.log"
            process = spawn(web.command, log=log, env=self.env, cwd=ROOT, at_parent_death=signal.SIGTERM)
            try:
                # Any answer will do: without worker and beat it is not a healthy one.
                while health_status(port) is None:
                    if process.poll() is not None:
                        raise SystemExit(f"the server ended: {log.read_text()[-2000:]}")
                    time.sleep(0.05)
                yield port
            finally:
                end(process, (signal.SIGTERM, 10.0))


def measure(port: int, paths: Mapping[str, Path_], last: int, clients: int, requests: int) -> list[Timed]:
    """One session, one connection kept open, one request after another, the client drawn anew for each."""
    cookie = sign_in(port)
    chance = random.Random(60)
    times = []
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as talk:
        for page, path in paths.items():
            asked = [
                path(chance.randint(last - clients + 1, last), WORDS[number % len(WORDS)])
                for number in range(WARMING + requests)
            ]
            answers = [ask(talk, one, cookie) for one in asked][WARMING:]
            times.append(Timed(page, [ms for ms, _ in answers], answers[-1][1]))
    return times


def measure_together(port: int, last: int, clients: int, seconds: float) -> list[Together]:
    """Eight sessions at once on each page, each asking again as soon as it is answered; they share the two cores."""
    cookies = [sign_in(port) for _ in range(SESSIONS)]
    found = []
    for page, path in PAGES.items():
        until = time.monotonic() + seconds
        with ThreadPoolExecutor(SESSIONS) as sessions:
            asked = [_drawn(path, random.Random(number), last, clients) for number in range(SESSIONS)]
            runs = [sessions.submit(_until, until, port, *one) for one in zip(cookies, asked, strict=True)]
        ms = sorted(one for run in runs for one in run.result())
        found.append(Together(page, len(ms) / seconds, statistics.median(ms), ms[int(0.95 * (len(ms) - 1))]))
    return found


def _drawn(path: Path_, chance: random.Random, last: int, clients: int) -> Iterator[str]:
    while True:
        yield path(chance.randint(last - clients + 1, last), chance.choice(WORDS))


def _until(until: float, port: int, cookie: str, paths: Iterator[str]) -> list[float]:
    times: list[float] = []
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as talk:
        while time.monotonic() < until or not times:
            times.append(ask(talk, next(paths), cookie)[0])
    return times


def sign_in(port: int) -> str:
    with httpx.Client(base_url=f"http://localhost:{port}", trust_env=False) as browser:
        form = browser.get("/connexion/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        sent = {"login": "claire", "password": "demo", "csrfmiddlewaretoken": token[1] if token else ""}
        browser.post("/connexion/", data=sent, headers={"Referer": f"http://localhost:{port}/connexion/"})
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


def ask(talk: http.client.HTTPConnection, path: str, cookie: str) -> tuple[float, int]:
    """Milliseconds until the last byte, and how many there were."""
    started = time.perf_counter()
    talk.request("GET", path, headers={"Cookie": cookie, "Host": "localhost"})
    answer = talk.getresponse()
    body = answer.read()
    elapsed = (time.perf_counter() - started) * 1000
    # The search field opens its only result at once.
    if answer.status != 200 and not path.startswith("/recherche/"):
        raise SystemExit(f"{path} answered {answer.status}")
    return elapsed, len(body)


# ---- what is written ---------------------------------------------------------------------------------------------


def tables(
    clients: int,
    busy: float,
    loaded: str,
    figures: tuple[Sequence[Timed], Sequence[Together]],
    pages: Sequence[Mapping[str, Any]],
) -> str:
    times, together = figures
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {memory:.0f} GiB, load average {busy:.1f} before the start"
    asked = len(times[0].ms)
    parts = [
        f"Machine: {machine}. {date.today():%Y-%m-%d}.\n"  # noqa: DTZ011
        f"{clients:,} clients beside the demo’s. Command: `make bench`.\n",
        "## Loading\n",
        f"```\n{loaded.strip()}\n```\n",
        "## Pages\n",
        f"{asked} requests of each after {WARMING} unrecorded ones, one after another, each for a client or a word\n"
        "drawn anew; milliseconds until the last byte, uncompressed.\n",
        "| GET | fastest | median | 95 % | slowest | kB |\n|---|---:|---:|---:|---:|---:|",
        *(_line(timed) for timed in times),
        f"\n## {SESSIONS} sessions at once\n",
        "Each asks again as soon as it is answered; they and the server share the cores.\n",
        "| GET | a second | median ms | 95 % |\n|---|---:|---:|---:|",
        *(f"| `{one.page}` | {one.rate:.0f} | {one.median:.0f} | {one.high:.0f} |" for one in together),
        "\n## Queries\n",
        "`EXPLAIN (ANALYZE, BUFFERS)` of each query of a page, run twice and the second told; the frame around the\n"
        "page (who, which rights, which store) counts in.\n",
        "| page | queries | ms in all | ms of the slowest |\n|---|---:|---:|---:|",
        *(_page_line(page) for page in pages),
        "",
        *(_details(page) for page in pages),
    ]
    return "\n".join(parts) + "\n"


def _line(timed: Timed) -> str:
    figures = [min(timed.ms), _median(timed), _high(timed), max(timed.ms)]
    told = " | ".join(f"{ms:.1f}" for ms in figures)
    return f"| `{timed.page}` | {told} | {timed.size / 1000:.0f} |"


def _page_line(page: Mapping[str, Any]) -> str:
    times = [query["ms"] for query in page["queries"]]
    return f"| {page['title']} | {len(times)} | {sum(times):.1f} | {max(times):.1f} |"


def _details(page: Mapping[str, Any]) -> str:
    """Every query in a line; of a list, the slowest one's plan too, which is where its time goes."""
    lines = ["| table | ms | reads |\n|---|---:|---|"]
    lines += [f"| `{q['table']}` | {q['ms']:.2f} | {', '.join(q['scans'])} |" for q in page["queries"]]
    if page["title"].startswith(("list", "count")):
        worst = max(page["queries"], key=lambda query: query["ms"])
        lines += ["\n```", *(line[:160] for line in worst["plan"]), "```"]
    body = "\n".join(lines)
    return f"<details><summary>{page['title']}</summary>\n\n{body}\n\n</details>\n"


def write_report(file: Path, text: str, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Replace what the last run wrote between `marks`; what people wrote around it stays."""
    begin, end_ = marks
    before, after = "# Benchmarks\n\n", ""
    if file.exists():
        before, _, rest = file.read_text().partition(begin)
        after = rest.partition(end_)[2]
    file.write_text(f"{before}{begin}\n{text}\n{end_}{after}")


if __name__ == "__main__":
    sys.exit(main())
