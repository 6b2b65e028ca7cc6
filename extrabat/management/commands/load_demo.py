"""Load the demo company and print its sign-ins. Refused unless DEMO=1."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from extrabat.lib.rooms import demo_rows
from settings_app.users.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from settings_app.users.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when somebody already has an account")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo company is for DEMO=1 only; production begins with `manage.py first_admin`.")
        if not (options["if_empty"] and User.objects.exists()):
            with transaction.atomic():
                for rows in demo_rows:
                    rows.load("default")
        if User.objects.filter(is_demo=True).exists():
            names = ", ".join(f"{account.username} ({account.role.lower()})" for account in DEMO_ACCOUNTS[:4])
            self.stdout.write(f"Demo sign-ins, password “{DEMO_PASSWORD}”: {names}")
