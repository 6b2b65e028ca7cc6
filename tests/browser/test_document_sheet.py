"""The sheet of a document in the browser: typed by keyboard alone, two tabs on one draft, a network that is cut."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from clients.models import Client
from commerce.domain.states import DocumentKind, State
from commerce.models import Assembly, Document, DocumentLine, VatRate
from commerce.preferences import line_numbers
from settings_app.models import User
from tests.browser.test_axe import LOOKS, violations
from tests.commerce.papers import add, make_document
from tests.commerce.records import make_article, make_assembly
from tests.factories import make_address, make_client, make_user
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
LINES = "#corps > tr"


def saved(quote: Document, **values: object) -> None:
    """The stored document has these values."""
    wait_for(lambda: Document.objects.filter(pk=quote.pk, **values).exists(), what=str(values))


def type_line(page: Page, typed: str, quantity: str = "") -> None:
    """One line by the row at the bottom, where the focus is and comes back to."""
    expect(page.locator("#ajout-article")).to_be_focused()
    count = page.locator(LINES).count()
    page.keyboard.type(typed)
    if quantity:
        page.keyboard.press("Tab")
        page.keyboard.type(quantity)
    page.keyboard.press("Enter")
    expect(page.locator(LINES)).to_have_count(count + 1)
    expect(page.locator("#ajout-article")).to_be_focused()
    expect(page.locator("#ajout-article")).to_have_value("")


def press_button(page: Page, name: str) -> None:
    """Tab from the row at the bottom to one of its buttons."""
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            break
    page.keyboard.press("Enter")


def test_a_quote_of_ten_lines_by_keyboard_alone_becomes_an_order_and_an_invoice(
    page: Page, home: str, enter: Callable[..., None], console: list[str]
) -> None:
    fabre = make_client(last_name="Fabre")
    make_address(client=fabre)
    reduced = VatRate.objects.get(label="Taux intermédiaire")
    make_article(code="PMP-75", label="Pompe de filtration 0,75 CV")
    make_article(code="LINER", label="Liner 75/100", sale_price="10", vat=reduced)
    make_article(code="SKIM", label="Skimmer grande meurtrière")
    assembly, _ = make_assembly()
    Assembly.objects.update(is_open_on_print=True)
    # Whoever may issue past a warning: this company has not told everything of itself.
    enter(make_user("Administrateur"))
    page.goto(f"{home}/clients/{fabre.pk}/")
    page.get_by_role("link", name="GEST. COM.").press("Enter")
    page.get_by_role("link", name="Devis", exact=True).press("Enter")
    page.keyboard.type("Rénovation du bassin")
    page.keyboard.press("Enter")
    # Section, five articles, a text, a subtotal, a free line, an option: ten lines.
    expect(page.locator("#ajout-article")).to_be_focused()
    page.keyboard.type("Filtration")
    press_button(page, "Section")
    expect(page.locator(LINES)).to_have_count(1)
    type_line(page, "pmp-75")
    type_line(page, "liner", "45,5")
    type_line(page, assembly.code, "2")
    page.keyboard.type("meurtri")
    page.get_by_role("option", name="Skimmer grande meurtrière").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#ajout-quantity")).to_be_focused()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(page.locator(LINES)).to_have_count(5)
    expect(page.locator("#ajout-article")).to_be_focused()
    for words, kind in (("Hors évacuation des gravats", "Texte"), ("", "Sous-total"), ("Déplacement", "Ligne libre")):
        count = page.locator(LINES).count()
        page.keyboard.type(words)
        press_button(page, kind)
        expect(page.locator(LINES)).to_have_count(count + 1)
        expect(page.locator("#ajout-article")).to_be_focused()
    type_line(page, "SKIM")
    type_line(page, "PMP-75", "2")
    quote = Document.objects.get(kind=DocumentKind.QUOTE)
    # From the row at the bottom up into the last line, then to the free line, two above, for its price.
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    free = quote.lines.get(label="Déplacement")
    expect(page.locator(f"#c-{free.pk}-label")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("45")
    page.keyboard.press("Enter")
    # Enter is one line further, in the same column; the last line becomes an option.
    page.keyboard.press("ArrowDown")
    last = quote.lines.filter(parent=None).last()
    assert last
    expect(page.locator(f"#c-{last.pk}-unit_price")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator(f"#c-{last.pk}-is_option")).to_be_focused()
    page.keyboard.press("Space")
    wait_for(lambda: DocumentLine.objects.get(pk=last.pk).is_option, what="the option")
    # 100 + 45,5 × 10 + 2 nomenclatures + 3 × 100 + 45 + 100: the option is not counted.
    priced = DocumentLine.objects.get(document=quote, article=assembly)
    net = Decimal(100) + Decimal(455) + 2 * priced.unit_price + 300 + 45 + 100
    saved(quote, net=net)
    assert quote.lines.filter(parent=None).count() == 10
    assert quote.lines.exclude(parent=None).exists()
    assert {str(row.vat_id) for row in quote.lines.exclude(vat=None)} >= {str(reduced.pk)}
    before = [line.pk for line in quote.lines.filter(parent=None)]
    page.locator(f"#c-{last.pk}-label").focus()
    page.keyboard.press("Alt+ArrowUp")
    moved = [*before[:8], before[9], before[8]]
    wait_for(
        lambda: [line.pk for line in quote.lines.filter(parent=None)] == moved, what="the line one place further up"
    )
    expect(page.locator(f"#c-{last.pk}-label")).to_be_focused()
    page.keyboard.press("Control+Delete")
    expect(page.locator(LINES)).to_have_count(9)
    page.get_by_role("button", name="Annuler").press("Enter")
    expect(page.locator(LINES)).to_have_count(10)
    assert [line.label for line in quote.lines.filter(parent=None)][8] == last.label
    go_on(page, State.ISSUED)
    page.get_by_role("button", name="Accepter").press("Enter")
    convert(page, "commande")
    order = Document.objects.get(kind=DocumentKind.ORDER)
    go_on(page, State.CONFIRMED)
    convert(page, "facture")
    invoice = Document.objects.get(kind=DocumentKind.INVOICE)
    assert (invoice.state, invoice.net, order.net) == (State.DRAFT, net, net)


def go_on(page: Page, state: State) -> None:
    """Out of the draft by the one button of the page, past what it asks."""
    page.locator(".title-line .btn-primary").press("Enter")
    page.locator("[data-primary]").wait_for()
    if page.get_by_label("Motif").count():
        page.get_by_label("Motif").fill("Essai")
    page.locator("[data-primary]").press("Enter")
    page.locator(f".state-{state.value}").wait_for()


def convert(page: Page, kind: str) -> None:
    link = page.get_by_role("link", name=f"Transformer en {kind}")
    if not link.is_visible():
        page.locator(".title-line summary").press("Enter")
    link.press("Enter")
    page.get_by_role("button", name="Transformer").press("Enter")
    page.wait_for_url("**/pieces/*/")


def test_two_tabs_on_one_draft_show_both_values(
    page: Page, home: str, enter: Callable[..., None], context: BrowserContext, console: list[str]
) -> None:
    quote = make_document()
    line = add(quote)
    enter()
    other = context.new_page()
    for tab in (page, other):
        tab.goto(f"{home}/pieces/{quote.pk}/")
    cell = f"#c-{line.pk}-quantity"
    page.locator(cell).fill("8")
    page.locator(cell).press("Enter")
    expect(page.locator("#totaux")).to_contain_text("960,00")
    other.locator(cell).fill("5")
    other.locator(cell).press("Enter")
    told = other.locator(f"#c-{line.pk}-quantity-dit")
    expect(told).to_contain_text("Enregistré entre-temps\u00a0: «\u00a08\u00a0»")
    expect(other.locator(cell)).to_have_value("5")
    assert DocumentLine.objects.get(pk=line.pk).quantity == 8
    assert violations(other) == []
    other.get_by_role("button", name="Garder «\u00a05\u00a0»").press("Enter")
    expect(other.locator("#totaux")).to_contain_text("600,00")
    expect(told).to_have_count(0)
    assert DocumentLine.objects.get(pk=line.pk).quantity == 5
    page.locator(cell).fill("3")
    page.locator(cell).press("Enter")
    page.get_by_role("button", name="Prendre cette valeur").press("Enter")
    expect(page.locator(cell)).to_have_value("5")
    page.locator("#id_title").fill("Liner")
    page.locator("#id_title").press("Enter")
    saved(quote, title="Liner")
    other.locator("#id_title").fill("Bâche")
    other.locator("#id_title").press("Tab")
    expect(other.locator("#id_title-dit")).to_contain_text("Liner")


def test_a_cut_network_and_a_wrong_value_keep_what_was_typed(
    page: Page, home: str, enter: Callable[..., None], context: BrowserContext, console: list[str]
) -> None:
    quote = make_document()
    line, article = add(quote), make_article(code="PMP-75")
    enter()
    page.goto(f"{home}/pieces/{quote.pk}/")
    cell, told = page.locator(f"#c-{line.pk}-quantity"), page.locator(f"#c-{line.pk}-quantity-dit")
    cell.fill("beaucoup")
    cell.press("Enter")
    expect(told).to_contain_text("n’est pas un")
    expect(cell).to_have_value("beaucoup")
    cell.press("Escape")
    expect(cell).to_have_value("1")
    expect(told).to_have_count(0)
    context.set_offline(True)
    cell.fill("7")
    cell.press("Enter")
    expect(told).to_contain_text("le serveur n’a pas répondu")
    expect(page.locator("#enregistre")).to_have_text("Une saisie n’est pas enregistrée")
    page.locator("#ajout-article").fill(article.code)
    page.keyboard.press("Enter")
    expect(page.locator("#ajout-perdu")).to_contain_text("n’a pas répondu")
    expect(page.locator("#ajout-article")).to_have_value("PMP-75")
    assert DocumentLine.objects.get().quantity == 1
    context.set_offline(False)
    told.get_by_role("button", name="Réessayer").press("Enter")
    saved(quote, net=Decimal(700))
    page.locator("#ajout-perdu").get_by_role("button", name="Réessayer").press("Enter")
    expect(page.locator(LINES)).to_have_count(2)
    expect(page.locator("#totaux")).to_contain_text("960,00")
    expect(page.locator("#enregistre")).to_contain_text("Enregistré à")


@pytest.mark.parametrize("look", LOOKS)
def test_an_ugly_draft_has_no_violation_and_fits(
    page: Page, home: str, enter: Callable[..., None], console: list[str], look: str
) -> None:
    viewport, scheme = LOOKS[look]
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    name = "Barthélemy-Vandenbroucke de La Rochefoucauld-Saint-Symphorien"
    long = make_client(last_name=name)
    quote = make_document(client=long, title="Rénovation complète du local technique et de la plage " * 2)
    article = make_article(code="A" * 40, label="Local technique enterré avec platine hydraulique et coffret " * 2)
    for number in range(42):
        add(quote, article if number % 7 == 0 else None, quantity="12345,5".replace(",", "."))
    enter()
    for key in (quote.pk, make_document(client=Client.objects.get(pk=long.pk)).pk):
        page.goto(f"{home}/pieces/{key}/")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_user_sees_line_numbers_as_chosen(page: Page, home: str, enter: Callable[..., None], nadia: User) -> None:
    quote = make_document()
    add(quote)
    enter()
    page.goto(f"{home}/pieces/{quote.pk}/")
    expect(page.get_by_role("columnheader", name="N°")).to_be_visible()
    line_numbers.save(nadia, "non")
    page.goto(f"{home}/pieces/{quote.pk}/")
    expect(page.get_by_role("columnheader", name="N°")).to_have_count(0)
