"""What a person may take back within thirty days."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.timezone import now

UNDO_DAYS: Final = 30


class Undoable(models.Model):
    """Something done to clients by somebody, and perhaps taken back."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("le", auto_now_add=True)
    undone_at = models.DateTimeField("annulé le", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="annulé par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        abstract = True
        default_permissions = ()

    @property
    def ends_at(self) -> datetime:
        """Until when it can be undone."""
        return self.at + timedelta(days=UNDO_DAYS)

    @property
    def can_be_undone(self) -> bool:
        return self.undone_at is None and now() < self.ends_at
