"""Documents, their lines, log and chain; what Postgres refuses of them; audit and versions."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clients.merges_sql import refuse_merged
from commerce.documents_sql import FUNCTIONS, TRIGGERS
from settings_app.audit.operations import audit, count_versions


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0011_merges"),
        ("commerce", "0002_triggers"),
        ("settings_app", "0011_second_factor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("quote", "Devis"),
                            ("order", "Commande"),
                            ("delivery_note", "Bon de livraison"),
                            ("invoice", "Facture"),
                            ("deposit_invoice", "Facture d’acompte"),
                            ("credit_note", "Avoir"),
                        ],
                        max_length=15,
                        verbose_name="genre",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "brouillon"),
                            ("accepted", "accepté"),
                            ("refused", "refusé"),
                            ("confirmed", "confirmée"),
                            ("delivered", "livré"),
                            ("issued", "validée"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="état",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=30, verbose_name="numéro")),
                ("title", models.CharField(blank=True, max_length=160, verbose_name="titre")),
                ("date", models.DateField(verbose_name="date")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valable jusqu’au")),
                ("prices_with_vat", models.BooleanField(default=False, verbose_name="prix TTC")),
                (
                    "dwelling_over_two_years",
                    models.BooleanField(
                        blank=True, null=True, verbose_name="travaux dans un logement de plus de deux ans"
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=5, verbose_name="remise (%)"
                    ),
                ),
                (
                    "discount_amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="remise (montant)"
                    ),
                ),
                ("foot", models.TextField(blank=True, max_length=5000, verbose_name="texte de pied")),
                ("note", models.TextField(blank=True, max_length=5000, verbose_name="note interne")),
                ("client_reference", models.CharField(blank=True, max_length=80, verbose_name="référence du client")),
                (
                    "net",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="total HT"),
                ),
                ("vat", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="TVA")),
                (
                    "gross",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="total TTC"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                (
                    "billing_address",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="billed_documents",
                        to="clients.address",
                        verbose_name="adresse de facturation",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créé par",
                    ),
                ),
                (
                    "delivery_address",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="delivered_documents",
                        to="clients.address",
                        verbose_name="adresse de livraison",
                    ),
                ),
                (
                    "followed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="suivi par",
                    ),
                ),
                (
                    "installation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="clients.installation",
                        verbose_name="ouvrage",
                    ),
                ),
                (
                    "language",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="settings_app.language",
                        verbose_name="langue",
                    ),
                ),
                (
                    "payment_method",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commerce.paymentmethod",
                        verbose_name="mode de règlement",
                    ),
                ),
                (
                    "site_address",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="site_documents",
                        to="clients.address",
                        verbose_name="adresse du chantier",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="settings_app.store",
                        verbose_name="magasin",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="settings_app.warehouse",
                        verbose_name="dépôt",
                    ),
                ),
            ],
            options={
                "verbose_name": "pièce",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CreditNote",
            fields=[],
            options={
                "verbose_name": "avoir",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("commerce.document",),
        ),
        migrations.CreateModel(
            name="DeliveryNote",
            fields=[],
            options={
                "verbose_name": "bon de livraison",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("commerce.document",),
        ),
        migrations.CreateModel(
            name="DepositInvoice",
            fields=[],
            options={
                "verbose_name": "facture d’acompte",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("commerce.document",),
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[],
            options={
                "verbose_name": "facture",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("commerce.document",),
        ),
        migrations.CreateModel(
            name="Order",
            fields=[],
            options={
                "verbose_name": "commande",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("commerce.document",),
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[],
            options={
                "verbose_name": "devis",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("commerce.document",),
        ),
        migrations.CreateModel(
            name="DocumentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("position", models.PositiveIntegerField(verbose_name="ordre")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("item", "Article"),
                            ("section", "Section"),
                            ("subtotal", "Sous-total"),
                            ("text", "Texte"),
                        ],
                        default="item",
                        max_length=8,
                        verbose_name="genre",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="code")),
                ("label", models.CharField(blank=True, max_length=160, verbose_name="désignation")),
                ("description", models.TextField(blank=True, max_length=5000, verbose_name="description")),
                (
                    "quantity",
                    models.DecimalField(decimal_places=4, default=Decimal("1"), max_digits=12, verbose_name="quantité"),
                ),
                ("unit_label", models.CharField(blank=True, max_length=80, verbose_name="unité")),
                ("unit_code", models.CharField(blank=True, max_length=3, verbose_name="code de l’unité")),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=6, default=Decimal("0"), max_digits=14, verbose_name="prix unitaire"
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=5, verbose_name="remise (%)"
                    ),
                ),
                (
                    "discount_amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="remise (montant)"
                    ),
                ),
                (
                    "purchase_price",
                    models.DecimalField(
                        decimal_places=6, default=Decimal("0"), max_digits=14, verbose_name="prix d’achat HT"
                    ),
                ),
                ("is_option", models.BooleanField(default=False, verbose_name="option")),
                ("is_hidden_on_print", models.BooleanField(default=False, verbose_name="masquée à l’impression")),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document_lines",
                        to="commerce.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="commerce.document",
                        verbose_name="pièce",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="commerce.documentline",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="derived",
                        to="commerce.documentline",
                    ),
                ),
                (
                    "vat",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commerce.vatrate",
                        verbose_name="TVA",
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne de pièce",
                "ordering": ["position", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DocumentLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="made", to="commerce.document"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="made_of", to="commerce.document"
                    ),
                ),
            ],
            options={
                "verbose_name": "lien entre pièces",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DocumentTransition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="le")),
                ("source", models.CharField(blank=True, max_length=9, verbose_name="de")),
                ("target", models.CharField(max_length=9, verbose_name="à")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="transitions", to="commerce.document"
                    ),
                ),
            ],
            options={
                "verbose_name": "changement d’état",
                "ordering": ["at", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["-date", "-id"], name="document_date"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["client", "-date", "-id"], name="document_client"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["kind", "-date", "-id"], name="document_kind"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["state", "-date", "-id"], name="document_state"),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("kind", "number"),
                name="document_number_once",
                violation_error_message="Ce numéro est déjà pris.",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "invoice"), _negated=True),
                    models.Q(("title", ""), _negated=True),
                    _connector="OR",
                ),
                name="document_invoice_has_title",
                violation_error_message="Une facture a un titre.",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "draft"), _negated=True), ("number", ""), _connector="OR"),
                name="document_draft_has_no_number",
                violation_error_message="Un brouillon n’a pas de numéro.",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until", None), ("valid_until__gte", models.F("date")), _connector="OR"),
                name="document_valid_after_date",
                violation_error_message="La validité ne finit pas avant la date de la pièce.",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("discount_percent__gte", 0),
                    ("discount_percent__lte", 100),
                    models.Q(("discount_percent", 0), ("discount_amount", 0), _connector="OR"),
                ),
                name="document_one_discount",
                violation_error_message="Une remise est un pourcentage de 0 à 100, ou un montant, jamais les deux.",
            ),
        ),
        migrations.AddIndex(
            model_name="documentline",
            index=models.Index(fields=["document", "position", "id"], name="document_line_order"),
        ),
        migrations.AddConstraint(
            model_name="documentline",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", "item"), _negated=True), ("vat__isnull", False), _connector="OR"),
                name="document_line_item_has_vat",
                violation_error_message="Une ligne d’article a sa TVA.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity", 0), _negated=True),
                name="document_line_quantity",
                violation_error_message="Une quantité n’est pas zéro.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "subtotal"), models.Q(("description", ""), ("label", ""), _negated=True), _connector="OR"
                ),
                name="document_line_says_something",
                violation_error_message="Une ligne a une désignation.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("purchase_price__gte", 0), ("unit_price__gte", 0)),
                name="document_line_price_not_negative",
                violation_error_message="Un prix n’est pas négatif.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", None), ("kind", "item"), _connector="OR"),
                name="document_line_part_is_item",
                violation_error_message="Un composant est un article.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("discount_percent__gte", 0),
                    ("discount_percent__lte", 100),
                    models.Q(("discount_percent", 0), ("discount_amount", 0), _connector="OR"),
                ),
                name="document_line_one_discount",
                violation_error_message="Une remise est un pourcentage de 0 à 100, ou un montant, jamais les deux.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentlink",
            constraint=models.UniqueConstraint(fields=("source", "target"), name="document_link_once"),
        ),
        migrations.AddConstraint(
            model_name="documentlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True),
                name="document_link_not_itself",
                violation_error_message="Une pièce n’est pas faite d’elle-même.",
            ),
        ),
        *(migrations.RunSQL(create, f"DROP FUNCTION {name}() CASCADE") for name, create in FUNCTIONS),
        *(migrations.RunSQL(create, f"DROP TRIGGER {name} ON {table}") for name, table, create in TRIGGERS),
        refuse_merged("commerce_document"),
        migrations.RunSQL("CREATE SEQUENCE commerce_client_code", "DROP SEQUENCE commerce_client_code"),
        audit("commerce.document", "commerce_document", ignored=("net", "vat", "gross")),
        audit("commerce.document", "commerce_documentline", key="document_id", ignored=("position",)),
        count_versions("commerce_document"),
        count_versions("commerce_documentline"),
    ]
