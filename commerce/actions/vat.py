"""What a rate of VAT is worth from a day on; what was charged before stays written."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction

from commerce.domain.vat import Category
from commerce.models import VatPeriod, VatRate
from extrabat.lib.french import day
from extrabat.lib.refusals import Refused

GONE: Final = "Ce taux ou cette période n’existe plus."
WITHOUT_VAT: Final = "Cette catégorie vaut 0\u00a0%, et la catégorie S plus de 0\u00a0%."


@transaction.atomic
def change_percent(key: int, *, percent: Decimal, valid_from: date) -> None:
    """Let the rate be worth `percent` from `valid_from` on; the period before ends the day before.

    Raises `Refused` when that is not after the beginning of the last period: history is not rewritten.
    """
    rate = VatRate.objects.select_for_update().filter(pk=key).first()
    if rate is None:
        raise Refused(GONE)
    if (rate.category == Category.STANDARD) != (percent > 0) or percent >= 100:
        raise Refused(WITHOUT_VAT)
    last = VatPeriod.objects.filter(rate=rate).order_by("-valid_from").first()
    if last and valid_from <= last.valid_from:
        raise Refused(f"Un nouveau taux commence après le {day(last.valid_from)}, début du dernier.")
    if last and (last.valid_to is None or last.valid_to >= valid_from):
        last.valid_to = valid_from - timedelta(days=1)
        last.save(update_fields=["valid_to"])
    VatPeriod.objects.create(rate=rate, percent=percent, valid_from=valid_from)


@transaction.atomic
def withdraw_period(key: int, *, on: date) -> None:
    """Take back a period that has not begun on `on`; the one before has no end again."""
    period = VatPeriod.objects.select_for_update().filter(pk=key).first()
    if period is None:
        raise Refused(GONE)
    if period.valid_from <= on:
        raise Refused("Ce taux est déjà en vigueur\u00a0: il ne se retire plus.")
    before = VatPeriod.objects.filter(rate=period.rate_id, valid_from__lt=period.valid_from).last()
    period.delete()
    if before:
        before.valid_to = None
        before.save(update_fields=["valid_to"])
