"""The search in a real browser: keyboard only, recent items, selector, what a screen reader is told."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from settings_app.models import User
from tests.browser.test_axe import violations
from tests.factories import make_address, make_client

pytestmark = pytest.mark.django_db(transaction=True)


def hits(page: Page) -> Locator:
    return page.locator("#search-results .hit:not(.hit-all)")


@pytest.mark.req("SEA-03")
def test_a_client_is_found_and_opened_without_the_mouse(office: Page, home: str) -> None:
    wanted = make_client(last_name="Fabre", first_name="Hélène", mobile_1="+33639981427")
    make_client(last_name="Fabregat", first_name="Paul")
    office.keyboard.press("/")
    office.keyboard.type("fab")
    expect(hits(office)).to_have_count(2)
    field = office.locator("#q")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(office.locator('[data-search] [role="status"]')).to_have_text("2 résultats")
    # Of two, none is chosen before an arrow says so.
    expect(office.locator('.hit[aria-selected="true"]')).to_have_count(0)
    office.keyboard.press("ArrowDown")
    office.keyboard.press("ArrowDown")
    expect(office.locator('.hit[aria-selected="true"]')).to_contain_text("FABREGAT")
    office.keyboard.press("ArrowUp")
    expect(office.locator('.hit[aria-selected="true"]')).to_contain_text("FABRE Hélène")
    office.keyboard.press("Escape")
    expect(hits(office).first).to_be_hidden()
    expect(field).to_have_value("fab")
    field.fill("06 39 98 14 27")
    expect(hits(office)).to_have_count(1)
    expect(hits(office).locator("mark")).to_have_text("06\u00a039\u00a098\u00a014\u00a027")
    expect(office.locator('.hit[aria-selected="true"]')).to_have_count(1)
    office.keyboard.press("Enter")
    expect(office).to_have_url(f"{home}/clients/{wanted.pk}/")


def test_what_was_opened_last_waits_under_the_empty_field(office: Page, home: str) -> None:
    first, second = make_client(last_name="Fabre"), make_client(last_name="Isnard")
    # Nothing opened yet: nothing to show.
    with office.expect_response(re.compile("/recherche/")):
        office.locator("#q").focus()
    expect(office.locator(".find")).to_be_hidden()
    for client in (first, second):
        office.goto(f"{home}/clients/{client.pk}/")
    office.goto(home)
    office.keyboard.press("Control+k")
    expect(hits(office)).to_have_count(2)
    expect(hits(office).first).to_contain_text("ISNARD")
    expect(office.locator("#search-results")).to_contain_text("Ouverts récemment")
    expect(office.locator('[data-search] [role="status"]')).to_have_text("2 pages ouvertes récemment")
    assert violations(office) == []
    office.keyboard.type("fa")
    expect(hits(office)).to_have_count(1)
    office.keyboard.press("Backspace")
    expect(office.locator(".find")).to_be_hidden()
    office.keyboard.press("Backspace")
    expect(hits(office)).to_have_count(2)
    office.keyboard.press("ArrowDown")
    office.keyboard.press("Enter")
    expect(office).to_have_url(f"{home}/clients/{second.pk}/")


def test_the_selector_is_reached_by_keyboard_and_asks_again(office: Page) -> None:
    make_client(last_name="Fabre")
    make_client(last_name="Fabregat")
    office.locator("#q").fill("fabr")
    expect(hits(office)).to_have_count(2)
    office.keyboard.press("Shift+Tab")
    expect(office.get_by_label("Chercher dans")).to_be_focused()
    with office.expect_response(re.compile("dans=clients")) as answered:
        office.keyboard.press("ArrowDown")
    assert "q=fabr" in answered.value.url
    expect(hits(office)).to_have_count(2)
    # Escape gives the focus back without asking, and so opening, once more.
    asked: list[str] = []
    office.on("request", lambda request: asked.append(request.url))
    office.keyboard.press("Escape")
    expect(office.locator("#q")).to_be_focused()
    expect(office.locator(".find")).to_be_hidden()
    assert asked == []
    with office.expect_response(re.compile("q=fabre&dans=clients|dans=clients&q=fabre")):
        office.keyboard.type("e")
    expect(office.locator(".find")).to_be_visible()


def test_an_error_is_told_and_forgiven(office: Page) -> None:
    make_client(last_name="Dupont", first_name="Jean")
    office.locator("#q").fill("duppont")
    expect(office.locator(".find-note")).to_contain_text("duppont")
    expect(hits(office)).to_have_count(1)
    assert violations(office) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_list_fits_a_phone(office: Page, scheme: str) -> None:
    for _ in range(10):
        name = "de Montgolfier-Saint-Exupéry de la Tour du Pin Chambly-Lacharce"
        make_address(client=make_client(last_name=name, mobile_1="+33639981427"), city="Saint-Rémy-en-Bouzemont")
    office.set_viewport_size({"width": 390, "height": 844})
    office.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal
    office.locator("#q").fill("montgolfier")
    expect(hits(office)).to_have_count(8)
    assert violations(office) == []
    assert not office.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    for hit in hits(office).all():
        box = hit.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["height"] >= 44


def test_the_page_works_without_script(page: Page, home: str, enter: Callable[[User | None], None]) -> None:
    make_client(last_name="Fabre")
    make_client(last_name="Fabregat")
    enter(None)
    page.route("**/*.js", lambda route: route.abort())
    page.goto(home)
    page.get_by_label("Rechercher", exact=True).fill("fabr")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/recherche/\?dans=&q=fabr"))
    expect(page.locator(".find-page .hit")).to_have_count(2)
    page.get_by_label("Rechercher", exact=True).fill("fabreg")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("FABREGAT")


def test_a_late_answer_to_former_words_shows_nothing(office: Page) -> None:
    make_client(last_name="Isnard")
    make_client(last_name="Fabre")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    office.route(re.compile(r"/recherche/.*q=isnard(&|$)"), hold)
    field = office.locator("#q")
    with office.expect_request(re.compile("q=isnard")):
        field.fill("isnard")
    field.press_sequentially(" x")
    with office.expect_response(re.compile(r"q=isnard(&|$)")):
        held[0].continue_()
    expect(office.locator("#search-results")).to_contain_text("Rien ne correspond")
    expect(hits(office)).to_have_count(0)
