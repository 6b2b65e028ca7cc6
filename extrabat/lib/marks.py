"""Where in a text the searched words stand, whatever accents, case or spaces part the two."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from extrabat.lib.text import normalise

# Up to this length letters are only sought at the beginning of words (SEA-04).
SHORT: Final = 2


@dataclass(frozen=True)
class _Folded:
    """`key` is the text normalised letter by letter; `owners` says which character of the text gave each letter."""

    key: str
    owners: tuple[int, ...]


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    """What one character gives: letters, a space where it parts words, nothing where it vanishes."""
    return normalise(letter) or normalise(f"a{letter}a")[1:-1]


# The same text is asked for each word, then marked.
@lru_cache(maxsize=256)
def _fold(text: str, *, parted: bool) -> _Folded:
    key, owners = [""], []
    for place, letter in enumerate(text):
        folded = _folded_letter(letter)
        if not parted:
            folded = folded.replace(" ", "")
        key.append(folded)
        owners += [place] * len(folded)
    return _Folded("".join(key), tuple(owners))


def _found(folded: _Folded, word: str) -> range | None:
    """The characters that hold `word`: where a word begins, else inside one if it is long enough to be sought there."""
    at = f" {folded.key}".find(f" {word}")
    if at < 0 and len(word) > SHORT:
        at = folded.key.find(word)
    if at < 0:
        return None
    return range(folded.owners[at], folded.owners[at + len(word) - 1] + 1)


def places(text: str, words: Iterable[str]) -> list[range]:
    """The stretches of `text` that hold one of the words; digits are found across the spaces of a phone number."""
    parted = _fold(text, parted=True)
    glued: _Folded | None = None
    stretches = []
    for word in words:
        found = _found(parted, word) if word else None
        if found is None and word.isdigit() and len(word) > SHORT:
            glued = glued or _fold(text, parted=False)
            found = _found(glued, word)
        if found is not None:
            stretches.append(found)
    return stretches


def pieces(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """`text` cut where a mark begins or ends: each piece, and whether it holds a searched word."""
    marked = [False] * len(text)
    for stretch in places(text, words):
        for place in stretch:
            marked[place] = True
    for place in range(1, len(text)):
        # A combining accent belongs to the letter before it.
        if not _folded_letter(text[place]):
            marked[place] = marked[place - 1]
    runs = groupby(zip(text, marked, strict=True), key=lambda pair: pair[1])
    return [("".join(letter for letter, _ in run), is_marked) for is_marked, run in runs]
