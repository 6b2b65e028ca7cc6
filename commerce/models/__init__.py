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
from commerce.models.issuing import (
    DepositDeduction,
    IssuedCopy,
    IssuedRate,
    LegalMention,
    LegalOverride,
    NumberSeries,
    SellingTerms,
)
from commerce.models.payments import Allocation, DocumentBalance, Payment, PaymentBalance, amount_due
from commerce.models.printing import PrintedCopy, PrintJob, PrintJobQuerySet
from commerce.models.reference import ArticleFamily, PaymentMethod, Unit, VatPeriod, VatRate
from commerce.models.seal import Closing, SealEvent, SealHead

__all__ = [
    "Allocation",
    "Article",
    "ArticleFamily",
    "ArticlePrice",
    "ArticleQuerySet",
    "Assembly",
    "AssemblyPart",
    "Closing",
    "CreditNote",
    "DeliveryNote",
    "DepositDeduction",
    "DepositInvoice",
    "Document",
    "DocumentBalance",
    "DocumentLine",
    "DocumentLink",
    "DocumentQuerySet",
    "DocumentTransition",
    "Invoice",
    "IssuedCopy",
    "IssuedRate",
    "Kind",
    "LegalMention",
    "LegalOverride",
    "MaintenanceArticle",
    "NumberSeries",
    "Order",
    "Payment",
    "PaymentBalance",
    "PaymentMethod",
    "PrintJob",
    "PrintJobQuerySet",
    "PrintedCopy",
    "Quote",
    "SealEvent",
    "SealHead",
    "SellingTerms",
    "Unit",
    "VatPeriod",
    "VatRate",
    "amount_due",
]
