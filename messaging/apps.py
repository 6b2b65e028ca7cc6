"""The room's configuration; what it offers to the house is registered in `ready()`."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "Messages"
