"""The Python and Postgres normalisations give the same key for every text."""

import random
import sys
import unicodedata

import pytest

from extrabat.lib.text import normalise

SENTENCES = [
    "L’Œuvre d’Éloïse à Saint-Étienne",
    "e\u0301loi\u0308se",
    "Straße STRAẞE ΟΔΥΣΣΕΎΣ ΑΣ Σ",
    "İzmir Işık Łódź Đorđe Guðrún Þóra",
    "𝐏𝐢𝐬𝐜𝐢𝐧𝐞 🏊\u200d♂️ ﬁlière ＡＢＣ １½ m²",
    "\u202a+33 6 12\u202f34\u00a056\u202c",
    "a\u0316\u0897b ガ 각 شَرِكَة שָׁלוֹם",
    "\u1cd6 \ua7cb \ua7dc \U0001ccd6 \U0001e030",
    "",
    "…",
]


def normalised_by_postgres(texts: list[str]) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT house_normalise(typed) FROM unnest(%s::text[]) WITH ORDINALITY AS given(typed, place)"
            " ORDER BY place",
            [texts],
        )
        return [row[0] for row in cursor.fetchall()]


def disagreements(texts: list[str]) -> list[tuple[str, str, str]]:
    return [
        (text, normalise(text), theirs)
        for text, theirs in zip(texts, normalised_by_postgres(texts), strict=True)
        if normalise(text) != theirs
    ]


@pytest.mark.django_db
def test_every_assigned_sign_alone_and_inside_a_word() -> None:
    signs = [chr(point) for point in range(1, 0x3000) if unicodedata.category(chr(point)) not in {"Cn", "Cs"}]
    assert len(signs) > 11_000
    assert disagreements(signs) == []
    assert disagreements([f"a{sign}B Σ{sign}Σ" for sign in signs]) == []


@pytest.mark.django_db
def test_made_up_strings() -> None:
    made = random.Random(20261125)
    points = [point for point in range(1, sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF]
    low = points[: 0x3000 - 1]
    texts = [
        "".join(chr(made.choice(alphabet)) for _ in range(made.randint(1, 40)))
        for alphabet in (points, low)
        for _ in range(250)
    ]
    assert disagreements(SENTENCES + texts) == []


@pytest.mark.django_db
def test_null_stays_null() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT house_normalise(NULL)")
        assert cursor.fetchone() == (None,)
