"""The public services of addresses and companies: what they give, and that the form goes on without them."""

import logging
import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from pytest_django import Settings

from extrabat.devtools.places import Mood, PlacesServer, places_server
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ADDRESSES, COMPANIES = "/clients/lieux/adresses/", "/clients/lieux/entreprises/"
SILENT = {
    "ok": False,
    "reason": "Le service des adresses ne répond pas. Vous pouvez saisir l’adresse à la main.",
}
ROUTE = {
    "label": "210 Route de Grambois 84240 La Tour-d'Aigues",
    "number": "210",
    "street": "Route de Grambois",
    "complement": "",
    "postcode": "84240",
    "city": "La Tour-d’Aigues",
    "city_code": "84133",
    "latitude": 43.730457,
    "longitude": 5.557123,
}


@pytest.fixture(scope="module")
def one_server() -> Iterator[PlacesServer]:
    with places_server() as server:
        yield server


@pytest.fixture
def server(one_server: PlacesServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> PlacesServer:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings.GEOCODER_URL, settings.COMPANIES_URL = one_server.geocoder_url, one_server.url
    one_server.mood, one_server.payload = "well", None
    one_server.asked.clear()
    return one_server


@pytest.fixture
def office(client: Browser) -> Browser:
    client.force_login(make_user())
    return client


@pytest.mark.req("ADR-06", "ADR-07")
def test_a_street_proposes_whole_addresses(server: PlacesServer, office: Browser) -> None:
    answer = office.get(ADDRESSES, {"q": "210 route de gram", "cp": "84240"}).json()
    assert answer == {"ok": True, "addresses": [ROUTE]}
    assert server.asked == ["/geocodage/search?q=210+route+de+gram&limit=5&autocomplete=1&postcode=84240"]
    assert server.seen["User-Agent"].startswith("Extrabat/")


def test_an_arrondissement_keeps_its_code_and_its_city_s_name(server: PlacesServer, office: Browser) -> None:
    [paris] = office.get(ADDRESSES, {"q": "8 rue de la paix"}).json()["addresses"]
    assert (paris["city"], paris["city_code"], paris["postcode"]) == ("Paris", "75102", "75002")


def test_too_little_is_not_asked(server: PlacesServer, office: Browser) -> None:
    for typed in ("", "rue ", "r.ue", "\x00\x00\x00\x00\x00\x00"):
        assert office.get(ADDRESSES, {"q": typed}).json() == {"ok": True, "addresses": []}
    assert server.asked == []


def test_the_same_question_is_asked_once_however_it_is_written(server: PlacesServer, office: Browser) -> None:
    first = office.get(ADDRESSES, {"q": "route de grambois"}).json()
    assert len(first["addresses"]) == 2
    assert office.get(ADDRESSES, {"q": "  ROUTE  de Grambois "}).json() == first
    assert len(server.asked) == 1
    office.get(ADDRESSES, {"q": "route de grambois", "cp": "84240"})
    assert len(server.asked) == 2


@pytest.mark.parametrize("mood", ["slow", "drip", "broken", "busy", "garbage", "shape", "huge", "elsewhere"])
def test_without_the_service_the_form_goes_on(server: PlacesServer, office: Browser, mood: Mood) -> None:
    server.mood = mood
    started = time.monotonic()
    response = office.get(ADDRESSES, {"q": "route de grambois"})
    # The slow ones take five seconds, ours is two; the rest is for a machine that runs other tests.
    assert time.monotonic() - started < 4
    assert (response.status_code, response.json()) == (200, SILENT)
    # Asked again it is not even tried, until the pause is over.
    server.mood = "well"
    assert office.get(ADDRESSES, {"q": "route de grambois"}).json() == SILENT
    assert len(server.asked) == 1
    cache.clear()
    assert office.get(ADDRESSES, {"q": "route de grambois"}).json()["ok"]


def test_a_service_that_is_down_is_left_alone_whatever_is_asked(server: PlacesServer, office: Browser) -> None:
    server.mood = "broken"
    office.get(ADDRESSES, {"q": "route de grambois"})
    server.mood = "well"
    assert office.get(ADDRESSES, {"q": "rue de la paix"}).json() == SILENT
    assert len(server.asked) == 1
    # The other service has its own pause.
    assert office.get(COMPANIES, {"q": "404833048"}).json()["ok"]


def test_one_odd_answer_does_not_stop_the_others(server: PlacesServer, office: Browser) -> None:
    server.mood = "shape"
    assert office.get(ADDRESSES, {"q": "route de grambois"}).json() == SILENT
    server.mood = "well"
    assert office.get(ADDRESSES, {"q": "rue de la paix"}).json()["ok"]


def test_a_closed_port_is_a_service_that_does_not_answer(
    server: PlacesServer, office: Browser, settings: Settings
) -> None:
    for url in ("http://127.0.0.1:9", "http://[::bad", "nothing"):
        cache.clear()
        office.force_login(make_user())
        settings.GEOCODER_URL = url
        assert office.get(ADDRESSES, {"q": "route de grambois"}).json() == SILENT


def test_an_empty_setting_switches_it_off(server: PlacesServer, office: Browser, settings: Settings) -> None:
    settings.GEOCODER_URL = settings.COMPANIES_URL = ""
    assert office.get(ADDRESSES, {"q": "route de grambois"}).json() == {"ok": False, "reason": ""}
    off = office.get(COMPANIES, {"q": "404833048"}).json()
    assert off == {"ok": False, "reason": "La recherche d’entreprises n’est pas activée."}
    assert server.asked == []


ODD = [
    {"features": [None, 3, "x", [], {}, {"properties": None}, {"properties": {"label": 3}}]},
    {"features": [{"properties": {"label": "x" * 5000, "city": ["a"], "postcode": {"a": 1}}, "geometry": 4}]},
]


@pytest.mark.parametrize("payload", ODD)
def test_odd_items_are_left_out(server: PlacesServer, office: Browser, payload: object) -> None:
    server.payload = payload
    assert office.get(ADDRESSES, {"q": "route de grambois"}).json() == {"ok": True, "addresses": []}


def test_odd_values_are_emptied_and_long_ones_cut(server: PlacesServer, office: Browser) -> None:
    values = {
        "label": "a\u202e\x00b\ud800",
        "city": "c" * 500,
        "postcode": "8424O",
        "citycode": "<b>",
        "housenumber": "9" * 50,
        "street": "s" * 900,
    }
    server.payload = {"features": [{"properties": values, "geometry": {"coordinates": [1e400, "43"]}}]}
    [got] = office.get(ADDRESSES, {"q": "route de grambois"}).json()["addresses"]
    assert (got["label"], got["postcode"], got["city_code"]) == ("a b", "", "")
    assert (len(got["city"]), len(got["number"]), len(got["street"])) == (120, 10, 200)
    assert (got["latitude"], got["longitude"]) == (None, None)


@pytest.mark.req("CLI-16", "CLI-17")
def test_a_siren_gives_the_company_and_its_seat(server: PlacesServer, office: Browser) -> None:
    [found] = office.get(COMPANIES, {"q": "404 833 048"}).json()["companies"]
    assert found == {
        "siren": "404833048",
        "siret": "40483304800022",
        "name": "PISCINES DU LUBERON",
        "vat_number": "FR83404833048",
        "number": "12 B",
        "street": "CHEMIN DES LAVANDES",
        "complement": "ZA LE REVOL",
        "postcode": "84240",
        "city": "La Tour-d’Aigues",
        "city_code": "84133",
        "latitude": 43.7281,
        "longitude": 5.5502,
        "is_closed": False,
    }


def test_a_siret_gives_that_establishment(server: PlacesServer, office: Browser) -> None:
    [found] = office.get(COMPANIES, {"q": "40483304800014"}).json()["companies"]
    assert (found["siret"], found["number"], found["street"]) == ("40483304800014", "3", "RUE NEUVE")
    assert (found["city"], found["city_code"], found["is_closed"]) == ("Pertuis", "84089", True)


def test_what_a_company_hides_stays_hidden(server: PlacesServer, office: Browser) -> None:
    [found] = office.get(COMPANIES, {"q": "552081317"}).json()["companies"]
    assert (found["name"], found["street"], found["city"], found["is_closed"]) == ("JEANNE MARTIN", "", "Paris", True)


def test_an_unknown_company_and_a_wrong_number(server: PlacesServer, office: Browser) -> None:
    assert office.get(COMPANIES, {"q": "356000000"}).json() == {"ok": True, "companies": []}
    wrong = office.get(COMPANIES, {"q": "404833049"}).json()
    assert not wrong["ok"]
    assert "SIREN" in wrong["reason"]
    assert len(server.asked) == 1


def test_nothing_typed_is_in_the_logs(server: PlacesServer, office: Browser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    office.get(ADDRESSES, {"q": "route de grambois"})
    server.mood = "broken"
    office.get(ADDRESSES, {"q": "chemin du secret"})
    told = [record.getMessage() + str(record.__dict__) for record in caplog.records if record.name != "django.request"]
    assert any("a service of places failed" in line for line in told)
    assert not any("grambois" in line or "secret" in line for line in told)


@pytest.mark.parametrize("path", [ADDRESSES, COMPANIES])
def test_who_may_ask(client: Browser, server: PlacesServer, path: str) -> None:
    assert client.get(path, {"q": "route de grambois"}).status_code == 302
    client.force_login(make_user("Technicien"))
    assert client.get(path, {"q": "route de grambois"}).status_code == 403
    client.force_login(make_user())
    assert client.post(path, {"q": "route de grambois"}).status_code == 405
    assert server.asked == []
