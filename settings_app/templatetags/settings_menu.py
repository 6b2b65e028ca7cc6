"""The left menu of Paramètres."""

from itertools import groupby
from typing import Final

from django import template

from extrabat.lib.rooms import SettingsPage, settings_pages
from settings_app.users.models import User

register = template.Library()
# In the order of the work; a section that is not named here comes last.
SECTIONS: Final = (
    *("Magasin", "Clients", "Articles", "Gestion commerciale", "SAV", "Services", "Planning", "Messages", "Outils"),
)


@register.simple_tag
def settings_menu(user: User) -> list[tuple[str, list[SettingsPage]]]:
    """Sections with the pages that the user may open, as the rooms registered them."""
    places = {section: place for place, section in enumerate(SECTIONS)}
    allowed = [page for page in settings_pages if user.has_perm(page.right)]
    # Sorting is stable: inside a section the pages keep the order that they ask for.
    allowed.sort(key=lambda page: (places.get(page.section, len(SECTIONS)), page.section))
    return [(section, list(pages)) for section, pages in groupby(allowed, key=lambda page: page.section)]
