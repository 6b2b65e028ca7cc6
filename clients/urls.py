"""Addresses of the room."""

from django.urls import include, path

from clients.views import clients, form, places, urssaf
from clients.views.consents import consents
from clients.views.referrers import referrers

app_name = "clients"
urlpatterns = [
    path("", clients.list_, name="list"),
    path("nombre/", clients.count, name="count"),
    path("export/", clients.export, name="export"),
    path("lieux/communes/", places.communes, name="communes"),
    path("lieux/adresses/", places.addresses, name="addresses"),
    path("lieux/entreprises/", places.companies, name="companies"),
    path("apporteurs/", referrers, name="referrers"),
    path("nouveau/", form.create, name="create"),
    path("<int:pk>/", clients.home, name="home"),
    path("<int:pk>/modifier/", form.edit, name="edit"),
    path("<int:pk>/consentements/", consents, name="consents"),
    path("<int:pk>/documents/", include("clients.files_urls")),
    path("<int:pk>/urssaf/", urssaf.check, name="urssaf"),
]
