"""Signing in, being kept out, and the one-time link of a new account."""

import re
from io import StringIO

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from settings_app.models import User
from settings_app.users.rights import ADMINISTRATOR
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

DOORS = ["/connexion/"]


@pytest.fixture
def claire() -> User:
    return make_user(username="claire", email="claire@exemple.fr", password=make_password(PASSWORD))


def sign_in(browser: Browser, login: str, password: str = PASSWORD, door: str = "/connexion/") -> int:
    return browser.post(door, {"login": login, "password": password}).status_code


@pytest.mark.parametrize("login", ["claire", "CLAIRE", "claire@exemple.fr"])
def test_identifier_or_email_opens_the_door(claire: User, client: Browser, login: str) -> None:
    response = client.post("/connexion/", {"login": login, "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_wrong_password_is_told_in_french_with_422(claire: User, client: Browser) -> None:
    response = client.post("/connexion/", {"login": "claire", "password": "non"})
    assert response.status_code == 422
    assert "mot de passe" in response.content.decode()
    assert client.get("/").status_code == 302


def test_nobody_learns_which_accounts_exist(claire: User, client: Browser) -> None:
    known = client.post("/connexion/", {"login": "claire", "password": "non"}).content.decode()
    unknown = client.post("/connexion/", {"login": "claira", "password": "non"}).content.decode()

    def told(page: str) -> str:
        return re.sub(r'value="[^"]*"|X-CSRFToken[^>]*', "", page)

    assert told(known) == told(unknown)


def test_after_five_wrong_passwords_the_right_one_is_refused_too(claire: User, client: Browser) -> None:
    for _ in range(5):
        sign_in(client, "claire", "non")
    response = client.post("/connexion/", {"login": "claire", "password": PASSWORD})
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert "15" in response.content.decode()
    assert client.get("/").status_code == 302


def test_being_locked_does_not_lock_a_colleague(claire: User, client: Browser) -> None:
    make_user(username="nadia", password=make_password(PASSWORD))
    for _ in range(6):
        sign_in(client, "claire", "non")
    assert sign_in(client, "nadia") == 302


def test_one_address_trying_many_names_is_stopped(client: Browser) -> None:
    answers = [sign_in(client, f"inconnu{number}", "non") for number in range(40)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_the_admin_has_no_door_of_its_own(claire: User, client: Browser) -> None:
    response = client.get("/admin/login/?next=/admin/")
    assert (response.status_code, response["Location"]) == (302, "/connexion/?next=/admin/")
    assert client.post("/admin/login/", {"username": "claire", "password": PASSWORD}).status_code in (302, 405)
    assert client.get("/").status_code == 302


def test_next_never_leads_out_of_the_house(claire: User, client: Browser) -> None:
    response = client.post("/connexion/?next=https://ailleurs.exemple.fr/", {"login": "claire", "password": PASSWORD})
    assert response["Location"] == "/"


def test_a_deactivated_colleague_stays_outside(client: Browser) -> None:
    make_user(username="parti", password=make_password(PASSWORD), is_active=False)
    response = client.post("/connexion/", {"login": "parti", "password": PASSWORD}, follow=True)
    assert "désactivé" in response.content.decode()
    assert client.get("/").status_code == 302


def test_no_page_lets_anybody_create_an_account(client: Browser) -> None:
    for path in ("/accounts/signup/", "/inscription/", "/signup/"):
        assert client.get(path).status_code in (302, 404)
        assert client.post(path, {"username": "x", "password1": PASSWORD}).status_code in (302, 404)
    assert not User.objects.filter(username="x").exists()


def link_for(username: str) -> str:
    out = StringIO()
    call_command("first_admin", username, "--first-name=Claire", stdout=out)
    found = re.search(r"http://localhost(/bienvenue/\S+)", out.getvalue())
    assert found
    return found[1]


def test_first_admin_chooses_a_password_once(client: Browser) -> None:
    link = link_for("claire")
    assert client.get(link).status_code == 200
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post(link, chosen)["Location"] == "/connexion/"
    assert sign_in(client, "claire") == 302
    assert client.get("/parametres/magasin/").status_code == 200
    assert client.get("/admin/").status_code == 200
    other = Browser()
    assert other.get(link).status_code == 404
    assert other.post(link, chosen | {"new_password1": "autre phrase longue"}).status_code == 404


def test_a_short_password_is_refused_in_french(client: Browser) -> None:
    response = client.post(link_for("claire"), {"new_password1": "court", "new_password2": "court"})
    assert response.status_code == 422
    assert "12" in response.content.decode()
    assert not User.objects.get(username="claire").has_usable_password()


def test_first_admin_is_refused_once_there_is_one(client: Browser) -> None:
    make_user(role=ADMINISTRATOR)
    with pytest.raises(CommandError, match="already has an administrator"):
        call_command("first_admin", "intrus")


@pytest.mark.parametrize("link", ["/bienvenue/MQ/x-y/", "/bienvenue/%00/x/", "/bienvenue/MTIzNDU2/cx-1/"])
def test_an_invented_link_is_told_kindly(client: Browser, link: str) -> None:
    response = client.get(link)
    assert response.status_code == 404
    assert "Ce lien ne sert plus" in response.content.decode()
