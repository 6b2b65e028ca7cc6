"""The company and its stores: what documents will say, who may change it, what is refused."""

import re
import time
import uuid
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser

from settings_app.audit.queries import trail
from settings_app.company.palette import ACCENTS
from settings_app.models import Company, Picture, Store, User
from tests.factories import make_user, picture

pytestmark = pytest.mark.django_db
PAGE = "/parametres/societe/"
IBAN = "FR7630006000011234567890189"
SIREN, SIRET = "983142050", "98314205000019"


@pytest.fixture
def admin(client: Browser) -> Browser:
    client.force_login(make_user("Administrateur"))
    return client


def typed(admin: Browser, page: str = PAGE, **values: Any) -> dict[str, Any]:
    """What the form shows, as a browser would send it back, but for `values`."""
    form = admin.get(page).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (shown | values).items() if value not in (None, False)}


def test_what_is_typed_is_kept_bare(admin: Browser) -> None:
    data = typed(admin, name="Rivage & Foyer", siren="983 142 050", ape="43.22b", capital="20 000", iban=IBAN)
    assert admin.post(PAGE, data).status_code == 302
    company = Company.objects.get()
    assert (company.name, company.siren, company.ape, company.iban) == ("Rivage & Foyer", SIREN, "4322B", IBAN)
    assert str(company.capital) == "20000.00"
    with connection.cursor() as cursor:
        cursor.execute("SELECT iban FROM settings_app_company")
        assert IBAN not in cursor.fetchone()[0]
    told = trail(company)[0]
    assert told.after is not None
    assert "iban" in told.after
    assert IBAN not in str((told.before, told.after))


def test_the_iban_is_masked_until_asked_for_and_masked_it_stays(admin: Browser) -> None:
    admin.post(PAGE, typed(admin, iban=IBAN))
    page = admin.get(PAGE).content.decode()
    assert "0006" not in page
    assert "FR76\u00a0••••\u00a0189" in page
    shown = admin.post(PAGE, typed(admin) | {"propose": "iban"}).content.decode()
    assert "FR76\u00a03000\u00a06000" in shown
    assert admin.post(PAGE, typed(admin, name="Autre")).status_code == 302
    assert Company.objects.get().iban == IBAN
    assert admin.post(PAGE, typed(admin, iban="FR76 •••• 188")).status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("siren", "983142051"),
        ("siren", SIRET),
        ("vat_number", "FR00983142050"),
        ("ape", "43"),
        ("iban", "FR7630006000011234567890188"),
        ("name", ""),
        ("capital", "-1"),
    ],
)
def test_what_is_wrong_is_refused_with_what_was_typed(admin: Browser, field: str, value: str) -> None:
    answer = admin.post(PAGE, typed(admin, city="Pertuis") | {field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert 'value="Pertuis"' in answer.content.decode()
    assert Company.objects.get().city == ""


def test_the_vat_number_is_proposed_and_must_be_of_the_siren(admin: Browser) -> None:
    page = admin.post(PAGE, typed(admin, siren=SIREN) | {"propose": "vat"})
    assert page.status_code == 200
    # (12 + 3 × (983142050 mod 97)) mod 97, by hand: 983142050 mod 97 = 5, so 27.
    assert page.context["form"]["vat_number"].value() == "FR27983142050"
    other = admin.post(PAGE, typed(admin, siren=SIREN, vat_number="FR03552081317"))
    assert other.context["form"].errors["vat_number"] == ["Ce numéro est celui d’un autre SIREN."]
    assert Company.objects.get().siren == ""


def test_nobody_overwrites_silently(admin: Browser) -> None:
    mine = typed(admin, city="Pertuis")
    Company.objects.update(city="Manosque")
    answer = admin.post(PAGE, mine)
    assert answer.status_code == 409
    assert "Manosque" in answer.content.decode()
    assert Company.objects.get().city == "Manosque"


def test_the_banner_lists_what_documents_lack(admin: Browser) -> None:
    def labels() -> list[str]:
        return [missing.label for missing in admin.get(PAGE).context["missing"]]

    assert "SIREN" in labels()
    assert "numéro de TVA" in labels()
    assert "capital" not in labels()
    assert f'href="{PAGE}#id_mediator"' in admin.get(PAGE).content.decode()
    Company.objects.update(siren=SIREN, vat_regime="franchise", legal_form="SARL")
    assert not {"SIREN", "numéro de TVA"} & set(labels())
    assert "capital" in labels()


# ---- the logo --------------------------------------------------------------------------------------------------


def send(admin: Browser, content: bytes, name: str = "logo.png") -> Any:
    return admin.post("/parametres/societe/logo/", {"logo": SimpleUploadedFile(name, content)})


def test_the_logo_is_made_anew_served_safely_and_shown_in_the_bar(admin: Browser) -> None:
    sent = picture((1600, 200)) + b"<script>alert(1)</script>"
    assert send(admin, sent).status_code == 302
    row = Picture.objects.get()
    answer = admin.get(f"/images/{row.pk}/")
    assert b"<script>" not in answer.content
    assert answer.content[:3] == b"\xff\xd8\xff"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert f'<img class="topbar-logo" src="/images/{row.pk}/" alt="">' in admin.get("/").content.decode()
    # Another takes its place, then none; what was issued with one is still printed with it.
    send(admin, picture((20, 20)))
    assert Company.objects.get().logo_id not in {None, row.pk}
    admin.post("/parametres/societe/logo/", {"remove": "1"})
    assert Company.objects.get().logo_id is None
    assert admin.get(f"/images/{row.pk}/").content == answer.content


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", SVG),
        ("logo.png", SVG),
        ("logo.png", b""),
        ("logo.html", b"<html>"),
        ("logo.jpg", picture()),
        ("logo.png", picture()[:60]),
        ("logo.png", picture() + b"\x00" * 5 * 1024 * 1024),
    ],
)
def test_what_is_not_a_picture_of_the_house_is_refused(admin: Browser, name: str, content: bytes) -> None:
    answer = send(admin, content, name)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Picture.objects.exists()


