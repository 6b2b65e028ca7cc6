"""The room's configuration: what it offers to the house."""

from django.apps import AppConfig


class SettingsConfig(AppConfig):
    name = "settings_app"
    verbose_name = "Paramètres"

    def ready(self) -> None:
        from extrabat.lib import refusals, rooms
        from settings_app import checks, demo, starting_rows  # noqa: F401  # checks register themselves
        from settings_app.admin import reference
        from settings_app.company import second_factor
        from settings_app.journal import own
        from settings_app.preferences import receivers  # noqa: F401  # they connect themselves
        from settings_app.reference.catalogue import OWN, show_in_menu
        from settings_app.users import connections, guard  # noqa: F401  # signals connect themselves
        from settings_app.users import receivers as doors  # noqa: F401

        rooms.menu.add(
            rooms.MenuItem(
                "module", "Paramètres", "settings_app:index", "settings", "0", "settings_app.change_settings"
            )
        )
        rooms.settings_pages.add(
            rooms.SettingsPage("Magasin", "Société", "settings_app:company", "settings_app.change_settings", 10)
        )
        rooms.settings_pages.add(
            rooms.SettingsPage("Magasin", "Magasins", "settings_app:stores", "settings_app.change_settings", 11)
        )
        rooms.settings_pages.add(
            rooms.SettingsPage("Magasin", "Utilisateurs", "settings_app:people", "settings_app.manage_users", 15)
        )
        rooms.settings_pages.add(
            rooms.SettingsPage("Magasin", "Rôles et droits", "settings_app:roles", "settings_app.manage_users", 20)
        )
        rooms.settings_pages.add(
            rooms.SettingsPage("Outils", "Journal d’audit", "settings_app:audit", "settings_app.see_audit", 900)
        )
        own.register()
        second_factor.register()
        show_in_menu(*OWN)
        # The last of the rooms: those above have offered their tables.
        reference.register()
        refusals.database_reasons["house_has_administrator"] = guard.LAST
        rooms.starting_rows.add(rooms.Rows("settings", starting_rows.load, order=10))
        rooms.demo_rows.add(rooms.Rows("people", demo.load, order=10))
