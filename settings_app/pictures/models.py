"""Pictures, made anew from what was sent; their bytes are small and live and die with their row."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

if TYPE_CHECKING:
    from settings_app.users.models import User


class PictureKind(models.TextChoices):
    LOGO = "logo", "logo"
    PHOTO = "photo", "photo"
    BACKGROUND = "background", "fond"


class PictureQuerySet(models.QuerySet["Picture"]):
    def visible_to(self, user: "User") -> "PictureQuerySet":
        """Logos and faces are for everybody in the house; a background is its owner's alone."""
        return self.filter(~Q(kind=PictureKind.BACKGROUND) | Q(owner=user))


class Picture(models.Model):
    """Never changed: another picture is another row, so that a browser may keep it for good."""

    kind = models.CharField("genre", max_length=12, choices=PictureKind.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="pictures", verbose_name="de"
    )
    content_type = models.CharField("type", max_length=20)
    content = models.BinaryField("contenu")

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = "image"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @staticmethod
    def address(key: int) -> str:
        return reverse("settings_app:picture", args=[key])
