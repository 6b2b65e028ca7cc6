"""Search keys by hand; their agreement with Postgres is in test_text_parity.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrabat.lib.text import NORMALISE_SQL, digits, normalise, words

SPELLINGS = [
    ("Éloïse", "eloise"),
    ("e\u0301loi\u0308se", "eloise"),
    ("ÇA COÛTE", "ca coute"),
    ("L’Œuvre d’Ægir", "l oeuvre d aegir"),
    ("l'eau", "l eau"),
    ("Straße STRAẞE", "strasse strasse"),
    ("Søren Ørsted", "soren orsted"),
    ("Łódź", "lodz"),
    ("Đorđe", "dorde"),
    ("Guðrún Þóra", "gudrun thora"),
    ("İzmir Işık", "izmir isik"),
    ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
    ("Οδυσσεύς", "οδυσσευσ"),
    ("ЙОЛКА ёлка", "иолка елка"),
    ("Jean-Pierre", "jean pierre"),
    ("  Le\tGrand\nBleu  ", "le grand bleu"),
    ("S.A.R.L. Piscines & Cie", "s a r l piscines cie"),
    ("n° 12", "n 12"),
    ("12 m²", "12 m2"),
    ("1½", "11 2"),
    ("ﬁlière ĳ ŉ", "filiere ij n"),
    ("ＡＢＣ１２３", "abc123"),
    ("𝐏𝐢𝐬𝐜𝐢𝐧𝐞", "piscine"),
    ("Piscine 🏊\u200d♂️ été", "piscine ete"),
    ("pis\u00adcine \ufeffbleue", "piscine bleue"),
    ("06\u00a012\u202f34", "06 12 34"),
    ("a__b--c", "a b c"),
    ("durand@exemple.fr", "durand exemple fr"),
    ("🄰b \ua7f2b", "b b"),
    ("أحمد", "احمد"),
    ("Ở Việt Nam", "o viet nam"),
    ("東京 100 €", "東京 100"),
    ("…!?", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), SPELLINGS)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text())
def test_normalise_is_idempotent_and_leaves_single_spaces(text: str) -> None:
    key = normalise(text)
    assert normalise(key) == key
    assert key == " ".join(key.split())


@given(st.text(alphabet="abcXYZ éÀœ'-", max_size=20))
def test_case_does_not_matter(text: str) -> None:
    assert normalise(text.upper()) == normalise(text.lower())


def test_words() -> None:
    assert words(" L’Œuvre, d’Éloïse ") == ["l", "oeuvre", "d", "eloise"]
    assert words("…") == []


def test_digits_are_ascii() -> None:
    assert digits("+33 (0)6 12-34") == "33061234"
    assert digits("٣ ² ３") == ""


def test_sql_leans_on_no_extension() -> None:
    assert "unaccent" not in NORMALISE_SQL
    assert "IMMUTABLE STRICT PARALLEL SAFE" in NORMALISE_SQL
