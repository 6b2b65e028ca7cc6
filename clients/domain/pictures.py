"""Pictures to look at, made anew from what was sent: turned upright, made small, without where and by whom taken."""

import io
from typing import Final

import pillow_heif
from PIL import Image, ImageOps

# The longest side, in pixels.
PREVIEW: Final = 1600
THUMBNAIL: Final = 360
# A colour profile of a camera is 600 bytes, of a printer a megabyte.
LARGEST_PROFILE: Final = 20_000

pillow_heif.register_heif_opener()


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
