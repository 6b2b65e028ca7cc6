"""Which mention stands on which document, and what stands against issuing (docs/rules/mentions.md)."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from commerce.domain.mentions import Category, Facts, Level, Mention, mentions, problems
from commerce.domain.states import DocumentKind
from commerce.facts import category_of
from commerce.legal import fill
from commerce.mention_texts import TEXTS

PAGE = (Path(settings.BASE_DIR) / "docs/rules/mentions.md").read_text(encoding="utf-8")
Q, C, B, F, D, A = (
    *(DocumentKind.QUOTE, DocumentKind.ORDER, DocumentKind.DELIVERY_NOTE),
    *(DocumentKind.INVOICE, DocumentKind.DEPOSIT_INVOICE, DocumentKind.CREDIT_NOTE),
)
WORDS = {"quote": {Q}, "order": {C}, "invoice": {F}, "deposit": {D}, "all but delivery notes": {Q, C, F, D, A}}


def rows() -> dict[str, set[DocumentKind]]:
    found = {}
    for names, kinds in re.findall(
        r"^\| ([a-z_, ]+) \| ([a-z, ]+) \| [^|]+ \|$", PAGE.split("## What stands")[0], re.M
    ):
        for name in names.split(", ") if names != "mention" else ():
            found[name] = set().union(*(WORDS[kind] for kind in re.split(r", (?!but)", kinds)))
    return found


def all_of(kind: DocumentKind) -> set[str]:
    """Every mention that this kind can bear, whatever the rest."""
    consumer = Facts(
        kind,
        is_consumer=True,
        is_works=True,
        has_reduced_rate=True,
        reverse_charge=True,
        vat_on_debits=True,
        contract_mode="at_home",
        has_sap_number=True,
    )
    found: set[str] = set()
    for base in (consumer, replace(consumer, is_consumer=False), replace(consumer, is_franchise=True)):
        for category in Category:
            found |= {one.value for one in mentions(replace(base, category=category))}
    return found


def test_the_mentions_of_each_kind_are_those_of_the_page() -> None:
    table = rows()
    assert set(table) == {one.value for one in Mention}
    for kind in DocumentKind:
        assert all_of(kind) == {name for name, kinds in table.items() if kind in kinds}, kind


@pytest.mark.parametrize("kind", [F, D])
def test_a_consumer_owes_no_forty_euros(kind: DocumentKind) -> None:
    assert Mention.INDEMNITY not in mentions(Facts(kind, is_consumer=True))
    assert Mention.INDEMNITY in mentions(Facts(kind, is_consumer=False))


def test_withdrawal_is_told_at_home_and_at_a_distance_only() -> None:
    for mode, due in (("at_home", True), ("distance", True), ("in_store", False), ("", False)):
        assert (Mention.WITHDRAWAL in mentions(Facts(Q, is_consumer=True, contract_mode=mode))) is due


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ({"goods"}, "goods"),
        ({"service"}, "services"),
        ({"goods", "labour"}, "services"),
        ({"goods", "assembly"}, "services"),
        ({"goods", "maintenance"}, "mixed"),
        (set(), "services"),
    ],
)
def test_the_category_of_an_operation(kinds: set[str], expected: str) -> None:
    assert category_of(frozenset(kinds)) == expected


def test_the_gravest_comes_first_and_each_has_its_level() -> None:
    facts = Facts(
        Q,
        is_consumer=True,
        is_works=True,
        reverse_charge=True,
        has_buyer_address=False,
        has_validity=False,
        has_waste_estimate=False,
    )
    found = problems(facts)
    assert [(one.code, one.level) for one in found] == [
        ("buyer_address", Level.STOP),
        ("reverse_charge_consumer", Level.STOP),
        ("validity", Level.OVERRIDE),
        ("waste", Level.NOTE),
    ]
    assert problems(Facts(F, is_consumer=True)) == ()
    # A delivery note needs no address of billing.
    assert problems(Facts(B, is_consumer=True, has_buyer_address=False)) == ()


def test_every_mention_has_a_text_for_every_day_since_2021() -> None:
    for mention in Mention:
        spans = sorted((since, until) for code, since, until, _, _ in TEXTS if code == mention)
        assert spans[0][0].year <= 2021
        assert spans[-1][1] is None
        for (_, until), (since, _) in pairwise(spans):
            assert (since - until).days == 1  # type: ignore[operator]  # only the last one has no end


def test_a_text_is_filled_in_and_never_evaluated() -> None:
    values = {"insurance": "Mutuelle {mediator}"}
    assert fill("Assurance : {insurance}{unknown}.", values) == "Assurance : Mutuelle {mediator}."
    assert fill("{insurance.__class__} {0} {}", values) == "{insurance.__class__}  {}"
