"""Which of a client's addresses a new document takes (ADR-04)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

BILLING: Final = "facturation"
DELIVERY: Final = "livraison"
SITE: Final = "chantier"
LETTERS: Final = "correspondance"
# What stands in for an address that has no default: its second choice, then the first address of all.
_INSTEAD: Final = {BILLING: LETTERS, DELIVERY: SITE, SITE: LETTERS, LETTERS: ""}


@dataclass(frozen=True)
class Candidate:
    """One address in the order of the client's form; `type` is the code of its type."""

    key: int
    type: str
    is_default: bool


def choose(use: str, candidates: Sequence[Candidate]) -> int | None:
    """The key of the address for `use`: its default, else the other type's default or first, else the first of all."""
    default = next((one for one in candidates if one.type == use and one.is_default), None)
    if default:
        return default.key
    instead = _INSTEAD[use]
    others = sorted((one for one in candidates if one.type in {instead, use}), key=lambda one: _rank(one, instead))
    return next((one.key for one in [*others, *candidates]), None)


def _rank(one: Candidate, instead: str) -> tuple[bool, bool]:
    return one.type != instead, not one.is_default
