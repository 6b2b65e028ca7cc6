"""Addresses of the room."""

from django.urls import include, path

from settings_app.company import views as company
from settings_app.pictures import views as pictures
from settings_app.preferences import views as preferences
from settings_app.users import roles

app_name = "settings_app"
urlpatterns = [
    path("parametres/", company.index, name="index"),
    path("parametres/societe/", company.edit_company, name="company"),
    path("parametres/societe/logo/", company.logo, name="logo"),
    path("parametres/magasin/", company.edit_store, name="store"),
    path("parametres/magasins/", company.stores, name="stores"),
    path("parametres/magasins/ajouter/", company.add_store, name="store_add"),
    path("parametres/magasins/<int:store>/modifier/", company.edit_store, name="store_edit"),
    path("parametres/magasins/<int:store>/desactiver/", company.close, name="store_close"),
    path("parametres/magasins/<int:store>/rouvrir/", company.reopen, name="store_open"),
    path("parametres/roles/", roles.table, name="roles"),
    path("parametres/", include("settings_app.reference.urls")),
    path("preferences/", preferences.edit, name="preferences"),
    path("preferences/images/<slug:kind>/", preferences.own_picture, name="own_picture"),
    path("images/<int:picture>/", pictures.show, name="picture"),
    path("preferences/theme/", preferences.choose_theme, name="theme"),
]
