"""Kinds of tasks of a site."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SiteTaskType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=80, verbose_name="libellé")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
                ("alert_text", models.TextField(blank=True, max_length=1000, verbose_name="texte alerte")),
            ],
            options={
                "verbose_name": "type de tâche planning",
                "ordering": ["position", "label"],
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("label"),
                        name="sitetasktype_label_unique",
                        violation_error_message="Ce libellé existe déjà.",
                    )
                ],
            },
        ),
    ]
