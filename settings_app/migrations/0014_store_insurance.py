"""A store may have an insurance contract of its own."""

from django.db import migrations, models


def text(label, length):
    return models.CharField(label, blank=True, default="", max_length=length)


class Migration(migrations.Migration):
    dependencies = [
        ("settings_app", "0013_second_factor_for_all"),
    ]

    operations = [
        migrations.AddField("store", "insurer", text("assureur", 120), preserve_default=False),
        migrations.AddField("store", "insurer_contact", text("coordonnées de l’assureur", 200), preserve_default=False),
        migrations.AddField("store", "insurance_number", text("numéro de contrat", 60), preserve_default=False),
        migrations.AddField("store", "insurance_zone", text("couverture géographique", 120), preserve_default=False),
        migrations.AddField("store", "insurance_from", models.DateField("valable du", blank=True, null=True)),
        migrations.AddField("store", "insurance_to", models.DateField("au", blank=True, null=True)),
        migrations.AddConstraint(
            model_name="store",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("insurer", ""), _negated=True),
                    models.Q(
                        ("insurance_from", None),
                        ("insurance_number", ""),
                        ("insurance_to", None),
                        ("insurance_zone", ""),
                        ("insurer_contact", ""),
                    ),
                    _connector="OR",
                ),
                name="store_insurance_has_insurer",
                violation_error_message="Donnez l’assureur, ou laissez toute l’assurance vide.",
            ),
        ),
    ]
