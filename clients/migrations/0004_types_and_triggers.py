"""Addresses get a type, the first one of each client its default; the new tables go under audit."""

import django.db.models.deletion
from django.db import migrations, models

from settings_app.audit.operations import audit, count_versions

FIRST_OF_EACH_CLIENT = """
    UPDATE clients_address SET is_default = TRUE
     WHERE id IN (SELECT min(id) FROM clients_address GROUP BY client_id)
"""


def give_every_address_a_type(apps, schema_editor):
    alias = schema_editor.connection.alias
    correspondence = apps.get_model("settings_app", "AddressType").objects.using(alias).get(code="correspondance")
    apps.get_model("clients", "Address").objects.using(alias).filter(type=None).update(type=correspondence)


class Migration(migrations.Migration):
    # Data and then a change of the same table: two transactions, or Postgres refuses the second.
    atomic = False
    dependencies = [("clients", "0003_whole_form"), ("settings_app", "0004_reference_triggers")]

    operations = [
        migrations.RunPython(give_every_address_a_type, migrations.RunPython.noop),
        migrations.RunSQL(FIRST_OF_EACH_CLIENT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="address",
            name="type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="settings_app.addresstype",
                verbose_name="type d’adresse",
            ),
        ),
        migrations.RunSQL("DROP TRIGGER audit ON clients_client", migrations.RunSQL.noop),
        audit("clients.client", "clients_client", secret=("iban", "bic", "account_holder")),
        audit("clients.contact", "clients_contact"),
        audit("clients.answer", "clients_answer"),
        audit("clients.historyentry", "clients_historyentry"),
        audit("clients.consent", "clients_consent"),
        audit("clients.customquestion", "clients_customquestion"),
        count_versions("clients_contact"),
        count_versions("clients_answer"),
    ]
