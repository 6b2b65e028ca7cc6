"""Taking in a picture, and letting go of the one before."""

from typing import Any, Final, TypeAlias

from django.core.files.uploadedfile import UploadedFile

from extrabat.lib.pictures import Wanted, remade
from extrabat.lib.refusals import Refused
from settings_app.pictures.models import Picture, PictureKind
from settings_app.users.models import User

# A field left empty sends nothing.
Sent: TypeAlias = "UploadedFile[Any] | None"
# Twice as many pixels as are shown, for fine screens.
SHAPES: Final = {
    PictureKind.LOGO: Wanted(width=800, height=400, see_through=True),
    PictureKind.PHOTO: Wanted(width=192, height=192, square=True),
    PictureKind.BACKGROUND: Wanted(width=1920, height=1200),
}


def take_in(kind: PictureKind, sent: Sent, *, owner: User | None = None) -> Picture:
    """Store the picture made anew. Raises `Refused` with the sentence for the person who sent it."""
    if sent is None or sent.file is None:
        raise Refused("Choisissez une image.")
    content, content_type = remade(sent.name or "", sent.file, sent.size or 0, SHAPES[kind])
    return Picture.objects.create(kind=kind, owner=owner, content=content, content_type=content_type)


def let_go(key: int | None) -> None:
    """Forget a picture that nothing names any more."""
    if key:
        Picture.objects.filter(pk=key).delete()
