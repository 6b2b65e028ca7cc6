"""Addresses of the journal, under /parametres/."""

from django.urls import path

from settings_app.journal import views

urlpatterns = [
    path("audit/", views.list_, name="audit"),
    path("audit/export/", views.export, name="audit_export"),
    path("audit/<str:kind>/<int:record>/", views.record, name="audit_record"),
    path("audit/<str:kind>/<int:record>/effacer/", views.erase_, name="audit_erase"),
]
