"""Issuing: numbers, frozen copies, the seal, deposits that are deducted, legal mentions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from commerce.documents_sql import REFUSE_DOCUMENTS as FORMER_REFUSAL
from commerce.domain.seal import GENESIS
from commerce.issuing_sql import FUNCTIONS, REFUSE_DOCUMENTS, TRIGGERS
from settings_app.audit.operations import audit

# Documents that left the draft before there were numbers get theirs by day; they have no copy and print from the tables.
NUMBER_FORMER = """
WITH numbered AS (
    SELECT id, CASE kind WHEN 'quote' THEN 'DV' WHEN 'order' THEN 'CO' ELSE 'BL' END AS series,
           extract(year FROM date)::int AS year,
           row_number() OVER (PARTITION BY kind, extract(year FROM date) ORDER BY date, id) AS place
      FROM commerce_document WHERE state <> 'draft' AND number = '')
UPDATE commerce_document d SET number = n.series || n.year || '-' || lpad(n.place::text, 6, '0')
  FROM numbered n WHERE n.id = d.id
"""
COUNT_FORMER = """
INSERT INTO commerce_numberseries (series, year, last, last_on)
SELECT left(number, 2), substr(number, 3, 4)::int, count(*), max(date)
  FROM commerce_document WHERE number ~ '^(DV|CO|BL)[0-9]{4}-[0-9]{6}$' GROUP BY 1, 2
