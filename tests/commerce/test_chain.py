"""The tables of docs/rules/documents.md are the tables of the program; quantities that are left, addresses by use."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from commerce.domain.chain import CONVERSIONS, TooMuchLeftError, chosen, left_of
from commerce.domain.recipients import Candidate, choose
from commerce.domain.states import KIND_LABELS, STATE_LABELS, TRANSITIONS, DocumentKind, State

PAGE = (Path(settings.BASE_DIR) / "docs/rules/documents.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+) \|$", section, re.MULTILINE)
    return [row.split(" | ") for row in rows[1:]]


def test_steps_are_those_of_the_page() -> None:
    assert table("Steps") == [[one.kind.value, one.source.value, one.target.value, one.verb] for one in TRANSITIONS]


def test_conversions_are_those_of_the_page() -> None:
    assert table("Conversions") == [[one.source.value, one.state.value, one.target.value] for one in CONVERSIONS]


def test_every_kind_and_state_has_its_word() -> None:
    assert set(KIND_LABELS) == set(DocumentKind)
    assert set(STATE_LABELS) == set(State)
    assert {one.kind for one in TRANSITIONS} == set(DocumentKind)


def test_what_is_left_and_what_is_chosen() -> None:
    left = left_of({1: Decimal(10), 2: Decimal(3)}, {1: Decimal("3.5"), 2: Decimal(4)})
    assert left == {1: Decimal("6.5"), 2: Decimal(0)}
    assert chosen(left, None) == {1: Decimal("6.5")}
    assert chosen(left, {1: Decimal(2)}) == {1: Decimal(2)}
    for wrong in ({1: Decimal(7)}, {1: Decimal(0)}, {2: Decimal(1)}, {1: Decimal(-1)}):
        with pytest.raises(TooMuchLeftError):
            chosen(left, wrong)
    with pytest.raises(KeyError):
        chosen(left, {9: Decimal(1)})


@pytest.mark.parametrize(
    ("use", "addresses", "expected"),
    [
        ("facturation", [], None),
        ("facturation", [(1, "chantier", False)], 1),
        ("facturation", [(1, "chantier", True), (2, "correspondance", False), (3, "facturation", True)], 3),
        ("facturation", [(1, "chantier", True), (2, "correspondance", False), (3, "facturation", False)], 2),
        ("facturation", [(1, "correspondance", False), (2, "correspondance", True)], 2),
        ("livraison", [(1, "correspondance", True), (2, "chantier", False), (3, "livraison", True)], 3),
        ("livraison", [(1, "correspondance", True), (2, "chantier", False)], 2),
        ("chantier", [(1, "facturation", True), (2, "correspondance", False)], 2),
        ("correspondance", [(1, "facturation", True), (2, "correspondance", False)], 2),
        ("correspondance", [(1, "facturation", True)], 1),
    ],
)
def test_the_address_for_a_use(use: str, addresses: list[tuple[int, str, bool]], expected: int | None) -> None:
    assert choose(use, [Candidate(*one) for one in addresses]) == expected
