"""Reading the trail, and erasing the personal values in it."""

from django.db import connection, models
from django.db.models import QuerySet

from settings_app.audit.models import AuditEntry


def trail(row: models.Model) -> QuerySet[AuditEntry]:
    """The lines of one record, newest first."""
    return AuditEntry.objects.filter(model=row._meta.label_lower, object_key=str(row.pk)).select_related("actor")


def erase_values(row: models.Model) -> int:
    """Empty `before` and `after` of a record's lines and say how many; who, when and what stay (GDPR art. 17)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_erase(%s, %s)", [row._meta.label_lower, str(row.pk)])
        (erased,) = cursor.fetchone() or (0,)
    return int(erased)
