"""Actions: what somebody has to do about a client, and by when."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from clients.models.clients import Client
from extrabat.lib.database import Versioned


class FollowUp(Versioned):
    """`alert_on` is the day it begins to call; `shared_with` see it among theirs, `assigned_to` does it."""

    client = models.ForeignKey(Client, verbose_name="client", on_delete=models.PROTECT, related_name="follow_ups")
    text = models.CharField("action", max_length=500)
    alert_on = models.DateField("à faire le", null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="pour", on_delete=models.PROTECT, related_name="+"
    )
    shared_with = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="partagée avec", related_name="+", blank=True
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField("faite le", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="faite par", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "action"
        ordering = ["alert_on", "pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["client", "alert_on"], name="follow_up_open", condition=Q(done_at=None)),
            models.Index(fields=["assigned_to", "alert_on"], name="follow_up_of", condition=Q(done_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="follow_up_done_by_somebody",
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                violation_error_message="Une action faite l’est par quelqu’un.",
            )
        ]

    def __str__(self) -> str:
        return self.text
