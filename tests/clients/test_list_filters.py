"""The list of clients: filters, their address and chips, orders, columns, saved filters."""

import re
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client as Browser
from pytest_django.asserts import assertNumQueries

from clients.columns import DEFAULT
from clients.filters import FILTERS
from clients.listing import ORDERS, Asked
from clients.models import Client, Kind, SavedFilter
from extrabat.lib.dates import paris
from settings_app.models import Colour, Grouping, Origin, SocialCategory, Status, User
from settings_app.reference.models import ClientType
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def claire() -> User:
    return make_user()


@pytest.fixture
def office(client: Browser, claire: User) -> Browser:
    client.force_login(claire)
    return client


def shown(browser: Browser, query: Any = None) -> list[int]:
    page = browser.get("/clients/", query or {})
    assert page.status_code == 200
    return [int(key) for key in re.findall(r'<a class="clip" href="/clients/(\d+)/"', page.content.decode())]


def walk(browser: Browser, query: str) -> list[int]:
    """Every key by following « Suivants », then the same read backwards by « Précédents »."""
    path, pages = f"/clients/?{query}", []
    while True:
        page = browser.get(path).content.decode()
        pages.append([int(key) for key in re.findall(r'<a class="clip" href="/clients/(\d+)/"', page)])
        link = re.search(r'rel="next" href="([^"]+)"', page)
        if not link:
            break
        path = "/clients/" + unescape(link[1])
    back = [pages[-1]]
    while link := re.search(r'rel="prev" href="([^"]+)"', browser.get(path).content.decode()):
        path = "/clients/" + unescape(link[1])
        page = browser.get(path).content.decode()
        back.insert(0, [int(key) for key in re.findall(r'<a class="clip" href="/clients/(\d+)/"', page)])
    forwards = [key for keys in pages for key in keys]
    assert [key for keys in back for key in keys] == forwards
    return forwards


def test_each_filter_keeps_its_own_and_tells_it_in_a_chip(office: Browser) -> None:
    other_user = make_user(first_name="Nadia", last_name="Ferrand")
    grouping = Grouping.objects.create(label="Secteur Durance")
    kept: dict[tuple[str, str], tuple[dict[str, Any], str]] = {
        ("q", "isnard"): ({"last_name": "Isnard"}, "«\u00a0isnard\u00a0»"),
        ("statut", str(Status.objects.get(label="Client archivé").pk)): (
            {"status": Status.objects.get(label="Client archivé")},
            "Statut\u00a0: Client archivé",
        ),
        ("suivi", str(other_user.pk)): ({"followed_by": other_user}, "Suivi par\u00a0: Nadia Ferrand"),
        ("type", "professional"): ({"kind": Kind.PROFESSIONAL}, "Type\u00a0: professionnel"),
        ("categorie", str(ClientType.objects.get(label="Partenaire").pk)): (
            {"client_type": ClientType.objects.get(label="Partenaire")},
            "Type de client\u00a0: Partenaire",
        ),
        ("origine", str(Origin.objects.get(label="Autre").pk)): (
            {"origin": Origin.objects.get(label="Autre")},
            "Origine\u00a0: Autre",
        ),
        ("regroupement", str(grouping.pk)): ({"grouping": grouping}, "Regroupement\u00a0: Secteur Durance"),
        ("couleur", str(Colour.objects.earliest("pk").pk)): ({"colour": Colour.objects.earliest("pk")}, "Couleur"),
        ("csp", str(SocialCategory.objects.get(label="Retraités").pk)): (
            {"social_category": SocialCategory.objects.get(label="Retraités")},
            "Catégorie socio-professionnelle\u00a0: Retraités",
        ),
        ("urssaf", "oui"): ({"is_urssaf": True}, "URSSAF\u00a0: oui"),
        ("bloque", "oui"): (
            {"is_blocked": True, "finance_comment": "Impayé"},
            "Gestion commerciale bloquée\u00a0: oui",
        ),
    }
    made = {asked: make_client(**values).pk for asked, (values, _) in kept.items()}
    for asked, (_, chip) in kept.items():
        page = office.get("/clients/", dict([asked])).content.decode()
        assert shown(office, dict([asked])) == [made[asked]], asked
        assert chip in unescape(page), asked
    assert len(shown(office, {"urssaf": "non"})) == len(kept) - 1


