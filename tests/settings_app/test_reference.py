"""Reference tables: one screen for all of them; what a record uses never vanishes."""

import re
import threading
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client as Browser

from clients.models import Address, Client, Contact, Kind
from extrabat.lib.rooms import settings_pages
from settings_app.audit.queries import trail
from settings_app.models import (
    AddressType,
    Civility,
    Grouping,
    Language,
    Origin,
    Preference,
    PriceList,
    ServiceNature,
    Status,
)
from settings_app.reference.actions import merge
from settings_app.reference.catalogue import TABLES
from settings_app.reference.models import ReferenceValue
from settings_app.reference.usage import Usage
from tests.factories import make_address, make_client, make_user
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db
ADMIN = "Administrateur"


@pytest.fixture
def admin(client: Browser) -> Browser:
    client.force_login(make_user(ADMIN))
    return client


def slug_of(model: type[ReferenceValue]) -> str:
    return next(slug for slug, table in TABLES.items() if table.model is model)


def address(row: ReferenceValue, verb: str) -> str:
    return f"/parametres/listes/{slug_of(type(row))}/{row.pk}/{verb}/"


def page_of(browser: Browser, path: str) -> str:
    return browser.get(path).content.decode()


def words(html: str) -> str:
    """What one reads: tags gone, blanks one space, non-breaking ones too."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def opened(browser: Browser, path: str) -> dict[str, str]:
    """The values of the main form as a browser without script would send them back untouched."""
    form = page_of(browser, path).split('id="contenu"')[1]
    values = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or name[1] == "csrfmiddlewaretoken" or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        values[name[1]] = unescape(value[1]) if value else "on"
    return values


def send(browser: Browser, path: str, values: dict[str, Any]) -> tuple[int, str]:
    response = browser.post(path, values)
    return response.status_code, words(response.content.decode())


def labels(model: type[ReferenceValue]) -> list[str]:
    return list(model._default_manager.values_list("label", flat=True))


# ---- the screen -----------------------------------------------------------------------------------------------


@pytest.mark.req("CLI-21")
@pytest.mark.parametrize(
    ("slug", "title"),
    [
        ("civilites", "Civilités"),
        ("statuts", "Statuts"),
        ("origines", "Origines de contact"),
        ("categories-socio-professionnelles", "Catégories socio-professionnelles"),
        ("types-de-client", "Types de client"),
        ("regroupements", "Regroupements"),
        ("langues", "Langues"),
        ("types-d-adresse", "Types d’adresse"),
        ("tarifs", "Tarifs spécifiques"),
        ("natures-de-prestation", "Natures de prestation"),
    ],
)
def test_each_table_has_its_screen_and_its_place_in_the_menu(admin: Browser, slug: str, title: str) -> None:
    html = page_of(admin, f"/parametres/listes/{slug}/")
    menu = html.split('class="set-menu"')[1].split("</nav>")[0]
    assert f"<h1>{title}</h1>" in html
    assert re.search(rf'href="/parametres/listes/{slug}/" aria-current="page">{title}<', menu)
    assert menu.count("aria-current") == 1
    assert f'href="/parametres/listes/{slug}/ajouter/"' in html
    form = page_of(admin, f"/parametres/listes/{slug}/ajouter/")
    assert f'href="/parametres/listes/{slug}/" aria-current="page"' in form


def test_every_reference_table_has_a_screen() -> None:
    assert {table.model for table in TABLES.values()} == set(ReferenceValue.__subclasses__())
    assert {page.args[0] for page in settings_pages if page.args} == set(TABLES)


def test_a_table_that_does_not_exist_is_not_found(admin: Browser) -> None:
    civility = Civility.objects.earliest("pk")
    for path in ("", "ajouter/", f"{civility.pk}/modifier/", f"{civility.pk}/fusionner/", f"{civility.pk}/supprimer/"):
        assert admin.get(f"/parametres/listes/utilisateurs/{path}").status_code == 404
    assert admin.post("/parametres/listes/utilisateurs/ordre/").status_code == 404
    assert admin.get("/parametres/listes/civilites/999999/modifier/").status_code == 404


@pytest.mark.parametrize("role", ["Bureau", "Commercial", "Technicien"])
def test_others_may_neither_read_nor_write(client: Browser, role: str) -> None:
    client.force_login(make_user(role))
    origin = Origin.objects.earliest("position")
    assert client.get("/parametres/listes/origines/").status_code == 403
    for verb in ("modifier", "fusionner", "supprimer"):
        assert client.get(address(origin, verb)).status_code == 403
        assert client.post(address(origin, verb), {"into": Origin.objects.latest("position").pk}).status_code == 403
    assert client.post("/parametres/listes/origines/ordre/", {"down": origin.pk}).status_code == 403
    assert client.post("/parametres/listes/origines/ajouter/", {"label": "Radio"}).status_code == 403
    assert Origin.objects.earliest("position") == origin
    assert Origin.objects.count() == 7


def test_flags_and_use_are_told_in_words(admin: Browser) -> None:
    make_client(status=Status.objects.get(label="Client"))
    make_client(status=Status.objects.get(label="Client"))
    Status.objects.create(label="Contentieux", position=9, is_restricted=True, is_active=False)
    text = words(page_of(admin, "/parametres/listes/statuts/").split("<tbody")[1].split("</tbody>")[0])
    assert re.search(r"Prospect prospect inutilisé actif", text)
    assert re.search(r"Client 2 fiches actif", text)
    assert re.search(r"En cours de chantier planning inutilisé actif", text)
    assert re.search(r"Corbeille corbeille inutilisé actif", text)
    assert re.search(r"Contentieux restreint inutilisé désactivé", text)


def test_an_empty_table_says_what_to_do(admin: Browser) -> None:
    text = words(page_of(admin, "/parametres/listes/regroupements/"))
    assert "Cette liste est vide." in text
    assert "Faites glisser" not in text


def test_forty_rows_cost_as_many_queries_as_two(admin: Browser, django_assert_num_queries: Any) -> None:
    path = "/parametres/listes/regroupements/"
    for number in range(2):
        make_client(grouping=Grouping.objects.create(label=f"Secteur {number}"))
    admin.get(path)
    with django_assert_num_queries(4):  # session, user, usage, values
        admin.get(path)
    for number in range(2, 40):
        make_client(grouping=Grouping.objects.create(label=f"Secteur {number}"))
    with django_assert_num_queries(4):
        assert admin.get(path).content.decode().count("1\u00a0fiche<") == 40


def test_a_script_in_a_label_is_shown_as_text(admin: Browser) -> None:
    nasty = '<script>alert("x")</script>'
    row = Origin.objects.create(label=nasty)
    for path in (
        "/parametres/listes/origines/",
        *(address(row, verb) for verb in ("modifier", "fusionner", "supprimer")),
    ):
        html = page_of(admin, path)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html


# ---- adding and editing ---------------------------------------------------------------------------------------


@pytest.mark.req("CLI-21")
def test_a_value_is_added_at_the_end(admin: Browser) -> None:
    assert send(admin, "/parametres/listes/origines/ajouter/", {"label": "  Radio  ", "is_active": "on"})[0] == 302
    row = Origin.objects.get(label="Radio")
    assert (row.position, row.is_active) == (8, True)
    assert labels(Origin)[-1] == "Radio"
    assert [line.verb for line in trail(row)] == ["create"]


@pytest.mark.parametrize("typed", ["Salon", "salon", "SALON", " salon "])
def test_a_label_is_unique_whatever_its_case(admin: Browser, typed: str) -> None:
    response = admin.post("/parametres/listes/origines/ajouter/", {"label": typed, "is_active": "on"})
    assert response.status_code == 422
    assert response.context["form"].errors == {"label": ["Ce libellé existe déjà."]}
    other = Origin.objects.exclude(label="Salon").earliest("pk")
    path = address(other, "modifier")
    response = admin.post(path, opened(admin, path) | {"label": typed})
    assert response.status_code == 422
    assert response.context["form"].errors == {"label": ["Ce libellé existe déjà."]}
    # The page still names the value that is stored.
    assert f">{other.label}</span></h1>" in response.content.decode()


def test_a_label_is_asked_for(admin: Browser) -> None:
    status, text = send(admin, "/parametres/listes/origines/ajouter/", {"label": " "})
    assert status == 422
    assert "Libellé : À remplir." in text


def test_two_people_who_add_the_same_label_get_an_answer(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form found it free; the database did not."""
    monkeypatch.setattr(Origin, "validate_constraints", lambda self, exclude=None: None)
    status, text = send(admin, "/parametres/listes/origines/ajouter/", {"label": "salon", "is_active": "on"})
    assert status == 409
    assert "Une autre personne vient d’enregistrer ce libellé" in text


