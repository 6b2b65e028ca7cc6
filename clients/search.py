"""Finding clients: one recipe for the search field and for the list (SEA-01, SEA-04, PRF-03; docs/rules/search.md)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from django.db.models import Q
from django.db.models.functions import Length, Reverse

from clients.domain.searching import Needle, Place, read, whole_field
from clients.models import ClientSearch, SearchWord
from clients.models.clients import ClientQuerySet
from extrabat.lib.database import TooSlowError, patience
from extrabat.lib.text import normalise
from extrabat.lib.typos import halves, one_error_apart, swapped_at_the_seam

Mode = Literal["contient", "commence", "mots", "exact"]

# Ranking costs what it ranks: more hits than this are answered by typing one letter more.
RANKED: Final = 300
PATIENCE_MS: Final = 150
# Shorter words are one error apart from half of the dictionary.
SHORTEST_CORRECTED: Final = 4
MOST_CORRECTIONS: Final = 12


@dataclass
class Found:
    """`keys` of clients, best first; `instead` is what was looked for in the place of a word that nobody has."""

    keys: list[int] = field(default_factory=list)
    instead: str = ""
    too_slow: bool = False


def find(rows: ClientQuerySet, typed: str, mode: Mode, limit: int) -> Found:
    """At most `limit` of `rows`: starts of words of the name first, then elsewhere, then inside words."""
    needles, found = read(typed), Found()
    if not needles:
        return found
    try:
        with patience(PATIENCE_MS):
            for stage in _stages(needles, typed, mode):
                # A later stage finds all that the ones before it found.
                found.keys = list(dict.fromkeys([*found.keys, *_ranked(rows.filter(stage), needles, typed)]))
                if len(found.keys) >= limit:
                    break
            if not found.keys:
                found.keys, found.instead = _corrected(rows, needles, typed, mode)
    except TooSlowError:
        found.too_slow = True
    del found.keys[limit:]
    return found


def matching(rows: ClientQuerySet, typed: str, mode: Mode) -> ClientQuerySet:
    """All of `rows` that `find` could give, in no order, for lists that have their own."""
    needles = read(typed)
    if not needles:
        return rows
    *_, widest = _stages(needles, typed, mode)
    matched = rows.filter(widest)
    if matched.exists():
        return matched
    corrected = (rows.filter(condition) for condition, _, _ in _corrections(needles, mode))
    return next((other for other in corrected if other.exists()), matched)


def _stages(needles: Sequence[Needle], typed: str, mode: Mode) -> list[Q]:
    """From the narrowest condition to the widest."""
    document = "search__document"
    if mode == "exact":
        return [_any(Q(**{f"{document}__contains": pattern}) for pattern in whole_field(typed))]
    if mode == "mots":
        return [_all(needles, "whole", document)]
    starts = [_all(needles, "start", document)]
    if not any(needle.is_number for needle in needles):
        starts.insert(0, _all(needles, "start", "search_name"))
    if mode == "commence" or not any(needle.can_be_inside for needle in needles):
        return starts
    return [*starts, _all(needles, "inside", document)]


def _all(needles: Sequence[Needle], place: Place, column: str) -> Q:
    condition = Q()
    for needle in needles:
        ways = needle.patterns(place)
        condition &= _any(_together(column, patterns) for patterns in ways)
    return condition


def _together(column: str, patterns: Sequence[str]) -> Q:
    condition = Q()
    for pattern in patterns:
        condition &= Q(**{f"{column}__contains": pattern})
    return condition


def _any(conditions: Iterable[Q]) -> Q:
    whole = Q()
    for condition in conditions:
        whole |= condition
    return whole


def _ranked(rows: ClientQuerySet, needles: Sequence[Needle], typed: str) -> list[int]:
    """The first `RANKED` of `rows`: the very name, names that begin so, other names, then all else."""
    key = normalise(typed)

    def rank(hit: tuple[int, str, str]) -> tuple[int, str, int]:
        pk, sort_name, search_name = hit
        if sort_name.startswith(key):
            return (0 if sort_name == key else 1), sort_name, pk
        return (2 if all(needle.stands_in(search_name) for needle in needles) else 3), sort_name, pk

    hits = rows.order_by().values_list("pk", "sort_name", "search_name")[:RANKED]
    return [pk for pk, _, _ in sorted(hits, key=rank)]


def _corrected(rows: ClientQuerySet, needles: Sequence[Needle], typed: str, mode: Mode) -> tuple[list[int], str]:
    for condition, corrected, words in _corrections(needles, mode):
        keys = _ranked(rows.filter(condition), corrected, typed)
        if keys:
            # Only words of clients that the user may see: the dictionary holds everybody's.
            documents = list(ClientSearch.objects.filter(pk__in=keys).values_list("document", flat=True))
            seen = [word for word in words if any(f" {word} " in document for document in documents)]
            return keys, ", ".join(seen)
    return [], ""


def _corrections(needles: Sequence[Needle], mode: Mode) -> Iterator[tuple[Q, list[Needle], list[str]]]:
    """Each word in turn taken for one with a typing error, the others as they are; never in the exact mode."""
    if mode == "exact":
        return
    for place, needle in enumerate(needles):
        similar = _similar(needle.ways[0][0]) if len(needle.ways[0]) == 1 else []
        if similar:
            others = [*needles[:place], *needles[place + 1 :]]
            meant = Needle(tuple((word,) for word in similar))
            condition = _all(others, _PLACES[mode], "search__document") & _all([meant], "whole", "search__document")
            yield condition, [*others, meant], similar


_PLACES: Final[dict[Mode, Place]] = {"contient": "inside", "commence": "start", "mots": "whole"}


def _similar(word: str) -> list[str]:
    """Words of the dictionary one error apart, found by the half that the error has spared."""
    if len(word) < SHORTEST_CORRECTED or not word.isalpha():
        return []
    start, end = halves(word)
    near = (
        SearchWord.objects.annotate(reversed=Reverse("word"), letters=Length("word"))
        .filter(
            Q(word__startswith=start) | Q(reversed__startswith=end[::-1]) | Q(word=swapped_at_the_seam(word)),
            letters__gte=len(word) - 1,
            letters__lte=len(word) + 1,
        )
        .values_list("word", flat=True)
    )
    return sorted(other for other in near if one_error_apart(word, other))[:MOST_CORRECTIONS]
