"""Two records of one client made one by keyboard alone, and parted again (CLI-32)."""

import pytest
from playwright.sync_api import Page, expect

from clients.models import Client, Contact, Merge
from settings_app.models import User
from tests.browser.test_axe import LOOKS, violations
from tests.factories import make_address, make_client

pytestmark = pytest.mark.django_db(transaction=True)


def tab_to(page: Page, name: str, role: str = "link") -> None:
    """Walk with Tab until the element is under the focus, as somebody without a mouse does."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]  # a literal at each call
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"{name} was never reached")


@pytest.mark.req("CLI-32")
def test_merge_two_clients_and_undo_it_by_keyboard(office: Page, home: str, console: list[str]) -> None:
    kept = make_client(last_name="Vidal", first_name="Anne", email="anne@exemple.fr", mobile_1="+33639981401")
    absorbed = make_client(last_name="Vidale", first_name="Anne", email="ANNE@exemple.fr", observation="Portail vert.")
    make_address(client=absorbed, street="4 quai du Port")
    Contact.objects.create(client=absorbed, last_name="Roux")
    page = office
    page.goto(f"{home}/clients/{kept.pk}/")
    page.get_by_role("button", name="Autres actions").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Fusionner avec une autre fiche").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Fusionner avec une autre fiche").wait_for()
    expect(page.get_by_label("Nom, téléphone, email ou code de l’autre fiche")).to_be_focused()
    tab_to(page, "Comparer avec VIDALE Anne")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Fusionner deux fiches").wait_for()
    page.get_by_role("radio", name="Vidal", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Vidale", exact=True)).to_be_checked()
    page.keyboard.press("Control+Enter")
    page.get_by_text("absorbée.").wait_for()
    kept.refresh_from_db()
    assert (kept.last_name, kept.observation) == ("Vidale", "Portail vert.")
    assert kept.addresses.get().street == "4 quai du Port"
    expect(page.get_by_text("4 quai du Port")).to_be_visible()
    page.get_by_role("link", name="Voir ou annuler", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Annuler la fusion").focus()
    page.keyboard.press("Enter")
    page.get_by_text("les deux fiches sont comme avant").wait_for()
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    assert (kept.last_name, kept.observation, kept.addresses.count()) == ("Vidal", "", 0)
    assert (absorbed.merged_into, absorbed.addresses.count(), absorbed.contacts.count()) == (None, 1, 1)
    assert console == []


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_a_merge_are_clean(office: Page, home: str, look: str) -> None:
    size, scheme = LOOKS[look]
    page = office
    page.set_viewport_size(size)  # type: ignore[arg-type]  # width and height
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
    kept = make_client(last_name="Vidal", observation="Un")
    absorbed = make_client(last_name="Vidale", observation="Deux", birth_name="Pons")
    by = User.objects.earliest("pk")
    done = Merge.objects.create(by=by, kept=kept, absorbed=make_client(), previous_status=kept.status)
    Client.objects.filter(pk=done.absorbed_id).update(merged_into=kept)
    for path in (
        f"{kept.pk}/fusionner/",
        f"{kept.pk}/fusionner/?q=vidale",
        f"{kept.pk}/fusionner/?avec={absorbed.pk}",
        f"fusions/{done.pk}/",
        f"{done.absorbed_id}/",
        "corbeille/",
    ):
        page.goto(f"{home}/clients/{path}")
        assert violations(page) == [], path
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), path
