"""What the frame around every page shows: menus, the person, the store, the theme."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from extrabat.lib import rooms
from extrabat.search import entries
from settings_app.company.palette import DEFAULT
from settings_app.pictures.models import Picture
from settings_app.preferences.registry import OWN_PICTURE, background, background_picture, bubbles, theme
from settings_app.users.admin_site import may_enter
from settings_app.users.models import User


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Pages of an anonymous visitor get a bare frame; values are read when a template asks."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"shell_base": "bare.html", "shell": {"theme": "auto", "store_name": "Extrabat", "accent": DEFAULT}}
    # The choice belongs to the page of results, not to every page after it.
    is_search = request.resolver_match is not None and request.resolver_match.view_name == "search"
    return {"shell_base": "base.html", "shell": Shell(user, request.GET.get("dans", "") if is_search else "")}


class Shell:
    """Read once per page by base.html; nothing is queried for a fragment, which does not ask."""

    def __init__(self, user: User, scope: str = "") -> None:
        self.user = user
        self.scope = scope

    @property
    def theme(self) -> str:
        return theme.of(self.user)

    @property
    def store_name(self) -> str:
        return self.user.store.name if self.user.store else "Extrabat"

    @property
    def accent(self) -> str:
        """The store's own, else the company's."""
        store = self.user.store
        return (store.accent or store.company.accent) if store else DEFAULT

    @property
    def logo_url(self) -> str:
        key = self.user.store.company.logo_id if self.user.store else None
        return Picture.address(key) if key else ""

    @property
    def background(self) -> str:
        chosen = background.of(self.user)
        return background.default if chosen == OWN_PICTURE and not self.background_url else chosen

    @property
    def background_url(self) -> str:
        key = background_picture.key(self.user) if background.of(self.user) == OWN_PICTURE else None
        return Picture.address(key) if key else ""

    @property
    def bubbles(self) -> str:
        return bubbles.of(self.user)

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
        return may_enter(self.user)

    @property
    def create_items(self) -> list[dict[str, str]]:
        return self._items("create")

    @property
    def module_items(self) -> list[dict[str, str]]:
        return self._items("module")

    @property
    def search_scopes(self) -> list[rooms.SearchProvider]:
        return entries(self.user, self.scope)

    def _items(self, column: str) -> list[dict[str, str]]:
        return [
            {"label": item.label, "url": reverse(item.url_name) + item.query, "icon": item.icon, "key": item.key}
            for item in rooms.open_to(self.user, rooms.menu)
            if item.column == column
        ]
