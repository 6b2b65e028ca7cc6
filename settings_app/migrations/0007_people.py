"""People: their page, their one-time links, where they are signed in, and somebody who always holds the keys."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from settings_app.audit.operations import count_versions
from settings_app.users.guard import REVERSE_SQL, SQL


class Migration(migrations.Migration):
    dependencies = [
        ("settings_app", "0006_recent_items"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
        ),
        migrations.AddField(
            model_name="user",
            name="job",
            field=models.CharField(blank=True, max_length=80, verbose_name="fonction"),
        ),
        migrations.AddField(
            model_name="user",
            name="signature",
            field=models.TextField(blank=True, max_length=2000, verbose_name="signature des e-mails"),
        ),
        migrations.AddField(
            model_name="user",
            name="sap_number",
            field=models.CharField(blank=True, max_length=14, verbose_name="numéro SAP"),
        ),
        migrations.AddField(
            model_name="user",
            name="link_made_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="dernier lien"),
        ),
        migrations.AddField(
            model_name="user",
            name="left_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="parti le"),
        ),
        migrations.CreateModel(
            name="UserSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=40, unique=True)),
                ("browser", models.CharField(max_length=60, verbose_name="navigateur")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="adresse")),
                ("opened_at", models.DateTimeField(verbose_name="ouverte le")),
                ("seen_at", models.DateTimeField(verbose_name="vue le")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "connexion",
                "ordering": ["-seen_at"],
                "default_permissions": (),
            },
        ),
        count_versions("settings_app_user"),
        migrations.RunSQL(SQL, REVERSE_SQL),
    ]
