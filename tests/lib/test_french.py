"""French display; `·` stands for U+00A0 and `‧` for U+202F in the expected values."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrabat.lib import french
from extrabat.lib.dates import paris


def spaced(expected: str) -> str:
    return expected.replace("·", "\u00a0").replace("‧", "\u202f")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1234.56", "1·234,56·€"),
        ("1234567.895", "1·234·567,90·€"),
        ("999.995", "1·000,00·€"),
        ("0", "0,00·€"),
        ("-0.004", "0,00·€"),
        ("-1234.5", "\u22121·234,50·€"),
        ("12345678901234567890123456789.01", "12·345·678·901·234·567·890·123·456·789,01·€"),
    ],
)
def test_amount(value: str, expected: str) -> None:
    assert french.amount(Decimal(value)) == spaced(expected)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "0·octet"),
        (48, "48·octets"),
        (1536, "2·ko"),
        (1_023_999, "1·000·ko"),
        (1_048_576, "1·Mo"),
        (5_452_595, "5,2·Mo"),
        (20_971_520, "20·Mo"),
    ],
)
def test_weight(size: int, expected: str) -> None:
    assert french.weight(size) == spaced(expected)


def test_amount_without_currency() -> None:
    assert french.amount(Decimal("1234.5"), currency=False) == "1\u00a0234,50"


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (1234567, None, "1·234·567"),
        (0, None, "0"),
        (-3, None, "\u22123"),
        (Decimal("1.50"), None, "1,5"),
        (Decimal("2.000"), None, "2"),
        (Decimal("100"), None, "100"),
        (Decimal("1E+3"), None, "1·000"),
        (Decimal("-0.00"), None, "0"),
        (Decimal("0.0755"), None, "0,0755"),
        (Decimal("1.25"), 1, "1,3"),
        (Decimal("-1.25"), 1, "\u22121,3"),
        (Decimal("2"), 2, "2,00"),
        (Decimal("1234.5"), 0, "1·235"),
        (7, 1, "7,0"),
    ],
)
def test_number(value: Decimal | int, places: int | None, expected: str) -> None:
    assert french.number(value, places) == spaced(expected)


@pytest.mark.parametrize("places", [None, 2])
def test_number_refuses_nan(places: int | None) -> None:
    with pytest.raises(ValueError, match="NaN"):
        french.number(Decimal("NaN"), places)


@pytest.mark.parametrize(("value", "expected"), [("5.50", "5,5·%"), ("20.00", "20·%"), ("8.5", "8,5·%")])
def test_percent(value: str, expected: str) -> None:
    assert french.percent(Decimal(value)) == spaced(expected)


@pytest.mark.parametrize(
    ("value", "short", "long"),
    [
        (date(2026, 11, 25), "25/11/2026", "mercredi 25 novembre 2026"),
        (date(2026, 1, 1), "01/01/2026", "jeudi 1er janvier 2026"),
        (date(2026, 8, 9), "09/08/2026", "dimanche 9 août 2026"),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), "29/03/2026", "dimanche 29 mars 2026"),
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), "25/10/2026", "dimanche 25 octobre 2026"),
    ],
)
def test_days(value: date, short: str, long: str) -> None:
    assert french.day(value) == short
    assert french.long_day(value) == long


@pytest.mark.parametrize(
    ("value", "hour", "clock"),
    [
        (time(9), "9·h", "09:00"),
        (time(9, 30), "9·h·30", "09:30"),
        (time(0, 5), "0·h·05", "00:05"),
        (time(16, 42, 59), "16·h·42", "16:42"),
        (datetime(2026, 11, 25, 8, 30, tzinfo=UTC), "9·h·30", "09:30"),
        (datetime(2026, 7, 14, 8, 30, tzinfo=UTC), "10·h·30", "10:30"),
    ],
)
def test_hours(value: time | datetime, hour: str, clock: str) -> None:
    assert french.hour(value) == spaced(hour)
    assert french.clock(value) == clock


@pytest.mark.parametrize(
    ("value", "now", "expected"),
    [
        ("2026-11-25T10:00:00", "2026-11-25T10:00:59", "à l’instant"),
        ("2026-11-25T10:00:20", "2026-11-25T10:00:00", "à l’instant"),
        ("2026-11-25T10:00:00", "2026-11-25T10:01:00", "il y a 1·min"),
        ("2026-11-25T10:00:00", "2026-11-25T10:05:59", "il y a 5·min"),
        ("2026-11-25T10:00:00", "2026-11-25T10:59:59", "il y a 59·min"),
        ("2026-11-25T09:42:00", "2026-11-25T10:42:00", "09:42"),
        ("2026-11-25T14:00:00", "2026-11-25T10:00:00", "14:00"),
        ("2026-11-24T16:42:00", "2026-11-25T10:00:00", "hier 16:42"),
        ("2026-11-24T23:50:00", "2026-11-25T00:10:00", "il y a 20·min"),
        ("2026-11-23T16:42:00", "2026-11-25T10:00:00", "23/11/2026"),
        ("2026-11-26T09:00:00", "2026-11-25T10:00:00", "26/11/2026"),
        # 01:50 then 03:10 by the clock of the night when an hour is skipped: twenty minutes.
        ("2026-03-29T01:50:00", "2026-03-29T03:10:00", "il y a 20·min"),
    ],
)
def test_moment(value: str, now: str, expected: str) -> None:
    instants = [datetime.fromisoformat(text).replace(tzinfo=paris) for text in (value, now)]
    assert french.moment(*instants) == spaced(expected)


def test_moment_refuses_a_naive_datetime() -> None:
    with pytest.raises(ValueError, match="naive"):
        french.moment(datetime(2026, 11, 25, 9, 30), datetime(2026, 11, 25, 9, 31, tzinfo=UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Prix : 12 € soit 50 % ; vraiment ?!", "Prix·: 12·€ soit 50·%‧; vraiment‧?!"),
        ("« Bonjour ! »", "«·Bonjour‧!·»"),
        ("«\u00a0Bonjour\u00a0!\u00a0»", "«·Bonjour‧!·»"),
        ("Objet: chantier", "Objet·: chantier"),
        ("Vous confirmez?", "Vous confirmez‧?"),
        ("Attention!!!", "Attention‧!!!"),
        ("(oui?)", "(oui‧?)"),
        ("(?)", "(?)"),
        ("L'eau, aujourd'hui", "L’eau, aujourd’hui"),
        ("l'été d'Éloïse", "l’été d’Éloïse"),
        ("5' et 'ici'", "5' et 'ici'"),
        ("RDV à 09:30", "RDV à 09:30"),
        ("RDV : 09:30", "RDV·: 09:30"),
        ("https://exemple.fr/?q=l'eau;b:c ?", "https://exemple.fr/?q=l'eau;b:c‧?"),
        ("voir www.exemple.fr/a;b", "voir www.exemple.fr/a;b"),
        ("o'neil@exemple.fr: oui", "o'neil@exemple.fr·: oui"),
        ("C:\\Photos", "C:\\Photos"),
        ("Durand &amp; fils", "Durand &amp; fils"),
        ("a\n ; b\n : c", "a\n ; b\n : c"),
        ("n : \n: x", "n·: \n: x"),
        ("Fin.", "Fin."),
        ("", ""),
    ],
)
def test_typo(text: str, expected: str) -> None:
    assert french.typo(text) == spaced(expected)


@given(st.text(alphabet="aé1 \u00a0\u202f\n:;?!%€«»'’.…()@/&", max_size=40))
def test_typo_is_idempotent(text: str) -> None:
    assert french.typo(french.typo(text)) == french.typo(text)


@given(st.text(alphabet="ab 1:;?!%€«»'\n", max_size=40))
def test_typo_changes_nothing_but_spaces_and_apostrophes(text: str) -> None:
    def bare(value: str) -> str:
        return "".join(sign for sign in value.replace("’", "'") if sign not in " \u00a0\u202f")

    assert bare(french.typo(text)) == bare(text)


@pytest.mark.parametrize(
    ("count", "words", "expected"),
    [
        (0, ("client",), "0·client"),
        (1, ("client",), "1·client"),
        (2, ("client",), "2·clients"),
        (1234, ("client",), "1·234·clients"),
        (-1, ("jour",), "\u22121·jour"),
        (3, ("devis",), "3·devis"),
        (2, ("prix",), "2·prix"),
        (2, ("journal", "journaux"), "2·journaux"),
        (1, ("avis de passage", "avis de passage"), "1·avis de passage"),
    ],
)
def test_plural(count: int, words: tuple[str, ...], expected: str) -> None:
    assert french.plural(count, *words) == spaced(expected)


@pytest.mark.parametrize(
    ("items", "expected"),
    [((), ""), (("a",), "a"), (("a", "b"), "a et b"), (("a", "b", "c"), "a, b et c")],
)
def test_join(items: tuple[str, ...], expected: str) -> None:
    assert french.join(*items) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Cécile", "Durand", "CD"),
        ("Jean-Pierre", "de Foix", "JD"),
        ("élodie", "Ölander", "ÉÖ"),
        ("e\u0301lodie", "durand", "ÉD"),
        ("", "Durand", "DU"),
        ("Jean-Pierre", "", "JE"),
        ("", "d’Arc", "DA"),
        ("  ", "X", "X"),
        ("", "", ""),
        ("-", "« 3D Piscines »", "3D"),
    ],
)
def test_initials(first: str, last: str, expected: str) -> None:
    assert french.initials(first, last) == expected
