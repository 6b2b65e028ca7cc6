"""The porte-doc: folders and files of a client (DOC-01)."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from clients.models.clients import Client
from clients.models.history import HistoryEntry
from extrabat.lib.database import Versioned

if TYPE_CHECKING:
    from settings_app.users.models import User


class SystemFolder(models.TextChoices):
    """Folders that every client has; the row is written when something is first put into it (DOC-02)."""

    PHOTOS = "photos", "Photos"
    REPORTS = "reports", "Rapport de rendez-vous"
    PIECES = "pieces", "Pièces commerciales"
    REMINDERS = "reminders", "Relances"


class Folder(Versioned):
    """`system` names the four of every client, empty for one that people made. Folders nest once, no deeper."""

    client = models.ForeignKey(Client, verbose_name="client", on_delete=models.PROTECT, related_name="folders")
    name = models.CharField("nom", max_length=80)
    parent = models.ForeignKey(
        "self", verbose_name="dans", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    system = models.CharField("dossier du programme", max_length=10, choices=SystemFolder, blank=True)

    class Meta:
        verbose_name = "dossier"
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                "client",
                "parent",
                Lower("name"),
                name="folder_name_unique",
                nulls_distinct=False,
                violation_error_message="Un dossier de ce nom existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["client", "system"], condition=~Q(system=""), name="folder_one_of_each_system"
            ),
            models.CheckConstraint(name="folder_system_at_the_top", condition=Q(system="") | Q(parent=None)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_system(self) -> bool:
        return bool(self.system)

    @property
    def key(self) -> str:
        """Its word in an address: "photos", or the number of one that people made."""
        return self.system or str(self.pk)


class FileTag(models.Model):
    """A word put on files, to find them across clients (DOC-05); not the tags of messages."""

    label = models.CharField("libellé", max_length=40)

    class Meta:
        verbose_name = "étiquette de fichier"
        verbose_name_plural = "étiquettes de fichier"
        ordering = ["label"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(Lower("label"), name="filetag_label_unique")]

    def __str__(self) -> str:
        return self.label


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, user: "User") -> Self:
        """Those of the clients that the user may see, without what is kept from him: every list and address."""
        return self.filter(client__in=Client.objects.visible_to(user)).allowed_to(user)

    def allowed_to(self, user: "User") -> Self:
        """The same for one client, whom the caller has already found visible."""
        rows = self
        if not user.has_perm("settings_app.see_restricted_clients"):
            rows = rows.filter(is_restricted=False)
        if not user.has_perm("settings_app.see_prices"):
            pieces = Q(folder__system=SystemFolder.PIECES) | Q(folder__parent__system=SystemFolder.PIECES)
            # Not exclude(): a file without folder would go with them.
            rows = rows.filter(Q(folder=None) | Q(pk__in=self.model._base_manager.exclude(folder=None).exclude(pieces)))
        return rows


class StoredFile(Versioned):
    """`content_type` was found in the bytes. `storage_key` is random: the user's name never reaches the disk.

    `preview` says where the worker is with thumbnail and preview (`clients.actions.previews`); `tries` counts what it
    began, so that a picture which kills it is given up. Files sent together share `batch`, made by who sends them, and
    `entry`, the line of the history that tells them.
    """

    class Preview(models.TextChoices):
        NONE = "none", "sans aperçu"
        DUE = "due", "à faire"
        DONE = "done", "fait"
        FAILED = "failed", "impossible"

    client = models.ForeignKey(Client, verbose_name="client", on_delete=models.PROTECT, related_name="files")
    folder = models.ForeignKey(
        Folder, verbose_name="dossier", on_delete=models.PROTECT, null=True, blank=True, related_name="files"
    )
    name = models.CharField("nom", max_length=150)
    size = models.PositiveIntegerField("taille")
    content_type = models.CharField("type", max_length=100)
    sha256 = models.CharField("empreinte", max_length=64)
    storage_key = models.CharField(max_length=80, unique=True)
    description = models.TextField("description", max_length=2000, blank=True)
    tags = models.ManyToManyField(FileTag, verbose_name="étiquettes", blank=True, related_name="files")
    is_visible_to_client = models.BooleanField("visible par le client", default=False)
    is_restricted = models.BooleanField("restreint", default=False)
    on_home = models.BooleanField("sur la page d’accueil du client", default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ajouté par", on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField("ajouté le", auto_now_add=True)
    taken_at = models.DateTimeField("pris le", null=True, blank=True)
    width = models.PositiveIntegerField("largeur", null=True, blank=True)
    height = models.PositiveIntegerField("hauteur", null=True, blank=True)
    preview = models.CharField("aperçu", max_length=6, choices=Preview, default=Preview.NONE)
    tries = models.PositiveSmallIntegerField("essais", default=0)
    batch = models.UUIDField("lot")
    entry = models.ForeignKey(HistoryEntry, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier"
        ordering = ["-uploaded_at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["client", "folder", "-uploaded_at", "-id"], name="file_listed"),
            models.Index(fields=["uploaded_at"], condition=Q(preview="due"), name="file_preview_due"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_pdf(self) -> bool:
        return self.content_type == "application/pdf"

    @property
    def has_preview(self) -> bool:
        return self.preview == self.Preview.DONE

    @property
    def preview_key(self) -> str:
        return f"{self.storage_key}-preview.jpg"

    @property
    def thumbnail_key(self) -> str:
        return f"{self.storage_key}-thumbnail.jpg"
