"""The catalogue: articles, nomenclatures, prices, and its short lists."""

from decimal import Decimal

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import extrabat.lib.database


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("planning", "0001_initial"),
        ("settings_app", "0008_warehouses_and_journals"),
    ]

    operations = [
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("label", models.CharField(max_length=160, verbose_name="libellé")),
                (
                    "description",
                    models.TextField(blank=True, max_length=5000, verbose_name="description pour le client"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("goods", "Marchandise"),
                            ("service", "Prestation"),
                            ("labour", "Main-d’œuvre"),
                            ("planning", "Planning"),
                            ("maintenance", "Service d’entretien"),
                            ("assembly", "Nomenclature"),
                        ],
                        default="goods",
                        max_length=11,
                        verbose_name="genre",
                    ),
                ),
                (
                    "purchase_price",
                    models.DecimalField(
                        decimal_places=6, default=Decimal("0"), max_digits=14, verbose_name="prix d’achat HT"
                    ),
                ),
                (
                    "sale_price",
                    models.DecimalField(
                        decimal_places=6, default=Decimal("0"), max_digits=14, verbose_name="prix de vente HT"
                    ),
                ),
                (
                    "is_hidden_on_print",
                    models.BooleanField(default=False, verbose_name="masqué sur les impressions du client"),
                ),
                ("barcode", models.CharField(blank=True, max_length=20, verbose_name="code-barres")),
                (
                    "supplier_reference",
                    models.CharField(blank=True, max_length=40, verbose_name="référence du fournisseur"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                (
                    "code_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Replace(
                            extrabat.lib.database.Normalise("code"),
                            models.Value(" "),
                            models.Value(""),
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "search_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Concat(
                            models.Value(" "),
                            extrabat.lib.database.Normalise(
                                django.db.models.functions.text.Concat(
                                    "code",
                                    models.Value(" "),
                                    "label",
                                    models.Value(" "),
                                    "supplier_reference",
                                    models.Value(" "),
                                    "barcode",
                                )
                            ),
                            models.Value(" "),
                            django.db.models.functions.text.Replace(
                                extrabat.lib.database.Normalise("code"),
                                models.Value(" "),
                                models.Value(""),
                                output_field=models.TextField(),
                            ),
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "sort_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=extrabat.lib.database.Normalise("label"),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "site_task_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.sitetasktype",
                        verbose_name="tâche planning",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Assembly",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="assembly",
                        serialize=False,
                        to="commerce.article",
                    ),
                ),
                ("has_fixed_price", models.BooleanField(default=False, verbose_name="prix fixe")),
                ("is_open_on_print", models.BooleanField(default=False, verbose_name="détaillée à l’impression")),
            ],
            options={
                "verbose_name": "nomenclature",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ArticleFamily",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=80, verbose_name="libellé")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
            ],
            options={
                "verbose_name": "famille d’articles",
                "ordering": ["position", "label"],
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("label"),
                        name="articlefamily_label_unique",
                        violation_error_message="Ce libellé existe déjà.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="family",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="commerce.articlefamily",
                verbose_name="famille",
            ),
        ),
        migrations.CreateModel(
            name="PaymentMethod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=80, verbose_name="libellé")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("10", "Espèces"),
                            ("20", "Chèque"),
                            ("48", "Carte bancaire"),
                            ("30", "Virement"),
                            ("59", "Prélèvement SEPA"),
                            ("1", "Autre"),
                        ],
                        default="1",
                        max_length=2,
                        verbose_name="moyen",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(default=0, verbose_name="délai (jours)")),
                ("end_of_month", models.BooleanField(default=False, verbose_name="fin de mois")),
                (
                    "day_of_month",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="le jour du mois"),
                ),
                ("is_bankable", models.BooleanField(default=False, verbose_name="remisable en banque")),
                ("without_reminders", models.BooleanField(default=False, verbose_name="exclu des relances")),
            ],
            options={
                "verbose_name": "mode de règlement",
                "ordering": ["position", "label"],
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("label"),
                        name="paymentmethod_label_unique",
                        violation_error_message="Ce libellé existe déjà.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__lte", 365)),
                        name="payment_method_days",
                        violation_error_message="Un délai va de 0 à 365 jours.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("day_of_month", None),
                            models.Q(("day_of_month__gte", 1), ("day_of_month__lte", 31)),
                            _connector="OR",
                        ),
                        name="payment_method_day_of_month",
                        violation_error_message="Un jour du mois va de 1 à 31.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=80, verbose_name="libellé")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
                ("code", models.CharField(default="C62", max_length=3, verbose_name="code facture électronique")),
            ],
            options={
                "verbose_name": "unité",
                "ordering": ["position", "label"],
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("label"),
                        name="unit_label_unique",
                        violation_error_message="Ce libellé existe déjà.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="commerce.unit", verbose_name="unité"
            ),
        ),
        migrations.CreateModel(
            name="VatRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=80, verbose_name="libellé")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("S", "S – taux normal ou réduit"),
                            ("Z", "Z – taux zéro"),
                            ("E", "E – exonération, franchise en base"),
                            ("AE", "AE – autoliquidation"),
                            ("K", "K – livraison intracommunautaire"),
                            ("G", "G – exportation"),
                            ("O", "O – hors champ"),
                        ],
                        default="S",
                        max_length=2,
                        verbose_name="catégorie",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=30, verbose_name="code du motif")),
                ("mention", models.CharField(blank=True, max_length=300, verbose_name="mention imprimée")),
                ("needs_attestation", models.BooleanField(default=False, verbose_name="attestation du client requise")),
            ],
            options={
                "verbose_name": "taux de TVA",
                "ordering": ["position", "label"],
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("label"),
                        name="vatrate_label_unique",
                        violation_error_message="Ce libellé existe déjà.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("category__in", ["S", "Z"]), models.Q(("mention", ""), _negated=True), _connector="OR"
                        ),
                        name="vat_rate_mention",
                        violation_error_message="Sans TVA, la loi veut une mention\xa0: écrivez celle qui s’imprime.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="reduced_vat",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reduced_articles",
                to="commerce.vatrate",
                verbose_name="TVA en logement de plus de deux ans",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="vat",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="commerce.vatrate",
                verbose_name="TVA",
            ),
        ),
        migrations.CreateModel(
            name="AssemblyPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=12, verbose_name="quantité")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="used_in",
                        to="commerce.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "assembly",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="commerce.assembly",
                        verbose_name="nomenclature",
                    ),
                ),
            ],
            options={
                "verbose_name": "composant de nomenclature",
                "ordering": ["position", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="MaintenanceArticle",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="maintenance",
                        serialize=False,
                        to="commerce.article",
                    ),
                ),
                ("every_months", models.PositiveSmallIntegerField(default=12, verbose_name="fréquence (mois)")),
                ("duration", models.PositiveSmallIntegerField(default=60, verbose_name="durée (minutes)")),
                ("sms_reminder", models.BooleanField(default=True, verbose_name="relance par SMS")),
                ("sms_text", models.TextField(blank=True, max_length=1000, verbose_name="texte du SMS")),
                (
                    "printable_info",
                    models.TextField(blank=True, max_length=5000, verbose_name="information imprimable pour le client"),
                ),
            ],
            options={
                "verbose_name": "service d’entretien",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("every_months__lte", 120)),
                        name="maintenance_frequency",
                        violation_error_message="Une fréquence va de 0 (une seule fois) à 120 mois.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticlePrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("price", models.DecimalField(decimal_places=6, max_digits=14, verbose_name="prix HT")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="prices", to="commerce.article"
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="settings_app.pricelist",
                        verbose_name="tarif",
                    ),
                ),
            ],
            options={
                "verbose_name": "prix d’article",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("article", "price_list"), name="article_price_once"),
                    models.CheckConstraint(
                        condition=models.Q(("price__gte", 0)),
                        name="article_price_not_negative",
                        violation_error_message="Un prix n’est pas négatif.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VatPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="taux (%)")),
                ("valid_from", models.DateField(verbose_name="à partir du")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                (
                    "rate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="commerce.vatrate",
                        verbose_name="taux",
                    ),
                ),
            ],
            options={
                "verbose_name": "période d’un taux",
                "ordering": ["valid_from"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lt", 100)),
                        name="vat_period_percent",
                        violation_error_message="Un taux de TVA va de 0 à moins de 100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="vat_period_days",
                        violation_error_message="La période finit avant de commencer.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("rate_id"), models.F("rate_id"), models.Value("[]"), function="int8range"
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("valid_from"),
                                    models.F("valid_to"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="vat_period_once",
                        violation_error_message="Deux périodes d’un même taux se chevauchent.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["sort_name", "id"], name="article_sort_name"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["code_key", "id"], name="article_code_order"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["code_key"], name="article_code_key", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["family", "sort_name", "id"], name="article_family_name"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_name"], name="article_search_name", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Upper("code"),
                name="article_code_unique",
                violation_error_message="Ce code article est déjà pris.",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("code_key", ""), _negated=True),
                name="article_code_given",
                violation_error_message="Un code a au moins une lettre ou un chiffre.",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("purchase_price__gte", 0), ("sale_price__gte", 0)),
                name="article_prices_not_negative",
                violation_error_message="Un prix n’est pas négatif.",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "planning"), ("site_task_type__isnull", False)),
                    models.Q(models.Q(("kind", "planning"), _negated=True), ("site_task_type", None)),
                    _connector="OR",
                ),
                name="article_planning_has_task",
                violation_error_message="Un article de planning a une tâche planning, et lui seul.",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reduced_vat", None), models.Q(("reduced_vat", models.F("vat")), _negated=True), _connector="OR"
                ),
                name="article_reduced_vat_differs",
                violation_error_message="Le taux réduit est le taux habituel\xa0: laissez-le vide.",
            ),
        ),
        migrations.AddConstraint(
            model_name="assemblypart",
            constraint=models.UniqueConstraint(fields=("assembly", "article"), name="assembly_part_once"),
        ),
        migrations.AddConstraint(
            model_name="assemblypart",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)),
                name="assembly_part_quantity",
                violation_error_message="Une quantité est plus grande que zéro.",
            ),
        ),
        migrations.AddConstraint(
            model_name="assemblypart",
            constraint=models.CheckConstraint(
                condition=models.Q(("article_id", models.F("assembly_id")), _negated=True),
                name="assembly_part_not_itself",
                violation_error_message="Une nomenclature ne se contient pas elle-même.",
            ),
        ),
    ]
