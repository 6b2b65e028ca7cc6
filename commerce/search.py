"""Finding articles: by code, then by words, at most `RANKED` of them looked at (PAY-03; docs/rules/search.md)."""

from collections.abc import Iterator
from typing import Final

from django.db.models import Q

from commerce.domain.searching import Asked, rank, read
from commerce.models import Article, ArticleQuerySet
from extrabat.lib.database import TooSlowError, patience

# Ranking costs what it ranks: more hits than this are answered by typing one letter more.
RANKED: Final = 300
# Up to here all that answers is ranked together; beyond, stage by stage.
TOGETHER: Final = RANKED
# What is typed in the search field is mostly a client's name: from this length on, few articles answer, if any.
TELLING: Final = 4
PATIENCE_MS: Final = 150


def find_articles(query: str, limit: int, *, rows: ArticleQuerySet | None = None) -> list[Article]:
    """The articles that new lines may take, best first: the code, codes that begin so, words, inside words.

    `rows` narrows or widens that (all, inactive ones too). One statement, or one per stage until `limit` is reached
    where hundreds answer; then one for what is shown.
    Raises TooSlowError beyond `PATIENCE_MS`.
    """
    asked = read(query)
    if not asked.words or limit <= 0:
        return []
    wanted = Article.objects.active() if rows is None else rows
    with patience(PATIENCE_MS):
        found = _at_once(wanted, asked) if len(asked.code) >= TELLING else None
        if found is None:
            found = _by_stages(wanted, asked, limit)
        keys = found[:limit]
        by_key = {article.pk: article for article in wanted.filter(pk__in=keys)} if keys else {}
    return [by_key[key] for key in keys if key in by_key]


def exact(query: str) -> Article | None:
    """The active article of that very code, whatever its case: what « Valider » on a line adds at once."""
    return Article.objects.active().filter(code__iexact=query.strip()).first() if query.strip() else None


def matching(rows: ArticleQuerySet, query: str) -> ArticleQuerySet:
    """All of `rows` that `find_articles` could give, in no order, for a list that has its own."""
    asked = read(query)
    return _anywhere(rows, asked) if asked.words else rows


def _anywhere(rows: ArticleQuerySet, asked: Asked) -> ArticleQuerySet:
    return rows.filter(Q(code_key__startswith=asked.code) | _all(asked.inside or asked.starts))


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


def _at_once(rows: ArticleQuerySet, asked: Asked) -> list[int] | None:
    """All that any stage could find, in one question; None where they are too many to be ranked together."""
    found = _ranked(_anywhere(rows, asked).order_by()[: RANKED + 1], asked)
    return found if len(found) <= TOGETHER else None


def _by_stages(rows: ArticleQuerySet, asked: Asked, limit: int) -> list[int]:
    found: list[int] = []
    for stage in _stages(rows, asked):
        found = list(dict.fromkeys([*found, *_ranked(stage, asked)]))
        if len(found) >= limit:
            break
    return found


def _ranked(rows: ArticleQuerySet, asked: Asked) -> list[int]:
    """Their keys, best first, by three columns: whole rows are read only of those that are shown."""
    hits = rows.values_list("pk", "code_key", "search_name", "sort_name")
    return [pk for pk, *_ in sorted(hits, key=lambda hit: _place(hit, asked))]


def _place(hit: tuple[int, str, str, str], asked: Asked) -> tuple[int, str, int]:
    pk, code_key, search_name, sort_name = hit
    return rank(asked, code_key=code_key, search_name=search_name), sort_name, pk


__all__ = ["TooSlowError", "exact", "find_articles", "matching"]
