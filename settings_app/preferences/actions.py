"""A person's own pictures: the photo that colleagues see, the background that nobody else does."""

from django.db import transaction

from settings_app.pictures.actions import Sent, let_go, take_in
from settings_app.pictures.models import PictureKind
from settings_app.preferences.registry import OWN_PICTURE, background, background_picture
from settings_app.users.models import User


@transaction.atomic
def change_photo(user: User, sent: Sent) -> None:
    """Raises `Refused` for what is not a picture of the house."""
    _set_photo(user, take_in(PictureKind.PHOTO, sent, owner=user).pk)


@transaction.atomic
def remove_photo(user: User) -> None:
    _set_photo(user, None)


def _set_photo(user: User, key: int | None) -> None:
    row = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    former, row.photo_id = row.photo_id, key
    row.save(update_fields=["photo"])
    let_go(former)


@transaction.atomic
def change_background(user: User, sent: Sent) -> None:
    """The picture becomes the person's background at once. Raises `Refused` as `change_photo` does."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    picture = take_in(PictureKind.BACKGROUND, sent, owner=user)
    user.pictures.filter(kind=PictureKind.BACKGROUND).exclude(pk=picture.pk).delete()
    background_picture.save(user, picture)
    background.save(user, OWN_PICTURE)


@transaction.atomic
def remove_background(user: User) -> None:
    user.pictures.filter(kind=PictureKind.BACKGROUND).delete()
    background_picture.save(user, None)
    if background.of(user) == OWN_PICTURE:
        background.save(user, background.default)
