"""The room's configuration; what it offers to the house is registered in `ready()`."""

from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "commerce"
    verbose_name = "Gestion commerciale"
