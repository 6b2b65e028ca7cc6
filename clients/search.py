"""Finding clients: one recipe for the search field and for the list (SEA-01, SEA-04, PRF-03; docs/rules/search.md)."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Length, Reverse, StrIndex
from django.db.models.lookups import GreaterThan

from clients.domain.searching import INSIDE, Needle, Place, read, stands, whole_field
from clients.models import ClientSearch, SearchWord
from clients.models.clients import ClientQuerySet
from extrabat.lib.database import TooSlowError, among, patience
from extrabat.lib.text import normalise
from extrabat.lib.typos import halves, one_error_apart, swapped_at_the_seam

Mode = Literal["contient", "commence", "mots", "exact"]
PLACES: Final[dict[Mode, Place]] = {"contient": "inside", "commence": "start", "mots": "whole"}

# A condition on documents, given the column's name: the same words are asked of a client and of his document alone.
Condition = Callable[[str], Q]

# Ranking costs what it ranks: more hits than this are answered by typing one letter more.
RANKED: Final = 300
PATIENCE_MS: Final = 150
# Up to here, or one client in fifty, a list sorts what matches; beyond, the index of names meets forty soon enough.
FEW: Final = 3_000
OF_CLIENT: Final = "search__document"
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
                more = _ranked(rows.filter(stage(OF_CLIENT)), needles, typed)
                found.keys = list(dict.fromkeys([*found.keys, *more]))
                if len(found.keys) >= limit:
                    break
            if not found.keys:
                found.keys, found.instead = _corrected(rows, needles, typed, mode, limit)
    except TooSlowError:
        found.too_slow = True
    del found.keys[limit:]
    return found


def matching(rows: ClientQuerySet, typed: str, mode: Mode, *, forgiving: bool = True) -> ClientQuerySet:
    """All of `rows` that `find` could give, in no order, for lists that have their own.

    `forgiving`: an error is forgiven when nothing is found, which must be asked first.
    """
    needles = read(typed)
    if not needles:
        return rows
    matched = _matched(rows, _stages(needles, typed, mode)[-1])
    if not forgiving or matched.exists():
        return matched
    corrected = (_matched(rows, correction.condition) for correction in _corrections(needles, mode))
    return next((other for other in corrected if other.exists()), matched)


def _matched(rows: ClientQuerySet, condition: Condition) -> ClientQuerySet:
    """`rows` under a condition, so written that Postgres begins with the documents when few of them match.

    Left to itself it walks the whole index of names, or all clients, for forty rows among a thousand matches.
    """
    documents = ClientSearch.objects.filter(condition("document"))
    few, believed = FEW, _believed_matches(documents)
    if believed > FEW:
        # No name is borne by more than one in fifty.
        few = _believed_size() // 50
    if believed <= few:
        # Words that go together, as those of « Jean-Pierre », are believed to be rarer than they are: they are counted.
        told = documents[: few + 1].aggregate(count=Count("pk"), keys=Cast(ArrayAgg("pk"), TextField()))
        if told["count"] <= few:
            return rows.filter(among(told["keys"])) if told["count"] else rows.none()
    return rows.filter(condition(OF_CLIENT))


def _believed_size() -> int:
    """How many clients there are, as Postgres believes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'clients_clientsearch'::regclass")
        (believed,) = cursor.fetchone() or (0,)
    return max(int(believed), 0)


def _believed_matches(documents: "QuerySet[ClientSearch]") -> int:
    """How many documents match, as the planner believes without reading one: of one word, within a factor of two."""
    (told,) = json.loads(documents.explain(format="json"))
    return int(told["Plan"]["Plan Rows"])


