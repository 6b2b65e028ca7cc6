"""Which files are taken in, judged by what they hold and never by what they are called; pictures are never decoded."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import PurePath
from typing import IO, Final

import puremagic

from extrabat.lib.dates import paris
from extrabat.lib.pictures import MOST_PIXELS, MOST_PIXELS_JPEG, read_head
from extrabat.lib.refusals import Refused

MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 20 * MEGABYTE
LONGEST_NAME: Final = 150
HEAD: Final = 4096
HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


@dataclass(frozen=True)
class Found:
    """What a file is. `width` and `height` are those of the picture as it is looked at, its rotation done."""

    name: str
    content_type: str
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


@dataclass(frozen=True)
class Kind:
    """One line of the list of what is taken. `format` is Pillow's; `holds` looks further than the first bytes."""

    content_type: str
    magic: frozenset[str] = frozenset()
    format: str = ""
    holds: Callable[[bytes], bool] = lambda _content: True


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-")


def _is_office(folder: bytes) -> Callable[[bytes], bool]:
    # The names in an archive stand there as they are: nothing is unpacked, however much it would swell.
    return lambda content: content.startswith(b"PK\x03\x04") and b"[Content_Types].xml" in content and folder in content


def _is_open_document(word: bytes) -> Callable[[bytes], bool]:
    whole = b"mimetypeapplication/vnd.oasis.opendocument." + word
    return lambda content: content.startswith(b"PK\x03\x04") and content[30 : 30 + len(whole)] == whole


def _is_text(content: bytes) -> bool:
    """Text, and not a page or a drawing that a browser would run."""
    if any(byte in content for byte in (b"\x00", b"\x1b", b"\x7f")):
        return False
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:HEAD].lower()
    return not (
        start.startswith((b"<", b"%pdf", b"#!")) or any(mark in start for mark in (b"<script", b"<svg", b"<html"))
    )


_RUN_BY_BROWSERS = (b"<script", b"<svg", b"<html")
_ZIP = frozenset({".docx", ".xlsx", ".odt", ".ods", ".zip"})
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
_JPEG = Kind("image/jpeg", frozenset({".jpg", ".jpeg"}), "JPEG")
_HEIC = Kind("image/heic", frozenset({".heic", ".heif"}), "HEIF", _is_heic)
KINDS: Final = {
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".png": Kind("image/png", frozenset({".png"}), "PNG"),
    ".webp": Kind("image/webp", frozenset({".webp"}), "WEBP"),
    ".gif": Kind("image/gif", frozenset({".gif"}), "GIF"),
    ".heic": _HEIC,
    ".heif": _HEIC,
    ".pdf": Kind("application/pdf", frozenset({".pdf"}), holds=_is_pdf),
    ".docx": Kind(f"{_OOXML}wordprocessingml.document", _ZIP, holds=_is_office(b"word/document.xml")),
    ".xlsx": Kind(f"{_OOXML}spreadsheetml.sheet", _ZIP, holds=_is_office(b"xl/workbook.xml")),
    ".odt": Kind(f"{_ODF}text", _ZIP, holds=_is_open_document(b"text")),
    ".ods": Kind(f"{_ODF}spreadsheet", _ZIP, holds=_is_open_document(b"spreadsheet")),
    ".txt": Kind("text/plain", holds=_is_text),
    ".csv": Kind("text/csv", holds=_is_text),
}
TAKEN: Final = "photos (JPEG, PNG, WebP, HEIC, GIF), PDF, Word, Excel, OpenDocument, texte et CSV"
# What is dangerous and what people most often try is named; the rest is told as a type that is not taken.
_NAMED: Final = {
    ".svg": "un dessin SVG, qui peut contenir un programme",
    ".html": "une page web, qui peut contenir un programme",
    ".exe": "un programme",
    ".elf": "un programme",
    ".pdf": "un PDF",
    ".png": "une image PNG",
    ".jpg": "une image JPEG",
    ".gif": "une image GIF",
    ".webp": "une image WebP",
}


def inspect(name: str, file: IO[bytes], size: int) -> Found:
    """Say what the file is; raises `Refused` with the sentence for the person who sent it."""
    if size > LARGEST:
        raise Refused("Il dépasse 20\u00a0Mo. Réduisez-le, ou partagez-le en plusieurs fichiers.")
    if not size:
        raise Refused("Il est vide.")
    shown = clean_name(name)
    extension = PurePath(shown).suffix.lower()
    kind = KINDS.get(extension)
    if kind is None:
        raise Refused(f"Ce type de fichier n’est pas accepté. Sont acceptés\u00a0: {TAKEN}.")
    file.seek(0)
    content = file.read()
    file.seek(0)
    if not _agrees(kind, content):
        raise Refused(_disagreement(extension, content))
    if not kind.format:
        return Found(shown, kind.content_type)
    try:
        return _picture(shown, kind, file)
    finally:
        file.seek(0)


def _agrees(kind: Kind, content: bytes) -> bool:
    seen = _magic(content)
    # Several types may begin alike: the one that is claimed has to be among them. HEIC has brands of its own.
    claimed = bool(kind.magic & seen) if kind.magic and kind is not _HEIC else True
    return claimed and kind.holds(content)


def _magic(content: bytes) -> set[str]:
    try:
        return {found.extension.lower() for found in puremagic.magic_string(content[:HEAD])}
    except (puremagic.PureError, ValueError):
        return set()


def _disagreement(extension: str, content: bytes) -> str:
    start = content[:HEAD].lstrip().lower()
    seen = _magic(content) | ({".elf"} if content.startswith(b"\x7fELF") else set())
    if b"<svg" in start:
        seen.add(".svg")
    told = next((words for known, words in _NAMED.items() if known in seen and known != extension), "")
    if told:
        return f"Son nom finit par {extension}, mais c’est {told}. Il n’est pas accepté."
    return f"Son contenu n’est pas celui d’un fichier {extension}. Il n’est pas accepté."


def _picture(name: str, kind: Kind, file: IO[bytes]) -> Found:
    head = read_head(file, kind.format, most=MOST_PIXELS_JPEG if kind is _JPEG else MOST_PIXELS)
    width, height = head.width, head.height
    if head.exif.get(0x0112) in (5, 6, 7, 8) and kind is not _HEIC:
        width, height = height, width
    return Found(name, kind.content_type, width, height, _taken_at(head.exif.get_ifd(0x8769)))


def _taken_at(details: dict[int, object]) -> datetime | None:
    """When the camera says it was, in its own zone where it tells it, else in Paris; nonsense is None."""
    try:
        taken = datetime.strptime(str(details[0x9003]).strip("\x00 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # zone below
    except (KeyError, ValueError):
        return None
    zone = re.fullmatch(r"([+-])(\d\d):(\d\d)", str(details.get(0x9011, "")).strip("\x00 "))
    if not 1990 <= taken.year <= 2100:
        return None
    if not zone or int(zone[2]) > 14:
        return taken.replace(tzinfo=paris)
    shift = timedelta(hours=int(zone[2]), minutes=int(zone[3]) % 60)
    return taken.replace(tzinfo=timezone(-shift if zone[1] == "-" else shift))


def clean_name(name: str) -> str:
    """A name to show and to download: no folder, no control or direction mark, not too long, its extension kept."""
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c if unicodedata.category(c)[0] != "C" else "" for c in bare)
    tidy = " ".join(kept.split()).strip(". ")
    path = PurePath(tidy or "fichier")
    suffix = path.suffix[:10]
    return path.name[: len(path.name) - len(path.suffix)][: LONGEST_NAME - len(suffix)].rstrip() + suffix
