"""Articles for tests, with the least that makes them valid."""

from decimal import Decimal
from itertools import count
from typing import Any

from commerce.models import Article, Assembly, AssemblyPart, Kind, Unit, VatRate

_numbers = count(1)


def rate(label: str = "Taux normal") -> VatRate:
    return VatRate.objects.get(label=label)


def make_article(**values: Any) -> Article:
    """A thing sold for 100 € and bought for 60 €; Decimals may be given as texts."""
    number = next(_numbers)
    for name in ("purchase_price", "sale_price"):
        if isinstance(values.get(name), str):
            values[name] = Decimal(values[name])
    article = Article.objects.create(
        **{
            "code": f"ART-{number}",
            "label": f"Vanne {number}",
            "unit": Unit.objects.get(label="u"),
            "vat": rate(),
            "purchase_price": Decimal(60),
            "sale_price": Decimal(100),
        }
        | values
    )
    if article.kind == Kind.ASSEMBLY:
        Assembly.objects.create(article=article)
    return article


def add(assembly: Article, article: Article, quantity: str = "1", position: int = 0) -> AssemblyPart:
    """Past the action: straight into the table."""
    return AssemblyPart.objects.create(
        assembly_id=assembly.pk, article=article, quantity=Decimal(quantity), position=position
    )


def make_assembly(**values: Any) -> tuple[Article, AssemblyPart]:
    """« Filtration », two pumps of 100 €."""
    room = make_article(
        kind=Kind.ASSEMBLY, **{"label": "Filtration", "purchase_price": "0", "sale_price": "0"} | values
    )
    return room, add(room, make_article(label="Pompe"), "2", position=1)