def test_what_is_missing_is_found(office: Browser) -> None:
    reachable = make_client(email="a@exemple.fr", mobile_2="+33639981427", followed_by=make_user())
    mute = make_client()
    assert shown(office, {"sans-email": "oui"}) == [mute.pk]
    assert shown(office, {"sans-mobile": "oui"}) == [mute.pk]
    assert shown(office, {"suivi": "aucun"}) == [mute.pk]
    assert set(shown(office)) == {reachable.pk, mute.pk}


@pytest.mark.parametrize(
    ("typed", "found"),
    [("84", True), ("84 240", True), ("13", False), ("la tour", True), ("LA TOUR-D'AI", True), ("tour", False)],
)
def test_a_place_is_found_by_its_beginning(office: Browser, typed: str, found: bool) -> None:
    here = make_address().client
    make_address(client=here, city="Pertuis", postcode="84120")
    assert shown(office, {"lieu": typed}) == ([here.pk] if found else [])


def test_days_are_those_of_paris_both_included(office: Browser) -> None:
    keys: list[int] = []
    for day, hour in ((1, 0), (1, 23), (2, 0)):
        client = make_client(last_name=f"N{len(keys)}")
        Client.objects.filter(pk=client.pk).update(created_at=datetime(2026, 3, day, hour, tzinfo=paris))
        keys.append(client.pk)
    assert shown(office, {"cree-du": "2026-03-01", "cree-au": "2026-03-01"}) == keys[:2]
    assert shown(office, {"cree-du": "02/03/2026"}) == keys[2:]


def test_several_statuses_and_the_corbeille_only_when_asked(office: Browser) -> None:
    made = {
        label: make_client(status=Status.objects.get(label=label)).pk for label in ("Client", "Prospect", "Corbeille")
    }
    keys = {label: Status.objects.get(label=label).pk for label in made}
    assert set(shown(office)) == {made["Client"], made["Prospect"]}
    assert set(shown(office, {"statut": [keys["Client"], keys["Corbeille"]]})) == {made["Client"], made["Corbeille"]}


@pytest.mark.parametrize("name", [one.name for one in FILTERS] + ["tri", "apres", "colonnes", "inconnu"])
def test_nonsense_is_left_out_and_never_breaks(office: Browser, name: str) -> None:
    here = make_client()
    for value in (
        "x" * 5000,
        "-1",
        "99999999999999999999",
        "1 OR 1=1",
        "\x00",
        "é" * 200,
        "<script>",
        "31/02/2026",
        "",
    ):
        response = office.get("/clients/", {name: value})
        assert response.status_code == 200
        assert office.get("/clients/nombre/", {name: value}).status_code == 200
        assert "<script>alert" not in response.content.decode()
    if name not in ("q", "lieu"):
        assert shown(office, {name: "zzz"}) == [here.pk]


def test_a_criterion_that_was_left_out_is_told(office: Browser) -> None:
    assert "n’a pas été appliqué" in office.get("/clients/", {"statut": "99999"}).content.decode()
    assert "n’a pas été appliqué" not in office.get("/clients/", {"q": "fabre", "statut": ""}).content.decode()


def test_what_is_typed_is_shown_as_text(office: Browser) -> None:
    page = office.get("/clients/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_chip_leads_to_the_address_without_it(office: Browser) -> None:
    page = office.get("/clients/", {"q": "fabre", "urssaf": "oui", "tri": "-cree"}).content.decode()
    chips = [unescape(link) for link in re.findall(r'<a class="chip" href="([^"]+)"', page)]
    assert chips == ["/clients/?urssaf=oui&tri=-cree", "/clients/?q=fabre&tri=-cree"]


@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in ORDERS for sign in ("", "-")])
def test_every_order_holds_every_client_once_both_ways(office: Browser, sort: str) -> None:
    statuses = list(Status.objects.filter(is_trash=False))
    for number in range(90):
        make_client(
            last_name=f"Nom{number % 7}",
            status=statuses[number % len(statuses)],
            code=f"C{number % 60}" if number < 60 else "",
        )
    order = {
        "nom": ["sort_name", "pk"],
        "code": ["code", "pk"],
        "cree": ["created_at", "pk"],
        "modifie": ["updated_at", "pk"],
        "statut": ["status__position", "sort_name", "pk"],
    }[sort.removeprefix("-")]
    if sort == "-statut":
        order = ["-status__position", "sort_name", "pk"]
    elif sort.startswith("-"):
        order = [f"-{name}" for name in order]
    assert walk(office, urlencode({"tri": sort})) == list(Client.objects.order_by(*order).values_list("pk", flat=True))


