"""The first slice, as a person at a keyboard meets it: sign in, create a client, find him, open him."""

import re

import pytest
from playwright.sync_api import Page, expect

from clients.models import Address, Client
from settings_app.models import User
from tests.factories import PASSWORD, make_client

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_door_to_the_client_with_the_keyboard_only(
    page: Page, home: str, nadia: User, console: list[str]
) -> None:
    page.goto(home)
    expect(page).to_have_title(re.compile("Connexion"))
    keys = page.keyboard
    keys.type("nadia")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_url(home + "/")

    keys.press("+")
    expect(page.locator("#menu-plus")).to_be_visible()
    keys.press("c")
    expect(page).to_have_url(re.compile("/clients/nouveau/"))

    stops = 0
    typed = {
        "civility": "Mme",
        "last_name": "Fabre",
        "first_name": "Hélène",
        "email": "helene.fabre@exemple.fr",
        "mobile_1": "06.39.98.14.27",
        "address-0-street": "210 route de Grambois",
        "address-0-postcode": "84240",
        "address-0-city": "La Tour-d’Aigues",
    }
    remaining = dict(typed)
    expect(page.locator(":focus")).to_have_attribute("name", "civility")
    while remaining:
        name = page.evaluate("document.activeElement.name")
        if name in remaining:
            keys.type(remaining.pop(name))
        keys.press("Tab")
        stops += 1
        assert stops < 20, remaining
    assert stops <= 12
    keys.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/clients/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("FABRE Hélène")
    expect(page.get_by_text("Client créé.")).to_be_visible()
    made = Client.objects.get()
    assert (made.mobile_1, made.followed_by_id) == ("+33639981427", nadia.pk)
    assert Address.objects.get().city == "La Tour-d’Aigues"

    keys.press("Control+k")
    expect(page.locator("#q")).to_be_focused()
    keys.type("fabr")
    expect(page.locator("#search-results .hit[href^='/clients/']").first).to_contain_text("FABRE Hélène")
    keys.press("Enter")
    expect(page).to_have_url(re.compile(rf"/clients/{made.pk}/$"))

    keys.press("+")
    keys.press("1")
    expect(page).to_have_url(home + "/clients/")
    expect(page.get_by_role("link", name="FABRE Hélène")).to_be_visible()
    expect(page.get_by_text("1\u00a0client")).to_be_visible()


@pytest.mark.parametrize("viewport", [{"width": 1366, "height": 900}, {"width": 390, "height": 844}])
def test_without_javascript_the_same_path_works(
    browser: object, home: str, nadia: User, viewport: dict[str, int]
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=viewport, locale="fr-FR")  # type: ignore[attr-defined]
    page: Page = context.new_page()
    page.goto(home)
    page.get_by_label("Identifiant ou e-mail").fill("nadia")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("button", name=re.compile("Créer")).click()
    page.locator("#menu-plus").get_by_role("link", name=re.compile("^Client ?C?$")).click()
    page.get_by_label("Civilité").select_option(label="M.")
    page.get_by_label("Nom de famille").fill("Benoît")
    page.get_by_role("button", name="Professionnel").click()
    expect(page.get_by_label("Nom de famille")).to_have_value("Benoît")
    page.get_by_role("button", name="Particulier").click()
    expect(page.get_by_label("Nom de famille")).to_have_value("Benoît")
    page.get_by_label("Mobile 1").fill("06 12")
    page.get_by_label("Civilité").select_option(label="M.")
    page.get_by_role("button", name="Valider").last.click()
    expect(page.get_by_role("alert")).to_contain_text("1\u00a0champ à corriger")
    expect(page.get_by_label("Nom de famille")).to_have_value("Benoît")
    page.get_by_label("Mobile 1").fill("0639981428")
    page.get_by_role("button", name="Valider").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("BENOÎT")
    assert Client.objects.get().mobile_1 == "+33639981428"
    page.goto(home + "/clients/?q=benoit")
    expect(page.get_by_role("link", name="BENOÎT")).to_be_visible()
    context.close()


def test_a_double_click_creates_one_client(office: Page, home: str) -> None:
    office.goto(home + "/clients/nouveau/")
    office.get_by_label("Civilité").select_option(label="M.")
    office.get_by_label("Nom de famille").fill("Double")
    office.get_by_role("button", name="Valider").last.dblclick()
    expect(office).to_have_url(re.compile(r"/clients/\d+/$"))
    assert Client.objects.filter(last_name="Double").count() == 1


def test_two_tabs_on_one_client_show_both_values(office: Page, home: str) -> None:
    fabre = make_client(last_name="Fabre")
    office.goto(f"{home}/clients/{fabre.pk}/modifier/")
    Client.objects.filter(pk=fabre.pk).update(last_name="Fabre-Martin")
    office.get_by_label("Nom de famille").fill("Fabre-Roux")
    office.keyboard.press("Control+Enter")
    alert = office.get_by_role("alert")
    expect(alert).to_contain_text("Cette fiche a changé pendant votre saisie.")
    expect(alert).to_be_focused()
    expect(office.get_by_label("Nom de famille")).to_have_value("Fabre-Roux")
    expect(office.get_by_text("Fabre-Martin")).to_be_visible()
    office.get_by_role("button", name="Reprendre").click()
    expect(office.get_by_label("Nom de famille")).to_have_value("Fabre-Martin")
    office.keyboard.press("Control+Enter")
    expect(office).to_have_url(re.compile(r"/clients/\d+/$"))
    assert Client.objects.get(pk=fabre.pk).last_name == "Fabre-Martin"


def test_what_was_typed_survives_an_expired_session(office: Page, home: str, nadia: User) -> None:
    office.goto(home + "/clients/nouveau/")
    office.get_by_label("Civilité").select_option(label="Mme")
    office.get_by_label("Nom de famille").fill("Longuement-Saisi")
    office.get_by_label("Indications").fill("Portail vert")
    office.context.clear_cookies(name="session")
    office.keyboard.press("Control+Enter")
    office.get_by_label("Identifiant ou e-mail").fill("nadia")
    office.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    office.keyboard.press("Enter")
    expect(office).to_have_url(re.compile("/clients/nouveau/"))
    expect(office.get_by_label("Nom de famille")).to_have_value("Longuement-Saisi")
    expect(office.get_by_label("Indications")).to_have_value("Portail vert")
    office.keyboard.press("Control+Enter")
    expect(office).to_have_url(re.compile(r"/clients/\d+/$"))
    assert Client.objects.get().last_name == "Longuement-Saisi"
    office.goto(home + "/clients/nouveau/")
    expect(office.get_by_label("Nom de famille")).to_have_value("")
