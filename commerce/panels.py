"""What the room shows elsewhere: hits of the search field, articles with their price and nomenclatures."""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from commerce.models import Article, ArticleQuerySet, Kind
from commerce.pricing import prices_of
from commerce.search import TooSlowError, find_articles
from extrabat.lib.french import amount
from extrabat.lib.rooms import Hit, Hits, SearchProvider
from extrabat.lib.text import words
from settings_app.users.access import may
from settings_app.users.models import User

KIND: Final = "articles"
ASSEMBLIES: Final = "nomenclatures"
ICONS: Final = {
    Kind.GOODS: "package",
    Kind.SERVICE: "tool",
    Kind.LABOUR: "clock",
    Kind.PLANNING: "calendar",
    Kind.MAINTENANCE: "refresh",
    Kind.ASSEMBLY: "sitemap",
}


def _find(user: User, typed: str, limit: int, rows: ArticleQuerySet) -> Hits:
    try:
        found = find_articles(typed, limit, rows=rows.active().for_hits())
    except TooSlowError:
        return Hits(too_slow=True)
    return Hits(list(_hits(user, found).values()), words(typed))


def find(user: User, typed: str, limit: int) -> Hits:
    """Assemblies are the other provider's: nothing is listed twice."""
    return _find(user, typed, limit, Article.objects.exclude(kind=Kind.ASSEMBLY))


def find_assemblies(user: User, typed: str, limit: int) -> Hits:
    return _find(user, typed, limit, Article.objects.filter(kind=Kind.ASSEMBLY))


def opened(user: User, keys: Sequence[int]) -> dict[int, Hit]:
    return _hits(user, Article.objects.for_hits().filter(pk__in=keys))


def _hits(user: User, articles: Iterable[Article]) -> dict[int, Hit]:
    """The price at the end of the line for who may see it; a stock will stand there when there is one."""
    rows = list(articles)
    prices = prices_of(rows) if may(user, "see_prices") else {}
    return {
        row.pk: Hit(
            label=row.label,
            detail=f"{row.code}, {row.family.label}" if row.family else row.code,
            url=row.get_absolute_url(),
            icon=ICONS[Kind(row.kind)],
            end=f"{amount(prices[row.pk])} HT" if row.pk in prices and row.has_price else "",
        )
        for row in rows
    }


def _all(**fixed: str) -> str:
    return f"{reverse('commerce:articles')}?{urlencode(fixed)}"


articles = SearchProvider(
    key=KIND,
    heading="Articles",
    find=find,
    all_url=lambda typed: _all(q=typed),
    order=30,
    prefix="*",
    recent=opened,
)
assemblies = SearchProvider(
    key=ASSEMBLIES,
    heading="Nomenclatures",
    find=find_assemblies,
    all_url=lambda typed: _all(q=typed, genre=Kind.ASSEMBLY.value),
    order=31,
    prefix="***",
    recent=opened,
)
