"""Ouvrages: what was built at a client's, and the equipment in it; SAV, services and planning turn around them."""

from django.db import models
from django.db.models import F, Q

from clients.models.addresses import Address
from clients.models.clients import Client
from extrabat.lib.database import Versioned


class Installation(Versioned):
    """A pool, a stove, a heat pump. `address` is where it stands, when the client has several."""

    client = models.ForeignKey(Client, verbose_name="client", on_delete=models.PROTECT, related_name="installations")
    name = models.CharField("nom de l’ouvrage", max_length=120)
    address = models.ForeignKey(
        Address, verbose_name="adresse", on_delete=models.SET_NULL, null=True, blank=True, related_name="installations"
    )
    notes = models.TextField("précisions", max_length=5000, blank=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    class Meta:
        verbose_name = "ouvrage"
        ordering = ["name", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Equipment(Versioned):
    """One piece: pump, cell, burner. `serial` is kept as it is read on the plate."""

    installation = models.ForeignKey(
        Installation, verbose_name="ouvrage", on_delete=models.PROTECT, related_name="equipment"
    )
    label = models.CharField("équipement", max_length=120)
    brand = models.CharField("marque", max_length=80, blank=True)
    model = models.CharField("modèle", max_length=80, blank=True)
    serial = models.CharField("numéro de série", max_length=80, blank=True)
    commissioned_on = models.DateField("mise en service", null=True, blank=True)
    warranty_end_on = models.DateField("fin de garantie", null=True, blank=True)
    notes = models.TextField("précisions", max_length=5000, blank=True)

    class Meta:
        verbose_name = "équipement"
        ordering = ["label", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="equipment_warranty_after_commissioning",
                condition=Q(commissioned_on=None)
                | Q(warranty_end_on=None)
                | Q(warranty_end_on__gte=F("commissioned_on")),
                violation_error_message="La garantie ne finit pas avant la mise en service.",
            )
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.label, self.brand, self.model) if part)
