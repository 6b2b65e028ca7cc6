"""The communes of France with their postal codes: read once per process, at the first question.

Measured: the first question by postal code costs 21 ms and 6 MB, the first by INSEE's code 10 ms and 2 MB more,
the first by name 105 ms and 4 MB more; 12 MB in all. Later questions cost less than 0.3 ms.

The source and its licence are told in docs/data.md; `python -m extrabat.devtools.communes` makes the file.
"""

import gzip
import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from extrabat.lib.text import normalise

FILE: Final = Path(__file__).with_name("communes.csv.gz")
# After the last letter of any key: the end of the keys that begin with something.
_AFTER: Final = "\uffff"
_ARTICLES: Final = ("la ", "le ", "les ", "l ")
_SHORT: Final = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
# Paris, Lyon and Marseille are proposed as wholes; the address service names their arrondissements.
_DISTRICT: Final = re.compile(r"751[0-2][0-9]|6938[1-9]|132[01][0-9]")


@dataclass(frozen=True, slots=True)
class Commune:
    """`code` is INSEE's; a commune has several postal codes and shares them with others."""

    code: str
    name: str
    postcodes: tuple[str, ...]
    department: str


def by_postcode(postcode: str) -> list[Commune]:
    """The communes that this postal code serves, the biggest first."""
    table = _table()
    return table.communes(table.by_postcode.get(postcode, ()))


def by_code(code: str) -> Commune | None:
    """The commune, or the arrondissement of Paris, Lyon or Marseille, of an INSEE code."""
    table = _table()
    order = table.by_code
    at = bisect_left(order, code, key=lambda index: table.lines[index][:5])
    if at == len(order) or table.lines[order[at]][:5] != code:
        return None
    return table.commune(order[at])


def starting_with(text: str, limit: int) -> list[Commune]:
    """The communes whose name begins so, the biggest first: the article may be left out, « st » is « saint »."""
    key = _key(text)
    if not key:
        return []
    table = _table()
    found = set(table.indices[bisect_left(table.keys, key) : bisect_left(table.keys, key + _AFTER)])
    return table.communes(sorted(found)[:limit])


def largest(limit: int) -> list[Commune]:
    """The most populated communes, the biggest first."""
    table = _table()
    return table.communes(table.offered[:limit])


def matching(postcode: str, name: str) -> Commune | None:
    """The one commune that an address means by what was typed by hand, when there is no doubt."""
    key = _key(name)
    found = [commune for commune in by_postcode(postcode) if key in _keys(commune.name)]
    return found[0] if len(found) == 1 else None


def _key(text: str) -> str:
    return " ".join(_SHORT.get(word, word) for word in normalise(text).split())


def _keys(name: str) -> set[str]:
    """The keys of a name, with and without its article: La Tour-d'Aigues is also looked for at T."""
    key = _key(name)
    return {key} | {key.removeprefix(article) for article in _ARTICLES}


class _Table:
    """Lines and numbers of lines only: 35,000 objects would weigh three times as much."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        offered = [index for index, line in enumerate(lines) if not _DISTRICT.match(line)]
        postcodes: defaultdict[str, array[int]] = defaultdict(lambda: array("H"))
        for index in offered:
            for postcode in lines[index].rpartition(";")[2].split():
                postcodes[postcode].append(index)
        self.by_postcode = dict(postcodes)
        self.offered = offered

    @cached_property
    def by_code(self) -> "array[int]":
        return array("H", sorted(range(len(self.lines)), key=self.lines.__getitem__))

    @cached_property
    def _named(self) -> tuple[list[str], "array[int]"]:
        pairs = sorted((key, index) for index in self.offered for key in _keys(self.lines[index].split(";")[1]))
        return [key for key, _ in pairs], array("H", (index for _, index in pairs))

    @property
    def keys(self) -> list[str]:
        return self._named[0]

    @property
    def indices(self) -> "array[int]":
        return self._named[1]

    def commune(self, index: int) -> Commune:
        code, name, postcodes = self.lines[index].split(";")
        name = name.replace("'", "’")  # as the screens and the letters write it
        overseas = code.startswith(("97", "98"))
        return Commune(code, name, tuple(postcodes.split()), code[: 3 if overseas else 2])

    def communes(self, indices: Iterable[int]) -> list[Commune]:
        return [self.commune(index) for index in indices]


@cache
def _table() -> _Table:
    return _Table(gzip.decompress(FILE.read_bytes()).decode().split("\n"))
