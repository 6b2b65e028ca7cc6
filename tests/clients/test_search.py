"""The search through its door: spellings, modes, rights, typing errors, speed of thought."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clients import search
from clients.access import own_clients
from clients.models import Client, Contact, Kind
from settings_app.models import Colour, RecentItem, Status, User
from settings_app.preferences.registry import search_mode
from settings_app.users.rights import SALES, TECHNICIAN
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db
RULES = (Path(settings.BASE_DIR) / "docs/rules/search.md").read_text()
SPELLINGS = re.findall(r"^\| (\d+) \| `([^`]+)` \| (\w) \|", RULES, flags=re.M)


def rows_of_the_rules() -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in re.findall(r"^\| [A-E] \|.*\|$", RULES, flags=re.M)
    ]


@pytest.fixture
def people() -> dict[str, Client]:
    """The clients of docs/rules/search.md, and others who must not be found with them."""
    made = {}
    for letter, last, first, company, code, email, phones, addresses, contacts in rows_of_the_rules():
        mobile, phone, *_ = [*phones.split(", "), "", ""]
        kind = Kind.PROFESSIONAL if company else Kind.INDIVIDUAL
        made[letter] = make_client(
            kind=kind,
            last_name=last,
            first_name=first,
            company_name=company,
            code=code,
            email=email,
            mobile_1=mobile,
            phone_1=phone,
        )
        for address in addresses.split("; "):
            street, postcode, city = re.fullmatch(r"(.*), (\d{5}) (.*)", address).groups()  # type: ignore[union-attr]
            number, way = street.split(" ", 1)
            make_address(client=made[letter], number=number, street=way, postcode=postcode, city=city)
        if contacts:
            name, number, mail = contacts.split(", ")
            given, family = name.split(" ")
            Contact.objects.create(
                client=made[letter], first_name=given, last_name=family, phones=[number], emails=[mail]
            )
    return made


@pytest.fixture
def user(client: Browser) -> User:
    user = make_user()
    client.force_login(user)
    return user


def found(browser: Browser, typed: str, **more: str) -> list[int]:
    """Keys of the clients in the panel under the box, in its order."""
    page = browser.get("/recherche/", {"q": typed, **more}, headers={"HX-Request": "true"}).content.decode()
    return [int(key) for key in re.findall(r'class="hit" href="/clients/(\d+)/"', page)]


def test_the_rules_hold_thirty_spellings() -> None:
    assert len(SPELLINGS) >= 30
    assert len(rows_of_the_rules()) == 5


@pytest.mark.req("SEA-01", "SEA-04", "CLI-12")
@pytest.mark.parametrize(("number", "typed", "letter"), SPELLINGS)
def test_each_spelling_finds_its_client_alone(
    client: Browser, user: User, people: dict[str, Client], number: str, typed: str, letter: str
) -> None:
    assert found(client, typed) == [people[letter].pk]


@pytest.mark.req("SEA-01")
@pytest.mark.parametrize(("number", "typed", "letter"), SPELLINGS)
def test_the_list_finds_the_same(
    client: Browser, user: User, people: dict[str, Client], number: str, typed: str, letter: str
) -> None:
    page = client.get("/clients/", {"q": typed}).content.decode()
    assert re.findall(r'class="grow"><a[^>]*href="/clients/(\d+)/"', page) == [str(people[letter].pk)]


@pytest.mark.parametrize(
    ("few", "size", "believed"),
    [(0, 0, 0), (0, 50, 0), (1, 50, 0), (1, 100, 0), (0, 150, 0), (2_000, 0, 0), (0, 50, 50), (2_000, 100_000, 99_999)],
)
def test_the_list_finds_the_same_whether_few_or_many_match(
    client: Browser,
    user: User,
    people: dict[str, Client],
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    size: int,
    believed: int,
) -> None:
    """Three ways of asking, chosen by how many documents match and how many are believed to."""
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search, "_believed_size", lambda: size)
    monkeypatch.setattr(search, "_believed_matches", lambda _documents: believed)
    for typed, letters in {"exemple": "ABC", "avenue": "C", "duppont": "D", "zzz": ""}.items():
        page = client.get("/clients/", {"q": typed}).content.decode()
        listed = re.findall(r'class="grow"><a[^>]*href="/clients/(\d+)/"', page)
        assert sorted(listed) == sorted(str(people[letter].pk) for letter in letters), typed


# By hand, from the table of the modes in the rules.
MODES = {
    "contient": {"dup": True, "pont": True, "jean dupont": True, "dupont jean": True, "dupont": True},
    "commence": {"dup": True, "pont": False, "jean dupont": True, "dupont jean": True, "dupont": True},
    "mots": {"dup": False, "pont": False, "jean dupont": True, "dupont jean": True, "dupont": True},
    "exact": {"dup": False, "pont": False, "jean dupont": False, "dupont jean": True, "dupont": True},
}


@pytest.mark.req("PRF-03")
@pytest.mark.parametrize("mode", MODES)
def test_each_mode_finds_what_the_rules_say(client: Browser, user: User, people: dict[str, Client], mode: str) -> None:
    page = client.get("/preferences/")
    assert "Mode de recherche" in page.content.decode()
    kept = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    client.post("/preferences/", kept | {"search-mode": mode})
    assert search_mode.of(User.objects.get(pk=user.pk)) == mode
    in_box = {typed: people["D"].pk in found(client, typed) for typed in MODES[mode]}
    assert in_box == MODES[mode]
    in_list = {
        typed: f'href="/clients/{people["D"].pk}/"' in client.get("/clients/", {"q": typed}).content.decode()
        for typed in MODES[mode]
    }
    assert in_list == MODES[mode]


def test_the_exact_mode_knows_numbers_and_forgives_nothing(
    client: Browser, user: User, people: dict[str, Client]
) -> None:
    search_mode.save(user, "exact")
    for typed in ("06 39 98 14 27", "+33 6 39 98 14 27", "helene.fabre@exemple.fr", "84240", "La Tour d’Aigues"):
        assert found(client, typed) == [people["A"].pk], typed
    assert found(client, "duppont") == []
    page = client.get("/recherche/", {"q": "duppont"}).content.decode()
    assert "Mode de recherche\u00a0: exact." in page


def test_everybody_has_a_mode_of_his_own(client: Browser, user: User, people: dict[str, Client]) -> None:
    search_mode.save(user, "mots")
    other = Browser()
    other.force_login(make_user())
    assert found(client, "dup") == []
    assert found(other, "dup") == [people["D"].pk]


@pytest.mark.req("SEA-04")
def test_the_order_is_name_then_beginnings_then_elsewhere(client: Browser, user: User) -> None:
    elsewhere = make_client(last_name="Zola", first_name="")
    make_address(client=elsewhere, number="1", street="rue Martin")
    inside = make_client(last_name="Saint-Amartin", first_name="")
    begins = make_client(last_name="Martinez", first_name="")
    first_name = make_client(last_name="Arnaud", first_name="Martin")
    very = make_client(last_name="Martin", first_name="")
    assert found(client, "martin") == [c.pk for c in (very, begins, first_name, elsewhere, inside)]


@pytest.mark.req("SEA-04")
def test_an_error_is_forgiven_only_when_nothing_has_the_word(client: Browser, user: User) -> None:
    right, near = make_client(last_name="Dupond", first_name=""), make_client(last_name="Dupont", first_name="")
    assert found(client, "dupond") == [right.pk]
    assert found(client, "dupon") == [right.pk, near.pk]
    page = client.get("/recherche/", {"q": "dupomt"}, headers={"HX-Request": "true"}).content.decode()
    assert found(client, "dupomt") == [near.pk]
    assert "Rien pour «\u00a0dupomt\u00a0»\u202f; voici «\u00a0dupont\u00a0»." in page
    assert "<mark>DUPONT</mark>" in page
    # Two errors are another word.
    assert found(client, "dapomt") == []


def test_a_correction_tells_nothing_of_clients_whom_one_may_not_see(client: Browser) -> None:
    make_client(last_name="Zwentibold", status=Status.objects.create(label="Confidentiel", is_restricted=True))
    client.force_login(make_user(SALES))
    page = client.get("/recherche/", {"q": "zwentibolt"}).content.decode()
    assert "zwentibold" not in page.lower()


@pytest.mark.req("SEA-03")
def test_the_corbeille_is_not_searched_unless_asked_for(client: Browser, user: User) -> None:
    trash = Status.objects.get(label="Corbeille")
    gone = make_client(last_name="Disparu", mobile_1="+33639981427", status=trash)
    for typed in ("disparu", "0639981427", "dispara"):
        assert found(client, typed) == []
        assert f"/clients/{gone.pk}/" not in client.get("/clients/", {"q": typed}).content.decode()
    page = client.get("/clients/", {"q": "disparu", "statut": str(trash.pk)}).content.decode()
    assert f"/clients/{gone.pk}/" in page


@pytest.mark.req("SEA-03")
def test_each_person_finds_what_he_may_see(client: Browser) -> None:
    restricted = Status.objects.create(label="Confidentiel", is_restricted=True)
    own, other = make_client(last_name="Fabre"), make_client(last_name="Fabregat")
    hidden = make_client(last_name="Fabrice", status=restricted)

    def source(user: User) -> Q:
        return Q(pk=own.pk)

    own_clients.add(source)
    try:
        seen = {}
        for role in ("Bureau", SALES, TECHNICIAN):
            client.force_login(make_user(role))
            seen[role] = set(found(client, "fabr"))
    finally:
        own_clients.remove(source.__qualname__)
    assert seen == {
        "Bureau": {own.pk, other.pk, hidden.pk},
        SALES: {own.pk, other.pk},
        TECHNICIAN: {own.pk},
    }


@pytest.mark.req("SEA-03")
def test_what_is_alone_opens_and_two_are_a_page(client: Browser, user: User) -> None:
    alone = make_client(last_name="Isnard", mobile_1="+33639981427")
    assert client.get("/recherche/", {"q": "06 39 98 14 27"})["Location"] == f"/clients/{alone.pk}/"
    make_client(last_name="Isnardon")
    page = client.get("/recherche/", {"q": "isnard"})
    assert page.status_code == 200
    assert "<h1>Recherche\u00a0: isnard</h1>" in page.content.decode()


def details(browser: Browser, typed: str) -> str:
    page = browser.get("/recherche/", {"q": typed}, headers={"HX-Request": "true"}).content.decode()
    shown = re.search(r'class="hit-why">(.*?)</span></span>', page)
    assert shown
    return unescape(shown[1]).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("fabre", "84240 La Tour-d’Aigues"),
        ("06.39.98.14.27", "<mark>06 39 98 14 27</mark>"),
        ("+33 6 39 98", "<mark>06 39 98</mark> 14 27"),
        ("1427", "06 39 98 <mark>14 27</mark>"),
        ("exemple.fr helene", "<mark>helene</mark>.fabre@<mark>exemple</mark>.<mark>fr</mark>"),
        ("c004", "<mark>C004</mark>82"),
        ("aigues", "84240 La Tour-d’<mark>Aigues</mark>"),
        ("rte grambois", "210 <mark>route</mark> de <mark>Grambois</mark>, 84240 La Tour-d’Aigues"),
    ],
)
def test_a_hit_says_why_it_was_found(
    client: Browser, user: User, people: dict[str, Client], typed: str, shown: str
) -> None:
    assert details(client, typed) == shown


def test_a_contact_is_named(client: Browser, user: User, people: dict[str, Client]) -> None:
    assert details(client, "zak") == "Agnieszka <mark>Żak</mark>, contact"
    assert details(client, "06 39 98 77 88") == "Agnieszka Żak, <mark>06 39 98 77 88</mark>"


def test_a_hit_bears_its_client_s_colour_and_status(client: Browser, user: User) -> None:
    make_client(last_name="Fabre", colour=Colour.objects.create(label="À rappeler", tint=3))
    make_client(last_name="Fabregat")
    page = client.get("/recherche/", {"q": "fabr"}, headers={"HX-Request": "true"}).content.decode()
    assert page.count("dot-client tint-3") == 1
    assert page.count('class="end">Prospect<') == 2


def test_text_of_clients_stays_text(client: Browser, user: User) -> None:
    nasty = make_client(last_name="<script>alert(1)</script>", first_name="Bo", email="x@exemple.fr")
    make_address(client=nasty, street='"><img src=x onerror=alert(2)>', city="Pertuis")
    make_client(last_name="Script")
    for typed in ("script", "img src", "onerror", "<script>", '"><img'):
        page = client.get("/recherche/", {"q": typed}, headers={"HX-Request": "true"}).content.decode()
        assert "<script" not in page
        assert "<img" not in page
    assert (
        "&lt;<mark>SCRIPT</mark>&gt;"
        in client.get("/recherche/", {"q": "script"}, headers={"HX-Request": "true"}).content.decode()
    )


def test_awkward_typing_is_answered(client: Browser, user: User) -> None:
    make_client()
    for typed in ("", " ", "%", "_", "\\", "'", "|", "| |", "…", "0" * 100, "a " * 50, "é" * 100, "\U0001f600", "00"):
        for path in ("/recherche/", "/clients/"):
            assert client.get(path, {"q": typed}).status_code in (200, 302), typed
            assert client.get(path, {"q": typed}, headers={"HX-Request": "true"}).status_code == 200


def test_the_number_of_statements_does_not_grow_with_the_hits(client: Browser, user: User) -> None:
    def statements(typed: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            found(client, typed)
        return len(captured)

    for number in range(3):
        make_address(client=make_client(last_name=f"Fabre{number}"))
    few = statements("fabre")
    for number in range(3, 30):
        make_address(client=make_client(last_name=f"Fabre{number}"))
    assert statements("fabre") <= few
    # Nothing found, and every word taken in turn for a mistake: still bounded.
    assert statements("zorglub zorglab zorglob zorgleb zorglib zorglyb zorglxb zorglwb") <= 40


def test_a_question_that_takes_too_long_is_told_so(
    client: Browser, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_client(last_name="Fabre")

    def slow(*_args: object) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        return []

    with monkeypatch.context() as patch:
        patch.setattr(search, "_ranked", slow)
        page = client.get("/recherche/", {"q": "fabre"})
    assert page.status_code == 200
    assert "Cette recherche demande trop de temps." in page.content.decode()
    # The connection is whole and patient again.
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
    assert len(client.get("/recherche/", {"q": "fabre"}, headers={"HX-Request": "true"}).content) > 0


def opened(browser: Browser) -> list[int]:
    return found(browser, "")


def test_what_was_opened_last_comes_before_typing(client: Browser, user: User) -> None:
    first, second, third = (make_client() for _ in range(3))
    for row in (first, second, third, first):
        client.get(f"/clients/{row.pk}/")
    assert opened(client) == [first.pk, third.pk, second.pk]
    page = client.get("/recherche/", headers={"HX-Request": "true"}).content.decode()
    assert "Ouverts récemment" in page
    # It survives the session, and is nobody else's.
    client.logout()
    client.force_login(user)
    assert opened(client) == [first.pk, third.pk, second.pk]
    client.force_login(make_user())
    assert opened(client) == []


def test_recent_items_obey_rights_and_corbeille(client: Browser) -> None:
    user = make_user(SALES)
    client.force_login(user)
    kept, trashed, closed = (make_client() for _ in range(3))
    for row in (kept, trashed, closed):
        client.get(f"/clients/{row.pk}/")
    Client.objects.filter(pk=trashed.pk).update(status=Status.objects.get(label="Corbeille"))
    restricted = Status.objects.create(label="Confidentiel", is_restricted=True)
    Client.objects.filter(pk=closed.pk).update(status=restricted)
    assert opened(client) == [kept.pk]


def test_recent_items_are_few_and_written_once(client: Browser, user: User) -> None:
    rows = [make_client() for _ in range(25)]
    for row in rows:
        client.get(f"/clients/{row.pk}/")
    assert RecentItem.objects.filter(user=user).count() == 20
    assert opened(client) == [row.pk for row in reversed(rows)][:8]
    before = RecentItem.objects.filter(user=user).latest("at").at
    client.get(f"/clients/{rows[-1].pk}/")
    assert RecentItem.objects.filter(user=user).latest("at").at == before


def test_a_client_whom_one_may_not_open_is_not_remembered(client: Browser) -> None:
    hidden = make_client(status=Status.objects.create(label="Confidentiel", is_restricted=True))
    client.force_login(make_user(SALES))
    assert client.get(f"/clients/{hidden.pk}/").status_code == 404
    assert not RecentItem.objects.exists()
