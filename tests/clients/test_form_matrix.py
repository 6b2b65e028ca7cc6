"""Which field shows in which mode: the rendered names against docs/rules/client-form.md, written by hand."""

import re
from pathlib import Path

import pytest
from django.test import Client as Browser

from tests.factories import make_user

pytestmark = pytest.mark.django_db
RULES = (Path(__file__).parents[2] / "docs/rules/client-form.md").read_text()
CONTROLS = {"q", "csrfmiddlewaretoken", "theme", "type", "mode", "add", "turn", "propose"}


def table(kind: str) -> list[list[str]]:
    part = RULES.split(f"## {kind}\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("| ")
    ]
    return [row for row in rows if row[1].startswith("`")]


def expected(kind: str, mode: str, *, urssaf: bool = False) -> set[str]:
    column = {"simplifie": 3, "avance": 4}[mode]
    rows = table("Particulier") if kind == "particulier" else table("Professionnel")
    if kind == "professionnel":
        rows += [row for row in table("Particulier") if row[1].startswith(("`address", "`contact"))]
    names = set()
    for row in rows:
        if row[column] == "x" or (urssaf and len(row) > 5 and row[5] in ("x", "o")):
            names.add(row[1].strip("`"))
    # They show once Parrainage is ticked; a test of its own ticks it.
    return names - {"referrer_name", "referral_amount"}


def rendered(page: str) -> set[str]:
    """Names of the controls a person can see, in the page's one form of the client."""
    form = page.split('<form method="post" id="fiche"')[1].split("</form>", maxsplit=1)[0]
    names = set()
    for tag in re.findall(r"<(?:input|select|textarea|button)\b[^>]*>", form):
        name = re.search(r'\bname="([^"]+)"', tag)
        if name and 'type="hidden"' not in tag and not name[1].endswith("-gone"):
            names.add(name[1])
    return names - CONTROLS


def shown(browser: Browser, kind: str, mode: str, **posted: str) -> set[str]:
    address = f"/clients/nouveau/?type={kind}&mode={mode}"
    page = browser.get(address).content.decode()
    sheet = re.search(r'name="sheet" value="([^"]+)"', page)
    assert sheet
    sent = {"sheet": sheet[1], "address-count": "1", "contact-count": "0", "add": "contact", **posted}
    response = browser.post(address, sent)
    assert response.status_code == 200
    return rendered(response.content.decode())


@pytest.fixture
def office(client: Browser) -> Browser:
    client.force_login(make_user())
    return client


@pytest.mark.req("CLI-04", "CLI-11")
@pytest.mark.parametrize("kind", ["particulier", "professionnel"])
@pytest.mark.parametrize("mode", ["simplifie", "avance"])
def test_each_face_shows_exactly_its_fields(office: Browser, kind: str, mode: str) -> None:
    assert shown(office, kind, mode) == expected(kind, mode)


@pytest.mark.req("CLI-04", "URS-03")
def test_urssaf_shows_what_it_asks_for(office: Browser) -> None:
    assert shown(office, "particulier", "avance", is_urssaf="on") == expected("particulier", "avance", urssaf=True)
    assert "gender" not in shown(office, "particulier", "avance")


def test_parrainage_reveals_who_and_how_much(office: Browser) -> None:
    plain = shown(office, "particulier", "avance")
    assert shown(office, "particulier", "avance", is_referred="on") - plain == {"referrer_name", "referral_amount"}


def test_the_iban_is_for_who_may_see_it(client: Browser) -> None:
    client.force_login(make_user("Commercial"))
    assert not {"iban", "bic", "account_holder"} & shown(client, "particulier", "avance", is_urssaf="on")
