"""Audit and versions of the catalogue; nomenclatures without circles and of six floors at most."""

from django.db import migrations

from commerce.assembly_sql import REFUSE_CIRCLES
from settings_app.audit.operations import audit, count_versions

REFERENCE = ["unit", "articlefamily", "vatrate", "paymentmethod"]


class Migration(migrations.Migration):
    dependencies = [("commerce", "0001_initial"), ("settings_app", "0008_warehouses_and_journals")]

    operations = [
        migrations.RunSQL(REFUSE_CIRCLES, "DROP FUNCTION commerce_refuse_circles() CASCADE"),
        migrations.RunSQL(
            "CREATE TRIGGER refuse_circles AFTER INSERT OR UPDATE OF assembly_id, article_id ON commerce_assemblypart"
            " FOR EACH ROW EXECUTE FUNCTION commerce_refuse_circles()",
            "DROP TRIGGER refuse_circles ON commerce_assemblypart",
        ),
        *(audit(f"commerce.{table}", f"commerce_{table}") for table in REFERENCE),
        audit("commerce.vatrate", "commerce_vatperiod", key="rate_id"),
        audit("commerce.article", "commerce_article", ignored=("code_key",)),
        audit("commerce.article", "commerce_maintenancearticle", key="article_id"),
        audit("commerce.article", "commerce_articleprice", key="article_id"),
        audit("commerce.article", "commerce_assembly", key="article_id"),
        audit("commerce.article", "commerce_assemblypart", key="assembly_id"),
        count_versions("commerce_article"),
    ]
