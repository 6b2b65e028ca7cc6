"""Writes the demo's catalogue: families, articles, services, planning steps, nomenclatures, a list with prices."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from commerce.demo.goods import ASSEMBLIES, DEEDS, FAMILIES, NORMAL, SERIES, SERVICES, UPKEEP, WORKS
from commerce.forms.articles import SMS_EXAMPLE
from commerce.models import (
    Article,
    ArticleFamily,
    ArticlePrice,
    Assembly,
    AssemblyPart,
    Kind,
    MaintenanceArticle,
    Unit,
    VatRate,
)
from planning.models import SiteTaskType
from settings_app.models import PriceList
from settings_app.starting_rows import fill


class _Tables:
    """Rows by their label."""

    def __init__(self, using: str) -> None:
        self.using = using
        self.families = {row.label: row for row in ArticleFamily.objects.using(using)}
        self.units = {row.label: row for row in Unit.objects.using(using)}
        self.rates = {row.label: row for row in VatRate.objects.using(using)}

    def article(self, code: str, label: str, family: str, unit: str = "u", **values: Any) -> Article:
        vat, reduced = values.pop("vat", NORMAL), values.pop("reduced", "")
        return Article(
            code=code,
            label=label,
            family=self.families.get(family),
            unit=self.units[unit],
            vat=self.rates[vat],
            reduced_vat=self.rates.get(reduced),
            **values,
        )


def load(using: str) -> None:
    """Some 150 articles, ten of them nomenclatures; nothing where there is an article already."""
    if Article.objects.using(using).exists():
        return
    fill(ArticleFamily, [{"label": label} for label in FAMILIES], using)
    tables = _Tables(using)
    Article.objects.using(using).bulk_create([*_goods(tables), *_steps(tables)])
    _services(tables)
    _assemblies(tables)
    _prices(using)


def _goods(tables: _Tables) -> Iterator[Article]:
    for series in (*SERIES, *DEEDS):
        for code, label, purchase, sale in series.rows():
            yield tables.article(
                code,
                label,
                series.family,
                series.unit,
                kind=series.kind,
                vat=series.vat,
                reduced=series.reduced,
                purchase_price=Decimal(purchase),
                sale_price=Decimal(sale),
            )


def _steps(tables: _Tables) -> Iterator[Article]:
    """One article per step of a site, without price and hidden from the client (PLA-17, PLA-21)."""
    for number, step in enumerate(SiteTaskType.objects.using(tables.using), start=1):
        code = f"PLA-{number:02d}"
        yield tables.article(code, step.label, WORKS, kind=Kind.PLANNING, site_task_type=step, is_hidden_on_print=True)


def _services(tables: _Tables) -> None:
    for code, label, months, minutes, price, reduced in SERVICES:
        row = tables.article(
            code, label, UPKEEP, "forfait", kind=Kind.MAINTENANCE, sale_price=Decimal(price), reduced=reduced
        )
        row.save(using=tables.using)
        MaintenanceArticle.objects.using(tables.using).create(
            article=row, every_months=months, duration=minutes, sms_text=SMS_EXAMPLE
        )


def _assemblies(tables: _Tables) -> None:
    """In the order written: an assembly comes after those that it contains."""
    for code, label, price, parts in ASSEMBLIES:
        row = tables.article(code, label, WORKS, "forfait", kind=Kind.ASSEMBLY, sale_price=Decimal(price or 0))
        row.save(using=tables.using)
        Assembly.objects.using(tables.using).create(article=row, has_fixed_price=bool(price))
        counted = [part.split(" ", 1) for part in parts.split(", ")]
        rows = Article.objects.using(tables.using).filter(code__in=[part for _, part in counted])
        articles = {article.code: article for article in rows}
        AssemblyPart.objects.using(tables.using).bulk_create(
            AssemblyPart(assembly_id=row.pk, article=articles[part], quantity=Decimal(quantity), position=place)
            for place, (quantity, part) in enumerate(counted, start=1)
        )


def _prices(using: str) -> None:
    """A list of the demo's own, with some prices that its percent does not explain."""
    rows = PriceList.objects.using(using)
    paysagistes, _ = rows.get_or_create(label="Tarif paysagistes", defaults={"percent": Decimal(8), "position": 9})
    chosen = Article.objects.using(using).filter(code__startswith="PMP-")
    ArticlePrice.objects.using(using).bulk_create(
        ArticlePrice(article=article, price_list=paysagistes, price=article.sale_price - 40) for article in chosen
    )
