"""Preferences: one's own alone, obeyed, put back to their beginning; none is declared in vain."""

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from settings_app.models import Language, Origin, Picture, Preference, Status, User
from settings_app.preferences.registry import (
    OWN_PICTURE,
    BooleanPreference,
    DaysPreference,
    background,
    bubbles,
    preferences,
)
from tests.factories import make_client, make_user, picture
from tests.settings_app.test_company import HOUSE, contrast, luminance

pytestmark = pytest.mark.django_db
PAGE = "/preferences/"


@pytest.fixture
def me() -> User:
    return make_user(first_name="Claire", last_name="Delmas")


@pytest.fixture
def mine(client: Browser, me: User) -> Browser:
    client.force_login(me)
    return client


def values(browser: Browser, **changed: Any) -> dict[str, Any]:
    initial = browser.get(PAGE).context["form"].initial
    return {name: value for name, value in (initial | changed).items() if value is not None}


@pytest.mark.req("PRF-01")
def test_saving_touches_nobody_else(mine: Browser, me: User) -> None:
    """Every preference of the page, changed at once: a colleague's page and rows are as they were."""
    other = make_user()
    theirs = Browser()
    theirs.force_login(other)
    theirs.post(PAGE, values(theirs, theme="dark"))
    before = (list(Preference.objects.filter(user=other).order_by("name").values()), values(theirs))
    changed = {
        "theme": "light",
        "background": "points",
        "bubbles": "pictogramme",
        "search-mode": "exact",
        "client-kind": "professionnel",
        "client-mode": "avance",
        "client-status": Status.objects.get(label="Client").pk,
        "client-origin": Origin.objects.get(label="Salon").pk,
        "client-followed-by": other.pk,
        "client-language": Language.objects.get(code="en").pk,
        "client-country": "BE",
    }
    # A colleague's name in the request changes nothing.
    assert mine.post(PAGE, values(mine) | changed | {"user": other.pk}).status_code == 302
    assert {name: values(mine)[name] for name in changed} == changed
    assert (list(Preference.objects.filter(user=other).order_by("name").values()), values(theirs)) == before


@pytest.mark.req("PRF-10")
@pytest.mark.parametrize(
    ("name", "label", "field", "address"),
    [
        ("client-status", "Client", "status", "?type=particulier"),
        ("client-origin", "Salon", "origin", "?type=particulier"),
        ("client-language", "Anglais", "language", "?type=particulier&mode=avance"),
    ],
)
def test_a_new_client_begins_with_the_row_that_one_prefers(
    mine: Browser, name: str, label: str, field: str, address: str
) -> None:
    row = {"status": Status, "origin": Origin, "language": Language}[field].objects.get(label=label)  # type: ignore[attr-defined]
    assert mine.post(PAGE, values(mine, **{name: row.pk})).status_code == 302
    page = mine.get(f"/clients/nouveau/{address}").content.decode()
    assert selected(page, f"id_{field}") == str(row.pk)


@pytest.mark.req("PRF-10")
def test_a_new_client_begins_with_the_face_the_person_and_the_country_that_one_prefers(mine: Browser) -> None:
    other = make_user()
    chosen = {"client-kind": "professionnel", "client-mode": "avance", "client-country": "BE"}
    mine.post(PAGE, values(mine, **chosen, **{"client-followed-by": other.pk}))
    page = mine.get("/clients/nouveau/").content.decode()
    assert 'id="id_company_name"' in page
    assert 'id="id_language"' in page
    assert selected(page, "id_followed_by") == str(other.pk)
    assert selected(page, "id_address-0-country") == "BE"


def selected(page: str, id_: str) -> str:
    control = page.split(f'id="{id_}"')[1].split("</select>", maxsplit=1)[0]
    option = next(part for part in control.split("<option")[1:] if " selected" in part.split(">")[0])
    return option.split('value="')[1].split('"')[0]


def test_a_section_goes_back_to_its_beginning_and_what_else_was_typed_stays(mine: Browser, me: User) -> None:
    mine.post(PAGE, values(mine, theme="dark", background="points"))
    typed = values(mine, **{"search-mode": "exact"})
    page = mine.post(PAGE, typed | {"reset": "Apparence"})
    assert page.status_code == 200
    form = page.context["form"]
    assert [form[name].value() for name in ("theme", "background", "search-mode")] == ["auto", "uni", "exact"]
    # Nothing is written before « Valider ».
    assert 'data-theme="dark"' in mine.get("/").content.decode()
    mine.post(PAGE, {name: form[name].value() for name in form.fields if form[name].value()})
    assert 'data-theme="auto"' in mine.get("/").content.decode()


def test_a_yes_and_a_number_of_days(me: User) -> None:
    told = BooleanPreference(name="essai", section="Essai", label="Essai", default=True)
    assert told.of(me) is True
    told.save(me, False)
    assert told.of(me) is False
    days = DaysPreference(name="jours", section="Essai", label="Délai", offered=(1, 2, 7), default=1)
    assert days.of(me) == 1
    assert days.field().clean("2") == 2
    days.save(me, 7)
    assert days.of(me) == 7
    days.save(me, 30)
    assert days.of(me) == 1


