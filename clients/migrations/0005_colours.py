"""A client's colour becomes a row of the company's own list: the numbers of before, then the rows of their tints."""

import django.db.models.deletion
from django.db import migrations, models

TINTS = ["Bleu", "Violet", "Framboise", "Ocre", "Vert", "Lagon", "Ardoise", "Brique"]


def point_to_rows(apps, schema_editor):
    alias = schema_editor.connection.alias
    clients = apps.get_model("clients", "Client").objects.using(alias)
    colours = apps.get_model("settings_app", "Colour").objects.using(alias)
    for tint in clients.exclude(tint=None).order_by().values_list("tint", flat=True).distinct():
        colour, _ = colours.get_or_create(tint=tint, defaults={"label": TINTS[tint - 1], "position": tint})
        clients.filter(tint=tint).update(colour=colour)


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0004_types_and_triggers"),
        ("settings_app", "0005_colours"),
    ]

    operations = [
        migrations.RenameField("client", "colour", "tint"),
        migrations.AddField(
            "client",
            "colour",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="settings_app.colour",
                verbose_name="couleur",
            ),
        ),
        migrations.RunPython(point_to_rows, migrations.RunPython.noop),
    ]
