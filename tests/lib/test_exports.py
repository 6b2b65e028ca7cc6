"""CSV cells and lines as bytes, written by hand."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extrabat.lib.exports import csv_lines, safe_cell, write_xlsx


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("", ""),
        ("Durand", "Durand"),
        (True, "oui"),
        (False, "non"),
        (1234, "1234"),
        (-5, "-5"),
        (Decimal("1234.56"), "1234,56"),
        (Decimal("-1234.50"), "-1234,50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.0000001"), "0,0000001"),
        (48.8566, "48,8566"),
        (1e-7, "0,0000001"),
        (float("-inf"), ""),
        (Decimal("NaN"), ""),
        (date(2026, 11, 25), "25/11/2026"),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), "29/03/2026 00:30"),
        (time(9, 30), "09:30"),
        ("06\u00a012\u00a034\u00a056\u00a078", "06\u00a012\u00a034\u00a056\u00a078"),
        ("=1+1", "'=1+1"),
        ("+33612345678", "'+33612345678"),
        ("-12", "'-12"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("   =1+1", "'   =1+1"),
        ("\u00a0=1+1", "'\u00a0=1+1"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("a=1", "a=1"),
        ("  texte", "  texte"),
    ],
)
def test_safe_cell(value: object, expected: str) -> None:
    assert safe_cell(value) == expected


@given(st.text())
def test_no_text_starts_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert cell.endswith(text)


def test_csv_lines() -> None:
    rows: list[list[object]] = [
        ["Dupré ; fils", Decimal("1234.5"), None],
        ['dit "le Bleu"', -1, "deux\r\nlignes"],
        ["=cmd", True, date(2026, 11, 25)],
    ]
    assert list(csv_lines(["Nom", "Solde", "-Note"], rows)) == [
        b"\xef\xbb\xbfNom;Solde;'-Note\r\n",
        b'"Dupr\xc3\xa9 ; fils";1234,5;\r\n',
        b'"dit ""le Bleu""";-1;"deux\r\nlignes"\r\n',
        b"'=cmd;oui;25/11/2026\r\n",
    ]


def test_csv_lines_take_rows_one_at_a_time() -> None:
    taken: list[int] = []

    def rows() -> Iterator[list[object]]:
        for index in range(3):
            taken.append(index)
            yield [index]

    lines = csv_lines(["N"], rows())
    assert next(lines) == b"\xef\xbb\xbfN\r\n"
    assert taken == []
    assert next(lines) == b"0\r\n"
    assert taken == [0]


def test_write_xlsx_keeps_numbers_days_and_texts_apart() -> None:
    body = io.BytesIO()
    at = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
    row: list[object] = ["=1+1", Decimal("1234.5"), date(2026, 11, 25), at, True, None, "x" * 40_000, "http://a"]
    write_xlsx(body, ["=Nom", *"abcdefg"], [row], sheet="Clients")
    with zipfile.ZipFile(body) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert "<t>'=Nom</t>" in sheet
    assert "<t>'=1+1</t>" in sheet
    assert "<v>1234.5</v>" in sheet
    # 25 November 2026 is day 46351 of Excel; 08:30 UTC is 09:30 in Paris.
    assert "<v>46351</v>" in sheet
    assert "<v>46351.3958" in sheet
    assert "<t>oui</t>" in sheet
    assert f"<t>{'x' * 32_767}</t>" in sheet
