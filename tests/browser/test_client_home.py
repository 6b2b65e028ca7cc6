"""The client's page at the keyboard and on a phone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clients.models import Client, Equipment, FollowUp, Installation
from settings_app.models import User
from tests.browser.test_axe import violations
from tests.factories import make_address, make_client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.req("PLA-02")
def test_the_status_takes_two_clicks(office: Page, home: str) -> None:
    client = make_client(last_name="Fabre")
    office.goto(f"{home}/clients/{client.pk}/")
    office.get_by_role("button", name="Prospect").click()
    office.get_by_role("button", name="En cours de chantier").click()
    expect(office.get_by_text("Prospect → En cours de chantier")).to_be_visible()
    expect(office.locator(".pill")).to_contain_text("En cours de chantier")
    assert Client.objects.get().status.label == "En cours de chantier"


def test_a_note_an_action_and_an_ouvrage_without_the_mouse(office: Page, home: str, nadia: User) -> None:
    client = make_client(last_name="Fabre")
    office.goto(f"{home}/clients/{client.pk}/")
    office.get_by_label("Ajouter une note").focus()
    office.keyboard.type("Rappeler après 17 h")
    office.keyboard.press("Tab")
    office.keyboard.press("Enter")
    expect(office.locator(".log")).to_contain_text("Rappeler après 17 h")
    office.locator(".adder > summary").focus()
    office.keyboard.press("Enter")
    office.locator("#id_text").focus()
    office.keyboard.type("Envoyer le devis")
    office.keyboard.press("Tab")
    office.keyboard.type("1/12/2030")
    office.keyboard.press("Enter")
    expect(office.locator(".todo")).to_contain_text("Envoyer le devis")
    office.get_by_role("button", name="C’est fait : Envoyer le devis").press("Enter")
    expect(office.locator(".todo.is-done")).to_be_visible()
    assert FollowUp.objects.get().done_by == nadia
    office.get_by_role("link", name="Ouvrages").press("Enter")
    office.get_by_role("link", name="Définir l’ouvrage").press("Enter")
    expect(office.locator("#id_name")).to_be_focused()
    office.keyboard.type("Piscine 8 × 4 m")
    office.keyboard.press("Control+Enter")
    expect(office.get_by_role("heading", name="Piscine 8 × 4 m")).to_be_visible()
    office.get_by_role("link", name=re.compile("Ajouter un équipement")).press("Enter")
    expect(office.locator("#id_label")).to_be_focused()
    office.keyboard.type("Électrolyseur")
    office.keyboard.press("Control+Enter")
    expect(office.get_by_role("cell", name="Électrolyseur")).to_be_visible()
    assert Equipment.objects.get().installation == Installation.objects.get()


@pytest.mark.parametrize(
    ("viewport", "theme"),
    [({"width": 1366, "height": 900}, "light"), ({"width": 390, "height": 844}, "dark")],
)
def test_no_tab_has_an_axe_violation(
    office: Page, home: str, nadia: User, viewport: dict[str, Any], theme: Any
) -> None:
    client = make_client(last_name="Fabre", mobile_1="+33639981427", email="fabre@exemple.fr", is_urssaf=True)
    make_address(client=client, latitude="43.73", longitude="5.55", directions="Portail vert")
    pool = Installation.objects.create(client=client, name="Piscine")
    Equipment.objects.create(installation=pool, label="Pompe", warranty_end_on="2020-01-01")
    FollowUp.objects.create(client=client, text="Rappeler", alert_on="2020-01-01", assigned_to=nadia, created_by=nadia)
    office.set_viewport_size(viewport)  # type: ignore[arg-type]  # width and height
    office.emulate_media(color_scheme=theme)
    faults = {}
    for path in ("", "historique/", "ouvrages/", "ouvrages/ajouter/", f"ouvrages/{pool.pk}/"):
        office.goto(f"{home}/clients/{client.pk}/{path}")
        faults[path] = violations(office)
    office.goto(f"{home}/clients/{client.pk}/")
    office.locator(".adder > summary").click()
    office.locator("[data-map-fold] summary").first.click()
    expect(office.locator(".leaflet-tile-loaded").first).to_be_visible()
    faults["unfolded"] = violations(office)
    office.locator(".pill").click()
    faults["status"] = violations(office)
    assert {name: found for name, found in faults.items() if found} == {}