def _stages(needles: Sequence[Needle], typed: str, mode: Mode) -> list[Condition]:
    """From the narrowest condition to the widest."""
    if mode == "exact":
        fields = whole_field(typed)
        return [lambda column: _any(_holds(column, field) for field in fields)]
    if mode == "mots":
        return [_standing(needles, "whole")]
    inside = [_standing(needles, "inside")] if any(needle.can_be_inside for needle in needles) else []
    if mode == "contient" and all(needle.is_long_number for needle in needles):
        # Whoever types most of a phone number has one in mind: where it begins changes nothing.
        return inside
    starts = [_standing(needles, "start")]
    if not any(needle.is_number for needle in needles):
        starts.insert(0, lambda _column: _all(needles, "start", "search_name"))
    return starts if mode == "commence" else [*starts, *inside]


def _standing(needles: Sequence[Needle], place: Place) -> Condition:
    return lambda column: _all(needles, place, column)


def _all(needles: Sequence[Needle], place: Place, column: str) -> Q:
    condition = Q()
    for needle in needles:
        ways = needle.patterns(place)
        condition &= _any(_together(column, patterns) for patterns in ways)
    return condition


def _together(column: str, patterns: Sequence[str]) -> Q:
    condition = Q()
    for pattern in patterns:
        condition &= _holds(column, pattern)
    return condition


def _holds(column: str, pattern: str) -> Q:
    """Asked of the index without its spaces and bars, then of the text with them.

    The trigrams of a word's edge are in most documents: reading their lists costs more than all the others.
    """
    core = pattern.strip(" |")
    if len(core) < INSIDE or core == pattern:
        return Q(**{f"{column}__contains": pattern})
    return Q(**{f"{column}__contains": core}) & Q(GreaterThan(StrIndex(F(column), Value(pattern)), 0))


def _any(conditions: Iterable[Q]) -> Q:
    whole = Q()
    for condition in conditions:
        whole |= condition
    return whole


def _ranked(rows: ClientQuerySet, needles: Sequence[Needle], typed: str) -> list[int]:
    """The first `RANKED` of `rows`: the very name, names that begin so, other names, then all else."""
    key = normalise(typed)
    in_names = stands(needles)

    def rank(hit: tuple[int, str, str]) -> tuple[int, str, int]:
        pk, sort_name, search_name = hit
        if sort_name.startswith(key):
            return (0 if sort_name == key else 1), sort_name, pk
        return (2 if in_names(search_name) else 3), sort_name, pk

    hits = rows.order_by().values_list("pk", "sort_name", "search_name")[:RANKED]
    return [pk for pk, _, _ in sorted(hits, key=rank)]


def _corrected(
    rows: ClientQuerySet, needles: Sequence[Needle], typed: str, mode: Mode, limit: int
) -> tuple[list[int], str]:
    for correction in _corrections(needles, mode):
        keys = _ranked(rows.filter(correction.condition(OF_CLIENT)), correction.needles, typed)[:limit]
        if keys:
            # Only words of clients that the user may see: the dictionary holds everybody's.
            documents = list(ClientSearch.objects.filter(pk__in=keys).values_list("document", flat=True))
            seen = [word for word in correction.words if any(f" {word} " in document for document in documents)]
            return keys, ", ".join(seen)
    return [], ""


@dataclass(frozen=True)
class _Correction:
    condition: Condition
    needles: Sequence[Needle]
    words: Sequence[str]


def _corrections(needles: Sequence[Needle], mode: Mode) -> Iterator[_Correction]:
    """Each word in turn taken for one with a typing error, the others as they are; never in the exact mode."""
    if mode == "exact":
        return
    for place, needle in enumerate(needles):
        similar = _similar(needle.ways[0][0]) if len(needle.ways[0]) == 1 else []
        if similar:
            others = [*needles[:place], *needles[place + 1 :]]
            meant = Needle(tuple((word,) for word in similar))
            yield _Correction(_with(others, PLACES[mode], meant), [*others, meant], similar)


def _with(others: Sequence[Needle], place: Place, meant: Needle) -> Condition:
    return lambda column: _all(others, place, column) & _all([meant], "whole", column)


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
