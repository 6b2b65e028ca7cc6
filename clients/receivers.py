"""What names a reference value by its key follows it when it is merged into another."""

from typing import Any

from django.dispatch import receiver
from django.http import QueryDict

from clients.actions.bulk import TABLES
from clients.filters import FILTERS, RowFilter
from clients.models import BulkChange, BulkChangeRow, SavedFilter
from settings_app.reference.models import ReferenceValue
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
