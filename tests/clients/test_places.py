"""Communes and countries: what an address proposes and what it is called by INSEE."""

import pytest
from django.test import Client as Browser

from clients.places import communes, countries
from tests.factories import make_user

PATH = "/clients/lieux/communes/"


def test_a_postal_code_serves_several_communes_the_biggest_first() -> None:
    found = [(commune.code, commune.name) for commune in communes.by_postcode("84240")]
    assert found[0] == ("84133", "La Tour-d’Aigues")
    assert ("84002", "Ansouis") in found
    assert len(found) == 9


def test_the_largest_communes_come_first_and_whole() -> None:
    assert [commune.name for commune in communes.largest(4)] == ["Paris", "Marseille", "Lyon", "Toulouse"]
    assert len(communes.largest(50_000)) == len({commune.code for commune in communes.largest(50_000)}) > 34_000


@pytest.mark.parametrize(
    ("postcode", "code", "name", "department"),
    [
        ("75011", "75056", "Paris", "75"),
        ("69003", "69123", "Lyon", "69"),
        ("13008", "13055", "Marseille", "13"),
        ("20000", "2A004", "Ajaccio", "2A"),
        ("97133", "97701", "Saint-Barthélemy", "977"),
    ],
)
def test_postal_codes_of_one_commune(postcode: str, code: str, name: str, department: str) -> None:
    [found] = communes.by_postcode(postcode)
    assert (found.code, found.name, found.department) == (code, name, department)
    assert postcode in found.postcodes


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("84133", "La Tour-d’Aigues"),
        ("2A004", "Ajaccio"),
        ("75056", "Paris"),
        ("75111", "Paris 11e Arrondissement"),
        ("97701", "Saint-Barthélemy"),
    ],
)
def test_insee_s_code_names_one(code: str, name: str) -> None:
    found = communes.by_code(code)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("code", ["", "84", "99999", "84133 ", "Paris", "é"])
def test_other_codes_name_nothing(code: str) -> None:
    assert communes.by_code(code) is None
    assert communes.by_postcode(code) == []


@pytest.mark.parametrize(
    "typed", ["la tour d aig", "La Tour-d’Aig", "LA TOUR D'AIGUES", "tour d’aigues", "  la  tour d'aigues "]
)
def test_a_name_is_found_however_it_is_typed(typed: str) -> None:
    assert [commune.code for commune in communes.starting_with(typed, 20)] == ["84133"]


def test_names_come_by_population_and_no_more_than_asked() -> None:
    assert [commune.name for commune in communes.starting_with("aix", 2)] == ["Aix-en-Provence", "Aix-les-Bains"]
    assert communes.starting_with("paris", 1)[0].code == "75056"
    assert len(communes.starting_with("saint", 20)) == 20
    assert communes.starting_with(" - ", 20) == []


def test_an_address_typed_by_hand_means_one_commune_or_none() -> None:
    found = communes.matching("84240", "la tour d'aigues")
    assert found is not None
    assert found.code == "84133"
    assert communes.matching("84240", "Pertuis") is None


@pytest.mark.parametrize(
    ("iso", "name", "code"),
    [
        ("FR", "France", "99100"),
        ("DE", "Allemagne", "99109"),
        ("IT", "Italie", "99127"),
        ("BE", "Belgique", "99131"),
        ("ES", "Espagne", "99134"),
        ("PT", "Portugal", "99139"),
        ("CH", "Suisse", "99140"),
        ("MA", "Maroc", "99350"),
        ("TN", "Tunisie", "99351"),
        ("DZ", "Algérie", "99352"),
        ("US", "États-Unis", "99404"),
        ("IN", "Inde", "99223"),
    ],
)
def test_countries(iso: str, name: str, code: str) -> None:
    found = countries.country(iso.lower())
    assert found == countries.Country(iso, name, code)
    assert countries.by_name(name.upper()) is found


def test_unknown_countries_and_the_order_of_the_known() -> None:
    assert countries.country("XX") is None
    assert countries.by_name("Atlantide") is None
    assert countries.by_name("etats unis") == countries.country("US")
    offered = countries.choices()
    assert offered[:4] == [("FR", "France"), ("ZA", "Afrique du Sud"), ("DZ", "Algérie"), ("DE", "Allemagne")]
    assert [iso for iso, _ in offered][-1] == "VN"
    assert [name for _, name in offered].index("Égypte") < [name for _, name in offered].index("Espagne")
    assert len({iso for iso, _ in offered}) == len(offered) == 60
    codes = [one.code for one in countries.COUNTRIES if one.code]
    assert len(set(codes)) == len(codes)


@pytest.mark.django_db
def test_the_address_answers_by_postal_code_and_by_name(client: Browser) -> None:
    client.force_login(make_user())
    tour = {"code": "84133", "name": "La Tour-d’Aigues", "postcode": "84240", "department": "84"}
    by_postcode = client.get(PATH, {"cp": "84240"}).json()["communes"]
    assert by_postcode[0] == tour
    assert len(by_postcode) == 9
    assert client.get(PATH, {"nom": "la tour d'aig"}).json() == {"communes": [tour]}
    assert len(client.get(PATH, {"nom": "saint"}).json()["communes"]) == 20


@pytest.mark.django_db
def test_of_several_postal_codes_only_the_typed_one_is_given(client: Browser) -> None:
    client.force_login(make_user())
    paris = {"code": "75056", "name": "Paris", "department": "75"}
    assert client.get(PATH, {"cp": "75011"}).json()["communes"] == [paris | {"postcode": "75011"}]
    assert client.get(PATH, {"nom": "paris"}).json()["communes"][0] == paris | {"postcode": ""}
    assert client.get(PATH, {"nom": "paris", "cp": "75011"}).json()["communes"][0] == paris | {"postcode": "75011"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", [{}, {"cp": ""}, {"cp": "8424"}, {"cp": "abcde"}, {"nom": "la"}, {"nom": "---"}, {"nom": "\x00<b>" * 50}]
)
def test_odd_questions_get_an_empty_list(client: Browser, query: dict[str, str]) -> None:
    client.force_login(make_user())
    response = client.get(PATH, query)
    assert response.status_code == 200
    assert response.json() == {"communes": []}
