"""When a door was passed, and forgetting it after twelve months."""

from django.db import migrations, models
from django.db.models.functions import Now

from settings_app.audit import sql

# Forgetting is no event: a line per line that goes would keep what must go.
INSERTS_ONLY = (
    "CREATE TRIGGER audit AFTER INSERT ON settings_app_signinevent FOR EACH ROW"
    " EXECUTE FUNCTION audit_row('settings_app.user', 'user_id', '', 'version,updated_at,search_name,sort_name,at')"
)
ALL = (
    "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON settings_app_signinevent FOR EACH ROW"
    " EXECUTE FUNCTION audit_row('settings_app.user', 'user_id', '', 'version,updated_at,search_name,sort_name')"
)
DROP = "DROP TRIGGER audit ON settings_app_signinevent"
# Rows of before have their hour in their own line of the trail.
FILL = """
UPDATE settings_app_signinevent s SET at = e.at
  FROM settings_app_auditentry e
 WHERE e.model = 'settings_app.user' AND e.object_key = s.user_id::text AND e.verb = 'create'
   AND e.after ?& ARRAY['event', 'method'] AND (e.after ->> 'id')::bigint = s.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("settings_app", "0011_second_factor"),
    ]

    operations = [
        migrations.RunSQL(DROP, ALL),
        migrations.AddField(
            model_name="signinevent",
            name="at",
            field=models.DateTimeField(db_default=Now(), editable=False, verbose_name="le"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(INSERTS_ONLY, DROP),
        migrations.RunSQL(sql.FORGET_SIGN_INS, "DROP FUNCTION forget_sign_ins()"),
    ]
