"""Addresses of the room."""

from django.urls import include, path

from clients.views import bulk, exports, form, home, installations, lists, merges, places, saved_filters, trash, urssaf
from clients.views.consents import consents
from clients.views.referrers import referrers

app_name = "clients"
urlpatterns = [
    path("", lists.list_, name="list"),
    path("nombre/", lists.count, name="count"),
    path("export/", exports.direct, name="export"),
    path("colonnes/", lists.columns, name="columns"),
    path("filtres/", saved_filters.list_, name="saved_filters"),
    path("filtres/<int:saved>/", saved_filters.change, name="saved_filter"),
    path("lot/", bulk.confirm, name="bulk"),
    path("lot/appliquer/", bulk.apply, name="bulk_apply"),
    path("lots/", bulk.list_, name="bulk_changes"),
    path("lots/<int:change>/", bulk.home, name="bulk_change"),
    path("lots/<int:change>/annuler/", bulk.undo, name="bulk_undo"),
    path("exports/", exports.list_, name="exports"),
    path("exports/<int:job>/", exports.home, name="export_job"),
    path("exports/<int:job>/fichier/", exports.download, name="export_file"),
    path("fusions/<int:merge>/", merges.home, name="merge_home"),
    path("fusions/<int:merge>/annuler/", merges.undo, name="merge_undo"),
    path("corbeille/", trash.list_, name="trash"),
    path("lieux/communes/", places.communes, name="communes"),
    path("lieux/adresses/", places.addresses, name="addresses"),
    path("lieux/entreprises/", places.companies, name="companies"),
    path("apporteurs/", referrers, name="referrers"),
    path("doublons/", form.duplicates, name="duplicates"),
    path("nouveau/", form.create, name="create"),
    path("<int:pk>/", home.home, name="home"),
    path("<int:pk>/historique/", home.history, name="history"),
    path("<int:pk>/apercu/", home.preview, name="preview"),
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
    path("<int:pk>/fusionner/", merges.merge, name="merge"),
    path("<int:pk>/restaurer/", trash.restore, name="restore"),
    path("<int:pk>/modifier/", form.edit, name="edit"),
    path("<int:pk>/consentements/", consents, name="consents"),
    path("<int:pk>/documents/", include("clients.files_urls")),
    path("<int:pk>/urssaf/", urssaf.check, name="urssaf"),
]
