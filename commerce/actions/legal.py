"""Texts of legal mentions reworded from a day on, and the terms with which new documents begin."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from commerce.models import LegalMention, SellingTerms
from extrabat.lib.french import day
from extrabat.lib.refusals import Refused

GONE: Final = "Ce texte n’existe plus."


@transaction.atomic
def reword(code: str, *, language: str, text: str, valid_from: date) -> None:
    """Let a mention read so from `valid_from` on; the text before ends the day before.

    What was issued keeps its words. Raises Refused when that is not after the beginning of the last text.
    """
    rows = LegalMention.objects.select_for_update().filter(code=code, language=language)
    last = rows.order_by("-valid_from").first()
    if last and valid_from <= last.valid_from:
        raise Refused(f"Un nouveau texte commence après le {day(last.valid_from)}, début du dernier.")
    if last and (last.valid_to is None or last.valid_to >= valid_from):
        last.valid_to = valid_from - timedelta(days=1)
        last.save(update_fields=["valid_to"])
    LegalMention.objects.create(code=code, language=language, text=text, valid_from=valid_from)


@transaction.atomic
def withdraw_text(key: int, *, on: date) -> None:
    """Take back a text that has not begun on `on`; the one before has no end again."""
    row = LegalMention.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise Refused(GONE)
    if row.valid_from <= on:
        raise Refused("Ce texte est déjà en vigueur\u00a0: il ne se retire plus.")
    before = LegalMention.objects.filter(code=row.code, language=row.language, valid_from__lt=row.valid_from).last()
    row.delete()
    if before:
        before.valid_to = None
        before.save(update_fields=["valid_to"])


@transaction.atomic
def change_terms(values: Mapping[str, Any]) -> None:
    """Write what new quotes begin with; quotes that are there keep theirs."""
    terms = SellingTerms.objects.select_for_update().get(pk=1)
    for name, value in values.items():
        setattr(terms, name, value)
    terms.save()
