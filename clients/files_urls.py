"""Addresses of a client's porte-doc, under /clients/<pk>/documents/."""

from django.urls import path

from clients.views import file_changes, file_serving, files

urlpatterns = [
    path("", files.documents, name="files"),
    path("selection/", file_changes.selection, name="files_selection"),
    path("dossiers/", file_changes.new_folder, name="folder_create"),
    path("dossiers/<int:folder>/", file_changes.folder, name="folder"),
    path("<int:file>/", file_serving.download, name="file"),
    path("<int:file>/apercu/", file_serving.preview, name="file_preview"),
    path("<int:file>/vignette/", file_serving.thumbnail, name="file_thumbnail"),
    path("<int:file>/modifier/", file_changes.edit, name="file_edit"),
]
