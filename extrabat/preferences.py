"""What each person composes of what the rooms offer: the search's selector and the home page (PRF-11)."""

from collections.abc import Sequence

from extrabat.lib.rooms import open_to, search_providers, tiles
from settings_app.preferences.registry import MultiChoicePreference, preferences
from settings_app.users.models import User


def _entries(user: User) -> Sequence[tuple[str, str]]:
    return [(provider.key, provider.heading) for provider in open_to(user, search_providers)]


def _tiles(user: User) -> Sequence[tuple[str, str]]:
    return [(tile.name, tile.label or tile.name) for tile in open_to(user, tiles)]


search_entries = MultiChoicePreference(
    name="search-entries",
    section="Recherche",
    label="Entrées du sélecteur de recherche",
    choices=_entries,
    hint="À gauche du champ de recherche, après «\u00a0Tout\u00a0», qui reste toujours et trouve aussi le reste.",
    shown_at="settings_app:preferences",
    on_page=False,
)
home_tiles = MultiChoicePreference(
    name="home-tiles",
    section="Tableau de bord",
    label="Blocs du tableau de bord",
    choices=_tiles,
    hint="Sur la page d’accueil, dans cet ordre.",
    shown_at="home",
    on_page=False,
)


def register() -> None:
    for preference in (search_entries, home_tiles):
        preferences.add(preference)
