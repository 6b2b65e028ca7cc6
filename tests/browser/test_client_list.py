"""The list by keyboard alone: filter, select everything, change the status, undo; columns; no violation anywhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from clients.models import BulkChange, Client, SavedFilter
from settings_app.models import Status, User
from tests.browser.test_axe import LOOKS, violations
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_filter_select_all_change_and_undo_by_keyboard(office: Page, home: str, console: list[str]) -> None:
    for number in range(45):
        make_client(last_name=f"Isnard{number:02d}")
    make_client(last_name="Autre")
    page = office
    page.goto(home + "/clients/")
    page.locator("#filter-q").focus()
    page.keyboard.type("isnard")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/?q=isnard**")
    expect(page.locator("#count")).to_have_text("45\u00a0clients")
    expect(page.locator(".bulk")).to_be_hidden()
    page.get_by_label("Tout sélectionner sur la page").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-picked]")).to_have_text("40\u00a0fiches cochées")
    whole = page.get_by_label("Tous les résultats (45)")
    whole.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Client archivé")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Statut : Client archivé").wait_for()
    assert not BulkChange.objects.exists()
    page.get_by_role("button", name="Modifier 45 fiches").focus()
    page.keyboard.press("Enter")
    page.get_by_text("45\u00a0fiches modifiées").wait_for()
    assert Client.objects.filter(status=Status.objects.get(label="Client archivé")).count() == 45
    assert violations(page) == []
    page.get_by_role("button", name="Annuler", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("45\u00a0fiches rétablies").wait_for()
    # Back where one was, and not on a page about it.
    expect(page).to_have_url(f"{home}/clients/?q=isnard")
    assert not Client.objects.filter(status=Status.objects.get(label="Client archivé")).exists()


def test_columns_move_before_they_are_kept_and_boxes_close(office: Page, home: str, console: list[str]) -> None:
    make_address(client=make_client(code="C-17"))
    page = office
    page.goto(home + "/clients/")
    more = page.get_by_label("Autres actions")
    more.click()
    page.get_by_role("link", name="Colonnes").click()
    page.get_by_role("heading", name="Colonnes de la liste").wait_for()
    page.get_by_label("Code client", exact=True).check()
    for _ in range(9):
        page.get_by_label("Monter Code client").click()
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator(".tbl-list th").nth(2)).to_have_text("Code client")
    more.click()
    page.keyboard.press("Escape")
    expect(page.locator(".drop-box").nth(1)).to_be_hidden()
    expect(more).to_be_focused()
    more.click()
    page.get_by_role("heading", name="Clients", exact=True).click()
    expect(page.get_by_text("Mes exports")).to_be_hidden()


@pytest.mark.parametrize("look", LOOKS)
def test_no_violation(page: Page, home: str, enter: Callable[[User], None], console: list[str], look: str) -> None:
    viewport, scheme = LOOKS[look]
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    user = make_user("Administrateur")
    enter(user)
    make_address(client=make_client(last_name="Fabre", followed_by=user))
    make_client(last_name="Parti", status=Status.objects.get(label="Corbeille"))
    change = BulkChange.objects.create(by=user, field="grouping", value_label="Secteur Durance", total=3)
    SavedFilter.objects.create(user=user, name="Les récents", query="q=fabre&tri=-cree")
    faults = {}
    for path in (
        "/clients/?q=fabre&sans-email=oui&tri=-statut",
        "/clients/?statut=999&plus=oui",
        "/clients/colonnes/",
        "/clients/filtres/",
        "/clients/lots/",
        f"/clients/lots/{change.pk}/",
        "/clients/exports/",
        "/clients/corbeille/",
    ):
        page.goto(home + path)
        faults[path] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults[path].append("wider than its screen")
    page.goto(home + "/clients/")
    page.get_by_text("Plus de filtres").click()
    page.get_by_label("URSSAF").wait_for()
    page.locator("[data-pick]").first.check()
    faults["filters and selection"] = violations(page)
    page.locator("#bulk-change").select_option(label="Corbeille")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("heading", name="Statut : Corbeille").wait_for()
    faults["confirmation"] = violations(page)
    assert {path: found for path, found in faults.items() if found} == {}
