"""What was printed: the one original of an issued document, and prints of many that a worker makes."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from clients.models import StoredFile
from commerce.models.documents import Document
from settings_app.users.models import User


class PrintedCopy(models.Model):
    """The original: rendered once from the frozen copy and kept in the porte-doc. Every later print starts from it.

    A trigger refuses that its file be deleted or its bytes exchanged (`commerce/printing_sql.py`): Django need not ask.
    """

    added_only = True
    document = models.OneToOneField(Document, models.PROTECT, primary_key=True, related_name="printed")
    file = models.OneToOneField(StoredFile, models.DO_NOTHING, related_name="+", verbose_name="fichier")
    with_numbers = models.BooleanField("numéros de ligne")
    at = models.DateTimeField("imprimée le", auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="imprimée par")

    class Meta:
        verbose_name = "original imprimé"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.document)


class PrintJobQuerySet(models.QuerySet["PrintJob"]):
    def visible_to(self, user: User) -> Self:
        """One's own alone."""
        return self.filter(asked_by=user)


class PrintJob(models.Model):
    """Documents printed into one file. The row is the truth: a worker that dies leaves it due again.

    `keys` are those of the documents in the order of printing. `marks` says, by key, what each was printed as: a second
    attempt prints it the same, without a second line in the seal. The file goes after a week.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "En attente"
        WORKING = "working", "En cours"
        DONE = "done", "Prêt"
        FAILED = "failed", "Échoué"
        EXPIRED = "expired", "Supprimé"

    class Format(models.TextChoices):
        PDF = "pdf", "Un seul PDF, à imprimer"
        ZIP = "zip", "Un PDF par pièce, dans une archive"

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="demandée par"
    )
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)
    format = models.CharField("format", max_length=3, choices=Format, default=Format.PDF)
    keys = models.JSONField("pièces")
    marks: Any = models.JSONField("imprimées comme", default=dict)
    state = models.CharField("état", max_length=8, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField("pièces")
    done = models.PositiveIntegerField("imprimées", default=0)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    worked_at = models.DateTimeField("dernier signe", null=True)
    finished_at = models.DateTimeField("terminée le", null=True)
    file = models.CharField("fichier", max_length=80, blank=True)

    objects = PrintJobQuerySet.as_manager()

    class Meta:
        verbose_name = "impression en lot"
        verbose_name_plural = "impressions en lot"
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="print_asked_by"),
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "working"]), name="print_due"),
            models.Index(fields=["finished_at"], condition=Q(state="done"), name="print_ready"),
        ]

    def __str__(self) -> str:
        return f"{self.get_format_display()}, {self.asked_at:%Y-%m-%d}"

    @property
    def is_going(self) -> bool:
        return self.state in (self.State.WAITING, self.State.WORKING)
