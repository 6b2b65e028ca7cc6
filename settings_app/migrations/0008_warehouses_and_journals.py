"""Warehouses, cash journals, and the right to keep the catalogue."""

import django.db.models.functions.text
from django.db import migrations, models

from settings_app.audit.operations import audit


class Migration(migrations.Migration):
    dependencies = [
        ("settings_app", "0007_people"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "default_permissions": (),
                "ordering": ["last_name", "first_name", "username"],
                "permissions": [
                    ("see_all_clients", "Voir tous les clients"),
                    ("see_own_clients", "Voir les clients de ses rendez-vous"),
                    ("change_clients", "Créer et modifier un client"),
                    ("change_client_reach", "Modifier téléphones, indications et position d’un client"),
                    ("see_restricted_clients", "Voir les clients au statut restreint"),
                    ("merge_clients", "Fusionner des clients"),
                    ("see_iban", "Voir l’IBAN"),
                    ("see_prices", "Voir les prix et les pièces"),
                    ("change_catalogue", "Gérer le catalogue"),
                    ("create_quotes", "Créer devis et commandes"),
                    ("issue_invoices", "Valider une facture"),
                    ("record_payments", "Enregistrer un règlement"),
                    ("reverse_payments", "Contrepasser un règlement"),
                    ("exceed_discounts", "Accorder une remise hors limite"),
                    ("override_legal_warnings", "Passer outre un avertissement légal"),
                    ("plan_all_calendars", "Planifier tous les agendas"),
                    ("lock_appointments", "Verrouiller et déverrouiller une intervention"),
                    ("export", "Exporter"),
                    ("send_to_many", "Envoyer à plusieurs destinataires"),
                    ("change_settings", "Modifier les paramètres"),
                    ("manage_users", "Gérer les utilisateurs et leurs droits"),
                    ("manage_store_mailbox", "Configurer le SMTP du magasin"),
                    ("see_audit", "Voir le journal d’audit"),
                ],
                "verbose_name": "utilisateur",
            },
        ),
        migrations.CreateModel(
            name="CashJournal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=80, verbose_name="libellé")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
            ],
            options={
                "verbose_name": "journal de caisse",
                "ordering": ["position", "label"],
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("label"),
                        name="cashjournal_label_unique",
                        violation_error_message="Ce libellé existe déjà.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Warehouse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=80, verbose_name="libellé")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
            ],
            options={
                "verbose_name": "dépôt",
                "ordering": ["position", "label"],
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("label"),
                        name="warehouse_label_unique",
                        violation_error_message="Ce libellé existe déjà.",
                    )
                ],
            },
        ),
        audit("settings_app.warehouse", "settings_app_warehouse"),
        audit("settings_app.cashjournal", "settings_app_cashjournal"),
    ]
