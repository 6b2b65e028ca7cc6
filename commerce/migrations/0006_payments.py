"""Payments, lettrage, and balances kept by triggers."""

from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from clients.merges_sql import refuse_merged
from commerce.payments_sql import FUNCTIONS, TRIGGERS

# Balances of what was issued before there were payments.
FILL = """
INSERT INTO commerce_documentbalance (document_id, is_credit, payable, settled, due_on)
SELECT d.id, d.kind = 'credit_note', (c.content -> 'totals' ->> 'payable')::numeric, 0,
       CASE WHEN d.kind <> 'credit_note' THEN (c.content ->> 'due_on')::date END
  FROM commerce_issuedcopy c JOIN commerce_document d ON d.id = c.document_id
 WHERE d.kind IN ('invoice', 'deposit_invoice', 'credit_note')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0013_journal"),
        ("commerce", "0005_document_words"),
        ("settings_app", "0011_second_factor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="numéro")),
                ("paid_on", models.DateField(verbose_name="date")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="montant")),
                ("reference", models.CharField(blank=True, max_length=80, verbose_name="référence, n° de chèque")),
                ("bank", models.CharField(blank=True, max_length=80, verbose_name="banque")),
                ("comment", models.CharField(blank=True, max_length=300, verbose_name="commentaire")),
                ("token", models.UUIDField(unique=True, verbose_name="jeton du formulaire")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistré le")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
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
                        verbose_name="enregistré par",
                    ),
                ),
                (
                    "journal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="settings_app.cashjournal",
                        verbose_name="journal",
                    ),
                ),
                (
                    "method",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commerce.paymentmethod",
                        verbose_name="mode de règlement",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="commerce.payment",
                        verbose_name="contrepasse",
                    ),
                ),
            ],
            options={
                "verbose_name": "règlement",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DocumentBalance",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="balance",
                        serialize=False,
                        to="commerce.document",
                    ),
                ),
                ("is_credit", models.BooleanField(default=False, verbose_name="avoir")),
                ("payable", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="à payer")),
                (
                    "settled",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=14, verbose_name="réglé"),
                ),
                ("due_on", models.DateField(null=True, verbose_name="échéance")),
                (
                    "due",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("payable"), "-", models.F("settled")
                        ),
                        output_field=models.DecimalField(decimal_places=2, max_digits=14, verbose_name="reste dû"),
                    ),
                ),
            ],
            options={
                "verbose_name": "solde d’une pièce",
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due__gt", 0), ("is_credit", False)),
                        fields=["due_on", "document"],
                        name="document_balance_unpaid",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("settled__gte", 0), ("settled__lte", models.F("payable"))),
                        name="document_balance_within",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="montant")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="le")),
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
                    "credit_note",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spent",
                        to="commerce.document",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="commerce.document"
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="commerce.allocation",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="commerce.payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "lettrage",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PaymentBalance",
            fields=[
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="balance",
                        serialize=False,
                        to="commerce.payment",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("allocated", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=14)),
                ("is_reversed", models.BooleanField(default=False)),
                (
                    "left",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(is_reversed=True, then=Decimal("0")),
                            default=django.db.models.expressions.CombinedExpression(
                                models.F("amount"), "-", models.F("allocated")
                            ),
                        ),
                        output_field=models.DecimalField(decimal_places=2, max_digits=14),
                    ),
                ),
            ],
            options={
                "verbose_name": "solde d’un règlement",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("allocated", 0), ("is_reversed", True)),
                            models.Q(("allocated__gte", 0), ("allocated__lte", models.F("amount"))),
                            _connector="OR",
                        ),
                        name="payment_balance_within",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["client", "-paid_on", "-id"], name="payment_client"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["-paid_on", "-id"], name="payment_day"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("reverses", None)),
                    models.Q(("amount__lt", 0), ("reverses__isnull", False)),
                    _connector="OR",
                ),
                name="payment_amount",
                violation_error_message="Un règlement est plus grand que zéro.",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("credit_note__isnull", False), ("payment", None)),
                    models.Q(("credit_note", None), ("payment__isnull", False)),
                    _connector="OR",
                ),
                name="allocation_one_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("undoes", None)),
                    models.Q(("amount__lt", 0), ("undoes__isnull", False)),
                    _connector="OR",
                ),
                name="allocation_amount",
                violation_error_message="Un lettrage est plus grand que zéro.",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        *(migrations.RunSQL(create, f"DROP FUNCTION {name} CASCADE") for name, create in FUNCTIONS),
        *(migrations.RunSQL(create, f"DROP TRIGGER {name} ON {table}") for name, table, create in TRIGGERS),
        refuse_merged("commerce_payment"),
    ]
