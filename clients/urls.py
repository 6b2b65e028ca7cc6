"""Addresses of the room."""

from django.urls import include, path

from clients.views import clients, form, home, installations, places, urssaf
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
    path("doublons/", form.duplicates, name="duplicates"),
    path("nouveau/", form.create, name="create"),
    path("<int:pk>/", home.home, name="home"),
    path("<int:pk>/historique/", home.history, name="history"),
    path("<int:pk>/panneau/<slug:name>/", home.panel, name="panel"),
    path("<int:pk>/statut/", home.status, name="status"),
    path("<int:pk>/notes/", home.note, name="note"),
    path("<int:pk>/actions/", home.follow_up, name="follow_up"),
    path("<int:pk>/actions/<int:key>/", home.follow_up_done, name="follow_up_done"),
    path("<int:pk>/ouvrages/", installations.list_, name="installations"),
    path("<int:pk>/ouvrages/ajouter/", installations.add, name="installation_add"),
    path("<int:pk>/ouvrages/<int:key>/", installations.edit, name="installation"),
    path("<int:pk>/ouvrages/<int:key>/supprimer/", installations.remove, name="installation_remove"),
    path("<int:pk>/ouvrages/<int:key>/equipements/ajouter/", installations.add_equipment, name="equipment_add"),
    path("<int:pk>/ouvrages/<int:key>/equipements/<int:piece>/", installations.edit_equipment, name="equipment"),
    path(
        "<int:pk>/ouvrages/<int:key>/equipements/<int:piece>/retirer/",
        installations.remove_equipment,
        name="equipment_remove",
    ),
    path("<int:pk>/modifier/", form.edit, name="edit"),
    path("<int:pk>/consentements/", consents, name="consents"),
    path("<int:pk>/documents/", include("clients.files_urls")),
    path("<int:pk>/urssaf/", urssaf.check, name="urssaf"),
]
