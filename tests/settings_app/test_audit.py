"""The audit trail: every door leaves a line, secrets leave none, nobody rewrites it."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser

from clients.models import Client
from settings_app.audit.context import acting
from settings_app.audit.queries import erase_values, trail
from settings_app.models import AuditEntry, User
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db
RULES = Path(__file__).parents[2] / "docs/rules/audit.md"


def audited_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audit'")
        return {table for (table,) in cursor.fetchall()}


def test_the_tracked_tables_are_those_of_the_rules() -> None:
    listed = set(re.findall(r"^\| `([a-z_]+)` \|", RULES.read_text(), flags=re.M))
    assert audited_tables() == listed


def test_create_change_and_delete_by_the_orm() -> None:
    client = make_client(last_name="Fabre")
    with acting(by=7, source="écran", request_id="abc"):
        client.last_name = "Fabre-Roux"
        client.save()
    key = client.pk
    lines = list(trail(client))
    client.delete()
    assert [line.verb for line in lines] == ["change", "create"]
    changed, created = lines
    assert (changed.before, changed.after) == ({"last_name": "Fabre"}, {"last_name": "Fabre-Roux"})
    assert (changed.actor_id, changed.source, changed.request_id) == (7, "écran", "abc")
    assert created.before is None
    assert created.after is not None
    assert created.after["last_name"] == "Fabre"
    deleted = AuditEntry.objects.filter(model="clients.client", object_key=str(key)).first()
    assert deleted is not None
    assert (deleted.verb, deleted.after) == ("delete", None)


def test_bulk_updates_and_raw_sql_leave_lines_too() -> None:
    clients = [make_client() for _ in range(3)]
    Client.objects.filter(pk__in=[c.pk for c in clients]).update(first_name="Anne")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clients_client SET email = 'x@exemple.fr' WHERE id = %s", [clients[0].pk])
    assert [line.after for line in trail(clients[0])][:2] == [{"email": "x@exemple.fr"}, {"first_name": "Anne"}]
    assert trail(clients[2])[0].after == {"first_name": "Anne"}
    assert trail(clients[0])[0].source == "hors programme"


def test_saving_without_a_change_leaves_no_line() -> None:
    client = make_client()
    client.save()
    assert trail(client).count() == 1


def test_a_password_shows_that_it_changed_and_nothing_else() -> None:
    user = make_user()
    user.set_password("un mot de passe bien long")
    user.save()
    line = trail(user)[0]
    assert (line.before, line.after) == ({"password": "•••"}, {"password": "•••"})


def test_roles_and_their_rights_are_tracked() -> None:
    user = make_user()
    group = Group.objects.get(name="Technicien")
    user.groups.set([group])
    assert trail(user)[0].after is not None
    assert trail(user)[0].after["group_id"] == group.pk  # type: ignore[index]
    group.permissions.add(Permission.objects.get(codename="export"))
    assert trail(group)[0].verb == "create"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO settings_app_auditentry (at, source, request_id, model, object_key, verb)"
        " VALUES (now(), 'x', '', 'clients.client', '1', 'change')",
        "UPDATE settings_app_auditentry SET source = 'x'",
        "DELETE FROM settings_app_auditentry",
        "TRUNCATE settings_app_auditentry",
        "DROP TRIGGER audit ON clients_client",
        "ALTER TABLE clients_client DISABLE TRIGGER audit",
        "SET session_replication_role = replica",
        "CREATE TABLE intruder (id int)",
    ],
)
def test_the_program_can_neither_forge_nor_silence_it(statement: str) -> None:
    make_client()
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


def test_erasing_keeps_who_when_and_what() -> None:
    client, other = make_client(last_name="Fabre"), make_client()
    assert erase_values(client, reason="Demande du client") == 1
    told, line = trail(client)
    assert (line.verb, line.before, line.after) == ("create", None, None)
    assert (told.verb, told.after) == ("erase", {"reason": "Demande du client", "lines": 1})
    assert trail(other)[0].after is not None


def test_a_screen_writes_its_user_and_its_request(client: Browser) -> None:
    user = make_user(role="Administrateur")
    client.force_login(user)
    page = client.get("/parametres/magasin/")
    form = page.context["form"]
    client.post("/parametres/magasin/", {"name": "Rivage", "seen": form.initial["seen"]})
    line = AuditEntry.objects.filter(model="settings_app.store", verb="change").latest("pk")
    assert (line.actor_id, line.source) == (user.pk, "écran")
    assert len(line.request_id) == 12
    # The next writer on this connection is not taken for the former one.
    make_client()
    assert AuditEntry.objects.filter(model="clients.client").latest("pk").actor_id is None


def test_the_trail_of_a_record_is_one_index_scan() -> None:
    address = make_address()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = trail(address).explain()
    assert "audit_object" in plan


def test_every_model_with_personal_data_is_tracked_or_excused() -> None:
    """A room that adds a table must decide; the excused ones are listed with their reason in the rules."""
    excused = set(re.findall(r"^- `([a-z_]+)`: ", RULES.read_text(), flags=re.M))
    ours = {
        model._meta.db_table
        for label in ("sav", "commerce", "planning", "messaging", "clients", "settings_app")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }
    assert ours - audited_tables() == excused


def test_an_actor_is_a_user() -> None:
    user = make_user(first_name="Nadia", last_name="Ferrand")
    with acting(by=user.pk, source="écran"):
        client = make_client()
    actor = trail(client)[0].actor
    assert isinstance(actor, User)
    assert str(actor) == "Nadia Ferrand"
