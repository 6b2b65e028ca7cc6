"""The left menu of Paramètres."""

from itertools import groupby

from django import template

from extrabat.lib.rooms import SettingsPage, settings_pages
from settings_app.users.models import User

register = template.Library()


@register.simple_tag
def settings_menu(user: User) -> list[tuple[str, list[SettingsPage]]]:
    """Sections with the pages that the user may open, as the rooms registered them."""
    allowed = [page for page in settings_pages if user.has_perm(page.right)]
    return [(section, list(pages)) for section, pages in groupby(allowed, key=lambda page: page.section)]
