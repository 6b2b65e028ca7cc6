"""Pictures made anew from what was sent: turned upright, made small, without where and by whom taken."""

import io
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Final

import pillow_heif
from PIL import Image, ImageOps

from extrabat.lib.refusals import Refused

# A JPEG is decoded at the size that is wanted, the others whole: 50 million pixels are 200 MB of memory.
MOST_PIXELS: Final = 50_000_000
MOST_PIXELS_JPEG: Final = 110_000_000
# What a logo, a face or a background may weigh as it is sent, in bytes.
HEAVIEST: Final = 5 * 1024 * 1024
# Several of them may be opened at once, each whole and in the web server.
MOST_PIXELS_REMADE: Final = 25_000_000
SIGNS: Final = {
    "PNG": ((".png",), b"\x89PNG\r\n\x1a\n"),
    "JPEG": ((".jpg", ".jpeg"), b"\xff\xd8\xff"),
    "WEBP": ((".webp",), b"RIFF"),
}
REMADE_TYPES: Final = ".png,.jpg,.jpeg,.webp"

# The longest side, in pixels.
PREVIEW: Final = 1600
THUMBNAIL: Final = 360
# A colour profile of a camera is 600 bytes, of a printer a megabyte.
LARGEST_PROFILE: Final = 20_000

pillow_heif.register_heif_opener()
# Beyond twice this Pillow itself refuses, whoever opens the picture.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS_JPEG


@dataclass(frozen=True)
class Wanted:
    """At most `width` × `height` pixels; `square`: cut to exactly that. `see_through` keeps what lets through."""

    width: int
    height: int
    square: bool = False
    see_through: bool = False


@dataclass(frozen=True)
class Head:
    """What the first bytes of a picture say: size in pixels as stored, and its EXIF."""

    width: int
    height: int
    exif: Image.Exif


def read_head(file: IO[bytes], format_: str, *, most: int) -> Head:
    """Read the head alone: a picture of a billion pixels costs as little as a small one.

    Raises `Refused` for one that does not open, or that has more than `most` pixels.
    """
    try:
        picture = Image.open(file, formats=[format_])
        width, height = picture.size
        # Where a PNG has none at its head, Pillow would decode it all to look for one at its end.
        exif = picture.getexif() if format_ != "PNG" or "exif" in picture.info else Image.Exif()
        exif.get_ifd(0x8769)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(_TOO_MANY) from error
    except Exception as error:
        # Whatever a spoilt or hostile picture makes a decoder say.
        raise Refused(_SPOILT) from error
    if width * height > most:
        raise Refused(_TOO_MANY)
    return Head(width, height, exif)


_TOO_MANY: Final = "Cette image a trop de pixels pour être ouverte sans risque. Réduisez-la, puis recommencez."
_SPOILT: Final = "Cette image est abîmée\u00a0: elle ne s’ouvre pas."


def remade(name: str, file: IO[bytes], size: int, wanted: Wanted) -> tuple[bytes, str]:
    """A picture of the house made from a PNG, JPEG or WebP, as bytes and their type.

    Judged by its bytes and its name alike. Raises `Refused` with the sentence for the person who sent it.
    """
    if size > HEAVIEST:
        raise Refused("Cette image dépasse 5\u00a0Mo. Réduisez-la, puis recommencez.")
    file.seek(0)
    content = file.read()
    extension = PurePath(name).suffix.lower()
    format_ = next((f for f, (known, start) in SIGNS.items() if extension in known and content.startswith(start)), "")
    if not format_ or (format_ == "WEBP" and content[8:12] != b"WEBP"):
        raise Refused("Choisissez une image PNG, JPEG ou WebP. Les dessins SVG ne sont pas acceptés.")
    file.seek(0)
    read_head(file, format_, most=MOST_PIXELS_REMADE)
    try:
        return _remake(content, format_, wanted)
    except Exception as error:
        raise Refused(_SPOILT) from error


def _remake(content: bytes, format_: str, wanted: Wanted) -> tuple[bytes, str]:
    size = (wanted.width, wanted.height)
    with Image.open(io.BytesIO(content), formats=[format_]) as source:
        if not wanted.square:
            source.draft("RGB", size)
        upright = ImageOps.exif_transpose(source)
        keeps = wanted.see_through and upright.has_transparency_data
        picture = upright.convert("RGBA") if keeps else _on_white(upright)
    if wanted.square:
        picture = ImageOps.fit(picture, size)
    else:
        picture.thumbnail(size)
    if not keeps:
        return _jpeg(picture, 84, None), "image/jpeg"
    made = io.BytesIO()
    picture.info = {}
    picture.save(made, "PNG", optimize=True)
    return made.getvalue(), "image/png"


def render(content: bytes) -> tuple[bytes, bytes]:
    """Give preview and thumbnail as JPEG. Raises whatever Pillow does for a picture that does not open."""
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP", "GIF", "HEIF"]) as source:
        # A JPEG is read at the next size above: a tenth of the time, a tenth of the memory.
        source.draft("RGB", (PREVIEW, PREVIEW))
        profile = source.info.get("icc_profile") if source.mode == "RGB" else None
        source.thumbnail((PREVIEW, PREVIEW))
        picture = _on_white(ImageOps.exif_transpose(source))
    kept = profile if profile and len(profile) < LARGEST_PROFILE else None
    preview = _jpeg(picture, 82, kept)
    picture.thumbnail((THUMBNAIL, THUMBNAIL))
    return preview, _jpeg(picture, 78, kept)


def _on_white(picture: Image.Image) -> Image.Image:
    """What lets through shows white, as on paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    sheet = Image.new("RGB", seen.size, "white")
    sheet.paste(seen, mask=seen.getchannel("A"))
    return sheet


def _jpeg(picture: Image.Image, quality: int, profile: bytes | None) -> bytes:
    made = io.BytesIO()
    # Nothing of the source's EXIF or XMP is handed on, however Pillow would.
    picture.info = {}
    picture.save(made, "JPEG", quality=quality, optimize=True, progressive=True, exif=b"", icc_profile=profile)
    return made.getvalue()
