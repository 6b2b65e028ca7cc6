"""Audit and versions of clients and their addresses."""

from django.db import migrations

from settings_app.audit.operations import audit, count_versions


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial"), ("settings_app", "0002_triggers")]

    operations = [
        audit("clients.client", "clients_client"),
        audit("clients.address", "clients_address"),
        count_versions("clients_client"),
        count_versions("clients_address"),
    ]
