"""History: what happened with a client, one row a fact, added by whoever made it happen (CLI-29)."""

from django.conf import settings
from django.db import models

from clients.models.clients import Client


class HistoryEntry(models.Model):
    """`kind` names what happened ("note" for a free one); rooms above add theirs in their own transaction."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="history")
    at = models.DateTimeField("le", auto_now_add=True)
    kind = models.SlugField("nature", max_length=40)
    text = models.TextField("texte")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "fait de l’historique"
        verbose_name_plural = "faits de l’historique"
        ordering = ["-at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["client", "-at", "-id"], name="history_client")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text[:40]}"