def test_only_what_was_changed_is_written(admin: Browser) -> None:
    row = Status.objects.get(label="Client")
    path = address(row, "modifier")
    values = opened(admin, path)
    Status.objects.filter(pk=row.pk).update(on_planning=True)
    assert send(admin, path, values | {"label": "Client fidèle"})[0] == 302
    row.refresh_from_db()
    assert (row.label, row.on_planning, row.is_active) == ("Client fidèle", True, True)
    assert trail(row)[0].after == {"label": "Client fidèle"}


def test_a_label_that_somebody_else_changed_is_a_conflict(admin: Browser) -> None:
    row = Origin.objects.get(label="Salon")
    path = address(row, "modifier")
    values = opened(admin, path)
    Origin.objects.filter(pk=row.pk).update(label="Foire")
    status, text = send(admin, path, values | {"label": "Salons et foires"})
    assert status == 409
    assert "Enregistré entre-temps : Foire" in text


def test_a_price_list_reads_a_percentage_as_it_is_written(admin: Browser) -> None:
    path = "/parametres/listes/tarifs/ajouter/"
    assert send(admin, path, {"label": "Pisciniers", "percent": "7,5", "is_active": "on"})[0] == 302
    assert PriceList.objects.get().percent == 7.5
    assert "remise de 7,5 %" in words(page_of(admin, "/parametres/listes/tarifs/"))
    assert send(admin, path, {"label": "Trop", "percent": "101"})[0] == 422
    assert send(admin, path, {"label": "Moins", "percent": "-1"})[0] == 422
    assert send(admin, path, {"label": "Rien", "percent": "beaucoup"})[0] == 422
    edit = address(PriceList.objects.get(), "modifier")
    values = opened(admin, edit)
    assert send(admin, edit, values)[0] == 302
    assert trail(PriceList.objects.get()).count() == 1


