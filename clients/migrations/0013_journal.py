"""Finds what was deleted of a client in the audit trail: only its own line still says whose it was."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0012_history_statuses"),
        ("settings_app", "0010_journal"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX audit_deleted_of_{owner} ON settings_app_auditentry ((before -> '{owner}_id'))"
            " WHERE verb = 'delete'",
            f"DROP INDEX audit_deleted_of_{owner}",
        )
        for owner in ("client", "installation")
    ]