def test_a_cursor_of_another_order_gives_the_first_page(office: Browser) -> None:
    for number in range(45):
        make_client(last_name=f"Nom{number:02d}")
    page = office.get("/clients/").content.decode()
    link = re.search(r'rel="next" href="\?apres=([^"]+)"', page)
    assert link
    first = shown(office, {"tri": "cree"})
    response = office.get(f"/clients/?tri=cree&apres={unescape(link[1])}")
    assert response.status_code == 200
    assert [int(k) for k in re.findall(r'class="clip" href="/clients/(\d+)/"', response.content.decode())] == first


@pytest.mark.parametrize(
    ("sort", "index"),
    [
        ("nom", "client_sort_name"),
        ("-nom", "client_sort_name"),
        ("code", "client_code"),
        ("-code", "client_code"),
        ("cree", "client_created"),
        ("-cree", "client_created"),
        ("modifie", "client_updated"),
        ("-modifie", "client_updated"),
        ("statut", "client_status_name"),
        ("-statut", "client_status_name"),
    ],
)
def test_each_order_is_read_from_its_index(office: Browser, claire: User, sort: str, index: str) -> None:
    from django.http import QueryDict
    from django.test.utils import CaptureQueriesContext

    for number in range(60):
        make_client(last_name=f"Nom{number}")
    asked = Asked(claire, QueryDict(urlencode({"tri": sort})))
    after = asked.page(asked.rows(), size=40, after=None).after
    with connection.cursor() as cursor:
        # A few rows are read whole faster than any index: the question is whether the index can give the order.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        for cursor_given in (None, after):
            with CaptureQueriesContext(connection) as captured:
                assert asked.page(asked.rows(), size=40, after=cursor_given).rows
            query = next(one["sql"] for one in captured.captured_queries if 'FROM "clients_client"' in one["sql"])
            cursor.execute(f"EXPLAIN {query}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert index in plan, plan
            assert "Sort" not in plan, plan


def test_the_list_costs_the_same_with_0_3_and_40_rows_and_every_column(office: Browser, claire: User) -> None:
    from clients.columns import BY_NAME
    from clients.preferences import columns

    columns.save(claire, list(BY_NAME))
    for wanted in (0, 3, 40):
        while Client.objects.count() < wanted:
            make_address(client=make_client(followed_by=make_user(), colour=Colour.objects.earliest("pk")))
        with assertNumQueries(5 if wanted == 0 else 6):
            page = office.get("/clients/")
        assert page.content.decode().count("data-pick ") == wanted


def test_columns_are_one_s_own_in_one_s_order(office: Browser, client: Browser) -> None:
    make_address(client=make_client(code="C-17", email="x@exemple.fr"))
    assert office.post("/clients/colonnes/", {"choix": ["code", "email", "nonsense", "code"]}).status_code == 302
    page = office.get("/clients/").content.decode()
    headings = re.findall(r'scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', page)
    assert headings == ["Client", "Code client", "E-mail"]
    assert "C-17" in page
    response = office.post(
        "/clients/colonnes/", {"choix": ["code", "email"], "down": "code", "filtre": "q=fabre&apres=x"}
    )
    assert response["Location"] == "/clients/colonnes/?q=fabre"
    assert re.findall(r"C-17|x@exemple.fr", office.get("/clients/").content.decode())[0] == "x@exemple.fr"
    office.post("/clients/colonnes/", {"reset": "1"})
    assert office.get("/clients/").context["headings"][1]["column"].name == DEFAULT[0]
    office.post("/clients/colonnes/", {"choix": ["code"]})
    office.post("/preferences/", {"theme": "dark"})
    assert "C-17" in office.get("/clients/").content.decode()
    client.force_login(make_user())
    assert "C-17" not in client.get("/clients/").content.decode()


def test_a_filter_is_kept_renamed_shared_and_deleted(office: Browser, claire: User, client: Browser) -> None:
    sent = {"nom": "À relancer", "filtre": "q=fabre&tri=-cree&apres=abc&inconnu=1", "token": "0" * 32}
    for _ in range(2):
        assert office.post("/clients/filtres/", sent)["Location"] == "/clients/?q=fabre&tri=-cree"
    saved = SavedFilter.objects.get()
    assert (saved.query, saved.is_shared) == ("q=fabre&tri=-cree", False)
    assert "À relancer" in office.get("/clients/").content.decode()
    colleague = make_user("Commercial")
    client.force_login(colleague)
    assert "À relancer" not in client.get("/clients/").content.decode()
    assert client.post(f"/clients/filtres/{saved.pk}/", {"nom": "x"}).status_code == 404
    client.force_login(claire)
    client.post(f"/clients/filtres/{saved.pk}/", {"nom": "Les récents", "partage": "1"})
    client.force_login(colleague)
    page = client.get("/clients/").content.decode()
    assert "Les récents" in page
    assert f"de {claire}" in page
    assert client.post(f"/clients/filtres/{saved.pk}/", {"nom": "à moi"}).status_code == 403
    client.force_login(make_user("Administrateur"))
    assert client.post(f"/clients/filtres/{saved.pk}/", {"supprimer": "1"}).status_code == 302
    assert not SavedFilter.objects.exists()


def test_a_saved_filter_follows_a_value_that_is_merged(office: Browser, claire: User) -> None:
    from settings_app.reference.actions import merge
    from settings_app.reference.catalogue import TABLES

    old, new = Origin.objects.get(label="Salon"), Origin.objects.get(label="Publicité")
    saved = SavedFilter.objects.create(user=claire, name="Salons", query=f"origine={old.pk}&tri=-cree")
    merge(TABLES["origines"], old.pk, new.pk)
    saved.refresh_from_db()
    assert saved.query == f"origine={new.pk}&tri=-cree"


def test_a_name_is_needed_and_once(office: Browser) -> None:
    for name in ("", " ", "x" * 61, "\x00"):
        office.post("/clients/filtres/", {"nom": name, "filtre": "q=a"})
    assert not SavedFilter.objects.exists()
    office.post("/clients/filtres/", {"nom": "Mien", "filtre": "q=a"})
    response = office.post("/clients/filtres/", {"nom": "mien", "filtre": "q=b"}, follow=True)
    assert "Vous avez déjà un filtre de ce nom." in response.content.decode()
    assert SavedFilter.objects.get().query == "q=a"


@pytest.mark.req("CLI-34")
def test_a_restricted_client_shows_nowhere_without_the_right(office: Browser, client: Browser) -> None:
    restricted = Status.objects.create(label="Confidentiel", is_restricted=True)
    hidden = make_client(last_name="Secret", status=restricted)
    here = make_client(last_name="Visible")
    assert office.get(f"/clients/{hidden.pk}/").status_code == 200
    office.post("/clients/filtres/", {"nom": "Partagé", "partage": "1", "filtre": f"statut={restricted.pk}"})
    sales = make_user("Commercial")
    client.force_login(sales)
    saved = SavedFilter.objects.get()
    for path in (
        "/clients/",
        f"/clients/?{saved.query}",
        "/clients/?q=secret",
        "/clients/filtres/",
        "/clients/?tri=statut",
    ):
        page = client.get(path).content.decode()
        assert "SECRET" not in page, path
        assert "Confidentiel" not in page, path
    assert shown(client, {"statut": restricted.pk}) == [here.pk]
    assert client.get(f"/clients/{hidden.pk}/").status_code == 404
    for path in ("/recherche/?q=secret", "/clients/corbeille/"):
        assert "SECRET" not in client.get(path).content.decode()
