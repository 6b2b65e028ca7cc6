"""Many rows at once: Postgres's COPY, for data that is made and not typed.

Triggers, constraints and generated columns work as at any INSERT. Unlike bulk_create, a date that a field would set
by itself (`auto_now`) is kept when the row already has one: made data has a past.
"""

import time
from collections.abc import Sequence
from typing import Any

from django.db import connections, models
from django.utils import timezone
from psycopg import sql


class Copier:
    """Writes through one database alias; `told` holds rows and seconds by table."""

    def __init__(self, using: str) -> None:
        self.using = using
        self.told: dict[str, tuple[int, float]] = {}

    def give_keys(self, rows: Sequence[models.Model]) -> None:
        """Take the rows' keys from the table's sequence, so that other rows can name them before they are written."""
        if not rows:
            return
        with connections[self.using].cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [rows[0]._meta.db_table, len(rows)],
            )
            for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = key

    def write(self, rows: Sequence[models.Model]) -> None:
        """Write rows of one model; those without a key get one."""
        if not rows:
            return
        started = time.perf_counter()
        self.give_keys([row for row in rows if row.pk is None])
        connection = connections[self.using]
        fields = [field for field in rows[0]._meta.concrete_fields if not field.generated]
        columns = [sql.Identifier(field.get_attname_column()[1] or "") for field in fields]
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(rows[0]._meta.db_table), sql.SQL(", ").join(columns)
        )
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([_value(row, field, connection) for field in fields])
        self._tell(rows[0]._meta.db_table, len(rows), time.perf_counter() - started)

    def _tell(self, table: str, rows: int, seconds: float) -> None:
        before = self.told.get(table, (0, 0.0))
        self.told[table] = (before[0] + rows, before[1] + seconds)


def _value(row: models.Model, field: "models.Field[Any, Any]", connection: Any) -> Any:
    value = getattr(row, field.attname)
    if value is None and (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)):
        value = timezone.now()
    return field.get_db_prep_save(value, connection)
