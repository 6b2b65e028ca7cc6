"""The room's configuration: what it offers to the house."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "clients"
    verbose_name = "Clients"

    def ready(self) -> None:
        from clients import bench, demo, journal, panels, preferences, receivers  # noqa: F401  # receivers connect themselves
        from clients.actions import exports
        from clients.actions.previews import oldest_due
        from clients.handovers import HANDOVERS
        from clients.tabs import ClientTab, client_tabs
        from extrabat.lib import rooms

        preferences.register()
        rooms.menu.add(
            rooms.MenuItem("create", "Client", "clients:create", "user-plus", "C", "settings_app.change_clients")
        )
        rooms.menu.add(rooms.MenuItem("module", "Clients", "clients:list", "users", "1"))
        rooms.settings_pages.add(
            rooms.SettingsPage(
                "Clients",
                "Questions complémentaires",
                "client_questions:questions",
                "settings_app.change_settings",
                190,
            )
        )
        client_tabs.add(ClientTab("Accueil", "clients:home", 10))
        client_tabs.add(ClientTab("Ouvrages", "clients:installations", 20, lambda one, _: one.installations.count()))
        client_tabs.add(
            ClientTab("Documents", "clients:files", 80, lambda one, user: one.files.allowed_to(user).count())
        )
        client_tabs.add(ClientTab("Historique", "clients:history", 90))
        client_tabs.add(ClientTab("Modifications", "clients:changes", 95, right="see_audit"))
        journal.register()
        rooms.search_providers.add(panels.search)
        rooms.search_providers.add(panels.files)
        rooms.tiles.add(panels.recent)
        rooms.queued_work.add(rooms.QueuedWork("previews", oldest_due))
        rooms.demo_rows.add(rooms.Rows("clients", demo.load, order=20))
        rooms.queued_work.add(rooms.QueuedWork("client-exports", exports.oldest_due))
        rooms.bench_rows.add(rooms.BenchRows("clients", bench.load, order=20))
        for handover in HANDOVERS:
            rooms.handovers.add(handover)
