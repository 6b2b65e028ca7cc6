"""The room's configuration; what it offers to the house is registered in `ready()`."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "planning"
    verbose_name = "Planning"
