"""What a person means by what he typed: words in any order, a phone number in any spelling, a usual abbreviation."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from extrabat.lib.marks import places
from extrabat.lib.text import normalise, words

Place = Literal["start", "inside", "whole"]

# From this length on, letters are also looked for inside words (SEA-04).
INSIDE: Final = 3
LONG_NUMBER: Final = 6
MOST_WORDS: Final = 8
LONGEST_WORD: Final = 40

# As envelopes abbreviate, both ways.
_SAME: Final = (
    ("allee", "all"),
    ("avenue", "av", "ave"),
    ("boulevard", "bd", "bld", "boul"),
    ("chemin", "ch", "chem", "che"),
    ("faubourg", "fg", "fbg"),
    ("impasse", "imp"),
    ("lotissement", "lot"),
    ("place", "pl"),
    ("residence", "res"),
    ("route", "rte"),
    ("saint", "st"),
    ("sainte", "ste"),
)
_OTHERS: Final = {word: tuple(other for other in row if other != word) for row in _SAME for word in row}

# Dialled from abroad; overseas France has codes of its own, and all of them are dialled with a 0 at home.
_FROM_ABROAD: Final = re.compile(r"\A00(?=[1-9])")
_COUNTRY: Final = re.compile(r"\A(?:33|262|590|594|596)(?=[1-9])")
_ZERO_IN_BRACKETS: Final = re.compile(r"\A(33|262|590|594|596)0(?=[1-9])")


@dataclass(frozen=True)
class Needle:
    """One thing to be found: any of `ways`, each of them words that are all there."""

    ways: tuple[tuple[str, ...], ...]

    @property
    def is_number(self) -> bool:
        return self.ways[0][0].isdigit()

    @property
    def is_long_number(self) -> bool:
        return self.is_number and len(self.ways) == 1 and len(self.ways[0]) == 1 and len(self.ways[0][0]) >= LONG_NUMBER

    @property
    def can_be_inside(self) -> bool:
        return any(len(word) >= INSIDE for way in self.ways for word in way)

    def is_in(self, text: str) -> bool:
        """Does a text that people read hold it? Looser than the database: for telling why a client was found."""
        return any(all(places(text, _as_written(word)) for word in way) for way in self.ways)

    @property
    def written(self) -> tuple[str, ...]:
        """Every word that deserves a mark."""
        return tuple(spelling for way in self.ways for word in way for spelling in _as_written(word))

    def patterns(self, place: Place) -> list[list[str]]:
        """The pieces of a document, one list a way, that say where each word stands."""
        return [[_pattern(word, place) for word in way] for way in self.ways]


def stands(needles: Sequence[Needle], place: Place = "inside") -> Callable[[str], bool]:
    """Does a search key, each of its words after a space, hold all of them?"""
    patterns = [needle.patterns(place) for needle in needles]
    return lambda key: all(any(all(piece in key for piece in way) for way in ways) for ways in patterns)


def read(typed: str) -> tuple[Needle, ...]:
    """Needles that must all be found. Groups of digits in a row are words, or one phone number."""
    needles: list[Needle] = []
    # A number that is too long to be anything would only cost time.
    kept = [word[:LONGEST_WORD] for word in words(typed)[:MOST_WORDS]]
    for digits, run in groupby(kept, key=lambda word: word.isascii() and word.isdigit()):
        group = tuple(run)
        if digits:
            number = dialled("".join(group))
            needles.append(Needle(((number,),) if _is_phone(group, number) else ((number,), group)))
        else:
            needles += [Needle(((word,), *((other,) for other in _OTHERS.get(word, ())))) for word in group]
    return tuple(needles)


def dialled(digits: str) -> str:
    """A number as the documents have it: without 00 before the country, without (0) after it."""
    return _ZERO_IN_BRACKETS.sub(r"\1", _FROM_ABROAD.sub("", digits))


def _is_phone(group: tuple[str, ...], number: str) -> bool:
    """Nothing but a phone number, or one group: two groups may also be a house number and a postcode."""
    return len(group) != 2 or number.startswith("0") or _COUNTRY.match(number) is not None


def whole_field(typed: str) -> list[str]:
    """The field that is exactly what was typed, also when that is a number in groups."""
    key = normalise(typed)[:120]
    squashed = key.replace(" ", "")
    ways = [key]
    if squashed.isascii() and squashed.isdigit():
        ways.append(dialled(squashed))
    return [f"| {way} |" for way in dict.fromkeys(ways)]


def _as_written(word: str) -> tuple[str, ...]:
    """A word and, for a number dialled from abroad, what a screen shows of it."""
    found = _COUNTRY.match(word)
    return (word, f"0{word[found.end() :]}") if found and word.isdigit() else (word,)


def _pattern(word: str, place: Place) -> str:
    if place == "whole":
        return f" {word} "
    return word if place == "inside" and len(word) >= INSIDE else f" {word}"
