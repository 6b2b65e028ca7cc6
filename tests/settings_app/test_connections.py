"""« Mes connexions »: where one is signed in, and ending it."""

import time
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from settings_app.models import User, UserSession
from settings_app.tasks import forget_connections
from settings_app.users import connections
from settings_app.users.rights import ADMINISTRATOR
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
PAGE = "/preferences/connexions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


@pytest.fixture
def nadia() -> User:
    return make_user(username="nadia", password=make_password(PASSWORD))


def enter(agent: str = FIREFOX, address: str = "192.0.2.10") -> Browser:
    browser = Browser(headers={"user-agent": agent}, REMOTE_ADDR=address)
    assert browser.post("/connexion/", {"login": "nadia", "password": PASSWORD}).status_code == 302
    return browser


def test_each_sign_in_is_told_with_browser_address_and_hour(nadia: User) -> None:
    office, _phone = enter(), enter(IPHONE, "2001:db8::7")
    page = office.get(PAGE).content.decode()
    for words in ("Firefox sur Windows", "192.0.2.10", "celle-ci", "Safari sur iPhone", "2001:db8::7", "à l’instant"):
        assert words in page
    assert page.count("celle-ci") == 1


def test_nobody_sees_or_ends_the_sessions_of_another(nadia: User) -> None:
    mine = enter()
    other = Browser()
    other.force_login(make_user(username="hugo"))
    theirs = UserSession.objects.get(user__username="hugo")
    assert "Firefox" in mine.get(PAGE).content.decode()
    mine.post(PAGE, {"one": theirs.pk})
    assert other.get("/").status_code == 200


def test_the_others_are_disconnected_and_this_one_stays(nadia: User) -> None:
    mine, phone, forgotten = enter(), enter(IPHONE), enter(IPHONE)
    assert mine.post(PAGE)["Location"] == PAGE
    assert mine.get("/").status_code == 200
    assert phone.get("/").status_code == 302
    assert forgotten.get("/").status_code == 302
    assert nadia.sessions.count() == 1


def test_one_of_them_is_disconnected(nadia: User) -> None:
    mine, phone, tablet = enter(), enter(IPHONE), enter("Mozilla/5.0 (iPad) Safari/604.1")
    row = UserSession.objects.get(key=phone.cookies["session"].value)
    mine.post(PAGE, {"one": row.pk})
    assert phone.get("/").status_code == 302
    assert tablet.get("/").status_code == 200
    assert mine.get("/").status_code == 200


def test_an_administrator_ends_those_of_a_colleague_and_keeps_his_own(nadia: User, client: Browser) -> None:
    hers = enter()
    claire = make_user(ADMINISTRATOR)
    client.force_login(claire)
    page = f"/parametres/utilisateurs/{nadia.pk}/"
    assert "Firefox sur Windows" in client.get(page).content.decode()
    assert client.post(f"{page}deconnecter/")["Location"] == page
    assert hers.get("/").status_code == 302
    assert "connectée nulle part" in client.get(page).content.decode()
    client.post(f"/parametres/utilisateurs/{claire.pk}/deconnecter/")
    assert client.get(page).status_code == 200


def test_a_new_password_ends_every_session_and_none_is_told(nadia: User) -> None:
    mine, phone = enter(), enter(IPHONE)
    nadia.set_password("une autre phrase de passe")
    nadia.save()
    assert connections.open_sessions(nadia) == []
    assert mine.get("/").status_code == 302
    assert phone.get("/").status_code == 302


def test_a_session_costs_no_query_of_its_own_until_five_minutes_later(
    nadia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = enter()
    row = nadia.sessions.get()

    def writes() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get("/recherche/")
        return sum("settings_app_usersession" in query["sql"] for query in asked)

    assert writes() == 0
    UserSession.objects.update(seen_at=now() - timedelta(days=2))
    clock = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: clock + 301)
    assert [writes(), writes()] == [1, 0]
    row.refresh_from_db()
    assert now() - row.seen_at < timedelta(minutes=1)
    assert nadia.sessions.count() == 1


def test_a_session_that_changes_its_key_is_noted_again(nadia: User) -> None:
    browser = enter()
    store = import_module(settings.SESSION_ENGINE).SessionStore(browser.cookies["session"].value)
    store.cycle_key()
    store.save()
    browser.cookies["session"] = store.session_key
    browser.get("/")
    assert [row.key for row in connections.open_sessions(nadia)] == [store.session_key]


def test_what_is_over_is_forgotten_at_night(nadia: User) -> None:
    enter()
    over = enter(IPHONE)
    Session.objects.filter(pk=over.cookies["session"].value).update(expire_date=now() - timedelta(seconds=1))
    assert len(connections.open_sessions(nadia)) == 1
    forget_connections()
    assert [row.browser for row in nadia.sessions.all()] == ["Firefox sur Windows"]
