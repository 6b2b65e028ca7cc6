"""Addresses: where a client lives, has his site, gets his invoices."""

from django.db import models

from clients.models.clients import Client
from extrabat.lib.database import Versioned


class Address(Versioned):
    """`street` is one line, number included when it was typed in the short form (ADR-10)."""

    client = models.ForeignKey(Client, verbose_name="client", on_delete=models.CASCADE, related_name="addresses")
    street = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=10, blank=True)
    city = models.CharField("commune", max_length=120, blank=True)
    country = models.CharField("pays", max_length=2, default="FR")
    directions = models.CharField("indications", max_length=500, blank=True)

    class Meta:
        verbose_name = "adresse"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="address_says_something",
                condition=~models.Q(street="", postcode="", city="", directions=""),
                violation_error_message="Cette adresse est vide.",
            )
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.street, self.town) if part)

    @property
    def town(self) -> str:
        return f"{self.postcode} {self.city}".strip()
