"""The company's form and one's own preferences, from the menu to what is written, without touching a mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from settings_app.models import Company, Preference, User
from tests.browser.test_client_form import press_until, write
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin(page: Page, home: str, enter: object, console: list[str]) -> Page:
    enter(make_user("Administrateur"))  # type: ignore[operator]  # a fixture that signs in
    page.goto(home)
    return page


def test_the_company_is_filled_in_at_the_keyboard(admin: Page) -> None:
    admin.keyboard.press("+")
    admin.keyboard.press("0")
    expect(admin).to_have_url(re.compile(r"/parametres/societe/$"))
    press_until(admin, "[name='name']", most=60)
    admin.keyboard.press("Control+a")
    admin.keyboard.type("Rivage & Foyer")
    press_until(admin, "[name='legal_form']")
    admin.keyboard.press("S")
    write(admin, "siren", "983142051")
    press_until(admin, "[name='second_factor_for_all']")
    admin.keyboard.press("Space")
    write(admin, "insurance_from", "01/01/2026")
    admin.keyboard.press("Control+Enter")
    # Refused: what was typed is there, and the focus leads to what is wrong.
    alert = admin.get_by_role("alert")
    expect(alert).to_contain_text("SIREN")
    press_until(admin, "[role='alert'] a[href='#id_siren']")
    admin.keyboard.press("Enter")
    press_until(admin, "[name='siren']", most=1)
    admin.keyboard.press("Control+a")
    admin.keyboard.type("983142050")
    press_until(admin, "[name='propose'][value='vat']")
    admin.keyboard.press("Enter")
    expect(admin.locator("[name='vat_number']")).not_to_have_value("")
    press_until(admin, "button[data-primary]", "Tab")
    admin.keyboard.press("Enter")
    expect(admin.get_by_text("Société enregistrée.")).to_be_visible()
    company = Company.objects.get()
    assert (company.name, company.siren, company.second_factor_for_all) == ("Rivage & Foyer", "983142050", True)
    assert (str(company.insurance_from), company.vat_number[:2]) == ("2026-01-01", "FR")
    assert company.legal_form.startswith("S")


def test_preferences_are_chosen_and_put_back_at_the_keyboard(office: Page, nadia: User) -> None:
    press_until(office, ".tool-gear")
    office.keyboard.press("Enter")
    expect(office).to_have_url(re.compile(r"/preferences/$"))
    press_until(office, "main [name='theme']", most=60)
    office.keyboard.press("S")
    press_until(office, "[name='search-mode']")
    office.keyboard.press("ArrowDown")
    chosen = office.locator("[name='search-mode']").input_value()
    office.keyboard.press("Control+Enter")
    expect(office.locator("html")).to_have_attribute("data-theme", "dark")
    assert Preference.objects.get(user=nadia, name="theme").value == "dark"
    assert Preference.objects.get(user=nadia, name="search-mode").value == chosen
    press_until(office, "button[name='reset'][value='Apparence']", most=90)
    office.keyboard.press("Enter")
    expect(office.get_by_role("status").filter(has_text="a repris ses choix d’origine")).to_be_visible()
    expect(office.locator("main [name='theme']")).to_have_value("auto")
    # Shown, not written: the person validates.
    assert Preference.objects.get(user=nadia, name="theme").value == "dark"
    office.keyboard.press("Control+Enter")
    expect(office.get_by_role("status").filter(has_text="a repris")).to_have_count(0)
    assert not Preference.objects.filter(user=nadia, name="theme", value="dark").exists()
