"""Who came in, how, and who went out. The audit trail tells it in the user's own lines."""

from django.conf import settings
from django.db import models


class SignInEvent(models.Model):
    """`method` is what opened the door, in the order it was asked: "password totp", "passkey"."""

    class Event(models.TextChoices):
        IN = "in", "connexion"
        OUT = "out", "déconnexion"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    event = models.CharField("événement", max_length=3, choices=Event.choices)
    method = models.CharField("moyen", max_length=60, blank=True)

    class Meta:
        verbose_name = "passage de porte"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.event}"
