"""Django's admin with the house's door. Apart from the site, which may only be imported once the rooms are there."""

from django.contrib.admin.apps import AdminConfig


class HouseAdminConfig(AdminConfig):
    default_site = "settings_app.users.admin_site.HouseAdminSite"
