"""An invoice with two partial payments: from the client's page, as the user describes it; and without any script."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from clients.models import Client, Installation
from commerce.models import Document, Payment
from settings_app.models import User
from tests.commerce.records import make_article
from tests.commerce.test_issuing import whole_company
from tests.factories import make_address

pytestmark = pytest.mark.django_db(transaction=True)


def ready() -> Client:
    whole_company()
    make_article(code="PMP-75", label="Pompe de filtration")
    client = make_address().client
    Installation.objects.create(client=client, name="Piscine 8 × 4")
    return client


class Counted:
    """Clicks, and the pages that were loaded for them."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.pages = page, 0, set[str]()
        page.on("framenavigated", lambda frame: self.pages.add(frame.url.split("#")[0].split("?")[0]))

    def click(self, role: str, name: str) -> None:
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]  # a literal


@pytest.mark.req("PAY-01", "PAY-05")
def test_the_fast_path_with_two_partial_payments(office: Page, home: str, console: list[str]) -> None:
    client, page = ready(), office
    page.goto(f"{home}/recherche/?q={client.last_name}")
    # The only hit opens by itself.
    page.get_by_role("heading", name=client.display_name).wait_for()
    path = Counted(page)
    path.click("link", "GEST. COM.")
    path.click("link", "Facture")
    page.get_by_label("Titre").fill("Filtration")
    path.click("button", "Commencer")
    page.get_by_role("heading", name="Facture").wait_for()
    page.locator("#ajout-article").fill("PMP-75")
    page.locator("#ajout-quantity").fill("2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("240,00 €").first).to_be_visible()
    path.click("link", "Valider")
    # The only ouvrage is chosen already; one warning before it becomes final.
    expect(page.get_by_label("Ouvrage")).to_have_value(str(Installation.objects.get().pk))
    expect(page.get_by_text("devient définitive")).to_be_visible()
    path.click("button", "Valider")
    expect(page.locator("#reglements")).to_contain_text("240,00 €")
    page.get_by_label("Mode de règlement").select_option(label="Chèque")
    page.get_by_label("Montant").fill("100")
    path.click("button", "Enregistrer le règlement")
    expect(page.locator("#reglements .pay-rest")).to_have_text("140,00 €")
    page.get_by_label("Mode de règlement").select_option(label="CB")
    path.click("button", "Enregistrer le règlement")
    expect(page.locator("#reglements .pay-rest")).to_have_text("0,00 €")
    invoice = Document.objects.get()
    assert (invoice.number[:2], invoice.installation) == ("FA", Installation.objects.get())
    assert [str(row.amount) for row in Payment.objects.order_by("pk")] == ["100.00", "140.00"]
    assert path.clicks <= 10
    assert console == []


def test_two_payments_without_any_script(browser: Browser, home: str, nadia: User, client: Any) -> None:
    owner = ready()
    client.force_login(nadia)
    context = browser.new_context(java_script_enabled=False, locale="fr-FR", base_url=home)
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": home}])
    page = context.new_page()
    page.goto(f"/pieces/nouvelle/?genre=invoice&client={owner.pk}")
    page.get_by_label("Titre").fill("Filtration")
    page.get_by_role("button", name="Commencer").click()
    page.locator("#ajout-article").fill("PMP-75")
    page.locator("#ajout-quantity").fill("1")
    page.locator("#ajout").get_by_role("button", name="Ajouter").click()
    page.get_by_role("link", name="Valider", exact=True).click()
    page.get_by_role("button", name="Valider", exact=True).click()
    for amount in ("50", "70"):
        page.get_by_label("Mode de règlement").select_option(label="Chèque")
        page.get_by_label("Montant").fill(amount)
        page.get_by_role("button", name="Enregistrer le règlement").click()
    expect(page.get_by_text("Cette facture est payée.")).to_be_visible()
    assert Payment.objects.count() == 2
    context.close()
