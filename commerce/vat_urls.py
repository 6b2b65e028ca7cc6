"""Addresses of the periods of VAT, under /parametres/tva/."""

from django.urls import path

from commerce.views import vat

urlpatterns = [
    path("", vat.periods, name="periods"),
    path("<int:rate>/", vat.periods, name="change"),
    path("periodes/<int:period>/retirer/", vat.withdraw, name="withdraw"),
]