def test_a_language_has_a_code_of_two_letters_of_its_own(admin: Browser) -> None:
    path = "/parametres/listes/langues/ajouter/"
    assert send(admin, path, {"label": "Portugais", "code": "PT", "is_active": "on"})[0] == 302
    assert Language.objects.get(label="Portugais").code == "pt"
    assert "Ce code existe déjà." in send(admin, path, {"label": "Brésilien", "code": "pt"})[1]
    assert "deux lettres" in send(admin, path, {"label": "Brésilien", "code": "p1"})[1]


def test_a_nature_of_service_may_have_no_code(admin: Browser) -> None:
    path = "/parametres/listes/natures-de-prestation/ajouter/"
    assert send(admin, path, {"label": "Entretien", "code": "", "is_active": "on"})[0] == 302
    assert send(admin, path, {"label": "Ramonage", "code": "70", "is_active": "on"})[0] == 302
    assert "Ramonage code 70" in words(page_of(admin, "/parametres/listes/natures-de-prestation/"))
    assert ServiceNature.objects.get(label="Entretien").code == ""


# ---- order ----------------------------------------------------------------------------------------------------


@pytest.mark.req("CLI-21")
def test_a_plain_button_moves_a_value_by_one_line(admin: Browser) -> None:
    salon = Origin.objects.get(label="Salon")
    html = page_of(admin, "/parametres/listes/origines/")
    assert re.search(r'<form id="ordre" method="post" action="/parametres/listes/origines/ordre/">', html)
    assert f'form="ordre" name="up" value="{salon.pk}"' in html
    response = admin.post("/parametres/listes/origines/ordre/", {"up": salon.pk})
    assert (response.status_code, response["Location"]) == (302, f"/parametres/listes/origines/#ligne-{salon.pk}")
    assert labels(Origin)[:3] == ["Bouche-à-oreille", "Salon", "Site internet"]
    admin.post("/parametres/listes/origines/ordre/", {"down": salon.pk})
    admin.post("/parametres/listes/origines/ordre/", {"down": salon.pk})
    assert labels(Origin)[:4] == ["Bouche-à-oreille", "Site internet", "Parrainage", "Salon"]


