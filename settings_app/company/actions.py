"""What can be done to stores."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from extrabat.lib.versions import apply_changes
from settings_app.company.models import Store


@transaction.atomic
def update_store(store_id: int, *, changes: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Write what was changed. Raises `Conflict`, with nothing written, over somebody else's newer values."""
    store = Store.objects.select_for_update().get(pk=store_id)
    names = apply_changes(store, changes, seen)
    if names:
        store.save(update_fields=names)
