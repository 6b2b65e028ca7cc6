"""What the house does with the rooms' providers: groups, selector, prefixes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser

from extrabat.lib.rooms import Hit, Hits, SearchProvider, search_providers
from settings_app.models import RecentItem
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


class Documents:
    """A room that does not exist yet: it remembers what it was asked."""

    def __init__(self, key: str, heading: str, **more: Any) -> None:
        self.asked: list[str] = []
        self.provider = SearchProvider(key=key, heading=heading, find=self.find, all_url=self.all_url, **more)

    def find(self, user: Any, typed: str, limit: int) -> Hits:
        self.asked.append(typed)
        label = f"{self.provider.heading} <{typed}>"
        return Hits([Hit(label, "Pompe à chaleur", f"/{self.provider.key}/1/", "file-text")] * 2, ["pompe"])

    def all_url(self, typed: str) -> str:
        return f"/{self.provider.key}/?q={typed}"


@pytest.fixture
def rooms() -> Iterator[dict[str, Documents]]:
    planted = {
        "pieces": Documents("pieces", "Pièces", prefix="**", order=10),
        "articles": Documents("articles", "Articles", prefix="*", order=20),
        "nomenclatures": Documents("nomenclatures", "Nomenclatures", prefix="***", order=30),
        "caisse": Documents("caisse", "Caisse", right="settings_app.change_settings", order=40),
    }
    # The rooms that exist give way to those that remember.
    real = [provider for provider in search_providers if provider.key in planted]
    for provider in real:
        search_providers.remove(provider.key)
    for room in planted.values():
        search_providers.add(room.provider)
    yield planted
    for key in planted:
        search_providers.remove(key)
    for provider in real:
        search_providers.add(provider)


@pytest.fixture
def office(client: Browser) -> Browser:
    client.force_login(make_user())
    return client


def panel(browser: Browser, typed: str, **more: str) -> str:
    return browser.get("/recherche/", {"q": typed, **more}, headers={"HX-Request": "true"}).content.decode()


def headings(page: str) -> list[str]:
    return re.findall(r'class="find-h"><span>([^<]+)<', page)


@pytest.mark.req("SEA-03")
def test_results_are_grouped_by_kind_in_order(office: Browser, rooms: dict[str, Documents]) -> None:
    make_client(last_name="Fabre")
    page = panel(office, "fabre")
    assert headings(page) == ["Clients", "Pièces", "Articles", "Nomenclatures"]
    assert "Pièces &lt;fabre&gt;" in page
    assert "<mark>Pompe</mark> à chaleur" in page


def test_a_kind_that_one_has_no_right_to_is_neither_offered_nor_asked(
    client: Browser, rooms: dict[str, Documents]
) -> None:
    client.force_login(make_user("Bureau"))
    assert "Caisse" not in client.get("/").content.decode()
    panel(client, "fabre")
    panel(client, "fabre", dans="caisse")
    assert rooms["caisse"].asked == []
    client.force_login(make_user("Administrateur"))
    assert '<option value="caisse"' in client.get("/").content.decode()
    assert headings(panel(client, "fabre", dans="caisse")) == ["Caisse"]


def test_the_selector_limits_the_search_and_keeps_its_choice(office: Browser, rooms: dict[str, Documents]) -> None:
    make_client(last_name="Fabre")
    assert headings(panel(office, "fabre", dans="pieces")) == ["Pièces"]
    assert rooms["articles"].asked == []
    page = office.get("/recherche/", {"q": "fabre", "dans": "pieces"}).content.decode()
    selector = page.split('name="dans"')[1].split("</select>")[0]
    assert re.findall(r">([^<]+)</option>", selector) == [
        *("Tout", "Clients", "Pièces", "Articles", "Nomenclatures", "Fichiers par tag"),
    ]
    assert re.findall(r'value="(\w*)" selected', selector) == ["pieces"]
    assert headings(panel(office, "fabre", dans="inconnu"))[0] == "Clients"
    # The choice belongs to the page of results, not to every page after it.
    assert "selected" not in office.get("/").content.decode().split('name="dans"')[1].split("</select>")[0]


@pytest.mark.parametrize(
    ("typed", "kind", "sought"),
    [
        ("**fabre", "Pièces", "fabre"),
        ("** fabre ", "Pièces", " fabre"),
        ("*P-100", "Articles", "P-100"),
        ("*pompe+filtre", "Articles", "pompe+filtre"),
        ("***kit", "Nomenclatures", "kit"),
    ],
)
def test_the_longest_claimed_prefix_wins(
    office: Browser, rooms: dict[str, Documents], typed: str, kind: str, sought: str
) -> None:
    for scope in ("", "clients"):
        assert headings(panel(office, typed, dans=scope)) == [kind]
    asked = {room.provider.heading: room.asked for room in rooms.values() if room.asked}
    assert asked == {kind: [sought, sought]}


def test_a_prefix_that_nobody_claims_is_plain_text(office: Browser, rooms: dict[str, Documents]) -> None:
    wanted = make_client(last_name="Fabre")
    assert f'href="/clients/{wanted.pk}/"' in panel(office, "//fabre")
    assert rooms["pieces"].asked == ["//fabre"]


def test_today_the_prefix_of_sites_is_plain_text(office: Browser) -> None:
    wanted = make_client(last_name="Fabre")
    assert f'href="/clients/{wanted.pk}/"' in panel(office, "//fabre")
    assert f'href="/clients/{wanted.pk}/"' not in panel(office, "*fabre")


def test_no_two_rooms_claim_one_prefix() -> None:
    claimed = [provider.prefix for provider in search_providers if provider.prefix]
    assert len(claimed) == len(set(claimed))


def test_a_prefix_alone_asks_nobody(office: Browser, rooms: dict[str, Documents]) -> None:
    panel(office, "**")
    assert rooms["pieces"].asked == []


def test_recent_items_of_a_room_that_is_gone_are_left_out(office: Browser) -> None:
    wanted = make_client()
    office.get(f"/clients/{wanted.pk}/")
    user = RecentItem.objects.get().user
    RecentItem.objects.create(user=user, kind="disparue", key=1, at=RecentItem.objects.get().at)
    page = panel(office, "")
    assert headings(page) == ["Ouverts récemment"]
    assert len(re.findall('class="hit"', page)) == 1
