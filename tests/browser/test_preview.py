"""The page of results beside the chosen client in short: keyboard, pointer, no phone, late answers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from clients.actions.followups import add_follow_up, add_note
from settings_app.models import User
from tests.browser.test_axe import violations
from tests.factories import make_address, make_client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three(office: Page, nadia: User) -> list[str]:
    """Three clients found by « fab », the first with everything; their names in the order of the results."""
    first = make_client(last_name="Fabre", first_name="Hélène", code="C00482", mobile_1="+33639981427")
    make_address(client=first, street="210 route de Grambois")
    add_note(first, text="Préfère être jointe après 17 h", by=nadia, token="0" * 32)
    add_follow_up(first, text="Rappeler", assigned_to=nadia, alert_on=None, shared_with=[], by=nadia, token="1" * 32)
    make_client(last_name="Fabregat", first_name="Paul")
    make_client(last_name="Fabri", first_name="Zoé")
    return ["FABRE Hélène", "FABREGAT Paul", "FABRI Zoé"]


def pane(page: Page) -> str:
    return page.get_by_role("complementary", name="Aperçu").inner_text()


def test_arrows_show_each_client_in_short_and_enter_opens_him(office: Page, home: str, three: list[str]) -> None:
    office.goto(f"{home}/recherche/?q=fab")
    title = office.locator(".preview h2")
    expect(title).to_have_text(three[0])
    told = pane(office)
    for words in ("C00482", "Prospect", "210 route de Grambois", "06\u00a039\u00a098\u00a014\u00a027", "après 17 h"):
        assert words in told
    assert "1\u00a0action" in told
    assert violations(office) == []
    office.keyboard.press("ArrowDown")
    expect(title).to_have_text(three[1])
    office.keyboard.press("ArrowDown")
    office.keyboard.press("ArrowDown")
    expect(title).to_have_text(three[2])
    office.keyboard.press("ArrowUp")
    expect(title).to_have_text(three[1])
    office.locator(".find-page .hit").nth(2).hover()
    expect(title).to_have_text(three[2])
    office.keyboard.press("Enter")
    # The line that has the focus is opened, not the one under the pointer.
    expect(office.get_by_role("heading", level=1)).to_contain_text(three[1])


def test_enter_opens_the_first_before_any_arrow(office: Page, home: str, three: list[str]) -> None:
    office.goto(f"{home}/recherche/?q=fab")
    expect(office.locator(".preview h2")).to_have_text(three[0])
    office.keyboard.press("Enter")
    expect(office.get_by_role("heading", level=1)).to_contain_text(three[0])


def test_a_late_answer_does_not_tell_another_client(office: Page, home: str, three: list[str]) -> None:
    office.goto(f"{home}/recherche/?q=fab")
    title = office.locator(".preview h2")
    expect(title).to_have_text(three[0])
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    paths = [hit.get_attribute("data-preview") for hit in office.locator(".find-page .hit").all()]
    office.route(re.compile("/apercu/$"), hold)
    with office.expect_request(f"**{paths[1]}"):
        office.keyboard.press("ArrowDown")
    office.keyboard.press("ArrowDown")
    # The third is asked for once the second has answered, and the second is told no more.
    with office.expect_request(f"**{paths[2]}"):
        held[0].continue_()
    expect(title).to_have_text(three[0])
    held[1].continue_()
    expect(title).to_have_text(three[2])


def test_a_phone_has_no_pane_and_asks_for_none(office: Page, home: str, three: list[str]) -> None:
    asked: list[str] = []
    office.on("request", lambda request: asked.append(request.url) if "/apercu/" in request.url else None)
    office.set_viewport_size({"width": 390, "height": 844})
    office.goto(f"{home}/recherche/?q=fab")
    expect(office.locator(".find-page .hit")).to_have_count(3)
    office.locator(".find-page .hit").nth(1).focus()
    office.wait_for_load_state("networkidle")
    expect(office.locator(".preview")).to_be_hidden()
    assert asked == []


def test_the_typed_words_keep_their_arrows(office: Page, home: str, three: list[str]) -> None:
    """In the field above, arrows belong to its own list."""
    office.goto(f"{home}/recherche/?q=fab")
    expect(office.locator(".preview h2")).to_have_text(three[0])
    office.locator("#q").focus()
    expect(office.locator("#search-results .hit")).to_have_count(3)
    office.keyboard.press("ArrowDown")
    expect(office.locator('#search-results .hit[aria-selected="true"]')).to_contain_text(three[0])
    expect(office.locator(".preview h2")).to_have_text(three[0])


def test_without_script_the_page_is_a_list(page: Page, home: str, enter: Callable[..., None]) -> None:
    make_client(last_name="Fabre")
    make_client(last_name="Fabregat")
    enter()
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"{home}/recherche/?q=fab")
    expect(page.locator(".find-page .hit")).to_have_count(2)
    expect(page.locator(".preview")).to_be_hidden()
