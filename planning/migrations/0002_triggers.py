"""Audit of the kinds of tasks."""

from django.db import migrations

from settings_app.audit.operations import audit


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_initial"), ("settings_app", "0002_triggers")]

    operations = [audit("planning.sitetasktype", "planning_sitetasktype")]