# ---- what one looks like, and what one looks at ----------------------------------------------------------------


def send(browser: Browser, kind: str, content: bytes, name: str = "moi.png") -> Any:
    return browser.post(f"/preferences/images/{kind}/", {"picture": SimpleUploadedFile(name, content)})


def test_the_bulles_show_what_the_reader_prefers(mine: Browser, me: User) -> None:
    other = make_user(first_name="Karim", last_name="Benali")
    client = make_client(followed_by=other)
    theirs = Browser()
    theirs.force_login(other)
    assert send(theirs, "photo", picture((400, 300))).status_code == 302
    photo = Picture.objects.get(owner=other)
    page = f"/clients/{client.pk}/"
    assert 'aria-hidden="true">KB</span>' in mine.get(page).content.decode()
    bubbles.save(me, "photo")
    assert f'src="/images/{photo.pk}/"' in mine.get(page).content.decode()
    assert mine.get(f"/images/{photo.pk}/").status_code == 200
    bubbles.save(me, "pictogramme")
    html = mine.get(page).content.decode()
    assert "KB</span>" not in html
    assert "#user" in html.split("Suivi par")[1][:200]


def test_one_s_own_background_is_seen_by_oneself_alone(mine: Browser, me: User) -> None:
    assert send(mine, "fond", picture((3000, 2000)), "fond.png").status_code == 302
    row = Picture.objects.get()
    html = mine.get("/").content.decode()
    assert f'<div class="backdrop" aria-hidden="true"><img src="/images/{row.pk}/" alt=""></div>' in html
    assert "ground-image" in html
    assert mine.get(f"/images/{row.pk}/").status_code == 200
    other = Browser()
    other.force_login(make_user("Administrateur"))
    assert other.get(f"/images/{row.pk}/").status_code == 404
    assert "backdrop" not in other.get("/").content.decode()
    mine.post("/preferences/images/fond/", {"remove": "1"})
    assert not Picture.objects.exists()
    assert "ground-uni" in mine.get("/").content.decode()


@pytest.mark.parametrize("kind", ["photo", "fond"])
def test_a_drawing_is_neither_photo_nor_background(mine: Browser, kind: str) -> None:
    assert send(mine, kind, b"<svg onload='alert(1)'/>", "moi.png").status_code == 422
    assert not Picture.objects.exists()


def test_my_picture_without_a_picture_is_plain(mine: Browser, me: User) -> None:
    background.save(me, OWN_PICTURE)
    assert "ground-uni" in mine.get("/").content.decode()


@pytest.mark.parametrize("theme", [0, 1])
def test_texts_read_over_any_picture(theme: int) -> None:
    """Nine tenths of canvas over the worst pixel, black in light and white in dark."""
    styles = Path(settings.BASE_DIR) / "static" / "css" / "backgrounds.css"
    assert "opacity: 0.9;" in styles.read_text()
    canvas = HOUSE["canvas"][theme].lstrip("#")
    worst = 255 * theme
    mixed = "".join(f"{round(0.9 * int(canvas[at : at + 2], 16) + 0.1 * worst):02x}" for at in (0, 2, 4))
    # --ink-3 is --ink-2 there.
    for ink in ("ink", "ink-2", "accent", "todo-ink", "plan-ink", "done-ink"):
        assert contrast(luminance(HOUSE[ink][theme]), luminance(mixed)) >= 4.5, ink


# ---- none is declared in vain ----------------------------------------------------------------------------------

ROOMS = ("clients", "commerce", "extrabat", "messaging", "planning", "sav", "settings_app")


def unread(declared: Iterable[str], sources: Iterable[str]) -> set[str]:
    """Names of preferences that no code reads, among `declared`.

    Read is `<variable>.of(…)` or `.key(…)`, where the variable was assigned a call with name="<preference>".
    """
    variables: dict[str, str] = {}
    read: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            match node:
                case ast.Assign(targets=[ast.Name(id=variable)], value=ast.Call(keywords=keywords)):
                    for keyword in keywords:
                        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                            variables[str(keyword.value.value)] = variable
                case ast.Call(func=ast.Attribute(value=ast.Name(id=variable), attr="of" | "key")):
                    read.add(variable)
                case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=variable), attr="of" | "key")):
                    read.add(variable)
    return {name for name in declared if variables.get(name) not in read}


def test_no_preference_is_declared_in_vain() -> None:
    root = Path(settings.BASE_DIR)
    sources = [path.read_text() for room in ROOMS for path in (root / room).rglob("*.py")]
    assert unread([one.name for one in preferences], sources) == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("a = ChoicePreference(name='x')", {"x"}),
        ("a = ChoicePreference(name='x')\na.of(user)", set()),
        ("a = ChoicePreference(name='x')\nmodule.a.of(user)", set()),
        ("a = ChoicePreference(name='x')\nb.of(user)\n# a.of(user)", {"x"}),
        ("a = ChoicePreference(name='x')\na.save(user, 1)", {"x"}),
    ],
)
def test_a_preference_that_nobody_reads_is_found(source: str, found: set[str]) -> None:
    assert unread(["x"], [source]) == found
