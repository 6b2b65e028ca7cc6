"""The journal's indexes; erasing values leaves a line that says who did it and why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from settings_app.audit import sql


class Migration(migrations.Migration):
    dependencies = [
        ("settings_app", "0009_company"),
    ]

    operations = [
        migrations.RunSQL("DROP FUNCTION audit_erase(text, text)", sql.AUDIT_ERASE),
        migrations.RunSQL(sql.AUDIT_ERASE_TOLD, "DROP FUNCTION audit_erase(text, text, text, text[])"),
        migrations.AlterField(
            model_name="auditentry",
            name="verb",
            field=models.CharField(
                choices=[
                    ("create", "création"),
                    ("change", "modification"),
                    ("delete", "suppression"),
                    ("erase", "effacement des valeurs"),
                ],
                max_length=8,
                verbose_name="action",
            ),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="actor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="par",
            ),
        ),
        migrations.RemoveIndex(model_name="auditentry", name="audit_at"),
        migrations.AddIndex(model_name="auditentry", index=models.Index(fields=["at", "id"], name="audit_when")),
        migrations.AddIndex(
            model_name="auditentry", index=models.Index(fields=["model", "at", "id"], name="audit_kind_when")
        ),
        migrations.AddIndex(
            model_name="auditentry", index=models.Index(fields=["actor", "at", "id"], name="audit_actor_when")
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                fields=["verb", "at", "id"], condition=Q(verb__in=["delete", "erase"]), name="audit_rare_verb"
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                fields=["source", "at", "id"], condition=Q(("source", "écran"), _negated=True), name="audit_rare_source"
            ),
        ),
    ]
