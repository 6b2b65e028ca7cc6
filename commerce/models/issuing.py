"""What issuing writes once: numbers, the frozen copy, its sums by rate, deducted deposits, what was passed over."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commerce.domain.vat import Category
from commerce.models.documents import Document


class NumberSeries(models.Model):
    """One counter a series and year (N1): its row is locked and counted up in the issuing transaction."""

    series = models.CharField("série", max_length=4)
    year = models.PositiveSmallIntegerField("année")
    last = models.PositiveIntegerField("dernier numéro", default=0)
    last_on = models.DateField("daté du")

    class Meta:
        verbose_name = "série de numéros"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.series}{self.year}"


class IssuedCopy(models.Model):
    """What was printed: parties, lines, totals, mentions (docs/rules/issuing.md). Printing reads nothing else."""

    added_only = True
    document = models.OneToOneField(Document, models.PROTECT, primary_key=True, related_name="issued")
    content = models.JSONField("contenu")
    content_hash = models.CharField("empreinte SHA-256", max_length=64)
    issued_at = models.DateTimeField("validée le")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="validée par"
    )

    class Meta:
        verbose_name = "copie figée"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.content.get("number", ""))


class IssuedRate(models.Model):
    """Net and VAT of an issued document at one rate (BG-23)."""

    added_only = True
    document = models.ForeignKey(Document, models.PROTECT, related_name="rates")
    category = models.CharField("catégorie", max_length=2, choices=[(one.value, one.value) for one in Category])
    percent = models.DecimalField("taux (%)", max_digits=5, decimal_places=2)
    reason = models.CharField("code du motif", max_length=30, blank=True)
    mention = models.CharField("mention", max_length=300, blank=True)
    net = models.DecimalField("HT", max_digits=14, decimal_places=2)
    vat = models.DecimalField("TVA", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "total par taux"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["document", "category", "percent", "reason"], name="issued_rate_once")
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"


class DepositDeduction(models.Model):
    """The invoice that deducts a deposit invoice: one at most, so that none is deducted twice (PAY-17)."""

    deposit = models.OneToOneField(Document, models.PROTECT, primary_key=True, related_name="deducted_by")
    invoice = models.ForeignKey(Document, models.CASCADE, related_name="deductions")

    class Meta:
        verbose_name = "acompte déduit"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="deduction_not_itself",
                condition=~Q(deposit=F("invoice")),
                violation_error_message="Une facture ne se déduit pas d’elle-même.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.deposit_id} → {self.invoice_id}"


class LegalOverride(models.Model):
    """A legal warning that somebody with the right passed over, and why."""

    added_only = True
    document = models.ForeignKey(Document, models.PROTECT, related_name="overrides")
    code = models.CharField("avertissement", max_length=30)
    reason = models.CharField("motif", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "avertissement levé"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.code} : {self.reason}"


class LegalMention(models.Model):
    """The text of one mention from one day to another, in one language; names in braces are filled in when issuing."""

    code = models.CharField("mention", max_length=30)
    language = models.CharField("langue", max_length=2, default="fr")
    text = models.TextField("texte", max_length=2000)
    valid_from = models.DateField("à partir du")
    valid_to = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "mention légale"
        default_permissions = ()
        ordering = ["code", "language", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "language", "valid_from"], name="legal_mention_once"),
            models.CheckConstraint(
                name="legal_mention_days",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="La période finit avant de commencer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.language})"


class SellingTerms(models.Model):
    """What new documents begin with: validity of quotes, how waste is handled (a row numbered 1)."""

    id: Any = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    quote_days = models.PositiveSmallIntegerField("validité des devis (jours)", default=30)
    waste_sorting = models.TextField("tri et enlèvement des déchets", max_length=1000, blank=True)
    waste_points = models.TextField("points de collecte prévus", max_length=1000, blank=True)

    class Meta:
        verbose_name = "conditions de vente"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="selling_terms_only_one"),
            models.CheckConstraint(
                condition=Q(quote_days__gte=1, quote_days__lte=365),
                name="selling_terms_days",
                violation_error_message="La validité va de 1 à 365 jours.",
            ),
        ]

    def __str__(self) -> str:
        return "Conditions de vente"
