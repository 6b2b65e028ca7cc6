"""Audit of users, their roles, the roles' rights and the store; versions of the store."""

from django.db import migrations

from settings_app.audit.operations import audit, count_versions


class Migration(migrations.Migration):
    dependencies = [("settings_app", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        audit("settings_app.user", "settings_app_user", secret=("password",), ignored=("last_login",)),
        audit("settings_app.user", "settings_app_user_groups", key="user_id"),
        audit("settings_app.user", "settings_app_user_user_permissions", key="user_id"),
        audit("auth.group", "auth_group"),
        audit("auth.group", "auth_group_permissions", key="group_id"),
        audit("settings_app.store", "settings_app_store"),
        audit("settings_app.civility", "settings_app_civility"),
        audit("settings_app.status", "settings_app_status"),
        count_versions("settings_app_store"),
    ]
