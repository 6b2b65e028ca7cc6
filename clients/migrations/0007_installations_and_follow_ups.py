"""Ouvrages with their equipment, actions to do; all of them under audit."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from settings_app.audit.operations import audit, count_versions


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0006_remove_client_tint"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("name", models.CharField(max_length=120, verbose_name="nom de l’ouvrage")),
                ("notes", models.TextField(blank=True, max_length=5000, verbose_name="précisions")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                (
                    "address",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="installations",
                        to="clients.address",
                        verbose_name="adresse",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="installations",
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
            ],
            options={
                "verbose_name": "ouvrage",
                "ordering": ["name", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("text", models.CharField(max_length=500, verbose_name="action")),
                ("alert_on", models.DateField(blank=True, null=True, verbose_name="à faire le")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="créée le")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="faite le")),
                (
                    "assigned_to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="pour",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="faite par",
                    ),
                ),
                (
                    "shared_with",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="partagée avec"
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "ordering": ["alert_on", "pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["client", "alert_on"], name="follow_up_open"
                    ),
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["assigned_to", "alert_on"], name="follow_up_of"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("done_by", None)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="follow_up_done_by_somebody",
                        violation_error_message="Une action faite l’est par quelqu’un.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Equipment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("label", models.CharField(max_length=120, verbose_name="équipement")),
                ("brand", models.CharField(blank=True, max_length=80, verbose_name="marque")),
                ("model", models.CharField(blank=True, max_length=80, verbose_name="modèle")),
                ("serial", models.CharField(blank=True, max_length=80, verbose_name="numéro de série")),
                ("commissioned_on", models.DateField(blank=True, null=True, verbose_name="mise en service")),
                ("warranty_end_on", models.DateField(blank=True, null=True, verbose_name="fin de garantie")),
                ("notes", models.TextField(blank=True, max_length=5000, verbose_name="précisions")),
                (
                    "installation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="equipment",
                        to="clients.installation",
                        verbose_name="ouvrage",
                    ),
                ),
            ],
            options={
                "verbose_name": "équipement",
                "ordering": ["label", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("commissioned_on", None),
                            ("warranty_end_on", None),
                            ("warranty_end_on__gte", models.F("commissioned_on")),
                            _connector="OR",
                        ),
                        name="equipment_warranty_after_commissioning",
                        violation_error_message="La garantie ne finit pas avant la mise en service.",
                    )
                ],
            },
        ),
        *(audit(f"clients.{name}", f"clients_{name}") for name in ("installation", "equipment", "followup")),
        *(count_versions(f"clients_{name}") for name in ("installation", "equipment", "followup")),
    ]
