"""The catalogue: articles of five kinds, assemblies among them, and their price in each list."""

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, GeneratedField, Q, TextField, Value
from django.db.models.functions import Concat, Replace, Upper
from django.urls import reverse

from commerce.domain.prices import reduced_rate_applies
from commerce.models.reference import ArticleFamily, Unit, VatRate
from extrabat.lib.database import Normalise, Versioned
from planning.models import SiteTaskType
from settings_app.reference.models import PriceList


def _price(label: str, **options: Any) -> "models.DecimalField[Any, Any]":
    """Without VAT: more than any pool costs, and a product with a quantity stays exact."""
    return models.DecimalField(label, max_digits=14, decimal_places=6, **options)


class Kind(models.TextChoices):
    GOODS = "goods", "Marchandise"
    SERVICE = "service", "Prestation"
    LABOUR = "labour", "Main-d’œuvre"
    PLANNING = "planning", "Planning"
    MAINTENANCE = "maintenance", "Service d’entretien"
    ASSEMBLY = "assembly", "Nomenclature"


class ArticleQuerySet(models.QuerySet["Article"]):
    def active(self) -> Self:
        """Those that new lines may take (PAY-03)."""
        return self.filter(is_active=True)

    def with_vat(self) -> Self:
        """With what `vat_percent_on` reads."""
        return self.select_related("vat").prefetch_related("vat__periods")

    def for_lists(self) -> Self:
        """With what one line of a list says of each."""
        return self.with_vat().select_related("family", "unit")

    def for_hits(self) -> Self:
        """With what one line of the search says of each."""
        return self.select_related("family").only("code", "label", "kind", "sale_price", "family__label")


def _compact(column: str) -> Replace:
    """PAC-12 kW is pac12kw, for who types it without its signs."""
    return Replace(Normalise(column), Value(" "), Value(""), output_field=TextField())


