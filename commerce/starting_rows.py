"""What every new company starts with: units, rates of VAT with their dates, payment methods."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from commerce.domain.seal import GENESIS
from commerce.domain.vat import Category
from commerce.mention_texts import TEXTS
from commerce.models import LegalMention, PaymentMethod, SealHead, SellingTerms, Unit, VatPeriod, VatRate
from settings_app.starting_rows import fill

UNITS: Final[list[dict[str, Any]]] = [
    {"label": "u", "code": "C62"},
    {"label": "m", "code": "MTR"},
    {"label": "m²", "code": "MTK"},
    {"label": "m³", "code": "MTQ"},
    {"label": "h", "code": "HUR"},
    {"label": "forfait", "code": "LS"},
    {"label": "kg", "code": "KGM"},
    {"label": "l", "code": "LTR"},
]
# The normal rate is 20 % and the intermediate one 10 % since 1 January 2014, 5,5 % is older.
RATES: Final[list[tuple[dict[str, Any], str, date]]] = [
    ({"label": "Taux normal"}, "20", date(2014, 1, 1)),
    ({"label": "Taux intermédiaire", "needs_attestation": True}, "10", date(2014, 1, 1)),
    ({"label": "Taux réduit", "needs_attestation": True}, "5.5", date(1982, 7, 1)),
    ({"label": "Taux zéro", "category": Category.ZERO.value}, "0", date(2014, 1, 1)),
]
METHODS: Final[list[dict[str, Any]]] = [
    {"label": "Espèces", "means": PaymentMethod.Means.CASH, "is_bankable": True},
    {"label": "Chèque", "means": PaymentMethod.Means.CHEQUE, "is_bankable": True},
    {"label": "CB", "means": PaymentMethod.Means.CARD},
    {"label": "Virement", "means": PaymentMethod.Means.TRANSFER},
    {"label": "Prélèvement", "means": PaymentMethod.Means.DIRECT_DEBIT, "without_reminders": True},
    {"label": "Financement", "means": PaymentMethod.Means.OTHER},
]


def load(using: str) -> None:
    fill(Unit, UNITS, using)
    fill(PaymentMethod, METHODS, using)
    if not VatRate.objects.using(using).exists():
        fill(VatRate, [values for values, _, _ in RATES], using)
        rates = VatRate.objects.using(using).order_by("position")
        VatPeriod.objects.using(using).bulk_create(
            VatPeriod(rate=rate, percent=Decimal(percent), valid_from=since)
            for rate, (_, percent, since) in zip(rates, RATES, strict=True)
        )
    SellingTerms.objects.using(using).get_or_create(pk=1)
    SealHead.objects.using(using).get_or_create(pk=1, defaults={"signature": GENESIS})
    if not LegalMention.objects.using(using).exists():
        LegalMention.objects.using(using).bulk_create(
            LegalMention(code=code.value, language=language, text=text, valid_from=since, valid_to=until)
            for code, since, until, french, english in TEXTS
            for language, text in (("fr", french), ("en", english))
            if text
        )
