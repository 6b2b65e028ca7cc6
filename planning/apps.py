"""The room's configuration; what it offers to the house is registered in `ready()`."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "planning"
    verbose_name = "Planning"

    def ready(self) -> None:
        from extrabat.lib import rooms
        from planning import starting_rows
        from planning.reference_tables import SITE_TASK_TYPES
        from settings_app.reference import catalogue

        catalogue.offer(SITE_TASK_TYPES)
        rooms.starting_rows.add(rooms.Rows("planning", starting_rows.load, order=30))
