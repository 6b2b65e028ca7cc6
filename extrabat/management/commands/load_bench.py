"""Load invented clients by the hundred thousand, to measure with. Refused unless DEMO=1 and nobody else is there."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from clients.demo.load import HOW_MANY as DEMO_CLIENTS
from clients.models import Client
from extrabat.lib.copying import Copier
from extrabat.lib.rooms import bench_rows


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clients", type=int, default=100_000, help="how many (100,000 unless told)")
        parser.add_argument("--only", metavar="ROOM", help="the rows of one room, by its name in rooms.bench_rows")
        parser.add_argument("--add", action="store_true", help="even where there are more clients than the demo's")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Invented clients are for DEMO=1 only.")
        there = Client.objects.count()
        if there > DEMO_CLIENTS and not options["add"]:
            raise CommandError(f"There are {there} clients already. Add to them with --add.")
        started = time.perf_counter()
        copier = Copier("default")
        for rows in bench_rows:
            if options["only"] not in (None, rows.name):
                continue
            rows.load(copier, options["clients"])
        self._analyse(list(copier.told))
        total = time.perf_counter() - started
        for table, (count, seconds) in copier.told.items():
            self.stdout.write(f"{table:<28}{count:>9,} rows{seconds:>7.1f} s")
        made = total - sum(seconds for _, seconds in copier.told.values())
        self.stdout.write(f"{'making them, ANALYZE':<42}{made:>7.1f} s")
        self.stdout.write(f"{'total':<42}{total:>7.1f} s")

    def _analyse(self, tables: list[str]) -> None:
        """Only the owner of a table may have it counted; without him autovacuum does it a little later."""
        if "owner" not in connections.databases:
            self.stderr.write("Not analysed, as DATABASE_OWNER_URL is not set: wait a minute before measuring.")
            return
        with connections["owner"].cursor() as cursor:
            for table in tables:
                cursor.execute(f"ANALYZE {connections['owner'].ops.quote_name(table)}")
