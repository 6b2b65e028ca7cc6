"""The porte-doc in the browser: pictures and a bomb by the file input, progress, refusal, retry, preview."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from clients.actions.previews import make_previews
from clients.models import HistoryEntry, StoredFile
from settings_app.models import User
from tests.browser.test_axe import violations
from tests.clients.test_files import PDF, archive, heic, png_of
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


def test_a_picture_of_an_iphone_and_a_bomb_are_sent_by_a_person(
    page: Page, home: str, enter: Callable[..., None], console: list[str]
) -> None:
    fabre = make_client(last_name="Fabre")
    enter()
    page.goto(f"{home}/clients/{fabre.pk}/documents/")
    swollen = archive("word/document.xml", "xl/workbook.xml", swollen=30_000_000)
    page.locator("#upload-files").set_input_files(
        [
            sent("IMG_0001.HEIC", heic((1200, 900)), "image/heic"),
            sent("bombe.png", png_of(50_000, 50_000)),
            sent("bombe.zip", swollen, "application/zip"),
        ]
    )
    expect(page.locator("#upload-said")).to_have_text("1\u00a0fichier ajouté, 2\u00a0fichiers refusés.")
    expect(page.locator(".file-name")).to_have_text(["IMG_0001.HEIC"])
    row = StoredFile.objects.get()
    assert (row.content_type, row.width, row.height) == ("image/heic", 1200, 900)
    assert make_previews() == 1
    page.reload()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Ouvrir IMG_0001.HEIC").click()
    wait_for(lambda: opened.value.evaluate("document.images[0]?.naturalWidth") == 1200, what="the preview")


@pytest.mark.req("DOC-01")
def test_every_verb_of_the_porte_doc_by_a_person(
    page: Page, home: str, enter: Callable[..., None], console: list[str]
) -> None:
    fabre = make_client(last_name="Fabre")
    enter()
    where = f"{home}/clients/{fabre.pk}/documents/"
    page.goto(where)
    # Create a folder, then rename it; it is empty, and at the end it is deleted.
    page.get_by_role("link", name="Nouveau dossier").click()
    page.get_by_label("Nom du dossier").fill("Plans")
    page.get_by_role("button", name="Valider").click()
    page.get_by_role("link", name="Renommer ou supprimer le dossier").click()
    page.get_by_label("Nom du dossier").fill("Plans 2026")
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("heading", name="Plans 2026")).to_be_visible()
    # Create files in it.
    page.locator("#upload-files").set_input_files([sent(f"{name}.png", picture()) for name in ("a", "b", "c")])
    expect(page.locator(".file")).to_have_count(3)
    # One is renamed, described, tagged, shown to the client and on his page, restricted.
    page.get_by_role("link", name="Modifier a.png").click()
    page.locator("#id_name").fill("bassin")
    page.get_by_label("Description").fill("Avant le liner")
    page.get_by_label("Nouvelles étiquettes").fill("Avant travaux")
    for box in ("Visible par le client", "Restreint", "Sur la page d’accueil du client"):
        page.get_by_label(box, exact=True).check()
    page.get_by_role("button", name="Valider").click()
    changed = page.locator(".file").filter(has_text="bassin.png")
    for sign in ("Restreint", "Visible par le client", "Sur la page d’accueil du client"):
        expect(changed.get_by_title(sign)).to_be_visible()
    expect(changed.locator(".file-tag")).to_have_text("Avant travaux")
    expect(changed.locator(".file-name")).to_have_attribute("title", re.compile("Avant le liner"))
    expect(page.locator(".file").filter(has_text="b.png").get_by_title("Restreint")).to_have_count(0)
    assert violations(page) == []
    # Two are moved, then the three are deleted, and the folder with them.
    for name in ("b.png", "c.png"):
        page.get_by_label(f"Choisir {name}").check()
    page.get_by_role("button", name="Déplacer").click()
    page.get_by_label("Dans le dossier").select_option("Photos")
    page.get_by_role("button", name="Déplacer").click()
    # Sent side by side, they stand in the order in which they arrived.
    expect(page.locator(".file-name")).to_have_count(2)
    assert sorted(page.locator(".file-name").all_text_contents()) == ["b.png", "c.png"]
    page.goto(f"{home}/clients/{fabre.pk}/")
    expect(page.get_by_role("link", name="bassin.png")).to_be_visible()
    page.goto(where)
    for pick in page.locator(".file-pick").all():
        pick.check()
    page.get_by_role("button", name="Supprimer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Supprimer 3\u00a0fichiers")
    page.get_by_role("button", name="Supprimer").click()
    expect(page.get_by_text("Aucun fichier pour ce client.")).to_be_visible()
    page.get_by_role("link", name="Plans 2026").click()
    page.get_by_role("link", name="Renommer ou supprimer le dossier").click()
    page.get_by_role("button", name="Supprimer ce dossier").click()
    expect(page.get_by_role("link", name="Plans 2026")).to_have_count(0)
    assert not StoredFile.objects.exists()


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
