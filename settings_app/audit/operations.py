"""What a migration says to put a table under audit or under a version counter."""

from collections.abc import Sequence

from django.db import migrations

# Columns that follow from others or that nobody types: noise in a trail that people read.
DERIVED = ("version", "updated_at", "search_name", "sort_name")


def audit(
    model: str, table: str, *, key: str = "id", secret: Sequence[str] = (), ignored: Sequence[str] = ()
) -> migrations.RunSQL:
    """Track `table` under the name `model` ("clients.client"), each row under its column `key`.

    A link table names the record that it belongs to: a user's groups are told in the user's own trail.
    `secret` columns are recorded as changed without their value; `ignored` ones never cause or enter a line.
    """
    skipped = ",".join([*DERIVED, *ignored])
    return migrations.RunSQL(
        f"CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW"
        f" EXECUTE FUNCTION audit_row('{model}', '{key}', '{','.join(secret)}', '{skipped}')",
        f"DROP TRIGGER audit ON {table}",
    )


def count_versions(table: str) -> migrations.RunSQL:
    """Add one to `version` at each update of a row, whoever makes it."""
    return migrations.RunSQL(
        f"CREATE TRIGGER count_version BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION count_version()",
        f"DROP TRIGGER count_version ON {table}",
    )
