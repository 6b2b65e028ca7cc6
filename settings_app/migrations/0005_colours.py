"""The colours that a company gives its clients, audited as the other reference tables are."""

from django.db import migrations, models
from django.db.models.functions import Lower

from settings_app.audit.operations import audit


class Migration(migrations.Migration):
    dependencies = [
        ("settings_app", "0004_reference_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Colour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=80, verbose_name="libellé")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
                (
                    "tint",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "bleu"),
                            (2, "violet"),
                            (3, "framboise"),
                            (4, "ocre"),
                            (5, "vert"),
                            (6, "lagon"),
                            (7, "ardoise"),
                            (8, "brique"),
                        ],
                        verbose_name="teinte",
                    ),
                ),
            ],
            options={
                "verbose_name": "couleur",
                "ordering": ["position", "label"],
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        Lower("label"),
                        name="colour_label_unique",
                        violation_error_message="Ce libellé existe déjà.",
                    )
                ],
            },
        ),
        audit("settings_app.colour", "settings_app_colour"),
    ]
