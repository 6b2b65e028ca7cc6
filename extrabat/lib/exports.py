"""CSV and XLSX that French spreadsheets open as they are and that run no formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import BinaryIO, Final

import xlsxwriter

from extrabat.lib import french
from extrabat.lib.dates import paris

_BOM: Final = b"\xef\xbb\xbf"
# What makes a spreadsheet take a cell for a formula; some of them drop leading spaces, or fold full width.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_CONTROL_STARTS: Final = ("\t", "\r", "\n")


def safe_cell(value: object) -> str:
    """Write one value as a French spreadsheet reads it.

    None is "", a boolean "oui" or "non", a number "-1234,56" (all its digits, ASCII minus, no thousands; ""
    when it is not finite), a day "25/11/2026", an instant "25/11/2026 09:30" in Paris, an hour "09:30". Any
    other value is its text, with ' before it where it could be read as a formula: give phones as displayed,
    not in E.164.
    """
    match value:
        case None:
            written = ""
        case bool():
            written = "oui" if value else "non"
        case int() | Decimal() | float():
            number = Decimal(str(value))
            written = f"{number:f}".replace(".", ",") if number.is_finite() else ""
        case datetime():
            written = f"{french.day(value)} {french.clock(value)}"
        case date():
            written = french.day(value)
        case time():
            written = french.clock(value)
        case _:
            written = _without_formula(str(value))
    return written


def _without_formula(text: str) -> str:
    dangerous = text.startswith(_CONTROL_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)
    return f"'{text}" if dangerous else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Stream a CSV line by line: UTF-8 with its mark, `;` between cells, CRLF, quotes where needed.

    Rows are taken one at a time, so that a server-side cursor stays one.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")

    def line(cells: Sequence[object]) -> bytes:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([safe_cell(cell) for cell in cells])
        return buffer.getvalue().encode()

    yield _BOM + line(header)
    for row in rows:
        yield line(row)


# What Excel takes: a sheet has so many rows, a cell so many characters.
_CELL_LIMIT: Final = 32_767


def write_xlsx(into: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[object]], *, sheet: str) -> None:
    """Write one sheet: numbers and days are such, everything else is the text of `safe_cell`.

    Rows are taken one at a time and written as they come, so that memory does not grow with them.
    """
    book = xlsxwriter.Workbook(
        into,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    page = book.add_worksheet(sheet)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    page.freeze_panes(1, 0)
    page.set_column(0, max(0, len(header) - 1), 20)
    for column, label in enumerate(header):
        page.write_string(0, column, safe_cell(label), bold)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            match value:
                case bool() | None:
                    page.write_string(line, column, safe_cell(value))
                case int() | Decimal() | float() if Decimal(str(value)).is_finite():
                    page.write_number(line, column, value)
                case datetime():
                    local = value.astimezone(paris).replace(tzinfo=None) if value.utcoffset() is not None else value
                    page.write_datetime(line, column, local, moment)
                case date():
                    page.write_datetime(line, column, value, day)
                case _:
                    page.write_string(line, column, safe_cell(value)[:_CELL_LIMIT])
    book.close()
