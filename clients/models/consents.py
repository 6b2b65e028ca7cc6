"""Consents: who accepted what, when, told by whom; added to, never changed (CLI-27, GDPR art. 7)."""

from django.conf import settings
from django.db import models

from clients.models.clients import Client


class Channel(models.TextChoices):
    SMS = "sms", "SMS"
    EMAIL = "email", "Emailing"
    PARTNERS = "partners", "API tiers"


class Consent(models.Model):
    """The last line of a channel (and, for e-mailing, of an address) is what holds; no line is a no.

    `source` tells who spoke: the office (« saisie ») or the recipient himself, whose refusal the office cannot undo.
    """

    class State(models.TextChoices):
        ACCEPTED = "accepted", "Accepté"
        REFUSED = "refused", "Refusé"
        PENDING = "pending", "En attente"
        UNASKED = "unasked", "Non sollicité"

    class Source(models.TextChoices):
        OFFICE = "office", "saisie"
        RECIPIENT = "recipient", "destinataire"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="consents")
    channel = models.CharField("canal", max_length=8, choices=Channel)
    email = models.EmailField("adresse", blank=True)
    state = models.CharField("état", max_length=8, choices=State)
    source = models.CharField("source", max_length=9, choices=Source)
    at = models.DateTimeField("le", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, null=True, related_name="+"
    )

    added_only = True

    class Meta:
        verbose_name = "consentement"
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["client", "channel", "email", "-id"], name="consent_current")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.state}"
