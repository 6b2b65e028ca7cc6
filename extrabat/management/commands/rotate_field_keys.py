"""Seal every sealed column anew with the first key of FIELD_KEYS, while the program runs; then the others may go."""

from collections import Counter
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models, transaction
from django.db.models.functions import Cast

from extrabat.lib.sealed import SealedTextField
from extrabat.lib.secrets import SealError, needs_rotation, unseal
from settings_app.audit.context import acting
from settings_app.users import factors


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="rows locked and written at a time")

    def handle(self, *_args: Any, **options: Any) -> None:
        unreadable: Counter[str] = Counter()
        with acting(by=None, source="changement de clé"):
            for model in apps.get_models():
                names = [f.name for f in model._meta.local_fields if isinstance(f, SealedTextField)]
                if names and model._meta.managed and not model._meta.proxy:
                    sealed = _rotate(model, names, options["batch"], unreadable)
                    self.stdout.write(f"{model._meta.label}: {sealed} values sealed anew")
            self._rotate_factors(options["batch"], unreadable)
        if unreadable:
            reasons = "; ".join(f"{reason} ({count})" for reason, count in sorted(unreadable.items()))
            raise CommandError(f"Some values were left as they were: {reasons}. Keep the former keys.")

    def _rotate_factors(self, batch: int, unreadable: Counter[str]) -> None:
        """Second factors keep their secrets inside a JSON column of allauth's."""
        if counts := list(factors.reseal(batch, unreadable)):
            self.stdout.write(f"mfa.Authenticator: {sum(counts)} values sealed anew")


def _rotate(model: type[models.Model], names: list[str], batch: int, unreadable: Counter[str]) -> int:
    """Go through the rows in the order of their keys, a batch at a time; give how many values were written."""
    # As text, or the field would open what is wanted as it lies in the table.
    raw = {f"raw_{name}": Cast(name, models.TextField()) for name in names}
    filled = models.Q()
    for name in names:
        filled |= models.Q(**{f"{name}__isnull": False}) & ~models.Q(**{name: ""})
    last: Any = None
    written = 0
    while True:
        with transaction.atomic():
            # Locked: what somebody types meanwhile is neither lost nor written over.
            rows = model._base_manager.select_for_update(of=("self",)).filter(filled).annotate(**raw).order_by("pk")
            found = list((rows.filter(pk__gt=last) if last is not None else rows).values("pk", *raw)[:batch])
            for row in found:
                texts = _to_seal({name: row[f"raw_{name}"] for name in names}, unreadable)
                if texts:
                    model._base_manager.filter(pk=row["pk"]).update(**texts)
                    written += len(texts)
        if not found:
            return written
        last = found[-1]["pk"]


def _to_seal(tokens: dict[str, str | None], unreadable: Counter[str]) -> dict[str, str]:
    texts = {}
    for name, token in tokens.items():
        try:
            if token and needs_rotation(token):
                texts[name] = unseal(token)
        except SealError as error:
            # Its message names a key at most.
            unreadable[str(error)] += 1
    return texts
