"""A company may ask a second factor of everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("settings_app", "0012_sign_ins_forgotten"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="second_factor_for_all",
            field=models.BooleanField(default=False, verbose_name="second facteur exigé de chacun"),
        ),
    ]
