"""What each person opened last."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("settings_app", "0005_colours"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecentItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.SlugField(max_length=20)),
                ("key", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recent_items",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "page ouverte récemment",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("user", "kind", "key"), name="recent_item_once")],
            },
        ),
    ]
