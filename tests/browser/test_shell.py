"""The frame in a real browser: menus, shortcuts, theme, search, toasts, nothing blocked by the content policy."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_address, make_client

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_question_mark_lists_the_shortcuts(office: Page) -> None:
    office.keyboard.press("?")
    dialog = office.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Ctrl")
    office.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_typing_in_a_field_triggers_no_shortcut(office: Page, home: str) -> None:
    office.goto(home + "/clients/nouveau/")
    office.get_by_label("Nom de famille").click()
    office.keyboard.type("c+1/?")
    expect(office.get_by_label("Nom de famille")).to_have_value("c+1/?")
    expect(office.locator("#menu-plus")).to_be_hidden()
    expect(office.get_by_role("dialog")).to_be_hidden()


def test_the_menu_opens_closes_and_gives_the_focus_back(office: Page) -> None:
    button = office.get_by_role("button", name=re.compile("Créer"))
    button.click()
    expect(office.locator("#menu-plus")).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    office.keyboard.press("Escape")
    expect(office.locator("#menu-plus")).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_the_dark_theme_is_chosen_in_two_clicks_and_stays(office: Page, home: str) -> None:
    office.locator(".tool-face").click()
    office.get_by_role("button", name="Sombre").click()
    expect(office.locator("html")).to_have_attribute("data-bs-theme", "dark")
    office.goto(home + "/clients/")
    expect(office.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_automatic_theme_follows_the_machine(office: Page) -> None:
    office.emulate_media(color_scheme="dark")
    expect(office.locator("html")).to_have_attribute("data-bs-theme", "dark")
    office.emulate_media(color_scheme="light")
    expect(office.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_search_while_typing(office: Page) -> None:
    make_address(client=make_client(last_name="Lefèvre", first_name="Odile"), city="Pertuis", postcode="84120")
    make_client(last_name="Lefebvre", first_name="Paul")
    office.keyboard.press("/")
    field = office.locator("#q")
    expect(field).to_be_focused()
    field.press_sequentially("lefe")
    hits = office.locator("#search-results .hit:not(.hit-all)")
    expect(hits).to_have_count(2)
    expect(hits.last).to_contain_text("LEFÈVRE Odile")
    expect(hits.last).to_contain_text("84120 Pertuis")
    office.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", re.compile("hit-"))
    office.keyboard.press("Escape")
    expect(hits.first).to_be_hidden()
    field.fill("zzz")
    expect(office.locator("#search-results")).to_contain_text("Rien ne correspond")


def test_the_count_arrives_by_itself(office: Page, home: str) -> None:
    for _ in range(3):
        make_client()
    office.goto(home + "/clients/")
    expect(office.get_by_text("3\u00a0clients")).to_be_visible()


def test_signing_out_closes_the_door(office: Page, home: str) -> None:
    office.locator(".tool-face").click()
    office.get_by_role("button", name="Se déconnecter").click()
    expect(office).to_have_url(re.compile("/connexion/"))
    office.goto(home + "/clients/")
    expect(office).to_have_url(re.compile("/connexion/"))


def test_the_phone_has_cards_and_nothing_overflows(office: Page, home: str) -> None:
    make_address(client=make_client(last_name="de Montgolfier-Saint-Exupéry de la Tour du Pin Chambly-Lacharce"))
    office.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", "/clients/", "/clients/nouveau/", "/preferences/", "/recherche/?q=zz"):
        office.goto(home + path)
        wider = office.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wider, path
