"""Addresses of the room."""

from django.urls import path

from clients.views import clients

app_name = "clients"
urlpatterns = [
    path("", clients.list_, name="list"),
    path("nombre/", clients.count, name="count"),
    path("export/", clients.export, name="export"),
    path("nouveau/", clients.create, name="create"),
    path("<int:pk>/", clients.home, name="home"),
    path("<int:pk>/modifier/", clients.edit, name="edit"),
]
