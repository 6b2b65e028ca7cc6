"""Make the first administrator of a new company and print the one-time link by which he chooses his password."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from settings_app.company.models import Store
from settings_app.users.links import one_time_path
from settings_app.users.models import User
from settings_app.users.rights import ADMINISTRATOR


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--email", default="")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        username = options["username"]
        others = User.objects.filter(groups__name=ADMINISTRATOR, is_active=True).exclude(username=username)
        if others.exists():
            raise CommandError("This company already has an administrator, who invites the others from the program.")
        user, created = User.objects.get_or_create(
            username=username,
            defaults={
                "first_name": options["first_name"],
                "last_name": options["last_name"],
                "email": options["email"],
                "store": Store.objects.earliest("pk"),
                "is_staff": True,
            },
        )
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            user.groups.set([Group.objects.get(name=ADMINISTRATOR)])
        elif user.has_usable_password():
            raise CommandError(f"{username} has already chosen a password.")
        days = settings.PASSWORD_RESET_TIMEOUT // 86400
        self.stdout.write(f"Open this link once, within {days} days, to choose the password of {username}:")
        self.stdout.write(settings.SITE_URL + reverse("welcome", args=one_time_path(user)))
