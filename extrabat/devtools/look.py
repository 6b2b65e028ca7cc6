"""Photograph the main pages of the demo: desktop and phone, light and dark, into look/ (git-ignored).

Told on each: axe-core's violations and a page wider than its screen. Used by eyes, not by tests.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from extrabat.devtools import chromium
from extrabat.devtools.places import places_server

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "look"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"desktop": {"width": 1366, "height": 900}, "phone": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
PAGES = {
    "home": "/",
    "clients": "/clients/",
    "clients-filtered": "/clients/?q=dupon",
    "clients-nothing": "/clients/?q=zzz",
    "clients-chips": "/clients/?q=du&type=individual&tri=-cree",
    "clients-columns": "/clients/colonnes/",
    "clients-saved": "/clients/filtres/",
    "clients-bulk": "/clients/lots/",
    "clients-exports": "/clients/exports/",
    "corbeille": "/clients/corbeille/",
    "client-new": "/clients/nouveau/?type=particulier",
    "client-new-professional": "/clients/nouveau/?type=professionnel",
    "client-home": "/clients/1/",
    "client-longest": "/clients/31/",
    "client-company": "/clients/39/",
    "client-unbreakable": "/clients/40/",
    "client-nine-addresses": "/clients/53/",
    "client-twelve-contacts": "/clients/54/",
    "client-long-texts": "/clients/55/",
    "client-history": "/clients/55/historique/",
    "client-urssaf": "/clients/69/",
    "client-urssaf-check": "/clients/69/urssaf/",
    "client-consents": "/clients/54/consentements/",
    "installations": "/clients/1/ouvrages/",
    "installation-new": "/clients/1/ouvrages/ajouter/",
    "client-edit-nine": "/clients/53/modifier/?mode=avance",
    "client-new-advanced": "/clients/nouveau/?type=particulier&mode=avance",
    "client-edit": "/clients/1/modifier/",
    "client-edit-advanced": "/clients/31/modifier/?mode=avance",
    "client-documents": "/clients/1/documents/",
    "search": "/recherche/?q=du",
    "company": "/parametres/societe/",
    "store": "/parametres/magasin/",
    "stores": "/parametres/magasins/",
    "statuses": "/parametres/listes/statuts/",
    "questions": "/parametres/questions/",
    "roles": "/parametres/roles/",
    "audit": "/parametres/audit/",
    "client-changes": "/clients/1/modifications/",
    "preferences": "/preferences/",
    "not-found": "/nulle-part/",
}


def main() -> int:
    found = chromium.find()
    if found is None:
        print("look stopped: no Chromium here. Install one or set CHROMIUM.")
        return 1
    FOLDER.mkdir(exist_ok=True)
    with running_demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(found.path), args=list(found.args), env=dict(found.env)
        )
        for size, viewport in SIZES.items():
            for theme in THEMES:
                context = browser.new_context(viewport=viewport, color_scheme=theme, locale="fr-FR")  # type: ignore[arg-type]  # literals
                photograph(context.new_page(), address, f"{size}-{theme}")
                context.close()
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.name}/")
    return 0


@contextmanager
def running_demo() -> Iterator[str]:
    """The whole program with fresh demo data, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="xl-") as data, places_server() as places:
        env = {**os.environ, "DATA_DIR": data, **places.environment}
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORT"):
            env.pop(name, None)
        program = subprocess.Popen(
            [sys.executable, "-m", "extrabat.devtools.run"], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert program.stdout is not None
        try:
            for line in program.stdout:
                address = re.search(r"is running: (http://\S+)", line)
                if address:
                    yield address[1]
                    break
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait(timeout=40)


def photograph(page: Page, address: str, look: str) -> None:
    page.goto(f"{address}/connexion/")
    keep(page, f"sign-in-{look}")
    page.get_by_label("Identifiant ou e-mail").fill("claire")
    page.get_by_label("Mot de passe", exact=True).fill("faux")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    keep(page, f"sign-in-refused-{look}")
    page.get_by_label("Mot de passe", exact=True).fill("demo")
    page.keyboard.press("Enter")
    page.locator(".topbar").wait_for()
    for name, path in PAGES.items():
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        keep(page, f"{name}-{look}")
    page.goto(f"{address}/clients/1/")
    page.locator(".pill").click()
    keep(page, f"client-status-{look}")
    page.keyboard.press("Escape")
    page.goto(address)
    page.keyboard.press("+")
    keep(page, f"menu-plus-{look}")
    page.keyboard.press("Escape")
    page.locator(".tool-face").click()
    keep(page, f"menu-user-{look}")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    keep(page, f"shortcuts-{look}")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("du")
    page.locator("#search-results .hit").first.wait_for()
    keep(page, f"search-open-{look}")
    page.goto(f"{address}/clients/nouveau/?mode=simplifie")
    page.locator("#id_is_urssaf").check()
    page.locator(".urssaf-state").wait_for()
    keep(page, f"client-new-urssaf-{look}")
    page.locator("#id_address-0-street").press_sequentially("210 route de gr")
    page.locator(".suggest [role=option]").first.wait_for()
    keep(page, f"client-new-addresses-{look}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("[data-map-fold] summary").first.click()
    page.locator(".leaflet-tile-loaded").first.wait_for()
    keep(page, f"client-new-map-{look}")
    page.evaluate("sessionStorage.clear()")
    page.goto(f"{address}/clients/nouveau/")
    page.get_by_label("Email", exact=True).fill("incomplet@")
    page.keyboard.press("Control+Enter")
    page.get_by_role("alert").wait_for()
    keep(page, f"client-new-refused-{look}")


def keep(page: Page, name: str) -> None:
    page.wait_for_timeout(150)  # transitions of the theme last 100 ms
    page.screenshot(path=FOLDER / f"{name}.png")
    page.evaluate(AXE.read_text())
    faults = page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html.slice(0, 120)))")
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        faults.append("the page is wider than its screen")
    for fault in faults:
        print(f"{name}: {fault}")


if __name__ == "__main__":
    sys.exit(main())
