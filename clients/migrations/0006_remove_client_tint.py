"""In a transaction of its own: Postgres alters no table that still has foreign keys to check."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("clients", "0005_colours")]

    operations = [migrations.RemoveField("client", "tint")]
