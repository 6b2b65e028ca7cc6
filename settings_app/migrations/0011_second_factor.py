"""Second factors under audit, and who came in and went out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from settings_app.audit.operations import audit


class Migration(migrations.Migration):
    dependencies = [
        ("mfa", "0003_authenticator_type_uniq"),
        ("settings_app", "0010_journal"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.CharField(
                        choices=[("in", "connexion"), ("out", "déconnexion")], max_length=3, verbose_name="événement"
                    ),
                ),
                ("method", models.CharField(blank=True, max_length=60, verbose_name="moyen")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"verbose_name": "passage de porte", "default_permissions": ()},
        ),
        audit("settings_app.user", "settings_app_signinevent", key="user_id"),
        audit("settings_app.user", "mfa_authenticator", key="user_id", secret=["data"], ignored=["last_used_at"]),
    ]
