"""The four built-in types of address, and the audit of the reference tables."""

from django.db import migrations

from settings_app.audit.operations import audit

BUILT_IN = [
    ("Correspondance", "correspondance"),
    ("Chantier", "chantier"),
    ("Facturation", "facturation"),
    ("Livraison", "livraison"),
]
TABLES = [
    "addresstype",
    "clienttype",
    "grouping",
    "language",
    "origin",
    "pricelist",
    "servicenature",
    "socialcategory",
]


def add_built_in_types(apps, schema_editor):
    types = apps.get_model("settings_app", "AddressType").objects.using(schema_editor.connection.alias)
    for position, (label, code) in enumerate(BUILT_IN, start=1):
        types.create(label=label, code=code, position=position)


class Migration(migrations.Migration):
    dependencies = [("settings_app", "0003_reference_tables")]

    operations = [
        migrations.RunPython(add_built_in_types, migrations.RunPython.noop),
        *(audit(f"settings_app.{table}", f"settings_app_{table}") for table in TABLES),
    ]
