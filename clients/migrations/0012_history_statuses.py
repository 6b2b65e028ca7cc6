import django.contrib.postgres.fields
from django.db import migrations, models

from settings_app.audit.operations import audit

# Lines that were written as words only: their statuses by name, 0 for a name that nobody bears any more, which hides
# the line from who may not see restricted ones. No trail of it: nobody did anything.
FILL = """
ALTER TABLE clients_historyentry DISABLE TRIGGER USER;
UPDATE clients_historyentry SET statuses = ARRAY[
    coalesce((SELECT id FROM settings_app_status WHERE label = split_part(text, ' → ', 1)), 0),
    coalesce((SELECT id FROM settings_app_status WHERE label = split_part(text, ' → ', 2)), 0)
] WHERE kind = 'status';
ALTER TABLE clients_historyentry ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0011_merges"),
        ("settings_app", "0006_recent_items"),
    ]

    operations = [
        migrations.AddField(
            model_name="historyentry",
            name="statuses",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="statuts",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        # The keys follow from the text.
        migrations.RunSQL("DROP TRIGGER audit ON clients_historyentry", migrations.RunSQL.noop),
        audit("clients.historyentry", "clients_historyentry", ignored=("statuses",)),
    ]
