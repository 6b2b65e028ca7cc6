"""Roles and rights: the table that administrators edit, effective at the next request, never locking the house."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from extrabat.lib.refusals import Refused
from settings_app.audit.queries import trail
from settings_app.models import User
from settings_app.users.rights import ADMINISTRATOR, OFFICE, RIGHTS, SALES, TECHNICIAN
from settings_app.users.roles.actions import boxes, change_rights, lame
from tests.factories import make_user

pytestmark = pytest.mark.django_db
TABLE = "/parametres/roles/"


@pytest.fixture
def claire() -> User:
    return make_user(ADMINISTRATOR, username="claire")


@pytest.fixture
def admin(claire: User, client: Browser) -> Browser:
    client.force_login(claire)
    return client


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def box(name: str, code: str) -> str:
    return f"{role(name).pk}:{code}"


def shown() -> list[str]:
    return [f"{key}:{code}" for key, code in boxes(list(Group.objects.all()))]


def held(name: str) -> set[str]:
    return {permission.codename for permission in role(name).permissions.all()}


def send(browser: Browser, seen: list[str], *, give: tuple[str, ...] = (), take: tuple[str, ...] = ()) -> Any:
    ticked = [one for one in [*seen, *give] if one not in take]
    return browser.post(TABLE, {"right": ticked, "seen": seen})


def test_every_right_has_its_words_and_its_box_for_every_role(admin: Browser) -> None:
    page = admin.get(TABLE).content.decode()
    for right in RIGHTS:
        assert f">{right.label}<" in page
        for name in (OFFICE, SALES, TECHNICIAN):
            assert f'value="{box(name, right.code)}" aria-label="{name}\u00a0: {right.label}"' in page
    for heading in ("Clients", "Pièces commerciales", "Agendas", "Exports et envois", "Paramètres"):
        assert f'scope="rowgroup" colspan="5">{heading}<' in page


def test_a_right_given_and_a_right_taken_are_told_in_the_trail(admin: Browser, claire: User) -> None:
    response = send(admin, shown(), give=(box(SALES, "export"),), take=(box(OFFICE, "see_iban"),))
    assert response["Location"] == TABLE
    assert "1\u00a0droit donné et 1\u00a0droit retiré" in admin.get(TABLE).content.decode()
    assert "export" in held(SALES)
    assert "see_iban" not in held(OFFICE)
    assert (trail(role(SALES))[0].verb, trail(role(SALES))[0].actor) == ("create", claire)
    assert trail(role(OFFICE))[0].verb == "delete"
    assert send(admin, shown()).status_code == 302
    assert "Aucun droit n’a changé." in admin.get(TABLE).content.decode()


def test_two_open_pages_never_undo_one_another(admin: Browser) -> None:
    seen = shown()
    send(admin, seen, give=(box(SALES, "export"),))
    send(admin, seen, take=(box(OFFICE, "see_iban"),))
    # Both wanted the same.
    send(admin, seen, give=(box(SALES, "export"),))
    assert "export" in held(SALES)
    assert "see_iban" not in held(OFFICE)


@pytest.mark.parametrize("code", ["manage_users", "change_settings"])
def test_the_administrator_s_role_keeps_the_keys(admin: Browser, code: str) -> None:
    page = admin.get(TABLE).content.decode()
    assert f'type="checkbox" name="right" value="{box(ADMINISTRATOR, code)}"' not in page
    response = send(admin, shown(), take=(box(ADMINISTRATOR, code), box(OFFICE, "export")))
    assert response.status_code == 409
    assert "garde la gestion des utilisateurs" in response.content.decode()
    assert code in held(ADMINISTRATOR)
    # Nothing of it was written, and what was asked for is still ticked as asked.
    assert "export" in held(OFFICE)
    assert f'aria-label="{OFFICE}\u00a0: Exporter" checked' not in response.content.decode()


def test_other_rights_of_the_administrator_are_his_to_give_away(admin: Browser) -> None:
    assert send(admin, shown(), take=(box(ADMINISTRATOR, "reverse_payments"),)).status_code == 302
    assert "reverse_payments" not in held(ADMINISTRATOR)


def test_who_takes_his_own_right_away_is_led_home(client: Browser) -> None:
    make_user(ADMINISTRATOR)
    role(OFFICE).permissions.add(*role(ADMINISTRATOR).permissions.filter(codename="manage_users"))
    client.force_login(make_user(OFFICE))
    assert send(client, shown(), take=(box(OFFICE, "manage_users"),))["Location"] == "/"
    assert client.get(TABLE).status_code == 403


def test_a_role_that_is_gone_is_told(admin: Browser) -> None:
    extra = Group.objects.create(name="Stagiaire")
    seen = shown()
    extra_box = f"{extra.pk}:export"
    extra.delete()
    response = send(admin, seen, give=(extra_box, box(SALES, "export")))
    assert response.status_code == 409
    assert "n’existe plus" in response.content.decode()
    assert "export" not in held(SALES)


@pytest.mark.parametrize("sent", ["", "x:export", "1", "1:nothing", "1:export:2", "٣:export", "1:"])
def test_what_is_no_box_is_passed_over(admin: Browser, sent: str) -> None:
    before = shown()
    assert admin.post(TABLE, {"right": [*before, sent], "seen": before}).status_code in (302, 409)
    assert sorted(shown()) == sorted(before)


def test_a_right_that_opens_nothing_alone_is_told(admin: Browser) -> None:
    assert "n’ouvrent rien seuls" not in admin.get(TABLE).content.decode()
    take = tuple(box(SALES, code) for code in ("see_all_clients", "see_own_clients"))
    send(admin, shown(), take=take)
    page = admin.get(TABLE).content.decode()
    assert (
        "Commercial\u00a0: «\u00a0Créer et modifier un client\u00a0» demande aussi «\u00a0Voir tous les clients\u00a0»"
        " ou «\u00a0Voir les clients de ses rendez-vous\u00a0»." in page
    )


def test_the_rights_of_a_new_company_are_all_of_use() -> None:
    for name in (ADMINISTRATOR, OFFICE, SALES, TECHNICIAN):
        assert list(lame(held(name))) == []
    assert [right.code for right, _ in lame({"create_quotes", "export"})] == ["create_quotes"]


def test_a_role_is_added_with_the_rights_of_another_renamed_and_deleted(admin: Browser) -> None:
    assert admin.post(f"{TABLE}ajouter/", {"name": "Comptable", "like": role(SALES).pk}).status_code == 302
    assert held("Comptable") == held(SALES)
    key = role("Comptable").pk
    assert admin.post(f"{TABLE}{key}/", {"name": "Comptabilité", "seen": "Comptable"}).status_code == 302
    assert admin.post(f"{TABLE}{key}/supprimer/").status_code == 302
    assert not Group.objects.filter(pk=key).exists()
    assert trail(Group(pk=key))[0].verb == "delete"


@pytest.mark.parametrize(("name", "status"), [("", 422), ("bureau", 422), ("x" * 41, 422), ("Comptable", 302)])
def test_a_role_s_name_is_its_own(admin: Browser, name: str, status: int) -> None:
    assert admin.post(f"{TABLE}ajouter/", {"name": name}).status_code == status


def test_a_role_renamed_by_another_meanwhile_is_told(admin: Browser) -> None:
    key = Group.objects.create(name="Stagiaire").pk
    admin.post(f"{TABLE}{key}/", {"name": "Apprenti", "seen": "Stagiaire"})
    response = admin.post(f"{TABLE}{key}/", {"name": "Alternant", "seen": "Stagiaire"})
    assert response.status_code == 409
    assert "vient de nommer ce rôle «\u00a0Apprenti\u00a0»" in response.content.decode()
    assert 'name="seen" value="Apprenti"' in response.content.decode()


def test_a_role_that_somebody_holds_or_held_stays(admin: Browser) -> None:
    make_user(SALES)
    make_user(SALES, is_active=False)
    path = f"{TABLE}{role(SALES).pk}/supprimer/"
    words = "2\u00a0personnes ont ce rôle, dont 1\u00a0partie."
    assert words in admin.get(path).content.decode()
    assert admin.post(path).status_code == 409
    assert Group.objects.filter(name=SALES).exists()


def test_the_administrator_s_role_is_neither_renamed_nor_deleted(admin: Browser) -> None:
    path = f"{TABLE}{role(ADMINISTRATOR).pk}/"
    assert admin.post(path, {"name": "Patron", "seen": ADMINISTRATOR}).status_code == 409
    assert admin.post(f"{path}supprimer/").status_code == 409
    assert role(ADMINISTRATOR)


def test_the_table_costs_the_same_with_more_roles(admin: Browser) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            admin.get(TABLE)
        return len(asked)

    few = queries()
    for number in range(12):
        Group.objects.create(name=f"Rôle {number}")
    assert queries() == few


@pytest.mark.django_db(transaction=True)
def test_two_administrators_change_one_role_at_the_same_instant() -> None:
    make_user(ADMINISTRATOR)
    ready, refused = threading.Barrier(2, timeout=20), []
    seen = boxes(list(Group.objects.all()))
    wanted = [seen | {(role(SALES).pk, code)} for code in ("export", "see_iban")]

    def give(ticked: set[tuple[int, str]]) -> None:
        try:
            ready.wait()
            change_rights(ticked=ticked, seen=seen)
        except Refused as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(one,)) for one in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert refused == []
    assert held(SALES) >= {"export", "see_iban"}
