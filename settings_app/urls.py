"""Addresses of the room."""

from django.urls import include, path

from settings_app.company import views as company
from settings_app.pictures import views as pictures
from settings_app.preferences import views as preferences
from settings_app.users.people import views as people
from settings_app.users.roles import views as roles
from settings_app.users.security import reset

app_name = "settings_app"
urlpatterns = [
    path("parametres/", company.index, name="index"),
    path("parametres/societe/", company.edit_company, name="company"),
    path("parametres/societe/logo/", company.logo, name="logo"),
    path("parametres/magasin/", company.edit_store, name="store"),
    path("parametres/utilisateurs/", people.list_, name="people"),
    path("parametres/utilisateurs/ajouter/", people.create, name="person_create"),
    path("parametres/utilisateurs/export/", people.export, name="people_export"),
    path("parametres/utilisateurs/<int:person>/", people.edit, name="person"),
    path("parametres/utilisateurs/<int:person>/lien/", people.link, name="person_link"),
    path("parametres/utilisateurs/<int:person>/depart/", people.leave, name="person_leave"),
    path("parametres/utilisateurs/<int:person>/retour/", people.come_back, name="person_back"),
    path("parametres/utilisateurs/<int:person>/deconnecter/", people.disconnect, name="person_disconnect"),
    path("parametres/magasins/", company.stores, name="stores"),
    path("parametres/magasins/ajouter/", company.add_store, name="store_add"),
    path("parametres/magasins/<int:store>/modifier/", company.edit_store, name="store_edit"),
    path("parametres/magasins/<int:store>/desactiver/", company.close, name="store_close"),
    path("parametres/magasins/<int:store>/rouvrir/", company.reopen, name="store_open"),
    path("parametres/roles/", roles.table, name="roles"),
    path("parametres/roles/ajouter/", roles.create, name="role_create"),
    path("parametres/roles/<int:role>/", roles.edit, name="role"),
    path("parametres/roles/<int:role>/supprimer/", roles.delete, name="role_delete"),
    path("parametres/", include("settings_app.journal.urls")),
    path("parametres/utilisateurs/<int:person>/facteurs/", reset, name="reset_factors"),
    path("parametres/", include("settings_app.reference.urls")),
    path("preferences/", preferences.edit, name="preferences"),
    path("preferences/listes/<slug:preference>/", preferences.compose, name="preference_list"),
    path("preferences/connexions/", people.own_sessions, name="own_sessions"),
    path("preferences/images/<slug:kind>/", preferences.own_picture, name="own_picture"),
    path("images/<int:picture>/", pictures.show, name="picture"),
    path("preferences/theme/", preferences.choose_theme, name="theme"),
]