"""


def _begin(apps, schema_editor):
    using = schema_editor.connection.alias
    apps.get_model("commerce", "SealHead").objects.using(using).get_or_create(pk=1, defaults={"signature": GENESIS})
    apps.get_model("commerce", "SellingTerms").objects.using(using).get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0013_journal"),
        ("commerce", "0003_documents"),
        ("settings_app", "0011_second_factor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Closing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("D", "Journée"), ("M", "Mois"), ("Y", "Exercice")],
                        max_length=1,
                        verbose_name="période",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="du")),
                ("ends_on", models.DateField(verbose_name="au")),
                ("first_seq", models.PositiveBigIntegerField(verbose_name="du numéro")),
                ("last_seq", models.PositiveBigIntegerField(verbose_name="au numéro")),
                ("events", models.PositiveIntegerField(verbose_name="événements")),
                ("invoiced_net", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="facturé HT")),
                ("invoiced_vat", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="TVA")),
                ("invoiced_gross", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="facturé TTC")),
                ("received", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="encaissé")),
                (
                    "perpetual_gross",
                    models.DecimalField(decimal_places=2, max_digits=18, verbose_name="total perpétuel TTC"),
                ),
                (
                    "perpetual_received",
                    models.DecimalField(decimal_places=2, max_digits=18, verbose_name="total perpétuel encaissé"),
                ),
                ("at", models.DateTimeField(verbose_name="faite le")),
            ],
            options={
                "verbose_name": "clôture",
                "ordering": ["-ends_on", "-kind"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DepositDeduction",
            fields=[
                (
                    "deposit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="deducted_by",
                        serialize=False,
                        to="commerce.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "acompte déduit",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="IssuedCopy",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="issued",
                        serialize=False,
                        to="commerce.document",
                    ),
                ),
                ("content", models.JSONField(verbose_name="contenu")),
                ("content_hash", models.CharField(max_length=64, verbose_name="empreinte SHA-256")),
                ("issued_at", models.DateTimeField(verbose_name="validée le")),
            ],
            options={
                "verbose_name": "copie figée",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="IssuedRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category",
                    models.CharField(
                        choices=[("S", "S"), ("Z", "Z"), ("E", "E"), ("AE", "AE"), ("K", "K"), ("G", "G"), ("O", "O")],
                        max_length=2,
                        verbose_name="catégorie",
                    ),
                ),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="taux (%)")),
                ("reason", models.CharField(blank=True, max_length=30, verbose_name="code du motif")),
                ("mention", models.CharField(blank=True, max_length=300, verbose_name="mention")),
                ("net", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="HT")),
                ("vat", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="TVA")),
            ],
            options={
                "verbose_name": "total par taux",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LegalMention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, verbose_name="mention")),
                ("language", models.CharField(default="fr", max_length=2, verbose_name="langue")),
                ("text", models.TextField(max_length=2000, verbose_name="texte")),
                ("valid_from", models.DateField(verbose_name="à partir du")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
            ],
            options={
                "verbose_name": "mention légale",
                "ordering": ["code", "language", "valid_from"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LegalOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, verbose_name="avertissement")),
                ("reason", models.CharField(max_length=300, verbose_name="motif")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="le")),
            ],
            options={
                "verbose_name": "avertissement levé",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("series", models.CharField(max_length=4, verbose_name="série")),
                ("year", models.PositiveSmallIntegerField(verbose_name="année")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="dernier numéro")),
                ("last_on", models.DateField(verbose_name="daté du")),
            ],
            options={
                "verbose_name": "série de numéros",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SealEvent",
            fields=[
                ("seq", models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name="numéro")),
                ("at", models.DateTimeField(verbose_name="le")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("BILL_VALIDATED", "Pièce validée"),
                            ("PAYMENT_CREATED", "Règlement enregistré"),
                            ("PAYMENT_REVERSED", "Règlement contrepassé"),
                            ("BILL_REPRINTED", "Duplicata"),
                            ("DATA_EXPORTED", "Export"),
                            ("PERIOD_CLOSED", "Clôture"),
                            ("KEY_CHANGED", "Changement de clé"),
                        ],
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                ("ref", models.CharField(db_index=True, max_length=40, verbose_name="référence")),
                ("net", models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="montant HT")),
                ("vat", models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="TVA")),
                ("gross", models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="montant TTC")),
                ("content", models.TextField(verbose_name="contenu signé")),
                ("previous", models.CharField(max_length=64, verbose_name="signature précédente")),
                ("signature", models.CharField(max_length=64, verbose_name="signature")),
                ("key_id", models.CharField(max_length=40, verbose_name="clé")),
            ],
            options={
                "verbose_name": "événement scellé",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SealHead",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("seq", models.PositiveBigIntegerField(default=0)),
                ("signature", models.CharField(max_length=64)),
                ("key_id", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "verbose_name": "tête de la chaîne",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SellingTerms",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("quote_days", models.PositiveSmallIntegerField(default=30, verbose_name="validité des devis (jours)")),
                (
                    "waste_sorting",
                    models.TextField(blank=True, max_length=1000, verbose_name="tri et enlèvement des déchets"),
                ),
                (
                    "waste_points",
                    models.TextField(blank=True, max_length=1000, verbose_name="points de collecte prévus"),
                ),
            ],
            options={
                "verbose_name": "conditions de vente",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="document",
            name="attested_by",
            field=models.CharField(blank=True, max_length=120, verbose_name="attestation signée par"),
        ),
        migrations.AddField(
            model_name="document",
            name="attested_on",
            field=models.DateField(blank=True, null=True, verbose_name="attestation de taux réduit signée le"),
        ),
        migrations.AddField(
            model_name="document",
            name="contract_mode",
            field=models.CharField(
                blank=True,
                choices=[
                    ("in_store", "En magasin"),
                    ("at_home", "Chez le client (hors établissement)"),
                    ("distance", "À distance"),
                ],
                max_length=8,
                verbose_name="contrat conclu",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="contract_on",
            field=models.DateField(blank=True, null=True, verbose_name="contrat conclu le"),
        ),
        migrations.AddField(
            model_name="document",
            name="early_start_on",
            field=models.DateField(blank=True, null=True, verbose_name="début avant la fin du délai, demandé le"),
        ),
        migrations.AddField(
            model_name="document",
            name="execution",
            field=models.CharField(blank=True, max_length=200, verbose_name="date ou délai d’exécution"),
        ),
        migrations.AddField(
            model_name="document",
            name="is_urgent",
            field=models.BooleanField(default=False, verbose_name="dépannage urgent demandé par le client"),
        ),
        migrations.AddField(
            model_name="document",
            name="reverse_charge",
            field=models.BooleanField(default=False, verbose_name="autoliquidation (sous-traitance)"),
        ),
        migrations.AddField(
            model_name="document",
            name="service_on",
            field=models.DateField(blank=True, null=True, verbose_name="livré ou exécuté le"),
        ),
        migrations.AddField(
            model_name="document",
            name="waste_cost",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="coût HT des déchets"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="waste_points",
            field=models.TextField(blank=True, max_length=1000, verbose_name="points de collecte"),
        ),
        migrations.AddField(
            model_name="document",
            name="waste_quantity",
            field=models.DecimalField(
                blank=True, decimal_places=3, max_digits=10, null=True, verbose_name="quantité de déchets"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="waste_sorting",
            field=models.TextField(blank=True, max_length=1000, verbose_name="tri et enlèvement"),
        ),
        migrations.AddField(
            model_name="document",
            name="waste_unit",
            field=models.CharField(
                blank=True,
                choices=[("kg", "kg"), ("t", "t"), ("m3", "m³")],
                max_length=2,
                verbose_name="unité des déchets",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "brouillon"),
                    ("accepted", "accepté"),
                    ("refused", "refusé"),
                    ("confirmed", "confirmée"),
                    ("delivered", "livré"),
                    ("issued", "validé"),
                    ("cancelled", "annulé"),
                ],
                default="draft",
                max_length=9,
                verbose_name="état",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("reverse_charge", False), ("prices_with_vat", False), _connector="OR"),
                name="document_reverse_charge_without_vat",
                violation_error_message="Avec l’autoliquidation, les prix sont hors taxes.",
            ),
        ),
        migrations.AddField(
            model_name="depositdeduction",
            name="invoice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="deductions", to="commerce.document"
            ),
        ),
        migrations.AddField(
            model_name="issuedcopy",
            name="issued_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="validée par",
            ),
        ),
        migrations.AddField(
            model_name="issuedrate",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rates", to="commerce.document"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalmention",
            constraint=models.UniqueConstraint(fields=("code", "language", "valid_from"), name="legal_mention_once"),
        ),
        migrations.AddConstraint(
            model_name="legalmention",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="legal_mention_days",
                violation_error_message="La période finit avant de commencer.",
            ),
        ),
        migrations.AddField(
            model_name="legaloverride",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="par",
            ),
        ),
        migrations.AddField(
            model_name="legaloverride",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="commerce.document"
            ),
        ),
        migrations.AddConstraint(
            model_name="numberseries",
            constraint=models.UniqueConstraint(fields=("series", "year"), name="number_series_once"),
        ),
        migrations.AddField(
            model_name="sealevent",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="par",
            ),
        ),
        migrations.AddField(
            model_name="closing",
            name="event",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closing",
                to="commerce.sealevent",
                verbose_name="scellée par",
            ),
        ),
        migrations.AddConstraint(
            model_name="sealhead",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="seal_head_only_one"),
        ),
        migrations.AddConstraint(
            model_name="sellingterms",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="selling_terms_only_one"),
        ),
        migrations.AddConstraint(
            model_name="sellingterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("quote_days__gte", 1), ("quote_days__lte", 365)),
                name="selling_terms_days",
                violation_error_message="La validité va de 1 à 365 jours.",
            ),
        ),
        migrations.AddConstraint(
            model_name="depositdeduction",
            constraint=models.CheckConstraint(
                condition=models.Q(("deposit", models.F("invoice")), _negated=True),
                name="deduction_not_itself",
                violation_error_message="Une facture ne se déduit pas d’elle-même.",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedrate",
            constraint=models.UniqueConstraint(
                fields=("document", "category", "percent", "reason"), name="issued_rate_once"
            ),
        ),
        migrations.AddIndex(
            model_name="sealevent",
            index=models.Index(fields=["at"], name="seal_event_at"),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.UniqueConstraint(fields=("kind", "begins_on"), name="closing_once"),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("begins_on"))), name="closing_days"
            ),
        ),
        migrations.RunSQL(NUMBER_FORMER, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT_FORMER, migrations.RunSQL.noop),
        # The rows above are written with their deferred checks before the tables are altered again.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunPython(_begin, migrations.RunPython.noop),
        migrations.RunSQL(REFUSE_DOCUMENTS, FORMER_REFUSAL.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        *(migrations.RunSQL(create, f"DROP FUNCTION {name}() CASCADE") for name, create in FUNCTIONS),
        *(migrations.RunSQL(create, f"DROP TRIGGER {name} ON {table}") for name, table, create in TRIGGERS),
        audit("commerce.document", "commerce_depositdeduction", key="invoice_id"),
        audit("commerce.legalmention", "commerce_legalmention"),
        audit("commerce.sellingterms", "commerce_sellingterms"),
    ]
