"""History: what happened with a client, one row a fact, added by whoever made it happen (CLI-29)."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models

from clients.models.clients import Client
from settings_app.reference.models import Status

if TYPE_CHECKING:
    from settings_app.users.models import User


class HistoryEntryQuerySet(models.QuerySet["HistoryEntry"]):
    def told_to(self, user: "User") -> Self:
        """All but those that name a restricted status: its very label is not for everybody (CLI-34)."""
        if user.has_perm("settings_app.see_restricted_clients"):
            return self
        known = Status.objects.filter(is_restricted=False).values("pk")
        return self.filter(statuses__contained_by=ArraySubquery(known))


class HistoryEntry(models.Model):
    """`kind` names what happened ("note" for a free one); rooms above add theirs in their own transaction.

    `statuses` are the keys of those that `text` names. No foreign key: the text outlives them, and one that is gone,
    or restricted later, hides the entry from who may not know its name.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="history")
    at = models.DateTimeField("le", auto_now_add=True)
    kind = models.SlugField("nature", max_length=40)
    text = models.TextField("texte")
    statuses = ArrayField(models.BigIntegerField(), verbose_name="statuts", default=list, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = HistoryEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "fait de l’historique"
        verbose_name_plural = "faits de l’historique"
        ordering = ["-at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["client", "-at", "-id"], name="history_client")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text[:40]}"
