"""Addresses of the questions complémentaires, under /parametres/questions/."""

from django.urls import path

from clients.views import questions

urlpatterns = [
    path("", questions.list_, name="questions"),
    path("ajouter/", questions.create, name="question_create"),
    path("ordre/", questions.order, name="question_order"),
    path("<int:question>/modifier/", questions.edit, name="question_edit"),
    path("<int:question>/supprimer/", questions.delete, name="question_delete"),
]
