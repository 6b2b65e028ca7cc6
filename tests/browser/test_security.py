"""Second factors and what was typed, in a real browser: real codes, a virtual passkey, a crashed tab."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Error, Page, expect

from clients.models import Client
from settings_app.models import User
from tests.browser.test_axe import violations
from tests.factories import PASSWORD, make_client, make_user
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = "Object.values(localStorage).concat(Object.values(sessionStorage)).join(' ')"


def code(secret: str, ahead: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead)))


def sign_in(page: Page, home: str, path: str = "/connexion/") -> None:
    if path:
        page.goto(home + path)
    page.get_by_label("Identifiant ou e-mail").fill("nadia")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_out(page: Page, home: str) -> None:
    page.goto(f"{home}/deconnexion/")
    page.get_by_role("main").get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()


def expire_sessions() -> None:
    Session.objects.all().delete()
    cache.clear()


@pytest.fixture
def virtual_key(page: Page, context: BrowserContext) -> str:
    """A passkey's device that always agrees, as a finger would."""
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    made = devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    return str(made["authenticatorId"])


def test_an_application_is_enrolled_then_asked_for(page: Page, home: str, nadia: User, console: list[str]) -> None:
    sign_in(page, home)
    page.goto(f"{home}/compte/securite/")
    page.get_by_role("link", name="Enregistrer une application").click()
    expect(page.locator("svg.qr")).to_be_visible()
    assert violations(page) == []
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.get_by_label("Code à six chiffres").fill(code(secret))
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    assert violations(page) == []
    recovery = page.locator(".codes li").first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert recovery in download.value.path().read_text()
    page.get_by_role("link", name="Les codes sont rangés").click()
    expect(page.get_by_text("Il vous reste 10\u00a0codes")).to_be_visible()
    assert violations(page) == []
    sign_out(page, home)
    sign_in(page, home, "/connexion/?next=/preferences/")
    expect(page.get_by_role("heading", name="Second facteur")).to_be_visible()
    assert violations(page) == []
    page.keyboard.type(code(secret, ahead=1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Préférences utilisateur")).to_be_visible()
    sign_out(page, home)
    sign_in(page, home)
    page.keyboard.type(recovery)
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox").or_(page.get_by_role("combobox", name="Rechercher"))).to_be_visible()
    page.goto(f"{home}/compte/securite/")
    expect(page.get_by_text("Il vous reste 9\u00a0codes")).to_be_visible()


def test_a_passkey_is_the_second_step_then_the_whole_door(
    page: Page, home: str, nadia: User, virtual_key: str, console: list[str]
) -> None:
    sign_in(page, home)
    page.goto(f"{home}/compte/securite/cles/ajouter/")
    assert violations(page) == []
    page.get_by_label("Nom de la clé").fill("Portable")
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    sign_out(page, home)
    sign_in(page, home)
    page.get_by_role("button", name="Prendre une clé d’accès").click()
    expect(page.locator(".tool-face")).to_be_visible()
    sign_out(page, home)
    page.goto(f"{home}/connexion/?next=/compte/securite/")
    page.get_by_role("button", name="Prendre une clé d’accès").click()
    expect(page.get_by_text("Servie le")).to_be_visible()
    page.get_by_role("link", name="Renommer Portable").click()
    page.get_by_label("Nom de la clé").fill("Ordinateur du bureau")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Retirer Ordinateur du bureau").click()
    assert violations(page) == []
    page.get_by_role("button", name="Retirer").click()
    expect(page.get_by_text("Aucune. Une clé d’accès")).to_be_visible()
    assert not Authenticator.objects.exists()


# ---- typed text is never lost ---------------------------------------------------------------------------------


def type_client(page: Page, home: str, name: str = "Fabre") -> None:
    page.goto(f"{home}/clients/nouveau/")
    page.locator("[name='civility']").select_option(label="Mme")
    page.locator("[name='last_name']").fill(name)
    page.locator("[name='observation']").fill("Chien dans la cour")
    wait_for(lambda: "Chien dans la cour" in page.evaluate(KEPT), what="the typing to be kept")


def test_a_session_that_ended_gives_the_form_back(office: Page, home: str) -> None:
    type_client(office, home)
    expire_sessions()
    office.keyboard.press("Control+Enter")
    expect(office.get_by_role("heading", name="Connexion")).to_be_visible()
    sign_in(office, home, "")
    expect(office.get_by_text("Votre saisie a été retrouvée.")).to_be_visible()
    expect(office.locator("[name='last_name']")).to_have_value("Fabre")
    office.keyboard.press("Control+Enter")
    expect(office.get_by_role("heading", name="FABRE")).to_be_visible()
    assert Client.objects.get().observation == "Chien dans la cour"
    assert "Chien" not in office.evaluate(KEPT)


def test_a_note_sent_after_the_session_comes_back_on_its_page(office: Page, home: str) -> None:
    client = make_client(last_name="Fabre")
    office.goto(f"{home}/clients/{client.pk}/")
    note = office.locator(".note-form textarea")
    note.fill("Rappeler lundi")
    expire_sessions()
    office.locator(".note-form button[type='submit']").click()
    sign_in(office, home, "")
    expect(note).to_have_value("Rappeler lundi")


def test_a_form_that_turns_after_the_session_comes_back_too(office: Page, home: str) -> None:
    """An htmx request: 401, the whole page goes to the door and returns."""
    type_client(office, home)
    expire_sessions()
    office.get_by_role("button", name="Avancé").click()
    expect(office.get_by_role("heading", name="Connexion")).to_be_visible()
    sign_in(office, home, "")
    expect(office.locator("[name='last_name']")).to_have_value("Fabre")


def test_another_person_on_this_browser_sees_nothing(office: Page, home: str, enter: Callable[..., None]) -> None:
    type_client(office, home)
    enter(make_user(username="autre"))
    office.goto(f"{home}/clients/nouveau/")
    expect(office.locator("[name='last_name']")).to_have_value("")
    assert "Chien" not in office.evaluate(KEPT)
    enter()
    office.goto(f"{home}/clients/nouveau/")
    expect(office.locator("[name='last_name']")).to_have_value("")


def test_signing_out_leaves_nothing_behind(office: Page, home: str) -> None:
    type_client(office, home)
    sign_out(office, home)
    assert "Chien" not in office.evaluate(KEPT)


def crash(page: Page) -> Page:
    """The tab is gone with its sessionStorage; the person opens another."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
    return page.context.new_page()


def test_after_a_crash_the_typing_is_offered_and_taken_up(office: Page, home: str) -> None:
    type_client(office, home)
    again = crash(office)
    again.goto(f"{home}/clients/nouveau/")
    expect(again.locator("[name='last_name']")).to_have_value("")
    assert violations(again) == []
    again.get_by_role("button", name="Reprendre la saisie").click()
    expect(again.locator("[name='last_name']")).to_have_value("Fabre")
    again.keyboard.press("Control+Enter")
    expect(again.get_by_role("heading", name="FABRE")).to_be_visible()
    again.goto(f"{home}/clients/nouveau/")
    expect(again.locator("[name='last_name']")).to_have_value("")
    expect(again.get_by_role("button", name="Reprendre la saisie")).to_have_count(0)


def test_what_is_given_up_is_gone(office: Page, home: str) -> None:
    type_client(office, home)
    again = crash(office)
    again.goto(f"{home}/clients/nouveau/")
    again.get_by_role("button", name="Abandonner").click()
    assert "Chien" not in again.evaluate(KEPT)
    again.reload()
    expect(again.get_by_role("button", name="Reprendre la saisie")).to_have_count(0)


def test_a_draft_of_last_week_is_not_offered(office: Page, home: str) -> None:
    type_client(office, home)
    again = crash(office)
    again.goto(f"{home}/preferences/")
    again.evaluate(
        "for (const [key, text] of Object.entries(localStorage)) if (key.startsWith('keep:'))"
        " localStorage.setItem(key, JSON.stringify({...JSON.parse(text), at: Date.now() - 73 * 3_600_000}))"
    )
    again.goto(f"{home}/clients/nouveau/")
    expect(again.get_by_role("button", name="Reprendre la saisie")).to_have_count(0)
    assert "Chien" not in again.evaluate(KEPT)


def test_bank_details_are_never_kept_and_birth_only_in_the_tab(office: Page, home: str) -> None:
    office.goto(f"{home}/clients/nouveau/?mode=avance")
    office.locator("#id_is_urssaf").check()
    office.locator("[name='iban']").fill("FR7630006000011234567890189")
    office.locator("[name='birth_date']").fill("14/03/1961")
    office.locator("[name='birth_name']").fill("Roux")
    office.locator("[name='last_name']").fill("Fabre")
    wait_for(lambda: "Fabre" in office.evaluate(KEPT), what="the typing to be kept")
    assert "3000" not in office.evaluate(KEPT)
    assert "14/03/1961" in office.evaluate("Object.values(sessionStorage).join(' ')")
    assert "14/03/1961" not in office.evaluate("Object.values(localStorage).join(' ')")


def test_a_draft_over_a_record_that_changed_shows_both(office: Page, home: str) -> None:
    client = make_client(last_name="Fabre", observation="Portail vert")
    office.goto(f"{home}/clients/{client.pk}/modifier/")
    office.locator("[name='observation']").fill("Portail rouge")
    wait_for(lambda: "Portail rouge" in office.evaluate(KEPT), what="the typing to be kept")
    again = crash(office)
    Client.objects.filter(pk=client.pk).update(observation="Portail bleu")
    again.goto(f"{home}/clients/{client.pk}/modifier/")
    expect(again.locator("[name='observation']")).to_have_value("Portail bleu")
    again.get_by_role("button", name="Reprendre la saisie").click()
    again.keyboard.press("Control+Enter")
    expect(again.get_by_text("Cette fiche a changé pendant votre saisie.")).to_be_visible()
    expect(again.locator("[name='observation']")).to_have_value("Portail rouge")
    expect(again.get_by_text("Enregistré entre-temps")).to_contain_text("Portail bleu")
    client.refresh_from_db()
    assert client.observation == "Portail bleu"
