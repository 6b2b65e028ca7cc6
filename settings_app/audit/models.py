"""The audit trail: one append-only table, written by a trigger on each tracked table."""

from django.conf import settings
from django.db import models
from django.db.models import Q

PROTECTED = "•••"


class AuditEntry(models.Model):
    """One create, change or delete. `before` and `after` hold the columns that changed, by column name.

    Secret columns (password, IBAN) show that they changed, as `PROTECTED`, never a value. The program's database
    role can neither write nor alter this table: the trigger's function runs as the tables' owner.
    """

    class Verb(models.TextChoices):
        CREATE = "create", "création"
        CHANGE = "change", "modification"
        DELETE = "delete", "suppression"
        ERASE = "erase", "effacement des valeurs"

    at = models.DateTimeField("le")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="par",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        # `audit_actor_when` begins with it.
        db_index=False,
    )
    source = models.CharField("depuis", max_length=80)
    request_id = models.CharField(max_length=40)
    model = models.CharField("objet", max_length=80)
    object_key = models.CharField("numéro", max_length=40)
    verb = models.CharField("action", max_length=8, choices=Verb.choices)
    before = models.JSONField("avant", null=True)
    after = models.JSONField("après", null=True)

    append_only = True

    class Meta:
        verbose_name = "ligne d’audit"
        verbose_name_plural = "lignes d’audit"
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["model", "object_key", "-id"], name="audit_object"),
            # The journal reads the newest first under any one filter: each has its index. Creations, changes and
            # what screens do are nearly everything, and are found while reading by date.
            models.Index(fields=["at", "id"], name="audit_when"),
            models.Index(fields=["model", "at", "id"], name="audit_kind_when"),
            models.Index(fields=["actor", "at", "id"], name="audit_actor_when"),
            models.Index(
                fields=["verb", "at", "id"], condition=Q(verb__in=["delete", "erase"]), name="audit_rare_verb"
            ),
            models.Index(fields=["source", "at", "id"], condition=~Q(source="écran"), name="audit_rare_source"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_key}: {self.verb}"
