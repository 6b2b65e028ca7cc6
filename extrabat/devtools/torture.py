"""Validations by many sessions, one in five rolled back, Postgres killed meanwhile; then everything is counted.

Told in docs/torture.md: numbers without gap or twin, each draft issued once, the seal whole.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

from extrabat.devtools.bench import write_report
from extrabat.devtools.services import Postgres, provision
from extrabat.devtools.stamps import ROOT
from extrabat.devtools.surroundings import bare_environment

REPORT: Final = ROOT / "docs" / "torture.md"
MARKS: Final = ("<!-- make torture writes from here -->\n", "<!-- to here -->\n")
ROLLED_BACK: Final = 5
GIVE_UP: Final = 300.0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__)
    parser.add_argument("--sessions", type=int, default=40)
    parser.add_argument("--each", type=int, default=50, help="validations of a session")
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--report", type=Path, default=REPORT)
    parser.add_argument("--inside", choices=("prepare", "work"), help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.inside == "prepare":
        return prepare(asked.sessions * asked.each)
    if asked.inside == "work":
        return work(json.load(sys.stdin))
    with tempfile.TemporaryDirectory(prefix="xk-") as name:
        Path(name).chmod(0o711)
        found = Torture(Path(name), asked.sessions, asked.each, asked.kills).run()
    write_report(asked.report, table(asked, found), MARKS)
    print(table(asked, found))
    return 0 if found["gaps"] == found["twins"] == found["lost"] == 0 and found["seal"].startswith("The seal") else 1


class Torture:
    """One cluster of its own, sessions as threads of four processes, somebody who pulls the plug."""

    def __init__(self, folder: Path, sessions: int, each: int, kills: int) -> None:
        self.folder, self.sessions, self.each, self.kills = folder, sessions, each, kills
        self.postgres = Postgres(folder / "postgres")
        self.env: dict[str, str] = {}

    def run(self) -> dict[str, Any]:
        try:
            self.postgres.start()
            urls = provision(self.postgres)
            self.env = _environment(self.folder, urls.app, urls.owner)
            self._python("manage.py", "migrate", "--database=owner", "--no-input", "-v0")
            inside = ("-m", "extrabat.devtools.torture", f"--sessions={self.sessions}", f"--each={self.each}")
            keys = json.loads(self._python(*inside, "--inside=prepare"))
            started = time.monotonic()
            told = self._sessions(keys)
            seconds = time.monotonic() - started
            return self._counted(len(keys)) | told | {"seconds": seconds}
        finally:
            self.postgres.stop()

    def _sessions(self, keys: list[int]) -> dict[str, Any]:
        workers = min(4, self.sessions)
        command = [sys.executable, "-m", "extrabat.devtools.torture", "--inside=work"]
        running = []
        for place in range(workers):
            process = subprocess.Popen(
                command, env=self.env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            asked = {"keys": keys[place::workers], "threads": max(1, self.sessions // workers), "seed": place}
            if process.stdin:
                process.stdin.write(json.dumps(asked))
                process.stdin.close()
            running.append(process)
        for kill in range(self.kills):
            self._kill_after(len(keys) * (kill + 1) // (self.kills + 1))
        outputs = [_last_words(process) for process in running]
        codes = [process.wait() for process in running]
        if any(codes):
            raise SystemExit(f"a session gave up: {codes}")
        found = [json.loads(output) for output in outputs]
        waits = sorted(wait for one in found for wait in one["ms"])
        return {
            "rolled_back": sum(one["rolled_back"] for one in found),
            "disturbed": sum(one["disturbed"] for one in found),
            "median": waits[len(waits) // 2],
            "high": waits[int(len(waits) * 0.95)],
        }

    def _kill_after(self, issued: int) -> None:
        """Kill -9 of the postmaster once so many are issued; then it is started again."""
        deadline = time.monotonic() + GIVE_UP
        while self._issued() < issued and time.monotonic() < deadline:
            time.sleep(0.05)
        pid = self.postgres.pid
        if pid:
            os.kill(pid, signal.SIGKILL)
        if self.postgres.process:
            self.postgres.process.wait()
            self.postgres.process = None
        self.postgres.start()

    def _ask(self, question: str) -> Any:
        import psycopg

        with psycopg.connect(self.postgres.url("postgres", "extrabat")) as connection:
            return connection.execute(question).fetchall()

    def _issued(self) -> int:
        return int(self._ask("SELECT count(*) FROM commerce_document WHERE state = 'issued'")[0][0])

    def _counted(self, drafts: int) -> dict[str, Any]:
        numbers = [row[0] for row in self._ask("SELECT number FROM commerce_document WHERE number <> ''")]
        places = sorted(int(number[-6:]) for number in numbers)
        disorder = """
            SELECT count(*) FROM (SELECT number, date, lag(date) OVER (ORDER BY number) AS before
                                    FROM commerce_document WHERE number <> '') d WHERE date < before"""
        return {
            "drafts": drafts,
            "issued": len(numbers),
            "lost": drafts - len(numbers),
            "gaps": len(set(range(1, len(places) + 1)) - set(places)),
            "twins": len(numbers) - len(set(numbers)),
            "disorder": self._ask(disorder)[0][0],
            "copies": self._ask("SELECT count(*) FROM commerce_issuedcopy")[0][0],
            "events": self._ask("SELECT count(*) FROM commerce_sealevent")[0][0],
            "seal": self._python("manage.py", "verify_seal").strip(),
        }

    def _python(self, *command: str) -> str:
        ran = subprocess.run(
            [sys.executable, *command], env=self.env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if ran.returncode and "verify_seal" not in command:
            raise SystemExit(f"make torture stopped: {command[1]} failed.\n{ran.stderr[-3000:]}")
        return ran.stdout


def _last_words(process: "subprocess.Popen[str]") -> str:
    if process.stdout is None:
        return ""
    with process.stdout as output:
        return output.read()


def _environment(folder: Path, app: str, owner: str) -> dict[str, str]:
    return {
        **bare_environment(),
        "DJANGO_SETTINGS_MODULE": "extrabat.settings",
        "SECRET_KEY": "torture" * 8,
        "FIELD_KEYS": "k1:" + "A" * 43 + "=",
        "SEAL_KEYS": "k1:torture-torture-torture",
        "DEMO": "1",
        "HTTPS": "0",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": app,
        "DATABASE_OWNER_URL": owner,
        "REDIS_URL": "redis://none",
        "DATA_DIR": str(folder / "data"),
    }


def _django() -> None:
    import django

    django.setup()
    # The rooms register what they offer when the addresses are read.
    import extrabat.urls  # noqa: F401


def prepare(count: int) -> int:
    """So many drafts of one line, of ten clients; their keys on the standard output."""
    _django()
    from decimal import Decimal

    from django.db import transaction

    from clients.models import Address, Client
    from commerce.models import Document, DocumentLine, VatRate
    from commerce.sums import write_totals
    from settings_app.models import AddressType, Civility, Status, Store, User

    by = User.objects.create(username="torture", store=Store.objects.earliest("pk"))
    civility, status = Civility.objects.earliest("position"), Status.objects.earliest("position")
    rate, kind = VatRate.objects.get(label="Taux normal"), AddressType.objects.earliest("pk")
    keys = []
    with transaction.atomic():
        places = []
        for number in range(10):
            client = Client.objects.create(civility=civility, status=status, last_name=f"Essai {number}")
            places.append(Address.objects.create(client=client, type=kind, postcode="84120", city="Pertuis"))
        for number in range(count):
            place = places[number % len(places)]
            row = Document.objects.create(
                kind="invoice",
                client=place.client,
                store=Store.objects.earliest("pk"),
                title=f"Essai {number}",
                date=date(2026, 1, 2),
                billing_address=place,
                created_by=by,
            )
            DocumentLine.objects.create(
                document=row, position=1, label="Pompe", quantity=1 + number % 3, unit_price=Decimal(100), vat=rate
            )
            write_totals(row)
            keys.append(row.pk)
    print(json.dumps(keys))
    return 0


def work(asked: dict[str, Any]) -> int:
    """Issue each draft, whatever happens; tell how often it was rolled back, how often the server was not there."""
    _django()
    from django.db import Error, connections, transaction

    from commerce.actions.issuing import issue
    from settings_app.models import User

    by = User.objects.get(username="torture")
    told: dict[str, Any] = {"rolled_back": 0, "disturbed": 0, "ms": []}

    def one(key: int) -> None:
        chance, token, deadline = random.Random(key), str(uuid.uuid4()), time.monotonic() + GIVE_UP
        while time.monotonic() < deadline:
            started, gives_up = time.monotonic(), chance.randrange(ROLLED_BACK) == 0
            try:
                with transaction.atomic():
                    issue(key, by=by, on=date(2026, 1, 2), token=token, may_override=True, reason="Essai")
                    transaction.set_rollback(gives_up)
            except Error:
                # The page that somebody gets then: nothing was written, or all of it; the same form is sent again.
                told["disturbed"] += 1
                with suppress(Error):
                    connections.close_all()
                time.sleep(0.1)
                continue
            if not gives_up:
                told["ms"].append(round((time.monotonic() - started) * 1000, 1))
                return
            told["rolled_back"] += 1
        raise SystemExit(f"draft {key} was never issued")

    with ThreadPoolExecutor(asked["threads"]) as pool:
        list(pool.map(one, asked["keys"]))
    print(json.dumps(told))
    return 0


def table(asked: Any, found: dict[str, Any]) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    seal = re.sub(r", [0-9.]+ s$", "", found["seal"].splitlines()[-1] if found["seal"] else "no answer")
    rows = (
        ("drafts to issue", found["drafts"]),
        ("issued", found["issued"]),
        ("lost", found["lost"]),
        ("gaps in the numbers", found["gaps"]),
        ("numbers twice", found["twins"]),
        ("dates out of order", found["disorder"]),
        ("copies, events of the seal", f"{found['copies']}, {found['events']}"),
        ("rolled back on purpose", found["rolled_back"]),
        ("attempts that met a dead server", found["disturbed"]),
        ("milliseconds of one, median / 95 %", f"{found['median']} / {found['high']}"),
        ("a second", round(found["issued"] / found["seconds"], 1)),
        ("verify_seal", seal),
    )
    day = f"{date.today():%Y-%m-%d}"  # noqa: DTZ011  # the machine's day, for people
    told = (
        f"{day}, commit {commit or 'unknown'}: {asked.sessions} sessions of {asked.each} validations, one in five "
        f"rolled back, Postgres killed (`kill -9`) {asked.kills} times.\n\n| what | found |\n|---|---|\n"
    )
    return told + "".join(f"| {name} | {value} |\n" for name, value in rows)


if __name__ == "__main__":
    sys.exit(main())
