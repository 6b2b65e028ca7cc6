"""Printing: the original of each issued document, kept in the porte-doc, and prints of many at once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from commerce.printing_sql import FUNCTIONS, TRIGGERS


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0013_journal"),
        ("commerce", "0006_payments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PrintedCopy",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="printed",
                        serialize=False,
                        to="commerce.document",
                    ),
                ),
                ("with_numbers", models.BooleanField(verbose_name="numéros de ligne")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="imprimée le")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="imprimée par",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="clients.storedfile",
                        verbose_name="fichier",
                    ),
                ),
            ],
            options={"verbose_name": "original imprimé", "default_permissions": ()},
        ),
        migrations.CreateModel(
            name="PrintJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="demandée le")),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("pdf", "Un seul PDF, à imprimer"),
                            ("zip", "Un PDF par pièce, dans une archive"),
                        ],
                        default="pdf",
                        max_length=3,
                        verbose_name="format",
                    ),
                ),
                ("keys", models.JSONField(verbose_name="pièces")),
                ("marks", models.JSONField(default=dict, verbose_name="imprimées comme")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "En attente"),
                            ("working", "En cours"),
                            ("done", "Prêt"),
                            ("failed", "Échoué"),
                            ("expired", "Supprimé"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("total", models.PositiveIntegerField(verbose_name="pièces")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="imprimées")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("worked_at", models.DateTimeField(null=True, verbose_name="dernier signe")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="terminée le")),
                ("file", models.CharField(blank=True, max_length=80, verbose_name="fichier")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="demandée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "impression en lot",
                "verbose_name_plural": "impressions en lot",
                "ordering": ["-pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["asked_by", "-id"], name="print_asked_by"),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "working"])), fields=["id"], name="print_due"
                    ),
                    models.Index(condition=models.Q(("state", "done")), fields=["finished_at"], name="print_ready"),
                ],
            },
        ),
        *(migrations.RunSQL(create, f"DROP FUNCTION {name}() CASCADE") for name, create in FUNCTIONS),
        *(migrations.RunSQL(create, f"DROP TRIGGER {name} ON {table}") for name, table, create in TRIGGERS),
    ]
