"""Stores: where people work from; documents and messages speak in a store's name."""

from django.db import models

from extrabat.lib.database import Versioned


class Store(Versioned):
    """A shop or agency of the company (magasin)."""

    name = models.CharField("nom du magasin", max_length=120)
    phone = models.CharField("téléphone", max_length=16, blank=True)
    email = models.EmailField("e-mail", blank=True)
    website = models.URLField("site internet", blank=True)
    street = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=10, blank=True)
    city = models.CharField("commune", max_length=120, blank=True)

    class Meta:
        verbose_name = "magasin"
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
