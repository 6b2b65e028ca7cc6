"""People and rights in a real browser: inviting, being refused, giving a right by keyboard alone."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client as Door
from playwright.sync_api import Browser, BrowserContext, Page, expect

from settings_app.models import User
from settings_app.users.rights import ADMINISTRATOR, OFFICE, SALES, TECHNICIAN
from tests.factories import PASSWORD, make_client, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin(page: Page, home: str, enter: Callable[..., None], console: list[str]) -> Page:
    """Claire's browser, on the list of colleagues."""
    enter(make_user(ADMINISTRATOR, username="claire", first_name="Claire", last_name="Delmas"))
    page.goto(f"{home}/parametres/utilisateurs/")
    return page


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[BrowserContext]:
    """The colleague's own browser."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce")
    yield context
    context.close()


def test_a_colleague_is_invited_and_signs_in(
    admin: Page, elsewhere: BrowserContext, context: BrowserContext, home: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=home)
    admin.get_by_role("link", name="Ajouter").click()
    expect(admin.get_by_label("Nom", exact=False).first).to_be_focused()
    admin.keyboard.type("Vidal")
    admin.get_by_label("Prénom").fill("Léa")
    admin.get_by_label("Identifiant").fill("lea")
    admin.get_by_label("Rôle").select_option(label=SALES)
    admin.get_by_label("Magasin").select_option(index=1)
    admin.get_by_label("Mobile").fill("0639980021")
    admin.keyboard.press("Control+Enter")
    field = admin.get_by_label("Lien à transmettre à Léa Vidal")
    link = field.input_value()
    admin.get_by_role("button", name="Copier").click()
    expect(admin.get_by_role("status").filter(has_text="Lien copié.")).to_be_visible()
    assert admin.evaluate("navigator.clipboard.readText()") == link
    hers = elsewhere.new_page()
    hers.goto(link)
    expect(hers.get_by_role("heading", name="Bienvenue, Léa")).to_be_visible()
    hers.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    hers.get_by_label("Le même, une seconde fois").fill(PASSWORD)
    hers.keyboard.press("Enter")
    hers.get_by_label("Identifiant ou e-mail").fill("lea")
    hers.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    hers.keyboard.press("Enter")
    expect(hers.locator(".topbar")).to_be_visible()
    hers.goto(link)
    expect(hers.get_by_role("heading", name="Ce lien ne sert plus")).to_be_visible()
    admin.get_by_role("link", name="Continuer").click()
    expect(admin.get_by_role("heading", name="Léa Vidal")).to_be_visible()
    expect(admin.locator(".title-meta")).to_have_text("actif")
    expect(admin.locator(".sessions tbody tr")).to_have_count(1)
    admin.get_by_role("button", name="Tout déconnecter").click()
    expect(admin.get_by_text("Cette personne n’est connectée nulle part.")).to_be_visible()
    hers.goto(home)
    expect(hers.get_by_role("heading", name="Connexion")).to_be_visible()


def test_what_was_typed_of_a_newcomer_is_forgotten_once_he_is_there(admin: Page, home: str) -> None:
    admin.goto(f"{home}/parametres/utilisateurs/ajouter/")
    expect(admin.get_by_label("Nom", exact=False).first).to_be_focused()
    admin.keyboard.type("Vidal")
    admin.get_by_label("Prénom").fill("Léa")
    admin.get_by_label("Identifiant").fill("lea")
    admin.get_by_label("Rôle").select_option(label=SALES)
    admin.get_by_label("Magasin").select_option(index=1)
    admin.keyboard.press("Control+Enter")
    admin.get_by_label("Lien à transmettre à Léa Vidal").wait_for()
    admin.goto(f"{home}/parametres/utilisateurs/ajouter/")
    expect(admin.get_by_label("Identifiant")).to_have_value("")
    expect(admin.locator(".keep-notice")).to_have_count(0)


def test_a_technician_is_refused_kindly(page: Page, home: str, enter: Callable[..., None], console: list[str]) -> None:
    client = make_client()
    enter(make_user(TECHNICIAN))
    for path in (
        "/parametres/magasin/",
        "/parametres/utilisateurs/",
        "/parametres/utilisateurs/ajouter/",
        "/parametres/roles/",
        "/parametres/listes/statuts/",
        "/clients/nouveau/",
        f"/clients/{client.pk}/modifier/",
        "/clients/export/",
        "/clients/corbeille/",
    ):
        response = page.goto(home + path)
        assert response is not None
        assert response.status == 403, path
        expect(page.get_by_role("heading", name="Vous n’avez pas accès à cette page")).to_be_visible()
        expect(page.get_by_text("demandez ce droit à un administrateur")).to_be_visible()
    response = page.goto(f"{home}/clients/{client.pk}/")
    assert response is not None
    assert response.status == 404
    page.goto(home)
    page.keyboard.press("+")
    expect(page.locator("#menu-plus")).to_be_visible()
    expect(page.locator("#menu-plus").get_by_text("Paramètres")).to_have_count(0)
    response = page.goto(f"{home}/admin/")
    assert response is not None
    assert response.status == 403


def test_a_right_is_given_by_keyboard_and_opens_the_page(admin: Page, elsewhere: BrowserContext, home: str) -> None:
    hugo = make_user(SALES, username="hugo")
    door = Door()
    door.force_login(hugo)
    elsewhere.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": door.cookies["session"].value, "url": home}])
    his = elsewhere.new_page()
    refused = his.goto(f"{home}/clients/exports/")
    assert refused is not None
    assert refused.status == 403
    admin.goto(f"{home}/parametres/roles/")
    box = admin.get_by_role("checkbox", name=f"{SALES}\u00a0: Exporter")
    for _ in range(200):
        admin.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    expect(box).to_be_focused()
    admin.keyboard.press("Space")
    expect(box).to_be_checked()
    admin.keyboard.press("Control+Enter")
    expect(admin.get_by_text("1\u00a0droit donné")).to_be_visible()
    expect(admin.get_by_role("checkbox", name=f"{SALES}\u00a0: Exporter")).to_be_checked()
    opened = his.reload()
    assert opened is not None
    assert opened.status == 200


def test_a_departure_hands_over_what_he_followed(admin: Page, home: str) -> None:
    hugo = make_user(SALES, first_name="Hugo", last_name="Marchetti")
    make_user(OFFICE, first_name="Sophie", last_name="Langlois")
    for _ in range(3):
        make_client(followed_by=hugo)
    admin.reload()
    admin.get_by_role("link", name="Hugo Marchetti").click()
    admin.get_by_role("link", name="Départ").click()
    admin.get_by_role("button", name="Enregistrer le départ").click()
    expect(admin.get_by_role("alert")).to_be_focused()
    admin.get_by_label("3\u00a0clients suivis").select_option(label="Sophie Langlois")
    admin.get_by_role("button", name="Enregistrer le départ").click()
    expect(admin.locator(".title-meta")).to_contain_text("parti le")
    assert Group.objects.filter(user=hugo, name=SALES).exists()
    assert not User.objects.get(pk=hugo.pk).is_active
    admin.get_by_role("button", name="Faire revenir").click()
    expect(admin.get_by_label("Lien à transmettre à Hugo Marchetti")).to_be_visible()
