"""Two records of one client made into one, and what is needed to part them again (CLI-32)."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from clients.models.clients import Client
from clients.models.undoable import Undoable

if TYPE_CHECKING:
    from settings_app.users.models import User


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, user: "User") -> Self:
        """Those of two clients whom the user may both see."""
        visible = Client.objects.visible_to(user).values("pk")
        return self.filter(kept__in=visible, absorbed__in=visible)


class Merge(Undoable):
    """`absorbed` went to the Corbeille, what was his went to `kept`.

    `values` holds what changed on the kept record, by column: [before, after] as JSON, a fingerprint for bank details.
    `consents` holds what was appended for him: {"line": key, "state", "source"} with what held before.
    `left`: French sentences for what an undo left as it was, beside the rows.
    """

    kept = models.ForeignKey(Client, verbose_name="fiche gardée", on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(
        Client, verbose_name="fiche absorbée", on_delete=models.PROTECT, related_name="absorptions"
    )
    previous_status = models.ForeignKey(
        "settings_app.Status", verbose_name="statut d’avant", on_delete=models.PROTECT, related_name="+"
    )
    values = models.JSONField("valeurs changées", default=dict)
    consents = models.JSONField("consentements ajoutés", default=list)
    left = models.JSONField("laissé par l’annulation", default=list)

    objects = MergeQuerySet.as_manager()

    class Meta(Undoable.Meta):
        verbose_name = "fusion"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("absorbed"))),
            models.UniqueConstraint(fields=["absorbed"], condition=Q(undone_at=None), name="merge_absorbed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed} → {self.kept}"


class MergedRow(models.Model):
    """A row that the merge carried over, or made for the kept client.

    `column` named the absorbed client; `before` holds the other columns that had to change. `version` is the row's own
    just after, None where it has none: another one means that somebody changed it since. `is_left`: an undo left it.
    """

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="rows")
    model = models.CharField(max_length=80)
    key = models.BigIntegerField()
    column = models.CharField(max_length=40)
    before = models.JSONField(default=dict)
    version = models.PositiveIntegerField(null=True)
    is_made = models.BooleanField(default=False)
    is_left = models.BooleanField(default=False)

    class Meta:
        verbose_name = "ligne de fusion"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["merge", "model", "key", "column"], name="merged_row_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
