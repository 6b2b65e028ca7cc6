"""What names a reference value by its key follows it when it is merged into another."""

from typing import Any

from django.db.models import F, Func, Value
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import QueryDict

from clients.actions.bulk import TABLES
from clients.filters import FILTERS, RowFilter
from clients.models import BulkChange, BulkChangeRow, HistoryEntry, SavedFilter
from settings_app.reference.models import ReferenceValue, Status
from settings_app.reference.signals import value_merged


@receiver(value_merged)
def follow(sender: type[ReferenceValue], old: ReferenceValue, new: ReferenceValue, **_kwargs: Any) -> None:
    fields = [field for field, table in TABLES.items() if table is sender]
    BulkChange.objects.filter(field__in=fields, value=old.pk).update(value=new.pk)
    BulkChangeRow.objects.filter(change__field__in=fields, previous=old.pk).update(previous=new.pk)
    names = [one.name for one in FILTERS if isinstance(one, RowFilter) and one.table is sender]
    for name in names:
        for saved in SavedFilter.objects.filter(query__contains=f"{name}={old.pk}"):
            query = QueryDict(saved.query, mutable=True)
            moved = [str(new.pk) if value == str(old.pk) else value for value in query.getlist(name)]
            query.setlist(name, list(dict.fromkeys(moved)))
            SavedFilter.objects.filter(pk=saved.pk).update(query=query.urlencode())


@receiver(value_merged, sender=Status)
def follow_in_history(old: Status, new: Status, **_kwargs: Any) -> None:
    """The history still names the old one: it stays hidden where its name was not for everybody."""
    if not old.is_restricted:
        _rewrite(old, Func(F("statuses"), Value(old.pk), Value(new.pk), function="array_replace"))


@receiver(post_delete, sender=Status)
def forget_in_history(instance: Status, **_kwargs: Any) -> None:
    if not instance.is_restricted:
        _rewrite(instance, Func(F("statuses"), Value(instance.pk), function="array_remove"))


def _rewrite(status: Status, statuses: Func) -> None:
    """On records that were not merged: those are closed, and keep what they have."""
    entries = HistoryEntry.objects.filter(statuses__contains=[status.pk], client__merged_into=None)
    entries.update(statuses=statuses)
