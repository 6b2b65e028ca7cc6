"""Read the whole seal again and name the first broken link; ends non-zero when something is not as it was sealed."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce.verification import Verification


class Command(BaseCommand):
    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        started = time.monotonic()
        verification = Verification()
        found = list(verification.problems())
        for problem in found:
            self.stdout.write(problem)
        told = f"{verification.links} links, {verification.documents} documents, {time.monotonic() - started:.1f} s"
        if found:
            raise CommandError(f"The seal is broken: {found[0]} ({told})")
        self.stdout.write(f"The seal is whole: {told}")
