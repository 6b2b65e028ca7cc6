"""The frame around every page, its error pages, its headers and its logs."""

import json
import logging
import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.urls import path

from extrabat import urls
from extrabat.lib.logs import JsonFormatter
from extrabat.lib.refusals import Refused
from settings_app.models import Origin, Preference
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
PAGES = ["/", "/clients/", "/clients/nouveau/", "/recherche/?q=a", "/parametres/magasin/", "/preferences/"]


@pytest.fixture
def admin(client: Browser) -> Browser:
    client.force_login(make_user("Administrateur", first_name="Claire", last_name="Delmas", is_staff=True))
    return client


@pytest.mark.req("G-02")
@pytest.mark.parametrize("page", PAGES)
def test_the_plus_menu_is_on_every_page_and_leads_to_the_modules(admin: Browser, page: str) -> None:
    html = admin.get(page).content.decode()
    menu = html.split('id="menu-plus"')[1].split("</nav>")[0]
    assert re.search(r'href="/clients/"[^>]*>.*?Clients', menu, flags=re.S)
    assert re.search(r'href="/parametres/"[^>]*>.*?Paramètres', menu, flags=re.S)
    assert re.search(r'href="/clients/nouveau/"[^>]*>.*?Client', menu, flags=re.S)


@pytest.mark.req("G-03")
@pytest.mark.parametrize("page", PAGES)
def test_the_header_holds_search_avatar_and_the_gear_at_its_right(admin: Browser, page: str) -> None:
    header = admin.get(page).content.decode().split('class="topbar"')[1].split("</header>")[0]
    search, avatar = header.index('action="/recherche/"'), header.index("tool-face")
    gear = header.index('href="/preferences/"')
    assert search < avatar < gear
    assert "Préférences utilisateur" in header[gear - 200 : gear + 200]
    assert "CD" in header


def test_the_menu_offers_what_one_may_do(client: Browser) -> None:
    client.force_login(make_user("Technicien"))
    menu = client.get("/").content.decode().split('id="menu-plus"')[1].split("</nav>")[0]
    assert "Paramètres" not in menu
    assert "/clients/nouveau/" not in menu
    assert "/clients/" in menu


def test_the_theme_is_one_s_own(admin: Browser, client: Browser) -> None:
    back = admin.post("/preferences/theme/", {"theme": "dark"}, headers={"Referer": "http://testserver/clients/?q=a"})
    assert back["Location"] == "/clients/?q=a"
    assert 'data-theme="dark"' in admin.get("/").content.decode()
    other = Browser()
    other.force_login(make_user())
    assert 'data-theme="auto"' in other.get("/").content.decode()


def test_a_theme_that_does_not_exist_is_refused_kindly(admin: Browser) -> None:
    response = admin.post("/preferences/theme/", {"theme": "<x>"}, headers={"Referer": "http://ailleurs.fr/"})
    assert response["Location"] == "/"
    assert "Ce thème n’existe pas" in admin.get("/").content.decode()
    assert not Preference.objects.exists()
    assert admin.post("/preferences/", {"theme": "rose"}).status_code == 422


def test_preferences_left_empty_are_saved_and_emptied_again(admin: Browser) -> None:
    page = admin.get("/preferences/")
    values = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    origin = Origin.objects.get(label="Salon")
    assert admin.post("/preferences/", values | {"client-origin": origin.pk}).status_code == 302
    assert admin.get("/preferences/").context["form"].initial["client-origin"] == origin.pk
    assert admin.post("/preferences/", values).status_code == 302
    assert admin.get("/preferences/").context["form"].initial["client-origin"] is None


def test_what_does_not_exist_is_told_in_french(admin: Browser, client: Browser) -> None:
    page = admin.get("/nulle-part/")
    assert page.status_code == 404
    assert "topbar" in page.content.decode()
    stranger = Browser().get("/nulle-part/")
    assert stranger.status_code in (302, 404)


def test_a_refusal_says_its_reason_with_409(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(request: HttpRequest) -> HttpResponse:
        raise Refused("Ce client est bloqué : impayé <b>ancien</b>.")

    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("refus/", refuse)])
    _forget_urls()
    response = admin.get("/refus/")
    _forget_urls()
    assert response.status_code == 409
    assert "Ce client est bloqué : impayé &lt;b&gt;ancien&lt;/b&gt;." in response.content.decode()


def test_a_fault_gives_an_honest_page_and_a_line_without_personal_data(
    admin: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        raise ValueError("helene.fabre@exemple.fr")

    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("panne/", fail)])
    _forget_urls()
    admin.raise_request_exception = False
    response = admin.get("/panne/?q=fabre")
    _forget_urls()
    page = response.content.decode()
    assert response.status_code == 500
    assert "<h1" in page
    assert "{%" not in page
    record = next(r for r in caplog.records if r.exc_info)
    line = json.loads(JsonFormatter().format(record))
    assert line["exception"] == "ValueError"
    assert line["frames"][-1].endswith(" fail")
    assert line["request_id"]
    assert "fabre" not in json.dumps(line)


def _forget_urls() -> None:
    from django.urls import clear_url_caches

    clear_url_caches()


def test_a_request_leaves_one_line_with_its_route_and_no_personal_data(
    admin: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client(last_name="Fabre")
    with caplog.at_level(logging.INFO, logger="extrabat.request"):
        admin.get(f"/clients/{client.pk}/?q=fabre")
        admin.post("/connexion/", {"login": "fabre@exemple.fr", "password": "secret"})
    lines = [json.loads(JsonFormatter().format(r)) for r in caplog.records if r.name == "extrabat.request"]
    assert [line["route"] for line in lines] == ["clients/<int:pk>/", "connexion/"]
    assert lines[0]["status"] == 200
    assert lines[0]["user_id"]
    assert "fabre" not in json.dumps(lines).lower()
    assert "secret" not in json.dumps(lines)


def test_the_content_policy_is_strict(admin: Browser) -> None:
    policy = admin.get("/")["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert directives["script-src"].startswith("'self'")
    assert directives["frame-ancestors"] == "'none'"


def test_cookies_in_production_are_bound_to_the_host(settings: pytest.FixtureRequest) -> None:
    import os
    import subprocess
    import sys

    read = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.DEMO)"
    )
    env = {**os.environ, "HTTPS": "1", "DEMO": "0", "DJANGO_SETTINGS_MODULE": "extrabat.settings"}
    ran = subprocess.run([sys.executable, "-c", read], env=env, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "__Host-session __Host-csrf True True True False"


@pytest.mark.parametrize("path", ["/clients/", "/recherche/?q=fabre"])
def test_swapping_the_fragment_gives_what_the_page_shows(admin: Browser, path: str) -> None:
    """A fragment is a part of its page, not a second writing of it."""
    make_client(last_name="Fabre")
    make_client(last_name="Fabre-Roux")
    page = admin.get(path).content.decode()
    if path == "/clients/":
        part = admin.get("/clients/nombre/").content.decode()
        assert "2\u00a0clients" in part
    else:
        part = admin.get(path, headers={"HX-Request": "true"}).content.decode()
        assert len(re.findall(r'class="hit" href="/clients/', part)) == 2
        assert re.sub(r"\s+", " ", part).strip() in re.sub(r"\s+", " ", page)
    assert "<html" not in part
