"""Take the second factors of a user away: the way back in of the last administrator who lost his phone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from settings_app.audit.context import acting
from settings_app.users.factors import reset_factors
from settings_app.users.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(f"Nobody is called {options['username']}.")
        with acting(by=None, source="reset_factors"):
            count = reset_factors(user, by=None)
        self.stdout.write(f"{user.username}: {count} second factors taken away. The password alone opens now.")
