"""Tables of the room."""

from commerce.models.articles import Article, ArticlePrice, ArticleQuerySet, Kind, MaintenanceArticle
from commerce.models.assemblies import Assembly, AssemblyPart
from commerce.models.documents import (
    CreditNote,
    DeliveryNote,
    DepositInvoice,
    Document,
    DocumentLine,
    DocumentLink,
    DocumentQuerySet,
    DocumentTransition,
    Invoice,
    Order,
    Quote,
)
from commerce.models.reference import ArticleFamily, PaymentMethod, Unit, VatPeriod, VatRate

__all__ = [
    "Article",
    "ArticleFamily",
    "ArticlePrice",
    "ArticleQuerySet",
    "Assembly",
    "AssemblyPart",
    "CreditNote",
    "DeliveryNote",
    "DepositInvoice",
    "Document",
    "DocumentLine",
    "DocumentLink",
    "DocumentQuerySet",
    "DocumentTransition",
    "Invoice",
    "Kind",
    "MaintenanceArticle",
    "Order",
    "PaymentMethod",
    "Quote",
    "Unit",
    "VatPeriod",
    "VatRate",
]
