"""Reading the trail, and erasing the personal values in it."""

from collections.abc import Iterable, Sequence

from django.db import connection, models
from django.db.models import QuerySet

from settings_app.audit.models import AuditEntry


def trail(row: models.Model) -> QuerySet[AuditEntry]:
    """The lines of one record, newest first."""
    return AuditEntry.objects.filter(model=row._meta.label_lower, object_key=str(row.pk)).select_related("actor")


def erase_values(row: models.Model, *, reason: str) -> int:
    """Empty `before` and `after` of a record's lines and say how many; who, when and what stay (GDPR art. 17).

    That it was done is a line too, with its `reason`.
    """
    return erase_all([(row._meta.label_lower, str(row.pk))], reason=reason)


def erase_all(records: Iterable[tuple[str, str]], *, reason: str, kept: Sequence[str] = ()) -> int:
    """The same for several (model, key); the columns `kept` stay, which say whose a deleted record was."""
    found = list(records)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(audit_erase(model, key, %s, %s::text[])), 0)"
            " FROM unnest(%s::text[], %s::text[]) AS record(model, key)",
            [reason, list(kept), [model for model, _ in found], [key for _, key in found]],
        )
        (erased,) = cursor.fetchone() or (0,)
    return int(erased)


def forget_sign_ins() -> int:
    """Delete who came in and went out more than twelve months ago, and their lines; give how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_sign_ins()")
        (forgotten,) = cursor.fetchone() or (0,)
    return int(forgotten)
