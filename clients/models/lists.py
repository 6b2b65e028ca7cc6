"""What people make of the list of clients: filters they keep, changes made to many at once, files they asked for."""

from typing import TYPE_CHECKING, Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from clients.models.clients import Client
from clients.models.undoable import Undoable
from extrabat.lib.database import Versioned
from settings_app.reference.models import Status

if TYPE_CHECKING:
    from settings_app.users.models import User

FILE_DAYS: Final = 7


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: "User") -> Self:
        """One's own and those that colleagues share."""
        return self.filter(Q(user=user) | Q(is_shared=True))


class SavedFilter(Versioned):
    """`query` is an address of the list without its cursors; what it shows is always what the reader may see."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="de", on_delete=models.CASCADE, related_name="client_filters"
    )
    name = models.CharField("nom", max_length=60)
    query = models.TextField("critères", max_length=2000)
    is_shared = models.BooleanField("partagé", default=False)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = "filtre enregistré"
        verbose_name_plural = "filtres enregistrés"
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                "user",
                Lower("name"),
                name="saved_filter_name_once",
                violation_error_message="Vous avez déjà un filtre de ce nom.",
            )
        ]
        indexes = [models.Index(fields=["is_shared"], condition=Q(is_shared=True), name="saved_filter_shared")]

    def __str__(self) -> str:
        return self.name


class BulkChangeQuerySet(models.QuerySet["BulkChange"]):
    def visible_to(self, user: "User") -> Self:
        """All but those that name a restricted status, whose very label is not for everybody."""
        if user.has_perm("settings_app.see_restricted_clients"):
            return self
        restricted = Status.objects.filter(is_restricted=True).values("pk")
        return self.exclude(field=BulkChange.Field.STATUS, value__in=restricted)


class BulkChange(Undoable):
    """One value given to one field of many clients at once. `value` is the key of the row given, None for none."""

    class Field(models.TextChoices):
        STATUS = "status", "Statut"
        FOLLOWED_BY = "followed_by", "Suivi par"
        GROUPING = "grouping", "Regroupement"

    field = models.CharField("champ", max_length=12, choices=Field)
    value = models.BigIntegerField("valeur", null=True)
    value_label = models.CharField("libellé", max_length=160)
    total = models.PositiveIntegerField("fiches", default=0)

    objects = BulkChangeQuerySet.as_manager()

    class Meta(Undoable.Meta):
        verbose_name = "modification en lot"
        verbose_name_plural = "modifications en lot"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_field_display()}\u00a0: {self.value_label}"


class BulkChangeRow(models.Model):
    """What one client had before. `is_kept`: an undo left him alone, because his value had changed since."""

    change = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="rows")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    previous = models.BigIntegerField(null=True)
    is_kept = models.BooleanField(default=False)

    class Meta:
        verbose_name = "ligne de modification en lot"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["change", "client"], name="bulk_change_client_once")]

    def __str__(self) -> str:
        return f"{self.change_id}: {self.client_id}"


class ExportJob(models.Model):
    """A file that takes too long for one answer. The row is the truth: a worker that dies leaves it due again.

    The file goes after a week, the row stays: it says who took which clients out of the house.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "En attente"
        WORKING = "working", "En cours"
        DONE = "done", "Prêt"
        FAILED = "failed", "Échoué"
        EXPIRED = "expired", "Supprimé"

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="demandé par", on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField("demandé le", auto_now_add=True)
    format = models.CharField("format", max_length=4, choices=Format)
    query = models.TextField("critères", max_length=2000)
    columns = models.JSONField("colonnes")
    state = models.CharField("état", max_length=8, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField("fiches", default=0)
    done = models.PositiveIntegerField("écrites", default=0)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    worked_at = models.DateTimeField("dernier signe", null=True)
    finished_at = models.DateTimeField("terminé le", null=True)
    file = models.CharField("fichier", max_length=80, blank=True)

    class Meta:
        verbose_name = "export"
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="export_asked_by"),
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "working"]), name="export_due"),
            models.Index(fields=["finished_at"], condition=Q(state="done"), name="export_ready"),
        ]

    def __str__(self) -> str:
        return f"{self.get_format_display()}, {self.asked_at:%Y-%m-%d}"

    @property
    def is_going(self) -> bool:
        return self.state in (self.State.WAITING, self.State.WORKING)
