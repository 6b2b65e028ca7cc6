"""Nomenclatures: parts within parts, their cost, their price, and the circles that must not be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from commerce.domain.lines import PRICE_STEP
from extrabat.lib.money import round_half_up

# An assembly of assemblies of assemblies of … articles: six floors is more than a pool builder needs.
DEEPEST: Final = 6


class CircleError(ValueError):
    """An assembly would contain itself."""


class TooDeepError(ValueError):
    """Assemblies would be nested more than `DEEPEST` times."""


@dataclass(frozen=True)
class Part:
    """One line of an assembly; both are keys of articles."""

    assembly: int
    article: int
    quantity: Decimal


@dataclass(frozen=True)
class Priced:
    """An article as the sum sees it; `from_parts`: its price is that of its parts, not `price`."""

    cost: Decimal
    price: Decimal
    from_parts: bool = False


@dataclass(frozen=True)
class Value:
    """Cost and price of one, without VAT, to 6 decimals."""

    cost: Decimal
    price: Decimal


def value_of(article: int, parts: Iterable[Part], articles: Mapping[int, Priced]) -> Value:
    """Cost and price of one article from the whole tree beneath it.

    The cost of an assembly is always that of its parts; its price too, unless it is fixed. An assembly without parts
    is worth what its own row says. The sum is exact and rounded half up once, at the end. Raises CircleError.
    """
    children: dict[int, list[Part]] = {}
    for part in parts:
        children.setdefault(part.assembly, []).append(part)
    refuse_circles(children)

    @cache
    def exact(key: int) -> tuple[Decimal, Decimal]:
        own = articles[key]
        below = [(part.quantity, exact(part.article)) for part in children.get(key, ())]
        if not below:
            return own.cost, own.price
        cost = sum((quantity * one[0] for quantity, one in below), Decimal(0))
        price = sum((quantity * one[1] for quantity, one in below), Decimal(0))
        return cost, price if own.from_parts else own.price

    cost, price = exact(article)
    return Value(round_half_up(cost, PRICE_STEP), round_half_up(price, PRICE_STEP))


def refuse_circles(children: Mapping[int, Sequence[Part]]) -> None:
    """Raise CircleError when an assembly is beneath itself, TooDeepError beyond `DEEPEST` floors."""
    known: dict[int, int] = {}

    def depth(key: int, above: tuple[int, ...]) -> int:
        if key in above:
            raise CircleError("an assembly is a part of itself")
        if key not in known:
            inner = [depth(part.article, (*above, key)) for part in children.get(key, ())]
            known[key] = 1 + max(inner) if inner else 0
        if known[key] > DEEPEST:
            raise TooDeepError("assemblies are nested too deep")
        return known[key]

    for key in children:
        depth(key, ())
