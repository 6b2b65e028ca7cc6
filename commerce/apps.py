"""The room's configuration; what it offers to the house is registered in `ready()`."""

from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "commerce"
    verbose_name = "Gestion commerciale"

    def ready(self) -> None:
        from clients.history import HistoryKind, history_kinds
        from clients.merging import Carried, CodeUser, code_users, merge_rules
        from clients.tabs import ClientPanel, client_panels, client_tabs
        from commerce import (
            bench,
            demo,
            document_bench,
            document_panels,
            journal,
            panels,
            payment_listing,
            preferences,
            starting_rows,
        )
        from commerce.actions import print_jobs
        from commerce.demo import papers
        from commerce.models import Document, Payment
        from commerce.reference_tables import TABLES
        from extrabat.lib import rooms
        from settings_app.reference import catalogue

        catalogue.offer(*TABLES)
        preferences.register()
        journal.register()
        history_kinds.add(HistoryKind("document", "Pièce", "file-invoice", right="see_prices"))
        addresses = ("billing_address", "delivery_address", "site_address")
        merge_rules.add(Carried(Document, "pièce", ties=("installation", *addresses)))
        code_users.add(CodeUser("factures", lambda client: Document.objects.billed(client).exists()))
        merge_rules.add(Carried(Payment, "règlement", ties=("reverses",), by_version=False))
        rooms.menu.add(rooms.MenuItem("module", "Articles", "commerce:articles", "package", ""))
        rooms.settings_pages.add(
            rooms.SettingsPage(
                "Gestion commerciale", "Conditions de vente", "legal:terms", "settings_app.change_settings", 300
            )
        )
        rooms.settings_pages.add(
            rooms.SettingsPage("Articles", "Périodes de TVA", "vat:periods", "settings_app.change_settings", 290)
        )
        rooms.settings_pages.add(
            rooms.SettingsPage("Articles", "Catalogue", "commerce:articles", "settings_app.change_settings", 200)
        )
        for label, kind, key in (("Devis", "quote", "D"), ("Commande", "order", "O"), ("Facture", "invoice", "F")):
            right = "settings_app.create_quotes"
            begin = rooms.MenuItem("create", label, "documents:create", "file-invoice", key, right, f"?genre={kind}")
            rooms.menu.add(begin)
        rooms.menu.add(
            rooms.MenuItem("module", "Gestion commerciale", "documents:list", "files", "2", "settings_app.see_prices")
        )
        client_tabs.add(document_panels.tab)
        owed = payment_listing.owed_panel
        client_panels.add(ClientPanel("montant-du", "commerce/payment_owed.html", owed, "main", 5, right="see_prices"))
        rooms.queued_work.add(rooms.QueuedWork("prints", print_jobs.oldest_due))
        rooms.search_providers.add(document_panels.search)
        rooms.search_providers.add(panels.articles)
        rooms.search_providers.add(panels.assemblies)
        rooms.starting_rows.add(rooms.Rows("commerce", starting_rows.load, order=40))
        rooms.demo_rows.add(rooms.Rows("catalogue", demo.load, order=15))
        rooms.demo_rows.add(rooms.Rows("documents", papers.load, order=40))
        rooms.bench_rows.add(rooms.BenchRows("catalogue", bench.load, order=15))
        rooms.bench_rows.add(rooms.BenchRows("documents", document_bench.load, order=40))
