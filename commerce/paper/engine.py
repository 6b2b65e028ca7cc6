"""Typst, driven: the sheet goes in as JSON, the PDF comes out; the same sheet always gives the same bytes."""

import json
import re
import threading
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import typst

from commerce.paper.sheet import sheet_of

Mark = Literal["", "BROUILLON", "DUPLICATA"]
TEMPLATES: Final = Path(__file__).parent / "typ"
# Built by extrabat.devtools.assets, with everything else that npm brings.
FONTS: Final = Path(__file__).parents[2] / "static" / "build"
STANDARDS: "Final[list[typst.PDFStandard]]" = ["a-3a", "ua-1"]
# Controls, surrogates and private use have no meaning on paper; the line feed and the tab have.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ud800-\uf8ff\ufeff\ufffe\uffff\U000f0000-\U0010ffff]"
)
_MISSING: Final = re.compile(r'the text `?"((?:[^"\\]|\\.)+)"`? could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
BOX: Final = "□"
# An attempt finds all that it meets, seldom more than two are needed.
ATTEMPTS: Final = 20
# A compiler does one document at a time, and lets the other threads run meanwhile.
_one_at_a_time = threading.Lock()


class PaperError(Exception):
    """The document could not be laid out: a fault of the templates, never of what was typed."""


def render(
    content: Mapping[str, Any],
    *,
    mark: Mark = "",
    logo: bytes | None = None,
    numbers: bool = True,
    at: datetime | None = None,
) -> bytes:
    """The PDF of a frozen copy (docs/rules/issuing.md), or of the same shape made from a draft. Touches no database.

    `numbers`: print the numbers of lines. `at` is the instant written into the file, midnight of the document's date
    when it is not given. A character that no font has is printed as □. Raises PaperError.
    """
    sheet = sheet_of(content, mark=mark, logo=logo, numbers=numbers)
    instant = at or datetime.combine(date.fromisoformat(content["date"]), time(), tzinfo=UTC)
    return compiled(sheet, int(instant.timestamp()))


def compiled(sheet: Mapping[str, Any], timestamp: int) -> bytes:
    """The PDF of a sheet whose words are all written. Raises PaperError."""
    # Found anew for each document: what another one held changes nothing here.
    without_glyph: set[str] = set()
    with _one_at_a_time:
        for _ in range(ATTEMPTS):
            data = json.dumps(_printable(sheet, without_glyph), ensure_ascii=False)
            try:
                made = _compiler().compile(
                    format="pdf", sys_inputs={"data": data}, pdf_standards=STANDARDS, timestamp=timestamp
                )
            except typst.TypstError as error:
                # PDF/A refuses a letter that no font has: a box is printed in its place rather than nothing at all.
                found = {_ESCAPED.sub(_letter, text) for text in _MISSING.findall(error.diagnostic)} - without_glyph
                if not found:
                    raise PaperError(error.diagnostic) from error
                without_glyph |= found
            else:
                return bytes(made)  # type: ignore[arg-type]
    raise PaperError("letters without glyph remain")


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
    return typst.Compiler(str(TEMPLATES / "document.typ"), root=str(TEMPLATES), font_paths=fonts)


def _letter(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _printable(value: Any, without_glyph: Collection[str]) -> Any:
    if isinstance(value, str):
        seen = _UNSEEN.sub("", value)
        # The longest first: a letter and its accent are one, before the letter alone.
        for text in sorted(without_glyph, key=lambda text: (-len(text), text)):
            seen = seen.replace(text, BOX)
        return seen
    if isinstance(value, Mapping):
        return {name: _printable(one, without_glyph) for name, one in value.items()}
    return [_printable(one, without_glyph) for one in value] if isinstance(value, list | tuple) else value
