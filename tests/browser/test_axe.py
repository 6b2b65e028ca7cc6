"""axe-core on every page: no violation, desktop in light and phone in dark."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

from clients.actions.files import tag_of
from clients.actions.previews import make_previews
from clients.models import CustomQuestion
from commerce.actions import printing
from commerce.domain.states import DocumentKind, State
from commerce.models import PrintJob
from settings_app.models import User
from tests.commerce.papers import add as add_line
from tests.commerce.papers import make_document, taken_to
from tests.commerce.records import make_assembly
from tests.commerce.test_payments import billed, pay
from tests.factories import make_address, make_client, make_file, make_user

pytestmark = pytest.mark.django_db(transaction=True)
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
PAGES = [
    "/",
    "/clients/",
    "/clients/?q=zzz",
    "/clients/nouveau/?type=particulier",
    "/clients/nouveau/?type=professionnel",
    "/clients/{client}/",
    "/clients/{client}/modifier/",
    "/recherche/?q=fabre",
    "/recherche/?q=zzz",
    "/parametres/societe/",
    "/clients/{client}/modifications/",
    "/clients/{client}/modifications/effacer/",
    "/parametres/audit/",
    "/parametres/audit/?mots=zzz",
    "/parametres/audit/clients.client/{client}/",
    "/parametres/magasin/",
    "/parametres/utilisateurs/",
    "/parametres/utilisateurs/?etat=parti",
    "/parametres/utilisateurs/ajouter/",
    "/parametres/utilisateurs/{person}/",
    "/parametres/utilisateurs/{person}/depart/",
    "/parametres/magasins/",
    "/parametres/magasins/ajouter/",
    "/parametres/magasins/1/desactiver/",
    "/parametres/roles/",
    "/parametres/roles/ajouter/",
    "/parametres/roles/{role}/",
    "/parametres/roles/{role}/supprimer/",
    "/parametres/listes/civilites/",
    "/parametres/listes/regroupements/",
    "/parametres/listes/statuts/ajouter/",
    "/parametres/listes/statuts/{status}/fusionner/",
    "/parametres/listes/statuts/{status}/supprimer/",
    "/clients/{client}/consentements/",
    "/clients/{client}/documents/",
    "/clients/{client}/documents/{file}/modifier/",
    "/clients/{client}/documents/selection/?geste=supprimer&files={file}",
    "/clients/{client}/documents/dossiers/",
    "/documents/?tag={tag}",
    "/parametres/questions/",
    "/parametres/questions/ajouter/",
    "/parametres/questions/{question}/modifier/",
    "/parametres/questions/{question}/supprimer/",
    "/articles/",
    "/articles/?q=zzz",
    "/articles/nouveau/?genre=maintenance",
    "/articles/{assembly}/",
    "/articles/{assembly}/modifier/",
    "/articles/{assembly}/supprimer/",
    "/pieces/",
    "/pieces/?q=zzz",
    "/pieces/colonnes/",
    "/pieces/nouvelle/?genre=invoice&client={client}",
    "/pieces/nouvelle/?q=fabre",
    "/pieces/clients/{client}/",
    "/pieces/impressions/",
    "/pieces/impressions/{print}/",
    "/pieces/{invoice}/pdf/",
    "/pieces/{document}/",
    "/pieces/{document}/entete/",
    "/pieces/{document}/coller/",
    "/pieces/{document}/supprimer/",
    "/pieces/{document}/lignes/{line}/",
    "/pieces/{document}/transformer/order/",
    "/parametres/conditions/",
    "/pieces/{document}/valider/",
    "/pieces/{invoice}/",
    "/pieces/{order}/acompte/",
    "/reglements/",
    "/reglements/clients/{client}/",
    "/reglements/clients/{client}/nouveau/?facture={invoice}",
    "/reglements/clients/{client}/lettrer/reglement/{payment}/",
    "/reglements/{payment}/contrepasser/",
    "/parametres/tva/",
    "/parametres/listes/modes-de-reglement/",
    "/preferences/",
    "/preferences/listes/home-tiles/",
    "/preferences/connexions/",
    "/mot-de-passe-oublie/",
    "/compte/confirmer/",
    "/compte/mot-de-passe/",
    "/compte/securite/",
    "/deconnexion/",
    "/nulle-part/",
]
LOOKS = {
    "desktop-light": ({"width": 1366, "height": 900}, "light"),
    "phone-dark": ({"width": 390, "height": 844}, "dark"),
}


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [f"{v['id']}: {v['help']} — {v['nodes'][0]['html'][:160]}" for v in found]


@pytest.fixture
def admin(enter: Callable[[User], None]) -> User:
    user = make_user("Administrateur", is_staff=True)
    enter(user)
    return user


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_has_a_violation(page: Page, home: str, admin: User, console: list[str], look: str) -> None:
    viewport, scheme = LOOKS[look]
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    client = make_client(last_name="Fabre", mobile_1="+33639981427", email="fabre@exemple.fr", followed_by=admin)
    make_address(client=client, directions="Portail vert")
    make_client(last_name="Fabre-Roux")
    question = CustomQuestion.objects.create(label="Chauffage", type="choice", options=["Bois", "Gaz"])
    CustomQuestion.objects.create(label="Un chien", position=2)
    file = make_file(client)
    tag = tag_of("Avant travaux")
    file.tags.add(tag)
    make_previews()
    assembly, _ = make_assembly()
    quote = make_document(client=client)
    order = make_document(DocumentKind.ORDER, client=client)
    add_line(order)
    papers = {
        "document": quote.pk,
        "line": add_line(quote).pk,
        "order": taken_to(order, State.CONFIRMED).pk,
        "invoice": billed(client).pk,
        "payment": pay(client, "30").pk,
    }
    printing.original_of(papers["invoice"], by=admin)
    papers["print"] = PrintJob.objects.create(asked_by=admin, keys=[], total=3, done=1, state="working").pk
    faults = {}
    for path in PAGES:
        keys = {"client": client.pk, "status": client.status_id, "question": question.pk}
        people = {"person": client.followed_by_id, "role": admin.groups.get().pk}
        page.goto(home + path.format(**keys, **people, **papers, file=file.pk, tag=tag.pk, assembly=assembly.pk))
        faults[path] = violations(page)
    page.goto(f"{home}/parametres/utilisateurs/{admin.pk}/")
    page.get_by_role("button", name="Nouveau lien").click()
    page.get_by_role("button", name="Copier").wait_for()
    faults["lien"] = violations(page)
    page.goto(home)
    page.keyboard.press("+")
    faults["menu +"] = violations(page)
    page.keyboard.press("Escape")
    page.locator(".tool-face").click()
    faults["menu avatar"] = violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    faults["raccourcis"] = violations(page)
    page.goto(home + "/clients/nouveau/")
    page.keyboard.press("Control+Enter")
    page.get_by_role("alert").wait_for()
    faults["formulaire en erreur"] = violations(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("fabre")
    page.locator("#search-results .hit").first.wait_for()
    faults["recherche ouverte"] = violations(page)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("look", LOOKS)
def test_the_door_has_no_violation(page: Page, home: str, console: list[str], look: str) -> None:
    viewport, scheme = LOOKS[look]
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(home + "/connexion/")
    assert violations(page) == []
    page.get_by_label("Identifiant ou e-mail").fill("personne")
    page.get_by_label("Mot de passe", exact=True).fill("non")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert violations(page) == []
