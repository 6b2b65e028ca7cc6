"""Which records use a reference value: every foreign key of every room that points to its table."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, F, Value

from extrabat.lib.french import join, plural
from settings_app.reference.models import ReferenceValue


class Usage(dict[str, int]):
    """How many records by what they are: {"client": 12, "contact": 1}."""

    @property
    def total(self) -> int:
        return sum(self.values())

    @property
    def words(self) -> str:
        """« 12 clients et 1 contact »."""
        return join(*(plural(count, name) for name, count in self.items()))


def references_to(table: type[ReferenceValue]) -> Iterator[models.ForeignKey[Any, Any]]:
    """Found by walking the models, so that a room that comes later is never forgotten."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is table:
                yield field


def usage_of(table: type[ReferenceValue], *keys: int) -> dict[int, Usage]:
    """What uses the values `keys`, or all of the table's; one query, however many values and rooms."""
    counts = []
    for field in references_to(table):
        rows = field.model._base_manager.exclude(**{field.name: None})
        if keys:
            rows = rows.filter(**{f"{field.name}__in": keys})
        counts.append(
            rows.order_by()
            .values(value_key=F(field.attname))
            .annotate(record=Value(str(field.model._meta.verbose_name)), total=Count("*"))
            .values_list("value_key", "record", "total")
        )
    found = {key: Usage() for key in keys}
    if counts:
        for key, record, total in counts[0].union(*counts[1:], all=True):
            usage = found.setdefault(key, Usage())
            usage[record] = usage.get(record, 0) + total
    return found
