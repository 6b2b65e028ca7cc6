"""Django's admin: every list, search and page; nothing that a screen would refuse goes through it."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import (
    Address,
    Answer,
    BulkChange,
    Client,
    Consent,
    Contact,
    CustomQuestion,
    Equipment,
    ExportJob,
    FileTag,
    Folder,
    FollowUp,
    HistoryEntry,
    Installation,
    Kind,
    Merge,
    SavedFilter,
    StoredFile,
)
from commerce.models import Unit
from settings_app.admin.base import RightAdmin
from settings_app.models import AuditEntry, Civility, Colour, Language, PriceList, Status, Store, User
from settings_app.reference.catalogue import TABLES
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client: Browser) -> User:
    user = make_user("Administrateur", is_staff=True)
    client.force_login(user)
    return user


def _reference(model: type[Any]) -> Callable[[int, User], Any]:
    def make(number: int, _user: User) -> Any:
        more: dict[type[Any], dict[str, Any]] = {
            Language: {"code": f"{chr(97 + number % 26)}{chr(97 + number // 26)}"},
            Colour: {"tint": 1},
        }
        return model.objects.create(label=f"Valeur {model.__name__} {number}", **more.get(model, {}))

    return make


def _file(number: int, user: User) -> StoredFile:
    return StoredFile.objects.create(
        client=make_client(),
        name=f"plan {number}.pdf",
        size=12,
        content_type="application/pdf",
        sha256="0" * 64,
        storage_key=f"cle-{number}",
        uploaded_by=user,
        batch="00000000-0000-4000-8000-000000000000",
    )


def _merge(_number: int, user: User) -> Merge:
    kept = make_client()
    return Merge.objects.create(by=user, kept=kept, absorbed=make_client(), previous_status=kept.status)


def _equipment(number: int, _user: User) -> Equipment:
    pool = Installation.objects.create(client=make_client(), name=f"Piscine {number}")
    return Equipment.objects.create(installation=pool, label=f"Pompe {number}")


def _client(number: int, user: User) -> Client:
    row = make_client(followed_by=user)
    for _ in range(1 + number % 3):
        make_address(client=row)
        Contact.objects.create(client=row, last_name="Roux")
    return row


MAKE: dict[type[Any], Callable[[int, User], Any]] = {
    **{table.model: _reference(table.model) for table in TABLES.values()},
    User: lambda _number, _user: make_user(),
    Store: lambda number, _user: Store.objects.create(name=f"Magasin {number}"),
    AuditEntry: lambda _number, _user: AuditEntry.objects.get(model="clients.client", object_key=str(make_client().pk)),
    Client: _client,
    Address: lambda _number, _user: make_address(),
    Contact: lambda number, _user: Contact.objects.create(client=make_client(), last_name=f"Roux {number}"),
    Consent: lambda _number, user: Consent.objects.create(
        client=make_client(), channel="sms", state="accepted", source="office", by=user
    ),
    StoredFile: _file,
    Folder: lambda number, _user: Folder.objects.create(client=make_client(), name=f"Plans {number}"),
    FollowUp: lambda _number, user: FollowUp.objects.create(
        client=make_client(), text="Rappeler", assigned_to=user, created_by=user
    ),
    HistoryEntry: lambda _number, user: HistoryEntry.objects.create(
        client=make_client(), kind="note", text="Vu", by=user
    ),
    Installation: lambda _number, _user: Installation.objects.create(client=make_client(), name="Piscine"),
    Equipment: _equipment,
    CustomQuestion: lambda number, _user: CustomQuestion.objects.create(label=f"Question {number}"),
    FileTag: lambda number, _user: FileTag.objects.create(label=f"Étiquette {number}"),
    SavedFilter: lambda number, _user: SavedFilter.objects.create(
        user=make_user(), name=f"Filtre {number}", is_shared=True
    ),
    ExportJob: lambda _number, user: ExportJob.objects.create(asked_by=user, format="csv", columns=[]),
    BulkChange: lambda _number, user: BulkChange.objects.create(by=user, field="grouping", value_label="aucun"),
    Merge: _merge,
}
READ_ONLY = {
    *(Store, AuditEntry, Consent, StoredFile, Folder, FollowUp, HistoryEntry),
    *(FileTag, ExportJob, BulkChange, Merge),
}


def path_of(model: type[Any], page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def words(page: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def form_of(page: Any) -> dict[str, Any]:
    """What a browser would send back of the page's form as it came."""
    form = page.context["adminform"].form
    values: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if value is None or value is False:
            continue
        if isinstance(value, list | tuple):
            values[name] = [getattr(one, "pk", one) for one in value]
        else:
            values[name] = "on" if value is True else value
    for inline in page.context["inline_admin_formsets"]:
        management = inline.formset.management_form
        values |= {management.add_prefix(name): management[name].value() or 0 for name in management.fields}
    return values


