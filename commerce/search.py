"""Finding articles: by code, then by words, at most `RANKED` of them looked at (PAY-03; docs/rules/search.md)."""

from collections.abc import Iterator
from typing import Final

from django.db.models import Q

from commerce.domain.searching import Asked, rank, read
from commerce.models import Article, ArticleQuerySet
from extrabat.lib.database import TooSlowError, patience

# Ranking costs what it ranks: more hits than this are answered by typing one letter more.
RANKED: Final = 300
PATIENCE_MS: Final = 150


def find_articles(query: str, limit: int, *, rows: ArticleQuerySet | None = None) -> list[Article]:
    """The articles that new lines may take, best first: the code, codes that begin so, words, inside words.

    `rows` narrows or widens that (all, inactive ones too). A statement per stage until `limit` is reached, then one.
    Raises TooSlowError beyond `PATIENCE_MS`.
    """
    asked = read(query)
    if not asked.words or limit <= 0:
        return []
    found: dict[int, None] = {}
    wanted = Article.objects.active() if rows is None else rows
    with patience(PATIENCE_MS):
        for stage in _stages(wanted, asked):
            # Ranked by three columns: whole rows are read only of those that are shown.
            hits = stage.values_list("pk", "code_key", "search_name", "sort_name")
            for pk, *_ in sorted(hits, key=lambda hit: _place(hit, asked)):
                found.setdefault(pk)
            if len(found) >= limit:
                break
        keys = list(found)[:limit]
        by_key = {article.pk: article for article in wanted.filter(pk__in=keys)} if keys else {}
    return [by_key[key] for key in keys if key in by_key]


def exact(query: str) -> Article | None:
    """The active article of that very code, whatever its case: what « Valider » on a line adds at once."""
    return Article.objects.active().filter(code__iexact=query.strip()).first() if query.strip() else None


def matching(rows: ArticleQuerySet, query: str) -> ArticleQuerySet:
    """All of `rows` that `find_articles` could give, in no order, for a list that has its own."""
    asked = read(query)
    if not asked.words:
        return rows
    condition = Q(code_key__startswith=asked.code) | _all(asked.inside or asked.starts)
    return rows.filter(condition)


def _stages(rows: ArticleQuerySet, asked: Asked) -> Iterator[ArticleQuerySet]:
    """From the narrowest to the widest, each in the order of an index and short."""
    yield rows.filter(code_key__startswith=asked.code).order_by("code_key", "pk")[:RANKED]
    yield rows.filter(_all(asked.starts)).order_by()[:RANKED]
    if asked.inside:
        yield rows.filter(_all(asked.inside)).order_by()[:RANKED]


def _all(patterns: tuple[str, ...]) -> Q:
    condition = Q()
    for pattern in patterns:
        condition &= Q(search_name__contains=pattern)
    return condition


def _place(hit: tuple[int, str, str, str], asked: Asked) -> tuple[int, str, int]:
    pk, code_key, search_name, sort_name = hit
    return rank(asked, code_key=code_key, search_name=search_name), sort_name, pk


__all__ = ["TooSlowError", "exact", "find_articles", "matching"]
