"""The porte-doc in the browser: pictures and a bomb by the file input, progress, refusal, retry, preview."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from clients.actions.previews import make_previews
from clients.models import HistoryEntry, StoredFile
from settings_app.models import User
from tests.browser.test_axe import violations
from tests.clients.test_files import PDF, png_of
from tests.factories import make_client, picture
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def sent(name: str, content: bytes, kind: str = "image/png") -> Any:
    return {"name": name, "mimeType": kind, "buffer": content}


def test_two_pictures_and_a_bomb(page: Page, home: str, enter: Callable[..., None], console: list[str]) -> None:
    fabre = make_client(last_name="Fabre")
    enter()
    page.goto(f"{home}/clients/{fabre.pk}/documents/?dossier=photos")
    held: list[Route] = []
    # The first answer is held back: the line of a file on its way is there to be looked at.
    page.route("**/documents/", lambda route: held.append(route) if not held else route.fallback())
    page.locator("#upload-files").set_input_files(
        [sent("bassin.png", picture((800, 600))), sent("bombe.png", png_of(50_000, 50_000)), sent("b.png", picture())]
    )
    expect(page.get_by_role("progressbar", name="Envoi de bassin.png")).to_be_visible()
    expect(page.locator("[data-upload-list]")).to_contain_text("trop de pixels")
    assert violations(page) == []
    held[0].fallback()
    expect(page.locator("#upload-said")).to_have_text("2\u00a0fichiers ajoutés, 1\u00a0fichier refusé.")
    expect(page.locator(".file")).to_have_count(2)
    assert HistoryEntry.objects.get().text == "2\u00a0fichiers ajoutés dans Photos"
    page.get_by_role("button", name="Retirer bombe.png de la liste").click()
    expect(page.locator("[data-upload-list] li")).to_have_count(0)
    assert make_previews() == 2
    page.reload()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Ouvrir bassin.png").click()
    wait_for(lambda: opened.value.evaluate("document.images[0]?.naturalWidth") == 800, what="the preview")
    assert violations(page) == []


def test_what_did_not_arrive_is_tried_again_and_stored_once(
    page: Page, home: str, enter: Callable[[User | None], None]
) -> None:
    fabre = make_client()
    enter(None)
    page.goto(f"{home}/clients/{fabre.pk}/documents/")

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/documents/", lose_the_answer, times=1)
    page.locator("#upload-files").set_input_files([sent("a.png", picture())])
    expect(page.locator("[data-upload-list]")).to_contain_text("Le serveur n’a pas répondu.")
    page.get_by_role("button", name="Réessayer a.png").press("Enter")
    expect(page.locator(".file")).to_have_count(1)
    assert StoredFile.objects.count() == 1


def test_files_are_dropped_on_the_page(page: Page, home: str, enter: Callable[[User | None], None]) -> None:
    fabre = make_client()
    enter(None)
    page.goto(f"{home}/clients/{fabre.pk}/documents/")
    dropped = page.evaluate_handle(
        """text => { const data = new DataTransfer();
        data.items.add(new File([text], "note.txt", { type: "text/plain" })); return data; }""",
        "Clé sous le pot",
    )
    page.dispatch_event(".page", "dragover", {"dataTransfer": dropped})
    page.dispatch_event(".page", "drop", {"dataTransfer": dropped})
    expect(page.locator(".file")).to_have_count(1)
    assert StoredFile.objects.get().name == "note.txt"


def test_without_script_the_form_is_sent(new_context: Callable[..., Any], home: str, nadia: User, client: Any) -> None:
    fabre = make_client()
    client.force_login(nadia)
    context = new_context(java_script_enabled=False)
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": home}])
    page = context.new_page()
    page.goto(f"{home}/clients/{fabre.pk}/documents/")
    page.locator("#upload-files").set_input_files([sent("plan.pdf", PDF, "application/pdf")])
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator(".file-name")).to_have_text("plan.pdf")
