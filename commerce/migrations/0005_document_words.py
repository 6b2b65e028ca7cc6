"""One column of words per document, kept by triggers, with its index."""

import django.contrib.postgres.indexes
from django.db import migrations, models

from commerce.document_words_sql import FILL, FUNCTIONS, TRIGGERS
from settings_app.audit.operations import audit


class Migration(migrations.Migration):
    dependencies = [("clients", "0013_journal"), ("commerce", "0004_issuing")]

    operations = [
        migrations.AddField("document", "search_text", models.TextField(default="", editable=False)),
        migrations.RunSQL("DROP TRIGGER audit ON commerce_document", migrations.RunSQL.noop),
        audit("commerce.document", "commerce_document", ignored=("net", "vat", "gross", "search_text")),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        *(migrations.RunSQL(create, f"DROP FUNCTION {name}() CASCADE") for name, create in FUNCTIONS),
        *(migrations.RunSQL(create, f"DROP TRIGGER {name} ON {table}") for name, table, create in TRIGGERS),
        migrations.AddIndex(
            "document",
            django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="document_search_text", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            "article",
            django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("kind", "assembly")),
                fields=["search_name"],
                name="article_search_assembly",
                opclasses=["gin_trgm_ops"],
            ),
        ),
    ]
