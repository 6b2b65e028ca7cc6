"""Addresses of the room."""

from django.urls import include, path

from settings_app.company import views as company
from settings_app.preferences import views as preferences
from settings_app.users import roles
from settings_app.users.security import reset

app_name = "settings_app"
urlpatterns = [
    path("parametres/", company.index, name="index"),
    path("parametres/magasin/", company.edit_store, name="store"),
    path("parametres/roles/", roles.table, name="roles"),
    path("parametres/utilisateurs/<int:person>/facteurs/", reset, name="reset_factors"),
    path("parametres/", include("settings_app.reference.urls")),
    path("preferences/", preferences.edit, name="preferences"),
    path("preferences/theme/", preferences.choose_theme, name="theme"),
]
