"""Close every day, month and year that is over and is not closed yet; what the nightly job does."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from commerce.actions.closings import close_periods


class Command(BaseCommand):
    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{close_periods(before=localdate())} periods closed")
