"""`migrate`, as the tables' owner: then the program's role gets its rights and empty tables their first rows."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from extrabat.lib.rooms import starting_rows
from settings_app.grants import grant_program_role


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        using = options["database"]
        if using != "owner" or "owner" not in connections.databases:
            raise CommandError(
                "Migrations are made by the tables' owner: set DATABASE_OWNER_URL and call migrate --database=owner."
            )
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        grant_program_role(using, str(settings.DATABASES["default"]["USER"]))
        for rows in starting_rows:
            rows.load(using)
