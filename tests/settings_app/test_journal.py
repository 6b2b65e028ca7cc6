"""The audit trail as people read it: words, filters, one record's trail, erasing, the file."""

import html
import re
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.test import Client as Browser

from clients.actions.statuses import change_status
from clients.models import Answer, Client, Consent, Contact, CustomQuestion, Equipment, Installation
from settings_app.audit.context import acting
from settings_app.audit.queries import erase_values, trail
from settings_app.journal.listing import Asked
from settings_app.journal.subjects import subjects
from settings_app.journal.words import Line, told
from settings_app.models import AuditEntry, Civility, Status, Store, User
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db
LIST = "/parametres/audit/"


@pytest.fixture
def boss(client: Browser) -> User:
    user = make_user("Administrateur", first_name="Nadia", last_name="Ferrand")
    client.force_login(user)
    return user


def words(page: Any) -> str:
    text = re.sub(r"<(script|style).*?</\1>|<select.*?</select>", " ", page.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def without(role: str, *codes: str) -> None:
    group = Group.objects.get(name=role)
    group.permissions.remove(*group.permissions.filter(codename__in=codes))


def last(user: User, **values: Any) -> Line:
    entry = AuditEntry.objects.filter(**values).latest("pk")
    return told([entry], user)[0]


# ---- words ----------------------------------------------------------------------------------------------
def test_a_change_is_told_with_labels_not_keys(client: Browser, boss: User) -> None:
    row = make_client(last_name="Fabre", first_name="Hélène")
    with acting(by=boss.pk, source="écran"):
        change_status(row.pk, Status.objects.get(label="Client").pk, by=boss)
    page = words(client.get(f"{LIST}?objet=clients.client&numero={row.pk}&action=change"))
    assert "statut : Prospect → Client" in page
    assert "FABRE Hélène" in page
    assert "Nadia Ferrand écran" in page
    assert re.search(r"25/11/2026|\d\d/\d\d/\d{4} \d\d:\d\d:\d\d", page)


@pytest.mark.parametrize(
    ("before", "after", "told_as"),
    [
        ({"is_blocked": False}, {"is_blocked": True}, "bloquer la gestion commerciale\u00a0: non → oui"),
        ({"mobile_1": ""}, {"mobile_1": "+33639981427"}, "mobile 1\u00a0: vide → 06\u00a039\u00a098\u00a014\u00a027"),
        ({"birth_date": None}, {"birth_date": "1960-03-02"}, "date de naissance\u00a0: vide → 02/03/1960"),
        ({"enrolment": "none"}, {"enrolment": "pending"}, "inscription\u00a0: Non faite → En attente"),
        ({"discount_percent": 5}, {"discount_percent": 7.5}, "remise (%)\u00a0: 5 → 7,5"),
        ({"iban": "•••"}, {"iban": "•••"}, "IBAN\u00a0: ••• → •••"),
        ({"grouping_id": 999}, {"grouping_id": None}, "regroupement\u00a0: n°\u00a0999 → vide"),
        ({"created_at": None}, {"created_at": "2026-11-25T08:30:00+00:00"}, "créé le\u00a0: vide → 25/11/2026 09:30"),
        ({"a_former_column": 1}, {"a_former_column": 2}, "a_former_column\u00a0: 1 → 2"),
    ],
)
def test_values_are_told_as_people_write_them(before: Any, after: Any, told_as: str) -> None:
    entry = AuditEntry(model="clients.client", object_key="1", verb="change", before=before, after=after)
    assert told([entry], make_user("Administrateur"))[0].summary == told_as


def test_a_table_of_an_older_program_is_still_read() -> None:
    entry = AuditEntry(model="clients.gone", object_key="7", verb="create", before=None, after={"label": "x"})
    line = told([entry], make_user("Administrateur"))[0]
    assert (line.title, line.name) == ("Clients.gone", "n°\u00a07")


def test_a_role_and_its_rights_are_named() -> None:
    user = make_user("Administrateur")
    group = Group.objects.get(name="Technicien")
    make_user("Bureau").groups.set([group])
    line = last(user, model="settings_app.user")
    assert (line.verb, line.summary) == ("ajout", "Technicien")
    assert line.changes[0].label == "rôle"
    group.permissions.add(Permission.objects.get(codename="export"))
    line = last(user, model="auth.group")
    assert (line.name, line.verb, line.summary) == ("Technicien", "ajout", "Exporter")


def test_a_long_text_shows_what_differs() -> None:
    one = make_client(observation="Sonner deux fois, le chien est gentil avec les enfants")
    Client.objects.filter(pk=one.pk).update(observation="Sonner trois fois, le chien est gentil avec les enfants")
    change = last(make_user("Administrateur"), model="clients.client", verb="change").changes[0]
    assert [part.text for part in change.old if part.is_mark] == ["deux"]
    assert [part.text for part in change.new if part.is_mark] == ["trois"]


def test_a_deleted_record_keeps_its_name_and_its_owner() -> None:
    row = make_client(last_name="Fabre", first_name="Hélène")
    contact = Contact.objects.create(client=row, first_name="Anne", last_name="Roux")
    contact.delete()
    line = last(make_user("Administrateur"), model="clients.contact", verb="delete")
    assert (line.name, line.owner, line.url) == ("Anne Roux", "FABRE Hélène", "")


def test_a_script_in_a_value_is_text(client: Browser, boss: User) -> None:
    row = make_client(last_name="<script>alert(1)</script>")
    for path in (LIST, f"/clients/{row.pk}/modifications/", f"{LIST}clients.client/{row.pk}/"):
        assert "<script>alert" not in client.get(path).content.decode()


def test_every_tracked_kind_can_be_named() -> None:
    """A room that tracks a table says how the journal shows its rows, and who may see them all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT split_part(encode(tgargs, 'escape'), '\\000', 1) FROM pg_trigger WHERE tgname = 'audit'"
        )
        tracked = {kind for (kind,) in cursor.fetchall()}
    assert tracked == {subject.kind for subject in subjects}
    user = make_user("Administrateur")
    for subject in subjects:
        assert apps.get_model(subject.kind) is subject.model
        assert list(subject.rows(user)[:1]) is not None
        personal = any(field.name in ("client", "installation") for field in subject.model._meta.fields)
        assert not personal or "see_restricted_clients" in subject.rights, subject.kind


# ---- the list and its filters ------------------------------------------------------------------------------
def keys(user: User, query: str) -> list[tuple[str, str]]:
    return [(entry.object_key, entry.verb) for entry in Asked(user, QueryDict(query).dict()).page(after=None).rows]


def test_each_filter_keeps_what_it_says() -> None:
    user, other = make_user("Administrateur"), make_user()
    with acting(by=other.pk, source="écran"):
        one = make_client(last_name="Fabre")
    with acting(by=user.pk, source="tâche exports"):
        two = make_client(last_name="Grondin")
        gone = Contact.objects.create(client=two, last_name="Anne")
        key = gone.pk
        gone.delete()
    assert keys(user, f"objet=clients.client&qui={other.pk}") == [(str(one.pk), "create")]
    assert keys(user, f"numero={two.pk}&objet=clients.client") == [(str(two.pk), "create")]
    assert (str(two.pk), "create") in keys(user, f"numero=n° {two.pk}")
    assert keys(user, "action=delete") == [(str(key), "delete")]
    assert keys(user, "depuis=t%C3%A2che exports&objet=clients.client") == [(str(two.pk), "create")]
    assert keys(user, "mots=grondin&objet=clients.client") == [(str(two.pk), "create")]
    assert keys(user, "mots=100%25&objet=clients.client") == []
    assert keys(user, "du=2020-01-01&au=2020-01-31") == []
    assert (str(one.pk), "create") in keys(user, "du=2020-01-01&objet=clients.client")
    assert keys(user, "qui=programme&objet=clients.client") == []


@pytest.mark.parametrize("query", ["objet=x.y", "qui=zero", "du=31/02/2026", "numero=abc", "action=x", "depuis=nulle"])
def test_a_filter_that_means_nothing_is_told(client: Browser, boss: User, query: str) -> None:
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200
    assert "il n’a pas été appliqué" in words(page)


def test_pages_follow_each_other_without_a_hole(client: Browser, boss: User) -> None:
    for _ in range(45):
        make_client()
    first = client.get(f"{LIST}?objet=clients.client")
    assert len(first.context["lines"]) == 40
    second = client.get(f"{LIST}?objet=clients.client&apres={first.context['page'].after}")
    assert len(second.context["lines"]) == 5
    back = client.get(f"{LIST}?objet=clients.client&avant={second.context['page'].before}")
    assert [line.entry.pk for line in back.context["lines"]] == [line.entry.pk for line in first.context["lines"]]


PLANS = {
    "": "audit_when",
    "du=2026-01-01&au=2026-01-31": "audit_when",
    "objet=settings_app.grouping": "audit_kind_when",
    "objet=settings_app.grouping&du=2026-01-01": "audit_kind_when",
    "qui={user}": "audit_actor_when",
    "qui=programme": "audit_actor_when",
    "action=delete": "audit_rare_verb",
    "depuis=admin": "audit_rare_source",
    "numero=12": "audit_object",
    "numero=12&objet=settings_app.grouping": "audit_object",
}


def test_each_filter_has_its_index() -> None:
    """Among some thousands of lines; docs/rules/audit.md has the times with a million."""
    user = make_user("Administrateur")
    with acting(by=user.pk, source="écran"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO settings_app_grouping (label, position, is_active)"
            " SELECT 'Secteur ' || number, 1, true FROM generate_series(1, 8000) AS number"
        )
    with acting(by=None, source="admin"):
        Contact.objects.create(client=make_client(), last_name="Anne").delete()
    with connection.cursor() as cursor:
        # So short a table is read at once; a long one is not, and without statistics the planner cannot know.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    found = {}
    for query in PLANS:
        rows = Asked(user, QueryDict(query.format(user=user.pk)).dict()).rows().order_by("-at", "-pk")[:41]
        found[query] = " ".join(sorted(set(re.findall(r"audit_\w+", rows.explain())))) or rows.explain()
    assert found == PLANS


def test_forty_lines_cost_as_many_queries_as_three(
    client: Browser, boss: User, django_assert_max_num_queries: Any
) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            row = make_client(followed_by=boss)
            make_address(client=row)
            Contact.objects.create(client=row, last_name="Anne", civility=Civility.objects.first())

    fill(1)
    client.get(LIST)
    with django_assert_max_num_queries(99) as few:
        client.get(LIST)
    fill(13)
    with django_assert_max_num_queries(len(few)):
        assert len(client.get(LIST).context["lines"]) == 40


# ---- who may read what ----------------------------------------------------------------------------------------
def test_without_the_right_to_see_every_client_theirs_are_not_in_the_journal(client: Browser, boss: User) -> None:
    restricted = Status.objects.create(label="Confidentiel", is_restricted=True)
    hidden = make_client(last_name="Secret", status=restricted)
    seen = make_client(last_name="Fabre")
    without("Administrateur", "see_restricted_clients")
    for query in ("", "?mots=secret", f"?numero={hidden.pk}", "?objet=clients.client"):
        page = words(client.get(LIST + query))
        assert "SECRET" not in page
        assert "Confidentiel" not in page
        assert "Vos droits ne couvrent pas tous les clients" in page
    body = b"".join(client.get(f"{LIST}export/").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Secret" not in body
    assert client.get(f"{LIST}clients.client/{hidden.pk}/").status_code == 404
    assert client.get(f"{LIST}clients.client/{hidden.pk}/effacer/").status_code == 404
    assert client.get(f"{LIST}clients.client/{seen.pk}/").status_code == 200


def test_a_hidden_referrer_is_a_number_not_a_name(client: Browser, boss: User) -> None:
    restricted = Status.objects.create(label="Confidentiel", is_restricted=True)
    hidden = make_client(last_name="Secret", status=restricted)
    row = make_client(is_referred=True, referrer=hidden)
    change_status(row.pk, restricted.pk, by=boss)
    change_status(row.pk, Status.objects.get(label="Prospect").pk, by=boss)
    without("Administrateur", "see_restricted_clients")
    page = words(client.get(f"{LIST}clients.client/{row.pk}/"))
    assert f"n° {hidden.pk}" in page
    assert f"statut : n° {restricted.pk} → Prospect" in page
    assert "SECRET" not in page
    assert "Confidentiel" not in page
    assert "SECRET" not in words(client.get(f"/clients/{row.pk}/modifications/"))


def test_a_deleted_client_s_trail_is_for_those_who_see_all(client: Browser, boss: User) -> None:
    row = make_client()
    key = row.pk
    row.delete()
    assert client.get(f"{LIST}clients.client/{key}/").status_code == 200
    without("Administrateur", "see_all_clients")
    assert client.get(f"{LIST}clients.client/{key}/").status_code == 404


@pytest.mark.parametrize("kind", ["clients.client", "x.y", "clients.clientsearch", "settings_app.auditentry"])
def test_a_record_that_never_was_has_no_trail(client: Browser, boss: User, kind: str) -> None:
    assert client.get(f"{LIST}{kind}/999999/").status_code == 404
    assert client.get(f"{LIST}{kind}/{10**30}/").status_code == 404


# ---- the trail of one record -------------------------------------------------------------------------------------
def test_a_client_s_tab_gathers_what_is_his(client: Browser, boss: User) -> None:
    row, other = make_client(last_name="Fabre"), make_client(last_name="Autre")
    make_address(client=row, street="12 rue des Pins")
    make_address(client=other, street="9 rue des Ormes")
    Contact.objects.create(client=row, last_name="Roux").delete()
    question = CustomQuestion.objects.create(label="Chauffage")
    Answer.objects.create(client=row, question=question, value="Bois")
    Consent.objects.create(client=row, channel="sms", state="accepted", source="office", by=boss)
    pool = Installation.objects.create(client=row, name="Piscine")
    Equipment.objects.create(installation=pool, label="Pompe filtrante").delete()
    page = client.get(f"/clients/{row.pk}/modifications/")
    text = words(page)
    expected = ["12 rue des Pins", "Roux", "Chauffage", "SMS, accepté", "Piscine", "Pompe filtrante", "suppression"]
    assert [told_as for told_as in expected if told_as not in text] == []
    assert "rue des Ormes" not in text
    assert 'aria-current="page">Modifications' in page.content.decode()


def test_a_client_s_tab_costs_the_same_for_more_rows(
    client: Browser, boss: User, django_assert_max_num_queries: Any
) -> None:
    row = make_client()
    make_address(client=row)
    path = f"/clients/{row.pk}/modifications/"
    client.get(path)
    with django_assert_max_num_queries(99) as few:
        client.get(path)
    for _ in range(25):
        make_address(client=row)
    with django_assert_max_num_queries(len(few)):
        client.get(path)


def test_the_deletions_of_a_client_are_found_by_index() -> None:
    row = make_client()
    gone = AuditEntry.objects.filter(verb="delete", before__client_id=row.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        # Of a few lines, the index of all deletions would do.
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert "audit_deleted_of_client" in gone.order_by().explain()


def test_the_trail_is_offered_to_those_who_may_read_it(client: Browser, boss: User) -> None:
    row, store = make_client(), Store.objects.earliest("pk")
    pages = [f"/clients/{row.pk}/", "/parametres/magasin/", f"/parametres/listes/civilites/{row.civility_id}/modifier/"]
    assert all("Modifications" in words(client.get(path)) for path in pages)
    for kind, key in (
        ("settings_app.store", store.pk),
        ("settings_app.civility", row.civility_id),
        ("settings_app.user", boss.pk),
        ("auth.group", Group.objects.earliest("pk").pk),
    ):
        assert client.get(f"{LIST}{kind}/{key}/").status_code == 200
    without("Administrateur", "see_audit")
    assert not any("Modifications" in words(client.get(path)) for path in pages)


# ---- erasing -------------------------------------------------------------------------------------------------------
def test_erasing_one_record_leaves_who_when_what_and_why(client: Browser, boss: User) -> None:
    row = make_client(last_name="Fabre")
    path = f"{LIST}clients.client/{row.pk}/effacer/"
    page = client.get(path)
    assert "Rien ne rendra ces valeurs" in words(page)
    form = {"token": page.context["token"], "reason": "Demande du 12/11/2026"}
    assert client.post(path, form | {"reason": ""}).status_code == 422
    answer = client.post(path, form, follow=True)
    assert "Valeurs effacées : 1 ligne du journal." in words(answer)
    assert "Fabre" not in words(answer).replace("FABRE", "")[words(answer).find("effacement") :]
    erased, created = trail(row)
    assert (created.verb, created.before, created.after) == ("create", None, None)
    assert (erased.verb, erased.actor_id) == ("erase", boss.pk)
    assert erased.after == {"reason": "Demande du 12/11/2026", "lines": 1}
    # Sent twice, it erases once and says the same.
    assert client.post(path, form).status_code == 302
    assert client.post(path, form | {"token": str(uuid.uuid4())}).status_code == 409
    assert trail(row).count() == 2


def test_a_client_is_erased_with_everything_of_his(client: Browser, boss: User) -> None:
    row, other = make_client(last_name="Fabre"), make_client(last_name="Autre")
    address = make_address(client=row)
    contact = Contact.objects.create(client=row, last_name="Roux")
    key = contact.pk
    contact.delete()
    Consent.objects.create(client=row, channel="email", email="a@exemple.fr", state="accepted", source="office")
    path = f"/clients/{row.pk}/modifications/effacer/"
    token = client.get(path).context["token"]
    assert client.post(path, {"token": token, "reason": "Demande écrite"}).status_code == 302
    for entry in [*trail(address), *AuditEntry.objects.filter(model="clients.contact", object_key=str(key))]:
        if entry.verb != "erase":
            assert {*(entry.before or {}), *(entry.after or {})} <= {"client_id"}
    text = words(client.get(f"/clients/{row.pk}/modifications/"))
    # What was deleted is still his, without its values.
    assert "suppression Contact" in text
    assert "motif : Demande écrite" in text
    assert "Roux" not in text
    assert "a@exemple.fr" not in text
    assert trail(other)[0].after is not None


def test_erasing_takes_both_rights(client: Browser, boss: User) -> None:
    row = make_client()
    without("Administrateur", "change_settings")
    assert client.get(f"/clients/{row.pk}/modifications/").status_code == 200
    assert "Effacer les valeurs" not in words(client.get(f"/clients/{row.pk}/modifications/"))
    for path in (f"/clients/{row.pk}/modifications/effacer/", f"{LIST}clients.client/{row.pk}/effacer/"):
        assert client.get(path).status_code == 403
        assert client.post(path, {"reason": "Demande écrite"}).status_code == 403
    assert trail(row)[0].after is not None


def test_nothing_erases_without_a_reason_or_a_trace() -> None:
    row = make_client()
    with pytest.raises(IntegrityError, match="se motive"), transaction.atomic():
        erase_values(row, reason=" ")
    assert erase_values(row, reason="Demande du client") == 1
    assert [entry.verb for entry in trail(row)] == ["erase", "create"]
    # The reason outlives a second erasure.
    assert erase_values(row, reason="Encore") == 0
    assert trail(row)[0].after == {"reason": "Demande du client", "lines": 1}


# ---- the file ----
def test_the_file_holds_what_the_list_shows_and_no_formula(client: Browser, boss: User) -> None:
    row = make_client(last_name="Fabre")
    Client.objects.filter(pk=row.pk).update(last_name="=cmd()")
    answer = client.get(f"{LIST}export/?objet=clients.client&action=change")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    header, *lines = body.splitlines()
    assert header == "Date;Par;Depuis;Objet;Numéro;Nom;Rattaché à;Action;Champ;Avant;Après;Motif"
    assert len(lines) == 1
    assert lines[0].endswith(";modification;nom de famille;Fabre;'=cmd();")
    without("Administrateur", "export")
    assert client.get(f"{LIST}export/").status_code == 403
    assert "audit/export/" not in client.get(LIST).content.decode()
