"""Tags and filters that every template has without loading them: icons and French display."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.template.defaultfilters import stringfilter
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from extrabat.lib import french, phones

register = template.Library()


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("build/icons.svg")


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, extra: str = "") -> SafeString:
    """One icon of static/icons.txt, silent for screen readers: the label is on its parent. `extra` are classes."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        _sprite(),
        name,
    )


@register.filter
def amount(value: Decimal | None) -> str:
    """Write "1 234,56 €"; nothing for None."""
    return "" if value is None else french.amount(value)


@register.filter
def price(value: Decimal | None) -> str:
    """Write a price with all its decimals, two at least: "12,345678 €", "12,00 €"; nothing for None."""
    if value is None:
        return ""
    exact = french.number(value)
    return french.amount(value) if len(exact.partition(",")[2]) <= 2 else f"{exact}{french.NBSP}€"


@register.filter
def percentage(value: Decimal | None) -> str:
    """Write "5,5 %"; nothing for None."""
    return "" if value is None else french.percent(value)


@register.filter
def figure(value: Decimal | None) -> str:
    """Write a quantity without its final zeros: "2,5"; nothing for None."""
    return "" if value is None else french.number(value)


@register.filter
def day(value: date | None) -> str:
    """Write "25/11/2026"; nothing for None."""
    return "" if value is None else french.day(value)


@register.filter
def moment(value: datetime) -> str:
    """Write « il y a 5 min », "09:00", "hier 16:42" or "25/11/2026"."""
    return french.moment(value, timezone.now())


@register.filter
def weight(value: int) -> str:
    """Write "5,2 Mo" from a number of bytes."""
    return french.weight(value)


@register.filter
def phone(value: str | None) -> str:
    """Write "06 12 34 56 78" from a stored number; nothing for none."""
    return phones.display_phone(value) if value else ""


@register.filter(is_safe=True)
@stringfilter
def typo(value: str) -> str:
    """Give running text its French spaces and apostrophes."""
    return french.typo(value)
