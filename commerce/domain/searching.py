"""What is meant by what is typed to find an article: a code, or words in any order (PAY-03, SEA-02)."""

from dataclasses import dataclass
from typing import Final

from extrabat.lib.text import normalise

# From this length on, letters are also looked for inside words (SEA-04).
INSIDE: Final = 3
_MOST_WORDS: Final = 8
_LONGEST: Final = 40


@dataclass(frozen=True)
class Asked:
    """`code` is all of it in one word; `words` each on its own, all to be there (« a+b » is « a b »)."""

    code: str
    words: tuple[str, ...]

    @property
    def starts(self) -> tuple[str, ...]:
        """Patterns of beginnings of words: a word is one space and its letters."""
        return tuple(f" {word}" for word in self.words)

    @property
    def inside(self) -> tuple[str, ...]:
        """Long words may also be inside others, short ones begin one; empty when that adds nothing."""
        if not any(len(word) >= INSIDE for word in self.words):
            return ()
        return tuple(word if len(word) >= INSIDE else f" {word}" for word in self.words)


def read(typed: str) -> Asked:
    words = tuple(word[:_LONGEST] for word in normalise(typed[:200]).split()[:_MOST_WORDS])
    return Asked("".join(words)[:_LONGEST], words)


def rank(asked: Asked, *, code_key: str, search_name: str) -> int:
    """0 the very code, 1 codes that begin so, 2 all words begin some word, 3 some are inside."""
    if code_key == asked.code:
        return 0
    if code_key.startswith(asked.code):
        return 1
    return 2 if all(start in search_name for start in asked.starts) else 3
