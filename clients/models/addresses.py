"""Addresses: where a client lives, builds, gets his invoices and his deliveries."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from clients.models.clients import Client
from extrabat.lib.database import Normalise, Versioned
from settings_app.reference.models import AddressType


def _degrees(label: str, limit: int) -> "models.DecimalField[Decimal | None, Decimal | None]":
    within = [MinValueValidator(Decimal(-limit)), MaxValueValidator(Decimal(limit))]
    return models.DecimalField(label, max_digits=9, decimal_places=6, null=True, blank=True, validators=within)


class Address(Versioned):
    """`street` is the way; the short form writes number and way there in one line (ADR-10).

    `city_code` is INSEE's code of the commune (5 characters), `country` ISO 3166-1 alpha-2, `country_code` INSEE's
    code of the country (99xxx). Coordinates are WGS 84 degrees, both or none.
    """

    client = models.ForeignKey(Client, verbose_name="client", on_delete=models.CASCADE, related_name="addresses")
    type = models.ForeignKey(AddressType, verbose_name="type d’adresse", on_delete=models.PROTECT, related_name="+")
    is_default = models.BooleanField("par défaut", default=False)
    number = models.CharField("numéro", max_length=10, blank=True)
    street = models.CharField("adresse", max_length=200, blank=True)
    complement = models.CharField("complément", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=10, blank=True)
    city = models.CharField("commune", max_length=120, blank=True)
    country = models.CharField("pays", max_length=2, default="FR")
    city_code = models.CharField("code commune", max_length=5, blank=True)
    country_code = models.CharField("code pays", max_length=5, blank=True)
    latitude = _degrees("latitude", 90)
    longitude = _degrees("longitude", 180)
    directions = models.TextField("indications", max_length=2000, blank=True)

    class Meta:
        verbose_name = "adresse"
        ordering = ["pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["postcode"], name="address_postcode"),
            models.Index(Normalise("city"), name="address_city_key"),
        ]
        constraints = [
            models.CheckConstraint(
                name="address_says_something",
                condition=~Q(number="", street="", complement="", postcode="", city="", directions=""),
                violation_error_message="Cette adresse est vide.",
            ),
            models.CheckConstraint(
                name="address_both_coordinates_or_none",
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message="Donnez la latitude et la longitude, ou aucune des deux.",
            ),
            models.CheckConstraint(
                name="address_on_earth",
                condition=Q(latitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                violation_error_message="Ces coordonnées ne sont pas sur la Terre.",
            ),
            models.UniqueConstraint(
                fields=["client", "type"],
                condition=Q(is_default=True),
                name="address_one_default_per_type",
                violation_error_message="Une seule adresse par type peut être celle par défaut.",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.way, self.complement, self.town) if part)

    @property
    def way(self) -> str:
        """Number and street, as an envelope has them."""
        return f"{self.number} {self.street}".strip()

    @property
    def town(self) -> str:
        return f"{self.postcode} {self.city}".strip()
