"""What the frame around every page shows: menus, the person, the store, the theme."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from extrabat.lib import rooms
from extrabat.search import offered
from settings_app.preferences.registry import theme
from settings_app.users.models import User


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Pages of an anonymous visitor get a bare frame; values are read when a template asks."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"shell_base": "bare.html", "shell": {"theme": "auto", "store_name": "Extrabat"}}
    return {"shell_base": "base.html", "shell": Shell(user)}


class Shell:
    """Read once per page by base.html; nothing is queried for a fragment, which does not ask."""

    def __init__(self, user: User) -> None:
        self.user = user

    @property
    def theme(self) -> str:
        return theme.of(self.user)

    @property
    def store_name(self) -> str:
        return self.user.store.name if self.user.store else "Extrabat"

    @property
    def user_name(self) -> str:
        return str(self.user)

    @property
    def initials(self) -> str:
        return self.user.initials

    @property
    def role(self) -> str:
        return self.user.role

    @property
    def can_admin(self) -> bool:
        return self.user.is_staff

    @property
    def create_items(self) -> list[dict[str, str]]:
        return self._items("create")

    @property
    def module_items(self) -> list[dict[str, str]]:
        return self._items("module")

    @property
    def search_scopes(self) -> list[rooms.SearchProvider]:
        return offered(self.user)

    def _items(self, column: str) -> list[dict[str, str]]:
        return [
            {"label": item.label, "url": reverse(item.url_name) + item.query, "icon": item.icon, "key": item.key}
            for item in rooms.menu
            if item.column == column and (not item.right or self.user.has_perm(item.right))
        ]