def test_the_ends_of_the_list_are_ends(admin: Browser) -> None:
    before = labels(Origin)
    first, last = Origin.objects.get(label=before[0]), Origin.objects.get(label=before[-1])
    assert admin.post("/parametres/listes/origines/ordre/", {"up": first.pk}).status_code == 302
    assert admin.post("/parametres/listes/origines/ordre/", {"down": last.pk}).status_code == 302
    assert admin.post("/parametres/listes/origines/ordre/", {"down": "999999"}).status_code == 302
    assert labels(Origin) == before


@pytest.mark.req("CLI-21")
def test_a_whole_order_is_kept_in_one_statement(admin: Browser, django_assert_max_num_queries: Any) -> None:
    keys = list(Origin.objects.values_list("pk", flat=True))
    fragment = {"HX-Request": "true"}
    with django_assert_max_num_queries(8):  # session, user, acting twice, savepoint twice, lock, read, write
        response = admin.post("/parametres/listes/origines/ordre/", {"key": keys[::-1]}, headers=fragment)
    assert response.status_code == 204
    assert list(Origin.objects.values_list("pk", flat=True)) == keys[::-1]
    assert list(Origin.objects.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
    shown = re.findall(r'data-reorder-key="(\d+)"', page_of(admin, "/parametres/listes/origines/"))
    assert shown == [str(key) for key in keys[::-1]]


def test_an_order_made_on_a_stale_page_loses_nothing(admin: Browser) -> None:
    keys = list(Origin.objects.values_list("pk", flat=True))
    new = Origin.objects.create(label="Radio", position=1)
    Origin.objects.filter(pk=keys[0]).delete()
    sent = [keys[2], keys[0], keys[1], *keys[3:], keys[2], "999999", "x"]
    assert admin.post("/parametres/listes/origines/ordre/", {"key": sent}).status_code == 302
    assert list(Origin.objects.values_list("pk", flat=True)) == [keys[2], keys[1], *keys[3:], new.pk]


def test_the_order_is_that_of_the_client_s_form(admin: Browser) -> None:
    chosen = Status.objects.get(label="Client archivé")
    keys = [chosen.pk, *Status.objects.exclude(pk=chosen.pk).values_list("pk", flat=True)]
    admin.post("/parametres/listes/statuts/ordre/", {"key": keys})
    form = page_of(admin, "/clients/nouveau/").split('name="status"')[1].split("</select>")[0]
    assert re.findall(r">([^<]+)</option>", form)[:3] == ["Choisir", "Client archivé", "Prospect"]


# ---- deleting -------------------------------------------------------------------------------------------------


@pytest.mark.req("CLI-21")
def test_a_value_that_nothing_uses_is_deleted(admin: Browser) -> None:
    row = Origin.objects.get(label="Salon")
    assert "Aucune fiche n’utilise cette valeur." in words(page_of(admin, address(row, "supprimer")))
    assert Origin.objects.filter(pk=row.pk).exists()
    assert send(admin, address(row, "supprimer"), {})[0] == 302
    assert not Origin.objects.filter(pk=row.pk).exists()


@pytest.mark.req("CLI-21")
def test_a_value_in_use_is_not_deleted_but_merged_or_switched_off(admin: Browser) -> None:
    row = Origin.objects.get(label="Salon")
    for _ in range(3):
        make_client(origin=row)
    html = page_of(admin, address(row, "supprimer"))
    assert "Cette valeur est utilisée par 3 clients." in words(html)
    assert address(row, "fusionner") in html
    assert 'name="switch_off"' in html
    status, text = send(admin, address(row, "supprimer"), {})
    assert status == 409
    assert "Cette valeur est utilisée par 3 clients." in text
    assert send(admin, address(row, "supprimer"), {"switch_off": "1"})[0] == 302
    row.refresh_from_db()
    assert not row.is_active
    assert Client.objects.filter(origin=row).count() == 3
    assert 'name="switch_off"' not in page_of(admin, address(row, "supprimer"))


def test_every_kind_of_record_counts(admin: Browser) -> None:
    row = Civility.objects.get(label="Mme")
    client = make_client(civility=row)
    Contact.objects.create(client=client, civility=row, last_name="Roux")
    assert "utilisée par 1 client et 1 contact." in words(page_of(admin, address(row, "supprimer")))
    assert "Mme particulier 2 fiches" in words(page_of(admin, "/parametres/listes/civilites/"))


def test_what_the_count_misses_the_relations_refuse(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Origin.objects.get(label="Salon")
    make_client(origin=row)
    monkeypatch.setattr("settings_app.reference.actions.usage_of", lambda table, key: {key: Usage()})
    status, text = send(admin, address(row, "supprimer"), {})
    assert status == 409
    assert "Cette valeur vient d’être utilisée." in text


@pytest.mark.django_db(transaction=True)
def test_what_the_relations_miss_postgres_refuses(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Origin.objects.get(label="Salon")
    make_client(origin=row)
    monkeypatch.setattr("settings_app.reference.actions.usage_of", lambda table, key: {key: Usage()})
    monkeypatch.setattr(Origin, "delete", lambda self: Origin.objects.filter(pk=self.pk)._raw_delete("default"))
    status, text = send(admin, address(row, "supprimer"), {})
    assert status == 409
    assert "Cette valeur vient d’être utilisée." in text
    assert Origin.objects.filter(pk=row.pk).exists()


@pytest.fixture
def a_client_who_arrives() -> Iterator[Any]:
    """Starts to save a client with a value, in another connection, and finishes when told to."""
    threads = []

    def begin(origin: Origin, finish: threading.Event) -> None:
        begun = threading.Event()

        def work() -> None:
            try:
                with transaction.atomic():
                    make_client(origin_id=origin.pk)
                    # The foreign key is checked here: from now on the value is held.
                    connection.check_constraints()
                    begun.set()
                    finish.wait(20)
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        threads.append(thread)
        thread.start()
        assert begun.wait(20)

    yield begin
    for thread in threads:
        thread.join(20)


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        (waiting,) = cursor.fetchone() or (0,)
    return bool(waiting)


@pytest.mark.req("CLI-21")
@pytest.mark.django_db(transaction=True)
def test_a_value_that_somebody_begins_to_use_is_not_deleted(admin: Browser, a_client_who_arrives: Any) -> None:
    row = Origin.objects.get(label="Salon")
    path = address(row, "supprimer")
    finish = threading.Event()
    a_client_who_arrives(row, finish)
    answers: list[tuple[int, str]] = []

    def delete() -> None:
        try:
            answers.append(send(admin, path, {}))
        finally:
            connection.close()

    deleting = threading.Thread(target=delete)
    deleting.start()
    wait_for(waits_for_a_lock, what="the deletion waiting for the client", seconds=20)
    finish.set()
    deleting.join(20)
    assert [status for status, _ in answers] == [409]
    assert "Cette valeur est utilisée par 1 client." in answers[0][1]
    assert Client.objects.get().origin == row


# ---- what must stay -------------------------------------------------------------------------------------------


@pytest.mark.req("ADR-02")
def test_the_four_built_in_types_are_renamed_and_ordered_but_stay(admin: Browser) -> None:
    site = AddressType.objects.get(code="chantier")
    other = AddressType.objects.create(label="Résidence secondaire", position=9)
    path = address(site, "modifier")
    assert send(admin, path, opened(admin, path) | {"label": "Lieu des travaux"})[0] == 302
    admin.post("/parametres/listes/types-d-adresse/ordre/", {"up": site.pk})
    assert labels(AddressType)[0] == "Lieu des travaux"
    for code in ("correspondance", "chantier", "facturation", "livraison"):
        built_in = AddressType.objects.get(code=code)
        status, text = send(admin, address(built_in, "supprimer"), {})
        assert status == 409
        assert "Ce type d’adresse est intégré au programme" in text
        status, text = send(admin, address(built_in, "fusionner"), {"into": other.pk})
        assert status == 409
        assert "Ce type d’adresse est intégré au programme" in text
    assert AddressType.objects.count() == 5
    assert send(admin, address(other, "supprimer"), {})[0] == 302


@pytest.mark.req("ADR-02")
def test_a_type_of_one_s_own_is_added(admin: Browser) -> None:
    assert send(admin, "/parametres/listes/types-d-adresse/ajouter/", {"label": "Gîte", "is_active": "on"})[0] == 302
    kind = AddressType.objects.get(label="Gîte")
    assert (kind.code, kind.position) == ("", 5)
    html = page_of(admin, "/parametres/listes/types-d-adresse/")
    assert address(kind, "supprimer") in html
    assert address(AddressType.objects.get(code="chantier"), "supprimer") not in html


@pytest.mark.parametrize("professional", [True, False])
def test_the_last_active_civility_of_a_kind_stays(admin: Browser, professional: bool) -> None:
    rows = Civility.objects.filter(is_professional=professional)
    last = rows.earliest("position")
    rows.exclude(pk=last.pk).update(is_active=False)
    off = rows.exclude(pk=last.pk).earliest("position")
    path = address(last, "modifier")
    without = {name: value for name, value in opened(admin, path).items() if name != "is_active"}
    for refused in (
        send(admin, path, without),
        send(admin, address(last, "supprimer"), {}),
        send(admin, address(last, "supprimer"), {"switch_off": "1"}),
        send(admin, address(last, "fusionner"), {"into": off.pk}),
    ):
        assert refused[0] == 409
        assert "Il doit rester une civilité active" in refused[1]
    last.refresh_from_db()
    assert last.is_active


def test_a_status_that_everybody_may_give_stays(admin: Browser) -> None:
    last = Status.objects.get(label="Client")
    bin_, secret = Status.objects.get(label="Corbeille"), Status.objects.get(label="Prospect")
    Status.objects.filter(pk=secret.pk).update(is_restricted=True)
    Status.objects.exclude(pk__in=[last.pk, bin_.pk, secret.pk]).update(is_active=False)
    path = address(last, "modifier")
    values = opened(admin, path)
    for refused in (
        send(admin, path, values | {"is_trash": "on"}),
        send(admin, path, values | {"is_restricted": "on"}),
        send(admin, path, {name: value for name, value in values.items() if name != "is_active"}),
        send(admin, address(last, "supprimer"), {}),
        send(admin, address(last, "fusionner"), {"into": bin_.pk}),
    ):
        assert refused[0] == 409
        assert "Il doit rester un statut actif" in refused[1]
    assert send(admin, path, values | {"label": "Client fidèle"})[0] == 302


def test_a_table_that_lacked_something_before_may_still_be_edited(admin: Browser) -> None:
    Origin.objects.update(is_active=False)
    row = Origin.objects.earliest("position")
    path = address(row, "modifier")
    assert send(admin, path, opened(admin, path) | {"label": "Amis"})[0] == 302


def test_a_civility_in_use_keeps_its_kind(admin: Browser) -> None:
    used, free = Civility.objects.get(label="Mme"), Civility.objects.get(label="Indivision")
    make_client(civility=used)
    path = address(used, "modifier")
    status, text = send(admin, path, opened(admin, path) | {"is_professional": "on"})
    assert status == 409
    assert "Elle est utilisée par 1 client" in text
    assert not Civility.objects.get(pk=used.pk).is_professional
    path = address(free, "modifier")
    assert send(admin, path, opened(admin, path) | {"is_professional": "on"})[0] == 302


# ---- merging --------------------------------------------------------------------------------------------------


@pytest.mark.req("CLI-21")
def test_merging_moves_the_records_of_every_room(admin: Browser) -> None:
    mme, m = Civility.objects.get(label="Mme"), Civility.objects.get(label="M.")
    clients = [make_client(civility=mme) for _ in range(3)]
    other = make_client(civility=m)
    contact = Contact.objects.create(client=other, civility=mme, last_name="Roux")
    html = page_of(admin, address(mme, "fusionner"))
    assert "3 clients et 1 contact passeront à la valeur choisie" in words(html)
    response = admin.post(address(mme, "fusionner"), {"into": m.pk}, follow=True)
    assert "Fusionné avec « M. » : 4 fiches déplacées." in words(response.content.decode())
    assert not Civility.objects.filter(pk=mme.pk).exists()
    assert {client.civility_id for client in Client.objects.all()} == {m.pk}
    contact.refresh_from_db()
    assert contact.civility == m
    assert trail(clients[0])[0].after == {"civility_id": m.pk}


def test_a_civility_merges_only_into_its_own_kind(admin: Browser) -> None:
    mme, sarl = Civility.objects.get(label="Mme"), Civility.objects.get(label="SARL")
    client = make_client(civility=mme)
    offered = page_of(admin, address(mme, "fusionner")).split("<main")[1].split("<select")[1].split("</select>")[0]
    assert "Indivision" in offered
    assert "SARL" not in offered
    assert "Mme</option>" not in offered.replace("M. et Mme", "").replace(" (particulier)", "")
    assert send(admin, address(mme, "fusionner"), {"into": sarl.pk})[0] == 422
    assert send(admin, address(mme, "fusionner"), {"into": mme.pk})[0] == 422
    assert send(admin, address(mme, "fusionner"), {})[0] == 422
    client.refresh_from_db()
    assert (client.civility, client.kind) == (mme, Kind.INDIVIDUAL)


def test_merged_addresses_keep_one_default_of_the_type(admin: Browser) -> None:
    own, site = AddressType.objects.create(label="Gîte"), AddressType.objects.get(code="chantier")
    both, one = make_client(), make_client()
    kept = make_address(client=both, type=site, is_default=True)
    moved = make_address(client=both, type=own, is_default=True)
    alone = make_address(client=one, type=own, is_default=True)
    assert send(admin, address(own, "fusionner"), {"into": site.pk})[0] == 302
    for row in (kept, moved, alone):
        row.refresh_from_db()
    assert [row.is_default for row in (kept, moved, alone)] == [True, False, True]
    assert set(Address.objects.values_list("type", flat=True)) == {site.pk}


def test_a_merge_that_fails_moves_nothing(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    salon, other = Origin.objects.get(label="Salon"), Origin.objects.get(label="Autre")
    client = make_client(origin=salon)

    def fail(self: Origin) -> None:
        raise RuntimeError

    monkeypatch.setattr(Origin, "delete", fail)
    with pytest.raises(RuntimeError):
        admin.post(address(salon, "fusionner"), {"into": other.pk})
    client.refresh_from_db()
    assert client.origin == salon


def test_a_value_that_was_just_merged_away_is_told_as_gone(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    salon, other = Origin.objects.get(label="Salon"), Origin.objects.get(label="Autre")

    def after_somebody_else(*args: Any) -> int:
        Origin.objects.filter(pk=other.pk).delete()
        return merge(*args)

    monkeypatch.setattr("settings_app.reference.views.merge", after_somebody_else)
    status, text = send(admin, address(salon, "fusionner"), {"into": other.pk})
    assert status == 409
    assert "Cette valeur n’existe plus" in text


def test_the_only_value_has_nothing_to_merge_with(admin: Browser) -> None:
    row = Grouping.objects.create(label="Secteur nord")
    html = page_of(admin, address(row, "fusionner"))
    assert "Il n’y a aucune autre valeur" in words(html)
    assert "<select" not in html.split('id="contenu"')[1]


def test_a_preference_follows_the_value_that_is_merged(admin: Browser) -> None:
    salon, autre = Origin.objects.get(label="Salon"), Origin.objects.get(label="Autre")
    status = Status.objects.earliest("pk")
    user = make_user()
    Preference.objects.create(user=user, name="client-origin", value=salon.pk)
    Preference.objects.create(user=user, name="client-status", value=salon.pk)
    Preference.objects.create(user=make_user(), name="client-origin", value=status.pk + 500)
    admin.post(f"/parametres/listes/origines/{salon.pk}/fusionner/", {"into": autre.pk})
    assert not Origin.objects.filter(pk=salon.pk).exists()
    kept = dict(Preference.objects.filter(user=user).values_list("name", "value"))
    assert kept == {"client-origin": autre.pk, "client-status": salon.pk}


def test_one_status_for_the_trash_stays(admin: Browser) -> None:
    trash = Status.objects.get(is_trash=True)
    page = admin.post(f"/parametres/listes/statuts/{trash.pk}/supprimer/").content.decode()
    assert "Il doit rester un statut «\u00a0corbeille\u00a0»" in page
    assert Status.objects.filter(pk=trash.pk).exists()
