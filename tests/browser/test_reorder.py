"""Lists put in order in the browser: buttons, Alt and arrows, a drag; each is kept, focus stays on the row."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from settings_app.models import Status, User
from tests.factories import make_user
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def is_kept(*labels: str) -> None:
    def first() -> list[str]:
        return list(Status.objects.values_list("label", flat=True))[: len(labels)]

    wait_for(lambda: first() == list(labels), what=str(labels))


def test_a_row_moves_by_button_key_and_pointer(
    page: Page, home: str, enter: Callable[[User], None], console: list[str]
) -> None:
    enter(make_user("Administrateur"))
    page.goto(home + "/parametres/listes/statuts/")
    down = page.get_by_role("button", name="Descendre Prospect")
    down.press("Enter")
    is_kept("Devis en cours", "Prospect")
    page.keyboard.press("Alt+ArrowDown")
    is_kept("Devis en cours", "Client", "Prospect")
    expect(down).to_be_focused()
    expect(page.locator("#ordre-dit")).to_have_text("Prospect\u00a0: ligne 3 sur 6")
    handles = page.locator("[data-reorder-handle]")
    start, end = handles.nth(0).bounding_box(), handles.nth(3).bounding_box()
    assert start
    assert end

    def drag() -> None:
        page.mouse.move(start["x"] + 8, start["y"] + 8)
        page.mouse.down()
        page.mouse.move(end["x"] + 8, end["y"] + 20, steps=8)

    drag()
    page.mouse.up()
    is_kept("Client", "Prospect", "En cours de chantier", "Devis en cours")
    drag()
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator("[data-reorder-key]").first).to_have_attribute("data-reorder-label", "Client")


def test_an_order_that_was_refused_comes_back(page: Page, home: str, enter: Callable[[User], None]) -> None:
    user = make_user("Administrateur")
    # The keys of the house stay with somebody.
    make_user("Administrateur")
    enter(user)
    page.goto(home + "/parametres/listes/statuts/")
    user.groups.clear()
    page.get_by_role("button", name="Descendre Prospect").press("Enter")
    page.get_by_role("alert").wait_for()
    expect(page.locator("[data-reorder-key]").first).to_have_attribute("data-reorder-label", "Prospect")
