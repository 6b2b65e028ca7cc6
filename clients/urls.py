"""Addresses of the room."""

from django.urls import path

from clients.views import bulk, clients, exports, form, lists, places, saved_filters, trash, urssaf
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
    path("corbeille/", trash.list_, name="trash"),
    path("lieux/communes/", places.communes, name="communes"),
    path("lieux/adresses/", places.addresses, name="addresses"),
    path("lieux/entreprises/", places.companies, name="companies"),
    path("apporteurs/", referrers, name="referrers"),
    path("nouveau/", form.create, name="create"),
    path("<int:pk>/", clients.home, name="home"),
    path("<int:pk>/restaurer/", trash.restore, name="restore"),
    path("<int:pk>/modifier/", form.edit, name="edit"),
    path("<int:pk>/consentements/", consents, name="consents"),
    path("<int:pk>/urssaf/", urssaf.check, name="urssaf"),
]
