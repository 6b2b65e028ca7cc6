"""What a person composes: the entries of the search's selector, the tiles of the home page (SEA-05, PRF-11)."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.test import Client as Browser

from clients.actions.files import tag_of
from extrabat.lib.rooms import Tile, search_providers, tiles
from settings_app.models import Preference, Status, User
from settings_app.users.rights import SALES
from tests.extrabat.test_search import Documents, headings, panel
from tests.factories import make_client, make_file, make_user

pytestmark = pytest.mark.django_db
ENTRIES, TILES = "/preferences/listes/search-entries/", "/preferences/listes/home-tiles/"


@pytest.fixture
def rooms() -> Iterator[dict[str, Documents]]:
    planted = {
        "pieces": Documents("pieces", "Pièces", order=10),
        "caisse": Documents("caisse", "Caisse", right="settings_app.change_settings", order=40),
    }
    # The house's own documents stand aside.
    real = search_providers.get("pieces")
    if real:
        search_providers.remove("pieces")
    for room in planted.values():
        search_providers.add(room.provider)
    yield planted
    for key in planted:
        search_providers.remove(key)
    if real:
        search_providers.add(real)


@pytest.fixture
def more_tiles() -> Iterator[None]:
    def empty(request: HttpRequest) -> dict[str, object]:
        return {"rows": []}

    template = "clients/tile_recent.html"
    tiles.add(Tile("team", template, empty, order=20, label="L’équipe"))
    tiles.add(Tile("cash", template, empty, order=30, label="Caisse", right="settings_app.change_settings"))
    yield
    tiles.remove("team")
    tiles.remove("cash")


@pytest.fixture
def claire() -> User:
    return make_user()


@pytest.fixture
def office(client: Browser, claire: User) -> Browser:
    client.force_login(claire)
    return client


def selector(browser: Browser, path: str = "/") -> list[str]:
    page = browser.get(path).content.decode()
    return re.findall(r">([^<]+)</option>", page.split('name="dans"')[1].split("</select>")[0])


EVERY = ("Clients", "Pièces", "Articles", "Nomenclatures", "Fichiers par tag")


def offered(browser: Browser, path: str) -> list[tuple[str, bool]]:
    """Labels of the lines, and which are ticked."""
    page = browser.get(path).content.decode()
    boxes = re.findall(r'name="choix" value="[^"]*"\s*(checked)?> <span class="form-check-label">([^<]+)<', page)
    return [(label, bool(checked)) for checked, label in boxes]


def blocks(browser: Browser) -> list[str]:
    return re.findall(r'aria-labelledby="tile-([^"]+)"', browser.get("/").content.decode())


@pytest.mark.req("PRF-11")
def test_the_selector_shows_what_one_chose_in_one_s_order(
    office: Browser, claire: User, rooms: dict[str, Documents], client: Browser
) -> None:
    assert selector(office) == ["Tout", *EVERY]
    assert ENTRIES in office.get("/preferences/").content.decode()
    assert offered(office, ENTRIES) == [(label, True) for label in EVERY]
    answer = office.post(ENTRIES, {"choix": ["files", "clients", "nonsense", "files", "caisse"]})
    assert answer["Location"] == "/preferences/"
    assert selector(office) == ["Tout", "Fichiers par tag", "Clients"]
    assert offered(office, ENTRIES) == [
        *(("Fichiers par tag", True), ("Clients", True)),
        *(("Pièces", False), ("Articles", False), ("Nomenclatures", False)),
    ]
    # « Tout » still finds what the selector does not show.
    make_client(last_name="Fabre")
    assert headings(panel(office, "fabre")) == ["Clients", "Pièces"]
    # An address that names a hidden entry is obeyed, and says so in the selector as long as it is in force.
    assert selector(office, "/recherche/?q=fabre&dans=pieces") == ["Tout", "Fichiers par tag", "Clients", "Pièces"]
    assert selector(office) == ["Tout", "Fichiers par tag", "Clients"]
    office.post(ENTRIES, {"choix": []})
    assert selector(office) == ["Tout"]
    office.post(ENTRIES, {"reset": "1"})
    assert selector(office) == ["Tout", *EVERY]
    assert not Preference.objects.filter(user=claire).exists()
    office.post(ENTRIES, {"choix": ["clients"]})
    client.force_login(make_user())
    assert selector(client) == ["Tout", *EVERY]


def test_other_preferences_are_saved_without_touching_the_lists(office: Browser) -> None:
    office.post(ENTRIES, {"choix": ["clients"]})
    values = {n: v for n, v in office.get("/preferences/").context["form"].initial.items() if v is not None}
    assert office.post("/preferences/", values | {"theme": "dark"}).status_code == 302
    assert selector(office) == ["Tout", "Clients"]


def test_an_entry_that_one_has_no_right_to_is_not_to_be_chosen(
    office: Browser, rooms: dict[str, Documents], client: Browser
) -> None:
    assert "Caisse" not in office.get(ENTRIES).content.decode()
    client.force_login(make_user("Administrateur"))
    assert ("Caisse", True) in offered(client, ENTRIES)


@pytest.mark.req("PRF-11")
def test_the_home_page_shows_the_tiles_that_one_chose_in_one_s_order(office: Browser, more_tiles: None) -> None:
    assert blocks(office) == ["recent-clients", "team"]
    assert TILES in office.get("/").content.decode()
    assert offered(office, TILES) == [("Derniers clients modifiés", True), ("L’équipe", True)]
    # An arrow without script moves the line and shows the page again.
    sent = {"choix": ["recent-clients", "team"]}
    assert office.post(TILES, sent | {"up": "team"})["Location"] == TILES
    assert blocks(office) == ["team", "recent-clients"]
    assert office.post(TILES, {"choix": ["team"]})["Location"] == "/"
    assert blocks(office) == ["team"]
    office.post(TILES, {"choix": ["cash"]})
    assert blocks(office) == []
    assert "Votre tableau de bord est vide." in office.get("/").content.decode()
    office.post(TILES, {"reset": "1"})
    assert blocks(office) == ["recent-clients", "team"]


def test_every_tile_has_a_name_for_people() -> None:
    assert [tile.name for tile in tiles if not tile.label] == []


@pytest.mark.parametrize("name", ["aucune", "client-columns", "theme"])
def test_a_list_that_is_composed_elsewhere_has_no_page_here(office: Browser, name: str) -> None:
    assert office.get(f"/preferences/listes/{name}/").status_code == 404


# ---- files by tag -----------------------------------------------------------------------------------------------


def test_files_are_found_by_their_tags(office: Browser) -> None:
    fabre = make_client(last_name="Fabre")
    before, garden = tag_of("Avant travaux"), tag_of("Jardin d’Éloïse")
    both, one, none = (make_file(fabre, name=name) for name in ("un.png", "deux.png", "trois.png"))
    both.tags.set([before, garden])
    one.tags.set([garden])
    page = panel(office, "eloise", dans="files")
    assert headings(page) == ["Fichiers par tag"]
    assert re.findall(r"<b>([^<]+)</b>", page) == ["deux.png", "un.png"]
    assert "Jardin d’<mark>Éloïse</mark>" in page
    assert f'href="/clients/{fabre.pk}/documents/?etiquette={garden.pk}"' in page
    assert none.name not in page
    # Words in any order, starts of words; a file with two of the tags is one file.
    assert "un.png" in panel(office, "trav ava", dans="files")
    both.tags.add(tag_of("Jardin clos"))
    assert panel(office, "jardin", dans="files").count("<b>un.png</b>") == 1
    assert "Rien ne correspond" in panel(office, "zz", dans="files")
    assert headings(panel(office, "eloise")) == ["Fichiers par tag"]


def test_no_file_or_tag_is_told_to_who_may_not_see_it(client: Browser) -> None:
    hidden = make_client(status=Status.objects.create(label="Confidentiel", is_restricted=True))
    trashed = make_client(status=Status.objects.get(is_trash=True))
    shown = make_client()
    tag = tag_of("Notice")
    for place, name in ((hidden, "cache.png"), (trashed, "jete.png"), (shown, "montre.png")):
        make_file(place, name=name).tags.add(tag)
    make_file(shown, name="secret.png", is_restricted=True).tags.add(tag, tag_of("Notice litige"))
    client.force_login(make_user(SALES))
    for page in (panel(client, "notice"), client.get("/documents/", {"q": "notice"}).content.decode()):
        assert "montre.png" in page
        assert [name in page for name in ("cache.png", "jete.png", "secret.png", "litige")] == [False] * 4
    assert "Rien ne correspond" in panel(client, "litige", dans="files")


def test_more_files_than_the_panel_shows_lead_to_the_page(office: Browser) -> None:
    fabre, tag = make_client(), tag_of("Notice")
    for number in range(9):
        make_file(fabre, name=f"{number}.png").tags.add(tag)
    assert 'href="/documents/?q=notic"' in panel(office, "notic", dans="files")
    page = office.get("/documents/", {"q": "notic"}).content.decode()
    assert "9\u00a0fichiers « notic »" in page
    assert "Aucune étiquette ne correspond à «\u00a0zz\u00a0»" in office.get("/documents/?q=zz").content.decode()


@pytest.mark.parametrize(
    ("mode", "found"),
    [
        ("contient", {"ava", "vant", "avant", "avant travaux"}),
        ("commence", {"ava", "avant", "avant travaux"}),
        ("mots", {"avant", "avant travaux"}),
        ("exact", {"avant travaux"}),
    ],
)
def test_the_mode_of_search_counts_for_tags_too(office: Browser, claire: User, mode: str, found: set[str]) -> None:
    Preference.objects.create(user=claire, name="search-mode", value=mode)
    make_file(make_client(), name="un.png").tags.add(tag_of("Avant travaux"))
    typed = ["ava", "vant", "avant", "avant travaux"]
    assert {words for words in typed if "un.png" in panel(office, words, dans="files")} == found
