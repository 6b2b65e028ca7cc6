"""The room's configuration; what it offers to the house is registered in `ready()`."""

from django.apps import AppConfig


class SavConfig(AppConfig):
    name = "sav"
    verbose_name = "SAV"
