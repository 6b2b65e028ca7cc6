"""The queries behind the main pages, as Postgres runs them: JSON for `extrabat.devtools.bench`, which starts this."""

import json
import random
import re
import sys
from typing import Any, Final

import django

SCANS: Final = re.compile(r"(?:Seq Scan on|Scan (?:Backward )?using|Bitmap Index Scan on) \w+")
TIME: Final = re.compile(r"Execution Time: ([0-9.]+) ms")


def main() -> None:
    """Each page is asked for by an administrator of the demo, and each of its queries explained.

    With the argument "last", the key of the last client and nothing else.
    """
    django.setup()
    if sys.argv[1:] == ["last"]:
        from clients.models import Client

        sys.stdout.write(str(Client.objects.latest("pk").pk))
        return
    from django.db import connection
    from django.test import Client as Browser
    from django.test.utils import CaptureQueriesContext

    from settings_app.users.models import User

    browser = Browser(headers={"host": "localhost"})
    browser.force_login(User.objects.get(username="claire"))
    paths, key = _paths()
    pages = []
    for title, path in paths.items():
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        queries = [_explained(query["sql"]) for query in captured.captured_queries if query["sql"].startswith("SELECT")]
        pages.append({"title": title, "queries": queries})
    json.dump({"pages": pages, "deep": paths["list, at 90 %"], "last": key}, sys.stdout)


def _paths() -> tuple[dict[str, str], int]:
    """The addresses by title, and the last client's key."""
    from clients.models import Client
    from extrabat.lib.database import cursor_of

    rows = Client.objects.living().order_by("sort_name", "pk")
    place = int(rows.count() * 0.9)
    cursor = cursor_of(rows[place], ("sort_name", "pk"))
    last = Client.objects.latest("pk").pk
    some = random.Random(5).choice(list(rows.filter(addresses__isnull=False).values_list("pk", flat=True)[:5000]))
    return {
        "list, first page": "/clients/",
        "list, at 90 %": f"/clients/?apres={cursor}",
        "list, « du »": "/clients/?q=du",
        "list, « dup »": "/clients/?q=dup",
        # Its people stand at the end of the alphabet, in whose order the list is read.
        "list, « vil »": "/clients/?q=vil",
        "list, « dupont jean »": "/clients/?q=dupont+jean",
        "list, newest first": "/clients/?tri=-cree",
        "list, by status": "/clients/?tri=statut",
        "list, of a department": "/clients/?lieu=84",
        "count": "/clients/nombre/",
        "client’s home": f"/clients/{some}/",
        "form, simple": f"/clients/{some}/modifier/?mode=simplifie",
        "form, advanced": f"/clients/{some}/modifier/?mode=avance",
    }, last


def _explained(query: str) -> dict[str, Any]:
    """Run twice, so that what is told is the warm one."""
    from django.db import connection

    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query}")
            plan = [line for (line,) in cursor.fetchall()]
    text = "\n".join(plan)
    time = TIME.search(text)
    return {
        "table": _table(query),
        "ms": float(time[1]) if time else 0.0,
        "scans": list(dict.fromkeys(_short(scan) for scan in SCANS.findall(text))),
        "plan": plan,
    }


def _table(query: str) -> str:
    """The one that the query is about: that of a query inside it would mislead."""
    outer, inner = query, ""
    while outer != inner:
        inner, outer = outer, re.sub(r"\([^()]*\)", "", outer)
    found = re.search(r'FROM "(\w+)"', outer) or re.search(r'FROM "(\w+)"', query)
    return found[1] if found else "–"


def _short(scan: str) -> str:
    """The index that is used, or the table that is read whole."""
    name = scan.rsplit(" ", 1)[1]
    return f"all of {name}" if scan.startswith("Seq") else name


if __name__ == "__main__":
    main()