def send(browser: Browser, row: Any, **changes: Any) -> Any:
    path = path_of(type(row), "change", row.pk)
    return browser.post(path, form_of(browser.get(path)) | changes, follow=True)


def test_every_admin_has_its_rows_in_this_test() -> None:
    rooms = tuple(settings.ROOMS)
    assert {model for model in admin.site._registry if model._meta.app_label in rooms} == set(MAKE)
    for page in admin.site._registry.values():
        if type(page).__module__.split(".")[0] in rooms:
            assert isinstance(page, RightAdmin)


@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_thirty_rows_cost_as_many_queries_as_three(client: Browser, boss: User, model: type[Any]) -> None:
    rows = [MAKE[model](number, boss) for number in range(3)]
    change = path_of(model, "change", rows[0].pk)
    paths = [path_of(model), f"{path_of(model)}?q=fabre", f"{path_of(model)}?o=1", change]

    def cost() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(path).status_code == 200, path
            counts.append(len(asked))
        return counts

    cost()
    few = cost()
    rows += [MAKE[model](number, boss) for number in range(3, 30)]
    assert cost() == few
    assert client.get(f"{path_of(model)}abc/change/").status_code == 302
    if model is not AuditEntry:
        assert client.get(f"{path_of(model)}{rows[0].pk}/history/").status_code == 302


