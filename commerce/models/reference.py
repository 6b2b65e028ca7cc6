"""Short lists of the catalogue: units, families, rates of VAT with their periods, payment methods."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from commerce.domain.terms import Terms
from commerce.domain.vat import Category, Rate
from settings_app.reference.models import ReferenceValue


class Unit(ReferenceValue):
    """`code` is that of UN/ECE recommendation 20, which an electronic invoice wants (BT-130); C62 is « one »."""

    code = models.CharField("code facture électronique", max_length=3, default="C62")

    class Meta(ReferenceValue.Meta):
        verbose_name = "unité"


class ArticleFamily(ReferenceValue):
    """Articles taken together, to be found and counted."""

    class Meta(ReferenceValue.Meta):
        verbose_name = "famille d’articles"


class VatRateManager(models.Manager["VatRate"]):
    """Lists say what each rate is worth today: their periods come along."""

    def get_queryset(self) -> models.QuerySet["VatRate"]:
        return super().get_queryset().prefetch_related("periods")


class VatRate(ReferenceValue):
    """A rate under its name, worth what its period says on a day (R0.2). Articles point to the name.

    `category`, `reason` and `mention` are what EN 16931 says of it (BT-151, BT-121, BT-120). A rate that
    `needs_attestation` is due to works in old dwellings only (R1.6).
    """

    CATEGORIES: ClassVar = [
        (Category.STANDARD.value, "S – taux normal ou réduit"),
        (Category.ZERO.value, "Z – taux zéro"),
        (Category.EXEMPT.value, "E – exonération, franchise en base"),
        (Category.REVERSE_CHARGE.value, "AE – autoliquidation"),
        (Category.INTRA_COMMUNITY.value, "K – livraison intracommunautaire"),
        (Category.EXPORT.value, "G – exportation"),
        (Category.OUTSIDE_SCOPE.value, "O – hors champ"),
    ]

    category = models.CharField("catégorie", max_length=2, choices=CATEGORIES, default=Category.STANDARD.value)
    reason = models.CharField("code du motif", max_length=30, blank=True)
    mention = models.CharField("mention imprimée", max_length=300, blank=True)
    needs_attestation = models.BooleanField("attestation du client requise", default=False)

    objects = VatRateManager()

    class Meta(ReferenceValue.Meta):
        verbose_name = "taux de TVA"
        constraints = [
            *ReferenceValue.Meta.constraints,
            models.CheckConstraint(
                name="vat_rate_mention",
                condition=Q(category__in=[Category.STANDARD.value, Category.ZERO.value]) | ~Q(mention=""),
                violation_error_message="Sans TVA, la loi veut une mention\u00a0: écrivez celle qui s’imprime.",
            ),
        ]

    def on(self, day: date) -> Rate | None:
        """The rate as the arithmetic takes it, or None on a day that has none. Reads `periods`, prefetched or not."""
        percent = next((period.percent for period in self.periods.all() if period.holds_on(day)), None)
        if percent is None:
            return None
        return Rate(percent, Category(self.category), self.reason, self.mention)


class VatPeriod(models.Model):
    """What a rate is worth from one day to another, both included; the last one has no end."""

    rate = models.ForeignKey(VatRate, models.CASCADE, related_name="periods", verbose_name="taux")
    percent = models.DecimalField("taux (%)", max_digits=5, decimal_places=2)
    valid_from = models.DateField("à partir du")
    valid_to = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "période d’un taux"
        default_permissions = ()
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                name="vat_period_percent",
                condition=Q(percent__gte=0, percent__lt=100),
                violation_error_message="Un taux de TVA va de 0 à moins de 100.",
            ),
            models.CheckConstraint(
                name="vat_period_days",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="La période finit avant de commencer.",
            ),
            # A range of keys holding one key: equality in a GiST index without an extension.
            ExclusionConstraint(
                name="vat_period_once",
                expressions=[
                    (Func(F("rate_id"), F("rate_id"), models.Value("[]"), function="int8range"), "&&"),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            models.Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Deux périodes d’un même taux se chevauchent.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % à partir du {self.valid_from:%d/%m/%Y}"

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class PaymentMethod(ReferenceValue):
    """Mode de règlement, and when it makes an invoice due (PAY-15). `means` is the code of UNTDID 4461 (BT-81)."""

    class Means(models.TextChoices):
        CASH = "10", "Espèces"
        CHEQUE = "20", "Chèque"
        CARD = "48", "Carte bancaire"
        TRANSFER = "30", "Virement"
        DIRECT_DEBIT = "59", "Prélèvement SEPA"
        OTHER = "1", "Autre"

    means = models.CharField("moyen", max_length=2, choices=Means, default=Means.OTHER)
    days = models.PositiveSmallIntegerField("délai (jours)", default=0)
    end_of_month = models.BooleanField("fin de mois", default=False)
    day_of_month = models.PositiveSmallIntegerField("le jour du mois", null=True, blank=True)
    is_bankable = models.BooleanField("remisable en banque", default=False)
    without_reminders = models.BooleanField("exclu des relances", default=False)

    class Meta(ReferenceValue.Meta):
        verbose_name = "mode de règlement"
        constraints = [
            *ReferenceValue.Meta.constraints,
            models.CheckConstraint(
                name="payment_method_days",
                condition=Q(days__lte=365),
                violation_error_message="Un délai va de 0 à 365 jours.",
            ),
            models.CheckConstraint(
                name="payment_method_day_of_month",
                condition=Q(day_of_month=None) | Q(day_of_month__gte=1, day_of_month__lte=31),
                violation_error_message="Un jour du mois va de 1 à 31.",
            ),
        ]

    @property
    def terms(self) -> Terms:
        return Terms(self.days, self.end_of_month, self.day_of_month or 0)

    def due_on(self, issued_on: date) -> date:
        return self.terms.due_on(issued_on)
