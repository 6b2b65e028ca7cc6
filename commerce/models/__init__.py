"""Tables of the room."""

from commerce.models.articles import Article, ArticlePrice, ArticleQuerySet, Kind, MaintenanceArticle
from commerce.models.assemblies import Assembly, AssemblyPart
from commerce.models.reference import ArticleFamily, PaymentMethod, Unit, VatPeriod, VatRate

__all__ = [
    "Article",
    "ArticleFamily",
    "ArticlePrice",
    "ArticleQuerySet",
    "Assembly",
    "AssemblyPart",
    "Kind",
    "MaintenanceArticle",
    "PaymentMethod",
    "Unit",
    "VatPeriod",
    "VatRate",
]
