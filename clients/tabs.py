"""What other rooms add to a client's page: tabs with their counts, panels that load by themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest

from clients.models import Client
from extrabat.lib.registry import Registry
from settings_app.users.models import User


@dataclass(frozen=True)
class ClientTab:
    """`url_name` takes the client's key; `count` gives what this person may see of it, None counts nothing."""

    label: str
    url_name: str
    order: int
    count: Callable[[Client, User], int] | None = None
    right: str = ""


@dataclass(frozen=True)
class ClientPanel:
    """A block of the client's first tab, fetched once the page is there."""

    name: str
    template: str
    context: Callable[[HttpRequest, Client], dict[str, Any]]
    column: Literal["main", "side"] = "main"
    order: int = 0
    right: str = ""


client_tabs: Registry[ClientTab] = Registry(key=lambda tab: tab.url_name, sort=lambda tab: tab.order)
client_panels: Registry[ClientPanel] = Registry(key=lambda panel: panel.name, sort=lambda panel: panel.order)
