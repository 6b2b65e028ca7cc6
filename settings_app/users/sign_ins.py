"""Who came in, how, and who went out. The audit trail tells it in the user's own lines."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

# What opened the door, as the sentence says it; a passkey is "webauthn" in what allauth tells.
MEANS: Final = {
    "password": "son mot de passe",
    "totp": "un code de son application",
    "recovery_codes": "un code de secours",
    "webauthn": "sa clé d’accès",
}


class SignInEvent(models.Model):
    """`method` is what opened the door, in the order it was asked: "password totp", "passkey"."""

    class Event(models.TextChoices):
        IN = "in", "connexion"
        OUT = "out", "déconnexion"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    event = models.CharField("événement", max_length=3, choices=Event.choices)
    method = models.CharField("moyen", max_length=60, blank=True)
    at = models.DateTimeField("le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "passage de porte"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.event}"


def is_sign_in(values: Mapping[str, Any]) -> bool:
    """Are these the values of such a row, in a user's trail?"""
    return {"event", "method"} <= set(values)


def sentence(values: Mapping[str, Any]) -> str:
    """« s’est connecté avec son mot de passe et un code de son application »."""
    if values["event"] == SignInEvent.Event.OUT:
        return "s’est déconnecté"
    means = [MEANS[word] for word in values["method"].split() if word in MEANS]
    return f"s’est connecté avec {' et '.join(means)}" if means else "s’est connecté"
