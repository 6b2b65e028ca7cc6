"""The top room's configuration: what a person composes of all the others."""

from django.apps import AppConfig


class ExtrabatConfig(AppConfig):
    name = "extrabat"

    def ready(self) -> None:
        from extrabat import preferences

        preferences.register()
