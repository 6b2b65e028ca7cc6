"""Addresses of the reference tables, under /parametres/."""

from django.urls import path

from settings_app.reference import views

urlpatterns = [
    path("listes/<slug:table>/", views.list_, name="reference"),
    path("listes/<slug:table>/ajouter/", views.create, name="reference_create"),
    path("listes/<slug:table>/ordre/", views.order, name="reference_order"),
    path("listes/<slug:table>/<int:value>/modifier/", views.edit, name="reference_edit"),
    path("listes/<slug:table>/<int:value>/fusionner/", views.merge_, name="reference_merge"),
    path("listes/<slug:table>/<int:value>/supprimer/", views.delete, name="reference_delete"),
]
