"""Which price a client is offered (CLI-24; docs/rules/prices.md)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

_NONE: Final = Decimal(0)


class Source(StrEnum):
    LIST_PRICE = "list_price"
    LIST_PERCENT = "list_percent"
    CLIENT = "client"
    SALE_PRICE = "sale_price"


@dataclass(frozen=True)
class Offer:
    """A new line's unit price and its discount in percent, which the client sees on the line."""

    unit_price: Decimal
    percent: Decimal
    source: Source


def offer(
    sale_price: Decimal,
    *,
    list_price: Decimal | None = None,
    list_percent: Decimal = _NONE,
    client_percent: Decimal = _NONE,
) -> Offer:
    """The first that there is: price of the article in the client's list, percent of that list, percent of the client.

    They never add up, and a price of 0 in a list is a price. `client_percent` is asked only of a client without list,
    or whose list says neither.
    """
    if list_price is not None:
        return Offer(list_price, _NONE, Source.LIST_PRICE)
    if list_percent:
        return Offer(sale_price, list_percent, Source.LIST_PERCENT)
    if client_percent:
        return Offer(sale_price, client_percent, Source.CLIENT)
    return Offer(sale_price, _NONE, Source.SALE_PRICE)


def reduced_rate_applies(*, dwelling_over_two_years: bool | None, is_installed: bool) -> bool:
    """Whether an article may have its reduced rate: works in a dwelling finished for more than two years.

    None is not known yet, and then the normal rate it is: what was charged too low is owed by the seller.
    """
    return dwelling_over_two_years is True and is_installed
