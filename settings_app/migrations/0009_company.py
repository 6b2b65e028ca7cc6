"""The company, what its stores lacked, and pictures. The company begins as the first store is called."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import extrabat.lib.sealed
from settings_app.audit.operations import audit, count_versions

ACCENTS = [
    ("eau", "Eau profonde"),
    ("lagon", "Lagon"),
    ("sapin", "Sapin"),
    ("indigo", "Indigo"),
    ("prune", "Prune"),
    ("brique", "Brique"),
    ("ardoise", "Ardoise"),
]


def name_the_company(apps, schema_editor):
    alias = schema_editor.connection.alias
    first = apps.get_model("settings_app", "Store").objects.using(alias).order_by("pk").first()
    if first:
        apps.get_model("settings_app", "Company").objects.using(alias).create(
            pk=1, name=first.name, street=first.street, postcode=first.postcode, city=first.city
        )


def text(label, length, **more):
    return models.CharField(label, max_length=length, **{"blank": True, **more})


class Migration(migrations.Migration):
    dependencies = [
        ("settings_app", "0008_warehouses_and_journals"),
    ]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("logo", "logo"), ("photo", "photo"), ("background", "fond")],
                        max_length=12,
                        verbose_name="genre",
                    ),
                ),
                ("content_type", models.CharField(max_length=20, verbose_name="type")),
                ("content", models.BinaryField(verbose_name="contenu")),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="de",
                    ),
                ),
            ],
            options={"verbose_name": "image", "default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Company",
            fields=[
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False),
                ),
                ("name", text("raison sociale", 120)),
                (
                    "legal_form",
                    text(
                        "forme juridique",
                        5,
                        choices=[
                            ("EI", "Entreprise individuelle"),
                            ("EURL", "EURL"),
                            ("SARL", "SARL"),
                            ("SASU", "SASU"),
                            ("SAS", "SAS"),
                            ("SA", "SA"),
                            ("SNC", "SNC"),
                            ("SCOP", "SCOP"),
                            ("autre", "Autre"),
                        ],
                    ),
                ),
                (
                    "capital",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="capital (€)"
                    ),
                ),
                ("siren", text("SIREN", 9)),
                (
                    "register",
                    text(
                        "registre",
                        3,
                        choices=[
                            ("RCS", "Registre du commerce et des sociétés (RCS)"),
                            ("RM", "Répertoire des métiers (RM)"),
                            ("RNE", "Registre national des entreprises (RNE)"),
                        ],
                    ),
                ),
                ("register_city", text("ville du registre", 120)),
                ("ape", text("code APE", 5)),
                ("vat_number", text("TVA intracommunautaire", 20)),
                (
                    "vat_regime",
                    text(
                        "régime de TVA",
                        9,
                        blank=False,
                        default="normal",
                        choices=[
                            ("normal", "Réel normal"),
                            ("simplifie", "Réel simplifié"),
                            ("franchise", "Franchise en base (TVA non applicable, art. 293 B du CGI)"),
                        ],
                    ),
                ),
                (
                    "vat_on_debits",
                    models.BooleanField(
                        default=False, verbose_name="option pour le paiement de la TVA d’après les débits"
                    ),
                ),
                ("street", text("adresse du siège", 200)),
                ("postcode", text("code postal", 10)),
                ("city", text("commune", 120)),
                ("accent", text("couleur d’accent", 10, blank=False, choices=ACCENTS, default="eau")),
                ("insurer", text("assureur", 120)),
                ("insurer_contact", text("coordonnées de l’assureur", 200)),
                ("insurance_number", text("numéro de contrat", 60)),
                ("insurance_zone", text("couverture géographique", 120)),
                ("insurance_from", models.DateField(blank=True, null=True, verbose_name="valable du")),
                ("insurance_to", models.DateField(blank=True, null=True, verbose_name="au")),
                ("mediator", text("médiateur de la consommation", 120)),
                ("mediator_address", text("adresse du médiateur", 200)),
                ("mediator_website", models.URLField(blank=True, verbose_name="site du médiateur")),
                ("iban", extrabat.lib.sealed.SealedTextField(blank=True, verbose_name="IBAN")),
                ("bic", extrabat.lib.sealed.SealedTextField(blank=True, verbose_name="BIC")),
                (
                    "discount_terms",
                    text("conditions d’escompte", 200, default="Pas d’escompte pour paiement anticipé."),
                ),
                ("late_terms", text("pénalités de retard", 200, default="Taux de la BCE majoré de 10 points.")),
            ],
            options={
                "verbose_name": "société",
                "default_permissions": (),
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="company_only_one")],
            },
        ),
        migrations.RunPython(name_the_company, migrations.RunPython.noop),
        migrations.AddField(
            model_name="company",
            name="logo",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="settings_app.picture",
                verbose_name="logo",
            ),
        ),
        migrations.AddField(
            model_name="store",
            name="company",
            field=models.ForeignKey(
                default=1,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stores",
                to="settings_app.company",
                verbose_name="société",
            ),
        ),
        migrations.AddField(model_name="store", name="siret", field=text("SIRET", 14)),
        migrations.AddField(
            model_name="store",
            name="accent",
            field=text("couleur d’accent", 10, choices=ACCENTS),
        ),
        migrations.AddField(
            model_name="store", name="is_active", field=models.BooleanField(default=True, verbose_name="ouvert")
        ),
        migrations.AddField(
            model_name="user",
            name="photo",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="settings_app.picture",
                verbose_name="photo",
            ),
        ),
        audit("settings_app.company", "settings_app_company", secret=("iban", "bic")),
        count_versions("settings_app_company"),
    ]