class Article(Versioned):
    """One thing that is sold, done or planned. Prices are without VAT, to 6 decimals.

    `vat` is its usual rate; `reduced_vat` the one of works in a dwelling finished for more than two years, where the
    law grants one. An article of planning points to its kind of task, which has the order and the alert (PLA-17).
    """

    code = models.CharField("code", max_length=40)
    label = models.CharField("libellé", max_length=160)
    description = models.TextField("description pour le client", max_length=5000, blank=True)
    kind = models.CharField("genre", max_length=11, choices=Kind, default=Kind.GOODS)
    family = models.ForeignKey(ArticleFamily, models.PROTECT, null=True, blank=True, verbose_name="famille")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="unité")
    purchase_price = _price("prix d’achat HT", default=Decimal(0))
    sale_price = _price("prix de vente HT", default=Decimal(0))
    vat = models.ForeignKey(VatRate, models.PROTECT, related_name="articles", verbose_name="TVA")
    reduced_vat = models.ForeignKey(
        VatRate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reduced_articles",
        verbose_name="TVA en logement de plus de deux ans",
    )
    site_task_type = models.ForeignKey(
        SiteTaskType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tâche planning"
    )
    is_hidden_on_print = models.BooleanField("masqué sur les impressions du client", default=False)
    barcode = models.CharField("code-barres", max_length=20, blank=True)
    supplier_reference = models.CharField("référence du fournisseur", max_length=40, blank=True)
    is_active = models.BooleanField("actif", default=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    code_key = GeneratedField(expression=_compact("code"), output_field=TextField(), db_persist=True)
    # One space before each word, as for clients: a leading space in a pattern finds beginnings of words.
    search_name = GeneratedField(
        expression=Concat(
            Value(" "),
            Normalise(Concat("code", Value(" "), "label", Value(" "), "supplier_reference", Value(" "), "barcode")),
            Value(" "),
            _compact("code"),
            output_field=TextField(),
        ),
        output_field=TextField(),
        db_persist=True,
    )
    sort_name = GeneratedField(expression=Normalise("label"), output_field=TextField(), db_persist=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = "article"
        default_permissions = ()
        indexes = [
            models.Index(fields=["sort_name", "id"], name="article_sort_name"),
            models.Index(fields=["code_key", "id"], name="article_code_order"),
            models.Index(fields=["code_key"], name="article_code_key", opclasses=["text_pattern_ops"]),
            models.Index(fields=["family", "sort_name", "id"], name="article_family_name"),
            GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="article_search_name"),
            # Some hundred nomenclatures are looked for on their own at each letter that is typed.
            GinIndex(
                fields=["search_name"],
                opclasses=["gin_trgm_ops"],
                condition=Q(kind="assembly"),
                name="article_search_assembly",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                Upper("code"), name="article_code_unique", violation_error_message="Ce code article est déjà pris."
            ),
            models.CheckConstraint(
                name="article_code_given",
                condition=~Q(code_key=""),
                violation_error_message="Un code a au moins une lettre ou un chiffre.",
            ),
            models.CheckConstraint(
                name="article_prices_not_negative",
                condition=Q(purchase_price__gte=0, sale_price__gte=0),
                violation_error_message="Un prix n’est pas négatif.",
            ),
            models.CheckConstraint(
                name="article_planning_has_task",
                condition=(Q(kind=Kind.PLANNING) & Q(site_task_type__isnull=False))
                | (~Q(kind=Kind.PLANNING) & Q(site_task_type=None)),
                violation_error_message="Un article de planning a une tâche planning, et lui seul.",
            ),
            models.CheckConstraint(
                name="article_reduced_vat_differs",
                condition=Q(reduced_vat=None) | ~Q(reduced_vat=F("vat")),
                violation_error_message="Le taux réduit est le taux habituel\u00a0: laissez-le vide.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("commerce:article", args=[self.pk])

    @property
    def is_assembly(self) -> bool:
        return self.kind == Kind.ASSEMBLY

    @property
    def has_price(self) -> bool:
        """An article of planning says what is to be done, and costs nothing unless one gives it a price (PLA-21)."""
        return self.kind != Kind.PLANNING or bool(self.sale_price)

    def vat_for(self, *, dwelling_over_two_years: bool | None, is_installed: bool) -> VatRate:
        """The rate of a new line; what it is worth on the day is `VatRate.on`."""
        applies = reduced_rate_applies(dwelling_over_two_years=dwelling_over_two_years, is_installed=is_installed)
        return self.reduced_vat if applies and self.reduced_vat else self.vat

    def vat_percent_on(self, day: date) -> Decimal | None:
        rate = self.vat.on(day)
        return rate.percent if rate else None


class MaintenanceArticle(models.Model):
    """What an article of upkeep has beside the others (SRV-01). `every_months` 0 is once; `duration` in minutes."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="maintenance")
    every_months = models.PositiveSmallIntegerField("fréquence (mois)", default=12)
    duration = models.PositiveSmallIntegerField("durée (minutes)", default=60)
    sms_reminder = models.BooleanField("relance par SMS", default=True)
    sms_text = models.TextField("texte du SMS", max_length=1000, blank=True)
    printable_info = models.TextField("information imprimable pour le client", max_length=5000, blank=True)

    class Meta:
        verbose_name = "service d’entretien"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="maintenance_frequency",
                condition=Q(every_months__lte=120),
                violation_error_message="Une fréquence va de 0 (une seule fois) à 120 mois.",
            )
        ]

    def __str__(self) -> str:
        return str(self.article_id)


class ArticlePrice(models.Model):
    """The price of an article in a price list; it goes before the list's percent (CLI-24)."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="prices")
    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="+", verbose_name="tarif")
    price = _price("prix HT")

    class Meta:
        verbose_name = "prix d’article"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["article", "price_list"], name="article_price_once"),
            models.CheckConstraint(
                name="article_price_not_negative",
                condition=Q(price__gte=0),
                violation_error_message="Un prix n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.price}"
