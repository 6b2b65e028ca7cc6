"""Preferences: one row per user and choice that differs from the default."""

from django.conf import settings
from django.db import models


class Preference(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    name = models.CharField(max_length=60)
    value = models.JSONField()

    class Meta:
        verbose_name = "préférence"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="preference_once")]

    def __str__(self) -> str:
        return self.name
