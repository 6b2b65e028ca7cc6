"""The room's configuration: what it offers to the house."""

from django.apps import AppConfig


class SettingsConfig(AppConfig):
    name = "settings_app"
    verbose_name = "Paramètres"

    def ready(self) -> None:
        from extrabat.lib import rooms
        from settings_app import checks, demo, starting_rows  # noqa: F401  # checks register themselves
        from settings_app.preferences import receivers  # noqa: F401  # they connect themselves
        from settings_app.reference.catalogue import OWN, show_in_menu

        rooms.menu.add(
            rooms.MenuItem(
                "module", "Paramètres", "settings_app:index", "settings", "0", "settings_app.change_settings"
            )
        )
        rooms.settings_pages.add(
            rooms.SettingsPage("Magasin", "Magasin", "settings_app:store", "settings_app.change_settings", 10)
        )
        rooms.settings_pages.add(
            rooms.SettingsPage("Magasin", "Rôles et droits", "settings_app:roles", "settings_app.manage_users", 20)
        )
        show_in_menu(*OWN)
        rooms.starting_rows.add(rooms.Rows("settings", starting_rows.load, order=10))
        rooms.demo_rows.add(rooms.Rows("people", demo.load, order=10))