@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_nothing_is_deleted_and_what_is_read_only_stays(client: Browser, boss: User, model: type[Any]) -> None:
    row = MAKE[model](1, boss)
    assert client.post(path_of(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    page = client.get(path_of(model, "change", row.pk)).content.decode()
    assert ('name="_save"' in page) == (model not in READ_ONLY)
    if model in READ_ONLY:
        assert client.post(path_of(model, "change", row.pk), {}).status_code == 403
    if not getattr(admin.site._registry[model], "can_add", False):
        assert client.get(path_of(model, "add")).status_code == 403
    bulk = client.post(path_of(model), {"action": "delete_selected", "_selected_action": [row.pk]})
    assert bulk.status_code in (200, 302, 403)
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [model for model in MAKE if model not in READ_ONLY], ids=lambda model: model.__name__)
def test_each_form_saves_as_it_came_and_refuses_a_stale_one(client: Browser, boss: User, model: type[Any]) -> None:
    row = MAKE[model](1, boss)
    path = path_of(model, "change", row.pk)
    form = form_of(client.get(path))
    assert client.post(path, form).status_code == 302
    name = next(one for one in ("label", "last_name", "name", "complement", "notes") if hasattr(row, one))
    model.objects.filter(pk=row.pk).update(**{name: "Entre-temps"})
    stale = client.post(path, form | {name: "Plus tard"})
    assert stale.status_code == 200
    assert "Une autre personne a modifié cette fiche entre-temps" in words(stale)
    row.refresh_from_db()
    assert getattr(row, name) == "Entre-temps"
    assert LogEntry.objects.count() == 0


def test_a_change_is_in_the_audit_trail_as_the_admin_s(client: Browser, boss: User) -> None:
    row = make_client(last_name="Fabre")
    assert "avec succès" in words(send(client, row, last_name="Fabre-Roux"))
    entry = AuditEntry.objects.filter(model="clients.client", object_key=str(row.pk)).latest("pk")
    assert (entry.source, entry.actor_id) == ("admin", boss.pk)
    assert (entry.before, entry.after) == ({"last_name": "Fabre"}, {"last_name": "Fabre-Roux"})


@pytest.mark.parametrize(
    ("make", "changes", "told"),
    [
        (make_client, {"last_name": ""}, "Donnez le nom de famille"),
        (lambda: make_client(code="B1"), {"code": "a1"}, "Ce code client est déjà pris"),
        (lambda: make_address(street="", postcode="", city="", directions="Au fond"), {"directions": ""}, "vide"),
        (lambda: Contact.objects.create(client=make_client(), last_name="Roux"), {"last_name": ""}, "un prénom"),
        (
            lambda: _equipment(1, make_user()),
            {"commissioned_on": "02/01/2026", "warranty_end_on": "01/01/2026"},
            "garantie",
        ),
        (lambda: Status.objects.get(is_trash=True), {"is_trash": ""}, "Il doit rester un statut"),
        (lambda: make_client().civility, {"is_professional": "on"}, "La civilité décide du type"),
        (lambda: Civility.objects.earliest("position"), {"label": "sarl"}, "Ce libellé existe déjà"),
        (lambda: Language.objects.earliest("pk"), {"code": "f1"}, "deux lettres"),
        (lambda: PriceList.objects.create(label="Gros"), {"percent": "150"}, "100"),
        (lambda: PriceList.objects.create(label="Gros"), {"percent": "a\x00b"}, ""),
        (lambda: CustomQuestion.objects.create(label="Un chien"), {"label": ""}, "obligatoire"),
        (
            lambda: User.objects.get(groups__name="Administrateur"),
            {"is_active": ""},
            "dernière personne qui peut gérer",
        ),
        (lambda: User.objects.get(groups__name="Administrateur"), {"groups": []}, "dernière personne qui peut gérer"),
        (make_user, {"email": "PRIS@exemple.fr"}, "a déjà cette adresse e-mail"),
        (make_user, {"username": "Pris"}, "Cet identifiant est déjà pris"),
    ],
)
def test_what_a_rule_forbids_is_refused_in_french(
    client: Browser, boss: User, make: Callable[[], Any], changes: dict[str, Any], told: str
) -> None:
    make_client(code="A1")
    make_user(username="pris", email="pris@exemple.fr")
    row = make()
    before = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
    sent = {name: value for name, value in changes.items() if value != ""} | {
        name: "" for name, value in changes.items() if value == "" and not name.startswith("is_")
    }
    path = path_of(type(row), "change", row.pk)
    form = form_of(client.get(path))
    for name in changes:
        form.pop(name, None)
    answer = client.post(path, form | sent, follow=True)
    assert answer.status_code == 200
    assert told in words(answer)
    assert "avec succès" not in words(answer)
    row.refresh_from_db()
    assert {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields} == before


@pytest.mark.parametrize(
    "name", ["status", "kind", "merged_into", "civility", "mobile_1", "iban", "is_blocked", "version"]
)
def test_guarded_columns_are_not_written(client: Browser, boss: User, name: str) -> None:
    row, other = make_client(), make_client()
    values = {"status": Status.objects.get(label="Client").pk, "kind": Kind.PROFESSIONAL, "merged_into": other.pk}
    values |= {"civility": Civility.objects.filter(is_professional=True)[0].pk, "mobile_1": "+33639980001"}
    values |= {"iban": "FR7630006000011234567890189", "is_blocked": "on", "version": "77"}
    before = getattr(row, Client._meta.get_field(name).attname)  # type: ignore[union-attr]
    send(client, row, last_name="Grondin", **{name: values[name]})
    row = Client.objects.get(pk=row.pk)
    assert row.last_name == "Grondin"
    after = getattr(row, Client._meta.get_field(name).attname)  # type: ignore[union-attr]
    assert after == (before if name != "version" else 2)


def test_bank_details_are_on_no_page(client: Browser, boss: User) -> None:
    row = make_client(iban="FR7630006000011234567890189", bic="AGRIFRPP", account_holder="Tante Ursule")
    for path in (path_of(Client), path_of(Client, "change", row.pk), f"{path_of(Client)}?q=fabre"):
        page = client.get(path).content.decode()
        assert not [one for one in ("FR7630006", "AGRIFRPP", "Ursule") if one in page]


def test_a_hidden_client_is_on_no_page(client: Browser, boss: User) -> None:
    restricted = Status.objects.create(label="Confidentiel", is_restricted=True)
    hidden = make_client(last_name="Secret", status=restricted, followed_by=boss)
    address = make_address(client=hidden, street="12 rue Cachée")
    contact = Contact.objects.create(client=hidden, last_name="Cachette")
    group = Group.objects.get(name="Administrateur")
    group.permissions.remove(group.permissions.get(codename="see_restricted_clients"))
    for row in (hidden, address, contact):
        assert client.get(path_of(type(row), "change", row.pk)).status_code == 302
        for query in ("", "?q=secret", "?q=cach"):
            page = client.get(path_of(type(row)) + query).content.decode()
            assert not [one for one in ("SECRET", "Cachée", "Cachette") if one in page]
    assert "Secret" not in client.get(path_of(AuditEntry)).content.decode()
    asked = {"app_label": "clients", "model_name": "client", "field_name": "referrer", "term": "secret"}
    assert "Secret" not in client.get("/admin/autocomplete/", asked).content.decode()


def test_one_without_the_right_reads_and_does_not_write(client: Browser, boss: User) -> None:
    row = make_client()
    group = Group.objects.get(name="Administrateur")
    group.permissions.remove(group.permissions.get(codename="change_clients"))
    path = path_of(Client, "change", row.pk)
    assert client.get(path).status_code == 200
    assert client.post(path, {"last_name": "Autre"}).status_code == 403
    group.permissions.remove(group.permissions.get(codename="change_settings"))
    assert client.get(path).status_code == 403
    assert client.get(path_of(Client)).status_code == 403


def test_a_merged_client_is_read_only(client: Browser, boss: User) -> None:
    kept, gone = make_client(), make_client()
    Client.objects.filter(pk=gone.pk).update(merged_into=kept)
    assert client.post(path_of(Client, "change", gone.pk), {"last_name": "Autre"}).status_code == 403


def test_a_value_is_added_at_the_end_of_its_list(client: Browser, boss: User) -> None:
    answer = client.post(path_of(Status, "add"), {"label": "En litige", "is_active": "on"}, follow=True)
    assert "avec succès" in words(answer)
    assert Status.objects.order_by("position").last() == Status.objects.get(label="En litige")
    twice = client.post(path_of(Status, "add"), {"label": "en litige", "is_active": "on"})
    assert "Ce libellé existe déjà" in words(twice)


def test_a_user_is_added_without_a_password(client: Browser, boss: User) -> None:
    form = {"username": "nadia", "last_name": "Ferrand", "is_active": "on", "store": Store.objects.earliest("pk").pk}
    form["groups"] = [Group.objects.get(name="Bureau").pk]
    assert "avec succès" in words(client.post(path_of(User, "add"), form, follow=True))
    made = User.objects.get(username="nadia")
    assert (made.role, made.has_usable_password(), made.is_superuser) == ("Bureau", False, False)


def test_the_admin_leads_to_the_screens(client: Browser, boss: User) -> None:
    row = make_client()
    page = client.get(path_of(Client, "change", row.pk)).content.decode()
    assert f'href="/clients/{row.pk}/">Ouvrir</a>' in page
    assert f'href="/parametres/audit/clients.client/{row.pk}/">Modifications</a>' in page
    assert Answer not in admin.site._registry


def test_a_unit_of_the_catalogue_is_corrected_by_its_own_rules(client: Browser, boss: User) -> None:
    unit = Unit.objects.create(label="Rouleau", code="RO")
    assert "Ce code a deux ou trois signes" in words(send(client, unit, code="rouleau"))
    assert "avec succès" in words(send(client, unit, code="NRL"))
    unit.refresh_from_db()
    assert unit.code == "NRL"


@pytest.mark.parametrize("page", ["password_change", "password_change/done"])
def test_a_password_is_changed_on_the_house_s_page_alone(client: Browser, boss: User, page: str) -> None:
    answer = client.post(f"/admin/{page}/", {"old_password": "x", "new_password1": "y", "new_password2": "y"})
    assert (answer.status_code, answer["Location"]) == (302, "/compte/mot-de-passe/")