def test_a_bomb_is_refused_in_two_seconds(admin: Browser) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (30_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    rows = zlib.compress(bytes(3_000_000))
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    started = time.perf_counter()
    answer = send(admin, bomb)
    assert time.perf_counter() - started < 2
    assert answer.status_code == 422
    assert "trop de pixels" in answer.content.decode()


# ---- the accent ------------------------------------------------------------------------------------------------


def test_the_accent_is_on_every_page_and_a_store_may_have_its_own(admin: Browser) -> None:
    assert admin.post(PAGE, typed(admin, accent="prune")).status_code == 302
    assert re.search(r'<html[^>]* class="accent-prune ', admin.get("/").content.decode())
    Store.objects.update(accent="sapin")
    assert re.search(r'<html[^>]* class="accent-sapin ', admin.get("/").content.decode())
    assert admin.post(PAGE, typed(admin) | {"accent": "#ff0000"}).status_code == 422


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(sign * 2 for sign in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def tokens(css: str) -> dict[str, tuple[str, str]]:
    """Name: (light, dark)."""
    found = re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{3,6}), (#[0-9a-f]{3,6})\)", css)
    return {name: (light, dark) for name, light, dark in found}


STYLES = Path(settings.BASE_DIR) / "static" / "css"
HOUSE = tokens((STYLES / "tokens.css").read_text())


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize("accent", [name for name, _ in ACCENTS])
def test_every_accent_reads_in_both_themes(accent: str, theme: int) -> None:
    """WCAG 2.2 AA: 4.5:1 for the accent as text on every ground, and for what stands on it."""
    rule = (STYLES / "accents.css").read_text().split(f"html.accent-{accent} {{")[1].split("}")[0]
    own = {name: luminance(pair[theme]) for name, pair in tokens(rule).items()}
    own.setdefault("accent-on", luminance("#fff"))
    house = {name: luminance(pair[theme]) for name, pair in HOUSE.items()}
    for ground in (house["surface"], house["canvas"], house["sunken"], house["raised"], own["accent-wash"]):
        assert contrast(own["accent"], ground) >= 4.5
        assert contrast(own["accent-hover"], ground) >= 4.5
    assert contrast(own["accent-on"], own["accent"]) >= 4.5
    assert contrast(own["accent-on"], own["accent-hover"]) >= 4.5
    for ink in ("ink", "ink-2"):
        assert contrast(house[ink], own["accent-wash"]) >= 4.5


# ---- the stores ------------------------------------------------------------------------------------------------

ADD = "/parametres/magasins/ajouter/"


def test_a_store_is_added_once_however_often_it_is_sent(admin: Browser) -> None:
    data = {"name": "Manosque", "token": str(uuid.uuid4())}
    for _ in range(2):
        assert admin.post(ADD, data).status_code == 302
    assert Store.objects.filter(name="Manosque").count() == 1
    assert "Manosque" in admin.get("/parametres/magasins/").content.decode()
    assert admin.post(ADD, {"name": "", "city": "Apt"}).status_code == 422


def test_a_siret_is_of_the_company(admin: Browser) -> None:
    Company.objects.update(siren=SIREN)
    refused = admin.post(ADD, {"name": "Apt", "siret": "55208131766522"})
    assert refused.status_code == 409
    assert refused.context["form"].errors["siret"]
    assert admin.post(ADD, {"name": "Apt", "siret": SIRET}).status_code == 302
    # Nor may the company leave its stores behind.
    left = admin.post(PAGE, typed(admin, siren="552081317"))
    assert left.status_code == 409
    assert "«\u00a0Apt\u00a0»" in left.content.decode()
    assert Company.objects.get().siren == SIREN


def test_the_last_open_store_stays_open(admin: Browser) -> None:
    store = Store.objects.get()
    assert admin.post(f"/parametres/magasins/{store.pk}/desactiver/").status_code == 409
    assert Store.objects.get().is_active


def test_the_people_of_a_store_that_closes_are_moved(admin: Browser) -> None:
    store = Store.objects.get()
    other = Store.objects.create(name="Manosque")
    gone = make_user(is_active=False)
    path = f"/parametres/magasins/{store.pk}/desactiver/"
    assert admin.post(path).status_code == 422
    assert admin.post(path, {"into": store.pk}).status_code == 422
    assert admin.post(path, {"into": other.pk}).status_code == 302
    store.refresh_from_db()
    assert not store.is_active
    assert set(User.objects.filter(is_active=True).values_list("store_id", flat=True)) == {other.pk}
    gone.refresh_from_db()
    assert gone.store_id == store.pk
    admin.post(f"/parametres/magasins/{store.pk}/rouvrir/")
    store.refresh_from_db()
    assert store.is_active


def test_the_menu_follows_the_order_of_the_work(admin: Browser) -> None:
    html = admin.get(PAGE).content.decode().split('class="set-menu"')[1].split("</nav>")[0]
    assert re.findall(r"<h2>(.*?)</h2>", html) == [
        "Magasin",
        "Clients",
        "Articles",
        "Gestion commerciale",
        "Planning",
        "Outils",
    ]
    assert re.search(r'href="/parametres/societe/" aria-current="page"', html)


def test_a_store_has_its_own_insurance_or_the_company_s(admin: Browser) -> None:
    Company.objects.update(insurer="Mutuelle du Siège", insurer_contact="Lyon", insurance_zone="France")
    store = Store.objects.get()
    page = f"/parametres/magasins/{store.pk}/modifier/"
    assert store.insurance.insurer == "Mutuelle du Siège"
    own = {"insurer": "Assurance du Sud", "insurance_from": "01/01/2026", "insurance_to": "31/12/2026"}
    assert admin.post(page, typed(admin, page, **own)).status_code == 302
    store = Store.objects.get()
    assert (store.insurance.insurer, str(store.insurance.insurance_to)) == ("Assurance du Sud", "2026-12-31")
    # Whole or not at all: nothing of the company's contract is told with it.
    assert store.insurance.insurer_contact == ""
    # The company's own is asked for no longer, the store's is.
    Company.objects.update(insurer="", insurer_contact="", insurance_zone="")
    missing = {one.label for one in admin.get(PAGE).context["missing"]}
    assert "assureur de la garantie décennale" not in missing
    assert f"coordonnées de l’assureur de {store.name}" in missing
    Store.objects.create(name="Second magasin")
    assert "assureur de la garantie décennale" in {one.label for one in admin.get(PAGE).context["missing"]}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"insurance_number": "A-1"}, "insurer"),
        ({"insurer": "Sud", "insurance_from": "02/01/2026", "insurance_to": "01/01/2026"}, "insurance_to"),
    ],
)
def test_half_an_insurance_is_none(admin: Browser, values: dict[str, str], field: str) -> None:
    page = f"/parametres/magasins/{Store.objects.get().pk}/modifier/"
    answer = admin.post(page, typed(admin, page, **values))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    with pytest.raises(IntegrityError), transaction.atomic():
        Store.objects.update(insurance_number="A-1")
