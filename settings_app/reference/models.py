"""Reference tables: ordered values that can be switched off and never vanish while a record uses them."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from settings_app.users.models import User


class ReferenceValue(models.Model):
    """`position` orders the list; a value that `is_active` no longer is stays on the records that have it."""

    label = models.CharField("libellé", max_length=80)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    is_active = models.BooleanField("actif", default=True)

    class Meta:
        abstract = True
        ordering = ["position", "label"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.label


class Civility(ReferenceValue):
    """`is_professional` decides the kind of the client who has it (CLI-07)."""

    is_professional = models.BooleanField("professionnel", default=False)

    class Meta(ReferenceValue.Meta):
        verbose_name = "civilité"
        constraints = [models.UniqueConstraint(fields=["label"], name="civility_label_unique")]


class StatusQuerySet(models.QuerySet["Status"]):
    def offered_to(self, user: "User") -> Self:
        """Those in use that the user may choose: the very name of a restricted one is not for everybody."""
        rows = self.filter(is_active=True)
        if not user.has_perm("settings_app.see_restricted_clients"):
            rows = rows.filter(is_restricted=False)
        return rows


class Status(ReferenceValue):
    """Where a client stands; the flags say what the whole program does with him (CLI-33, CLI-34, PLA-01)."""

    is_prospect = models.BooleanField("prospect", default=False)
    on_planning = models.BooleanField("planning", default=False)
    is_trash = models.BooleanField("corbeille", default=False)
    is_restricted = models.BooleanField("restreint", default=False)

    objects = StatusQuerySet.as_manager()

    class Meta(ReferenceValue.Meta):
        verbose_name = "statut"
        constraints = [models.UniqueConstraint(fields=["label"], name="status_label_unique")]
