"""The search's documents and words, filled once here and kept by triggers from now on."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

from clients import search_sql


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0007_installations_and_follow_ups"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClientSearch",
            fields=[
                (
                    "client",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="clients.client",
                    ),
                ),
                ("document", models.TextField()),
            ],
            options={
                "verbose_name": "document de recherche",
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["document"], name="client_search_document", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.TextField(primary_key=True, serialize=False)),
            ],
            options={
                "verbose_name": "mot de la recherche",
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Reverse("word"), name="text_pattern_ops"
                        ),
                        name="search_word_reversed",
                    )
                ],
            },
        ),
        migrations.RunSQL(search_sql.STATISTICS, migrations.RunSQL.noop),
        *search_sql.functions(),
        # The indexes are made at the end of the migration, once for all rows.
        migrations.RunSQL(search_sql.FILL, migrations.RunSQL.noop),
        *search_sql.triggers(),
    ]
