"""Finding clients: list, pages, count, search field, export."""

import pytest
from django.test import Client as Browser
from pytest_django.asserts import assertNumQueries

from clients.columns import COLUMNS
from clients.models import Client
from settings_app.models import Status
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Browser) -> Browser:
    client.force_login(make_user())
    return client


@pytest.mark.req("CLI-12")
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Lefèvre", "lefevre"),
        ("Lefèvre", "LEFÈVRE"),
        ("lefevre", "Lefèvre"),
        ("Œuvrard", "oeuvrard"),
        ("Oeuvrard", "œuv"),
        ("D’Hérouville", "d'herouville"),
        ("D'Hérouville", "D’Hérouville"),
        ("Le Goff", "goff le"),
        ("Dubois-Martin", "martin"),
        ("Weiß", "weiss"),
        ("Żak", "zak"),
        ("Montgolfier", "golf"),
        ("Blanc", "bl"),
    ],
)
def test_a_name_is_found_as_people_type_it(office: Browser, name: str, typed: str) -> None:
    wanted, other = make_client(last_name=name), make_client(last_name="Tout-Autre", first_name="Jo")
    page = office.get("/clients/", {"q": typed}).content.decode()
    assert f'href="/clients/{wanted.pk}/"' in page
    assert f'href="/clients/{other.pk}/"' not in page
    assert Client.objects.get(pk=wanted.pk).last_name == name


def test_two_letters_are_the_start_of_a_word(office: Browser) -> None:
    inside = make_client(last_name="Chabert")
    assert f"/clients/{inside.pk}/" not in office.get("/clients/", {"q": "ab"}).content.decode()
    assert f"/clients/{inside.pk}/" in office.get("/clients/", {"q": "abe"}).content.decode()


def test_percent_and_underscore_are_not_wildcards(office: Browser) -> None:
    make_client(last_name="Fabre", first_name="")
    for typed in ("%", "_", "%%%", "\\"):
        assert office.get("/clients/", {"q": typed}).status_code == 200
    for typed in ("fa%e", "fab_e", "50%"):
        assert "Aucun client ne correspond." in office.get("/clients/", {"q": typed}).content.decode()


def walk(browser: Browser, start: str, rel: str) -> list[int]:
    """The clients' keys met by following the pager's links, page after page."""
    import re
    from html import unescape

    met: list[int] = []
    path: str | None = start
    while path:
        page = browser.get(path).content.decode()
        keys = [int(key) for key in re.findall(r'<td[^>]*class="grow"><a[^>]*href="/clients/(\d+)/"', page)]
        met = met + keys if rel == "next" else keys + met
        link = re.search(rf'rel="{rel}" href="([^"]+)"', page)
        path = "/clients/" + unescape(link[1]) if link else None
        start = path or start
    return met


def test_pages_hold_every_client_once_in_order_both_ways(office: Browser) -> None:
    for number in range(95):
        make_client(last_name=f"Nom{number % 7}", first_name="Jo")
    wanted = list(Client.objects.order_by("sort_name", "pk").values_list("pk", flat=True))
    assert walk(office, "/clients/", "next") == wanted
    import re
    from html import unescape

    path = "/clients/"
    for _ in range(2):
        link = re.search(r'rel="next" href="([^"]+)"', office.get(path).content.decode())
        assert link
        path = "/clients/" + unescape(link[1])
    assert walk(office, path, "prev") == wanted


def test_a_meddled_cursor_gives_the_first_page(office: Browser) -> None:
    make_client()
    for cursor in ("x", "a:b:c", "%00", "é" * 50):
        assert office.get("/clients/", {"apres": cursor}).status_code == 200


def test_filters_by_status_and_hides_the_corbeille(office: Browser) -> None:
    trash, living = Status.objects.get(label="Corbeille"), Status.objects.get(label="Client")
    gone, here = make_client(status=trash), make_client(status=living)
    page = office.get("/clients/").content.decode()
    assert f"/clients/{here.pk}/" in page
    assert f"/clients/{gone.pk}/" not in page
    assert f"/clients/{gone.pk}/" in office.get("/clients/", {"statut": trash.pk}).content.decode()
    assert office.get("/clients/", {"statut": "abc"}).status_code == 200


def test_the_count_is_a_fragment_in_french(office: Browser) -> None:
    assert "0\u00a0client" in office.get("/clients/nombre/").content.decode()
    make_client()
    make_client()
    assert "2\u00a0clients" in office.get("/clients/nombre/").content.decode()


def test_the_list_costs_the_same_with_3_and_with_30_rows(office: Browser) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            make_address(client=make_client(followed_by=make_user()))

    fill(3)
    # The person, his preferences, what the filters offer, saved filters, clients, their addresses.
    with assertNumQueries(6):
        office.get("/clients/")
    fill(27)
    with assertNumQueries(6):
        office.get("/clients/")


def test_every_column_is_read_with_the_list(office: Browser) -> None:
    """A column that forgot which fields it reads would ask for them row by row."""
    for _ in range(3):
        make_address(client=make_client(followed_by=make_user()))
    office.post("/clients/colonnes/", {"choix": [column.name for column in COLUMNS]})
    with assertNumQueries(6):
        assert office.get("/clients/").status_code == 200


def test_a_client_s_page_costs_the_same_with_3_and_with_30_addresses(office: Browser) -> None:
    client = make_client()
    for _ in range(3):
        make_address(client=client)
    # The first time it is also put on top of what was opened last.
    office.get(f"/clients/{client.pk}/")
    with assertNumQueries(15):
        office.get(f"/clients/{client.pk}/")
    for _ in range(27):
        make_address(client=client)
    with assertNumQueries(15):
        office.get(f"/clients/{client.pk}/")


def test_nothing_to_show_says_what_to_do(office: Browser) -> None:
    page = office.get("/clients/").content.decode()
    assert "Aucun client pour l’instant." in page
    assert "Nouveau client" in page
    assert "Aucun client ne correspond." in office.get("/clients/", {"q": "zzz"}).content.decode()


def test_the_search_field_finds_and_marks(office: Browser) -> None:
    make_client(last_name="Lefèvre", first_name="Odile")
    make_client(last_name="Lefebvre", first_name="Paul")
    page = office.get("/recherche/", {"q": "lefe"}, headers={"HX-Request": "true"}).content.decode()
    assert "<mark>LEFÈ</mark>VRE Odile" in page
    assert "<mark>LEFE</mark>BVRE Paul" in page
    assert "<html" not in page


def test_the_only_result_opens_with_enter(office: Browser) -> None:
    alone = make_client(last_name="Isnard")
    assert office.get("/recherche/", {"q": "isnard"})["Location"] == f"/clients/{alone.pk}/"


def test_search_excludes_the_corbeille(office: Browser) -> None:
    make_client(last_name="Disparu", status=Status.objects.get(label="Corbeille"))
    assert "Rien ne correspond" in office.get("/recherche/", {"q": "disparu"}).content.decode()
