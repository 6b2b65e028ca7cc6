"""Reading what was typed, typing errors, marks: the parts of the search that need no database."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.domain.searching import dialled, read, whole_field
from extrabat.lib.marked import mark
from extrabat.lib.marks import pieces
from extrabat.lib.typos import halves, one_error_apart, swapped_at_the_seam

WORDS = st.text(string.ascii_lowercase[:5], min_size=4, max_size=10)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("dupont", "duppont", True),
        ("dupont", "dupnt", True),
        ("dupont", "dupomt", True),
        ("dupont", "dupotn", True),
        ("dupont", "udpont", True),
        ("dupont", "dupont", False),
        ("dupont", "dapomt", False),
        ("dupont", "dup", False),
        ("abcd", "badc", False),
        ("abcd", "acbd", True),
        ("aaaa", "aaaaa", True),
    ],
)
def test_one_error(one: str, other: str, apart: bool) -> None:
    assert one_error_apart(one, other) is apart
    assert one_error_apart(other, one) is apart


@st.composite
def with_an_error(draw: st.DrawFn) -> tuple[str, str]:
    word = draw(WORDS)
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase[:5]))
    made = draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word + letter,
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
            ]
        )
    )
    return word, made


@given(with_an_error())
def test_every_word_one_error_apart_shares_a_half(pair: tuple[str, str]) -> None:
    """What the database is asked (a beginning, an end, or the one exchange at the seam) misses nothing."""
    word, typed = pair
    if word == typed or len(typed) < 4:
        return
    assert one_error_apart(word, typed)
    start, end = halves(typed)
    assert word.startswith(start) or word.endswith(end) or word == swapped_at_the_seam(typed)


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ("Dupont  JEAN", [(("dupont",),), (("jean",),)]),
        ("06 39 98 14 27", [(("0639981427",),)]),
        ("+33 (0)6 39 98 14 27", [(("33639981427",),)]),
        ("0033639981427", [(("33639981427",),)]),
        ("06 39", [(("0639",),)]),
        ("210 84240", [(("21084240",), ("210", "84240"))]),
        ("dupont 06 39 98", [(("dupont",),), (("063998",),)]),
        ("rte", [(("rte",), ("route",))]),
        ("12", [(("12",),)]),
        ("…", []),
    ],
)
def test_reading(typed: str, ways: list[tuple[tuple[str, ...], ...]]) -> None:
    assert [needle.ways for needle in read(typed)] == ways


def test_reading_has_an_end() -> None:
    assert len(read("a " * 50)) == 8
    assert len(read("9" * 100)[0].ways[0][0]) == 40


def test_numbers_as_documents_have_them() -> None:
    assert [dialled(n) for n in ("0033639981427", "330639981427", "0639981427", "00", "0")] == [
        *("33639981427", "33639981427", "0639981427", "00", "0")
    ]
    assert whole_field("06 39 98 14 27") == ["| 06 39 98 14 27 |", "| 0639981427 |"]
    assert whole_field("La Tour-d’Aigues") == ["| la tour d aigues |"]


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("LEFÈVRE Odile", ["lefe"], "<mark>LEFÈ</mark>VRE Odile"),
        ("LEFE\u0300VRE", ["lefe"], "<mark>LEFE\u0300</mark>VRE"),
        ("Œuvrard", ["oeuv"], "<mark>Œuv</mark>rard"),
        ("Œuvrard", ["euv"], "<mark>Œuv</mark>rard"),
        ("SARL Fabregat", ["fabre"], "SARL <mark>Fabre</mark>gat"),
        ("Dupont du Pont", ["du"], "<mark>Du</mark>pont du Pont"),
        ("Blondu du", ["du"], "Blondu <mark>du</mark>"),
        ("Chabert", ["ab"], "Chabert"),
        ("Chabert", ["abe"], "Ch<mark>abe</mark>rt"),
        ("06\u00a039\u00a098\u00a014\u00a027", ["9814"], "06\u00a039\u00a0<mark>98\u00a014</mark>\u00a027"),
        ("<b>Fabre</b>", ["fabre"], "&lt;b&gt;<mark>Fabre</mark>&lt;/b&gt;"),
        ("a&b", ["amp"], "a&amp;b"),
        ("Weiß", ["weiss"], "<mark>Weiß</mark>"),
        ("Fabre", [], "Fabre"),
        ("", ["fabre"], ""),
    ],
)
def test_marks(text: str, words: list[str], marked: str) -> None:
    assert mark(text, words) == marked


@given(st.text(max_size=40), st.lists(st.text(max_size=5), max_size=3))
def test_marks_never_lose_a_letter(text: str, words: list[str]) -> None:
    assert "".join(piece for piece, _ in pieces(text, words)) == text
