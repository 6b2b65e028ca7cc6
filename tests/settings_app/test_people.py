"""People: the list, a colleague's page, his one-time link, his departure and his return."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from clients import preferences
from clients.models import Client, FollowUp
from extrabat.lib import rooms
from extrabat.lib.refusals import Refused
from settings_app.audit.queries import trail
from settings_app.models import Preference, Store, User
from settings_app.users.links import choose_password, one_time_path
from settings_app.users.people.actions import depart, update_person
from settings_app.users.rights import ADMINISTRATOR, OFFICE, SALES, TECHNICIAN
from tests.factories import PASSWORD, make_client, make_user

pytestmark = pytest.mark.django_db
LIST = "/parametres/utilisateurs/"
ADD = "/parametres/utilisateurs/ajouter/"
CHOSEN = {"new_password1": PASSWORD, "new_password2": PASSWORD}


@pytest.fixture
def claire() -> User:
    return make_user(ADMINISTRATOR, username="claire", last_name="Delmas", password=make_password(PASSWORD))


@pytest.fixture
def admin(claire: User, client: Browser) -> Browser:
    client.force_login(claire)
    return client


def role(name: str) -> int:
    return Group.objects.get(name=name).pk


def newcomer(**values: Any) -> dict[str, Any]:
    return {
        "username": "lea",
        "last_name": "Vidal",
        "first_name": "Léa",
        "role": role(SALES),
        "store": Store.objects.earliest("pk").pk,
        "email": "Lea.Vidal@exemple.fr",
        "mobile": "06 39 98 12 34",
        "sap_number": "sap 552 081 317",
    } | values


def path_of(person: User, gesture: str = "") -> str:
    return f"{LIST}{person.pk}/{gesture}"


def link_in(response: Any) -> str:
    found = re.search(r'value="http://testserver(/bienvenue/[^"]+)"', response.content.decode())
    assert found
    return found[1]


def posted(browser: Browser, person: User, **changes: Any) -> Any:
    """The person's form as his page shows it now, with `changes`, sent."""
    return browser.post(path_of(person), shown(browser, person) | changes)


def shown(browser: Browser, person: User) -> dict[str, Any]:
    form = browser.get(path_of(person)).context["form"]
    return {name: form[name].value() or "" for name in form.fields if name != "seen"} | {"seen": form.initial["seen"]}


# ---- the list ------------------------------------------------------------------------------------------


def test_the_list_tells_who_is_there_with_role_and_reach(admin: Browser) -> None:
    make_user(TECHNICIAN, last_name="Benali", mobile="+33639980004", email="karim@exemple.fr")
    make_user(SALES, last_name="Parti", is_active=False)
    page = admin.get(LIST).content.decode()
    assert "Benali" in page
    assert "06\u00a039\u00a098\u00a000\u00a004" in page
    assert "karim@exemple.fr" in page
    assert "invité" in page
    assert "Parti<" not in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Delmas", "Invitée"]),
        ("etat=actif", ["Delmas"]),
        ("etat=invite", ["Invitée"]),
        ("etat=parti", ["Ancien"]),
        ("etat=tous", ["Ancien", "Delmas", "Invitée"]),
        ("etat=n-importe-quoi", ["Delmas", "Invitée"]),
        ("role=bureau", ["Invitée"]),
    ],
)
def test_the_list_is_filtered_by_role_and_standing(admin: Browser, query: str, names: list[str]) -> None:
    make_user(OFFICE, last_name="Invitée")
    make_user(SALES, last_name="Ancien", is_active=False)
    query = query.replace("bureau", str(role(OFFICE)))
    assert [row.last_name for row in admin.get(f"{LIST}?{query}").context["page"].rows] == names


def test_the_list_is_read_page_by_page_and_costs_the_same(admin: Browser) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            admin.get(LIST)
        return len(asked)

    for _ in range(3):
        make_user()
    few = queries()
    for number in range(57):
        make_user(last_name=f"Nom{number:02d}")
    assert queries() == few
    first = admin.get(LIST).context["page"]
    assert len(first.rows) == 50
    second = admin.get(LIST, {"apres": first.after}).context["page"]
    assert len(second.rows) == 11
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


def test_the_list_is_exported_as_it_is_filtered_and_safe(admin: Browser) -> None:
    make_user(OFFICE, last_name="=1+1", mobile="+33639980004")
    make_user(SALES, last_name="Ancien", is_active=False)
    body = b"".join(admin.get(f"{LIST}export/").streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=1+1" in body
    assert "06\u00a039\u00a098\u00a000\u00a004" in body
    assert "Ancien" not in body
    Group.objects.get(name=ADMINISTRATOR).permissions.remove(Permission.objects.get(codename="export"))
    assert admin.get(f"{LIST}export/").status_code == 403
    assert "export/" not in admin.get(LIST).content.decode()


# ---- inviting, and the one-time link -------------------------------------------------------------------


def test_an_invited_colleague_chooses_his_password_by_a_link_that_works_once(admin: Browser) -> None:
    response = admin.post(ADD, newcomer())
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    lea = User.objects.get(username="lea")
    assert (lea.email, lea.mobile, lea.sap_number) == ("lea.vidal@exemple.fr", "+33639981234", "SAP552081317")
    assert (lea.role, lea.standing, lea.has_usable_password()) == (SALES, "invite", False)
    link = link_in(response)
    hers = Browser()
    assert "lea" in hers.get(link).content.decode()
    assert hers.post(link, CHOSEN)["Location"] == "/connexion/"
    assert hers.post("/connexion/", {"login": "lea", "password": PASSWORD})["Location"] == "/"
    assert hers.get(link).status_code == 404
    assert Browser().post(link, CHOSEN).status_code == 404
    lea = User.objects.get(pk=lea.pk)
    assert lea.standing == "actif"


def test_another_link_makes_the_first_one_worthless(admin: Browser) -> None:
    lea = make_user(SALES)
    first = link_in(admin.post(path_of(lea, "lien/")))
    second = link_in(admin.post(path_of(lea, "lien/")))
    assert first != second
    assert Browser().get(first).status_code == 404
    assert Browser().post(first, CHOSEN).status_code == 404
    assert Browser().get(second).status_code == 200


def test_of_two_who_hold_one_link_the_second_is_refused() -> None:
    """Both opened it before either chose."""
    lea = make_user(SALES)
    _, token = one_time_path(lea)
    stale = User.objects.get(pk=lea.pk)
    assert choose_password(lea, token, PASSWORD)
    assert not choose_password(stale, token, "une autre phrase de passe")
    assert User.objects.get(pk=lea.pk).check_password(PASSWORD)


def test_a_link_ends_with_its_delay(admin: Browser, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_in(admin.post(path_of(make_user(), "lien/")))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert Browser().get(link).status_code == 404


def test_a_lost_password_is_replaced_and_the_old_one_works_until_then(admin: Browser) -> None:
    lea = make_user(SALES, username="lea", password=make_password("mon ancien mot de passe"))
    link = link_in(admin.post(path_of(lea, "lien/")))
    assert Browser().post("/connexion/", {"login": "lea", "password": "mon ancien mot de passe"}).status_code == 302
    # She remembered: the link that was not needed is worth nothing any more.
    assert Browser().get(link).status_code == 404
    link = link_in(admin.post(path_of(lea, "lien/")))
    Browser().post(link, CHOSEN)
    assert Browser().post("/connexion/", {"login": "lea", "password": "mon ancien mot de passe"}).status_code == 422
    assert Browser().post("/connexion/", {"login": "lea", "password": PASSWORD}).status_code == 302


def test_the_link_is_kept_nowhere(admin: Browser, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(0):
        link = link_in(admin.post(ADD, newcomer()))
        Browser().get(link)
    token = link.split("/")[3]
    assert token not in caplog.text
    assert not any(token in json.dumps(record.__dict__, default=str) for record in caplog.records)
    lea = User.objects.get(username="lea")
    assert token not in json.dumps([[line.before, line.after] for line in trail(lea)])
    assert token not in json.dumps(dict(admin.session))
    assert token not in str(User.objects.filter(pk=lea.pk).values())


@pytest.fixture
def mail() -> Iterator[list[tuple[User, str]]]:
    sent: list[tuple[User, str]] = []
    rooms.sign_in_mail.add(rooms.SignInMail("tests", lambda person, url: sent.append((person, url))))
    yield sent
    rooms.sign_in_mail.remove("sign-in")


def test_a_room_that_sends_mail_is_given_the_link(admin: Browser, mail: list[tuple[User, str]]) -> None:
    page = admin.post(ADD, newcomer())
    assert mail == [(User.objects.get(username="lea"), f"http://testserver{link_in(page)}")]
    assert "vient aussi d’être envoyé à lea.vidal@exemple.fr" in page.content.decode()
    nobody = admin.post(path_of(make_user(email=""), "lien/"))
    assert "envoyé" not in nobody.content.decode()
    assert len(mail) == 1


def test_the_door_says_whom_to_ask(client: Browser) -> None:
    assert "/mot-de-passe-oublie/" in client.get("/connexion/").content.decode()
    assert "administrateur de votre entreprise" in client.get("/mot-de-passe-oublie/").content.decode()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"username": "CLAIRE"}, "Cet identifiant est déjà pris."),
        ({"email": "deja@exemple.fr"}, "Un autre utilisateur a déjà cette adresse e-mail."),
        ({"mobile": "06 12"}, "Ce numéro de téléphone"),
        ({"sap_number": "12345"}, "SAP et neuf chiffres"),
        ({"role": "999"}, "choix"),
        ({"last_name": ""}, "À remplir."),
    ],
)
def test_what_cannot_be_is_told_at_its_field(admin: Browser, values: dict[str, str], message: str) -> None:
    make_user(email="deja@exemple.fr")
    response = admin.post(ADD, newcomer(**values))
    assert response.status_code == 422
    (name,) = values
    assert message in str(response.context["form"].errors[name])
    assert not User.objects.filter(first_name="Léa").exists()


# ---- his page ------------------------------------------------------------------------------------------


def test_a_page_is_changed_and_told_in_the_trail(admin: Browser) -> None:
    karim = make_user(TECHNICIAN, last_name="Benali")
    response = posted(admin, karim, job="Pisciniste", role=role(OFFICE), signature="Karim\nRivage")
    assert response["Location"] == path_of(karim)
    karim = User.objects.get(pk=karim.pk)
    assert (karim.job, karim.role, karim.signature.splitlines()) == ("Pisciniste", OFFICE, ["Karim", "Rivage"])
    assert karim.version > 1
    assert {"job": "Pisciniste", "signature": "Karim\nRivage"} in [line.after for line in trail(karim)]


def test_two_people_on_one_page_see_both_values(admin: Browser) -> None:
    karim = make_user(TECHNICIAN, job="Pisciniste")
    mine = shown(admin, karim)
    posted(admin, karim, job="Chef d’équipe", role=role(OFFICE))
    response = admin.post(path_of(karim), mine | {"job": "Technicien SAV", "role": role(SALES), "mobile": "0639980009"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Chef d’équipe" in page
    assert "Technicien SAV" in page
    karim = User.objects.get(pk=karim.pk)
    assert (karim.job, karim.mobile, karim.role) == ("Chef d’équipe", "", OFFICE)
    # What only one of them touched passes.
    assert admin.post(path_of(karim), mine | {"mobile": "0639980009"}).status_code == 302
    karim = User.objects.get(pk=karim.pk)
    assert (karim.job, karim.mobile, karim.role) == ("Chef d’équipe", "+33639980009", OFFICE)


def test_a_room_adds_its_section_to_the_page(admin: Browser) -> None:
    part = rooms.UserSection(
        "tests", "Modèles de message", "403.html", lambda request, person: {"reason": f"Part de {person.username}"}
    )
    rooms.user_sections.add(part)
    try:
        page = admin.get(path_of(make_user(username="karim"))).content.decode()
    finally:
        rooms.user_sections.remove("tests")
    assert "Modèles de message" in page
    assert "Part de karim" in page


def test_a_signature_is_text_and_no_html(admin: Browser) -> None:
    karim = make_user(signature="<script>alert(1)</script>")
    assert "<script>alert(1)" not in admin.get(path_of(karim)).content.decode()


def test_a_person_has_one_role() -> None:
    karim = make_user(TECHNICIAN)
    with pytest.raises(IntegrityError, match="user_one_role"), transaction.atomic():
        User.groups.through.objects.create(user=karim, group=Group.objects.get(name=OFFICE))


# ---- departure -----------------------------------------------------------------------------------------


def follow_up(client: Client, person: User, **values: Any) -> FollowUp:
    shared = values.pop("shared_with", [])
    row = FollowUp.objects.create(client=client, text="Rappeler", assigned_to=person, created_by=person, **values)
    row.shared_with.set(shared)
    return row


def test_what_he_holds_goes_to_whom_one_chooses_at_once(admin: Browser, claire: User) -> None:
    hugo, lea = make_user(SALES, password=make_password(PASSWORD)), make_user(SALES)
    nadia = make_user(OFFICE)
    his, other = make_client(followed_by=hugo), make_client(followed_by=nadia)
    to_do = follow_up(other, hugo, shared_with=[lea])
    done = follow_up(other, hugo, done_at=now(), done_by=hugo)
    shared = follow_up(his, nadia, shared_with=[hugo])
    by_lea = follow_up(his, lea, shared_with=[hugo])
    Preference.objects.create(user=nadia, name=preferences.followed_by.name, value=hugo.pk)
    session = Browser()
    session.force_login(hugo)
    page = admin.get(path_of(hugo, "depart/")).content.decode()
    assert "1\u00a0client suivi" in page
    assert "1\u00a0action à faire" in page
    assert "2\u00a0actions partagées avec lui" in page
    sent = {"clients": nadia.pk, "actions": lea.pk, "shared-actions": lea.pk}
    assert admin.post(path_of(hugo, "depart/"), sent).status_code == 302
    assert Client.objects.get(pk=his.pk).followed_by == nadia
    assert Client.objects.get(pk=other.pk).followed_by == nadia
    to_do.refresh_from_db()
    assert (to_do.assigned_to, list(to_do.shared_with.all())) == (lea, [])
    done.refresh_from_db()
    assert (done.assigned_to, done.done_by) == (hugo, hugo)
    assert list(shared.shared_with.all()) == [lea]
    assert list(by_lea.shared_with.all()) == []
    assert preferences.followed_by.of(User.objects.get(pk=nadia.pk)) == nadia
    hugo = User.objects.get(pk=hugo.pk)
    assert (hugo.is_active, hugo.has_usable_password()) == (False, False)
    assert hugo.left_at is not None
    assert session.get("/").status_code == 302
    assert not hugo.sessions.exists()
    assert trail(Client.objects.get(pk=his.pk))[0].after == {"followed_by_id": nadia.pk}
    assert trail(Client.objects.get(pk=his.pk))[0].actor == claire


def test_clients_may_stay_without_anybody_but_not_actions(admin: Browser) -> None:
    hugo = make_user(SALES)
    his = make_client(followed_by=hugo)
    follow_up(his, hugo)
    refused = admin.post(path_of(hugo, "depart/"), {"clients": "personne", "actions": "personne"})
    assert refused.status_code == 422
    assert User.objects.get(pk=hugo.pk).is_active
    lea = make_user(SALES)
    assert admin.post(path_of(hugo, "depart/"), {"clients": "personne", "actions": lea.pk}).status_code == 302
    assert Client.objects.get(pk=his.pk).followed_by is None


def test_a_default_that_named_him_is_forgotten_when_nobody_follows(admin: Browser) -> None:
    hugo, nadia = make_user(SALES), make_user(OFFICE)
    Preference.objects.create(user=nadia, name=preferences.followed_by.name, value=hugo.pk)
    admin.post(path_of(hugo, "depart/"))
    assert not Preference.objects.filter(user=nadia, name=preferences.followed_by.name).exists()


def test_what_was_given_to_him_meanwhile_is_asked_about(admin: Browser, claire: User) -> None:
    hugo = make_user(SALES)
    make_client(followed_by=hugo)
    with pytest.raises(Refused, match="Entre-temps"):
        depart(hugo.pk, successors={}, by=claire)
    assert User.objects.get(pk=hugo.pk).is_active


def test_a_room_that_fails_leaves_everything_as_it_was(admin: Browser, claire: User) -> None:
    def fail(person: User, to: User | None) -> None:
        raise Refused("Son agenda est ouvert ailleurs.")

    hugo, nadia = make_user(SALES), make_user(OFFICE)
    his = make_client(followed_by=hugo)
    rooms.handovers.add(rooms.Handover("tests", "rendez-vous", "rendez-vous", lambda person: 4, fail, order=90))
    try:
        page = admin.get(path_of(hugo, "depart/")).content.decode()
        response = admin.post(path_of(hugo, "depart/"), {"clients": nadia.pk, "tests": nadia.pk})
    finally:
        rooms.handovers.remove("tests")
    assert "4\u00a0rendez-vous" in page
    assert response.status_code == 409
    assert "Son agenda est ouvert ailleurs." in response.content.decode()
    assert Client.objects.get(pk=his.pk).followed_by == hugo
    assert User.objects.get(pk=hugo.pk).is_active


def test_nobody_leaves_by_his_own_hand_nor_twice(admin: Browser, claire: User) -> None:
    make_user(ADMINISTRATOR)
    response = admin.post(path_of(claire, "depart/"))
    assert (response.status_code, User.objects.get(pk=claire.pk).is_active) == (409, True)
    assert "Votre propre départ" in admin.get(path_of(claire, "depart/")).content.decode()
    assert "Enregistrer le départ" not in admin.get(path_of(claire, "depart/")).content.decode()
    gone = make_user(is_active=False)
    assert admin.post(path_of(gone, "depart/")).status_code == 409
    assert admin.post(path_of(gone, "lien/")).status_code == 409


def test_who_comes_back_finds_his_role_and_a_new_link(admin: Browser) -> None:
    hugo = make_user(SALES, username="hugo", password=make_password("mon ancien mot de passe"))
    old = link_in(admin.post(path_of(hugo, "lien/")))
    admin.post(path_of(hugo, "depart/"))
    assert Browser().get(old).status_code == 404
    link = link_in(admin.post(path_of(hugo, "retour/")))
    hugo = User.objects.get(pk=hugo.pk)
    assert (hugo.is_active, hugo.left_at, hugo.role) == (True, None, SALES)
    assert Browser().get(old).status_code == 404
    assert Browser().post("/connexion/", {"login": "hugo", "password": "mon ancien mot de passe"}).status_code == 422
    assert Browser().post(link, CHOSEN).status_code == 302
    assert Browser().post("/connexion/", {"login": "hugo", "password": PASSWORD}).status_code == 302


# ---- somebody always holds the keys --------------------------------------------------------------------


def test_the_last_administrator_keeps_his_role(admin: Browser, claire: User) -> None:
    response = posted(admin, claire, role=role(OFFICE))
    assert response.status_code == 409
    assert "dernière personne qui peut gérer les utilisateurs" in response.content.decode()
    assert User.objects.get(pk=claire.pk).role == ADMINISTRATOR
    make_user(ADMINISTRATOR)
    assert posted(admin, claire, role=role(OFFICE))["Location"] == "/"
    assert admin.get(LIST).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_keeps_the_last_administrator(client: Browser) -> None:
    claire = make_user(ADMINISTRATOR)
    keys = Permission.objects.get(codename="manage_users")
    for attempt in (
        lambda: User.objects.filter(pk=claire.pk).update(is_active=False),
        lambda: User.objects.filter(pk=claire.pk).delete(),
        claire.groups.clear,
        lambda: Group.objects.get(name=ADMINISTRATOR).permissions.remove(keys),
        lambda: Group.objects.get(name=ADMINISTRATOR).delete(),
    ):
        with pytest.raises(IntegrityError, match="nobody would hold"), transaction.atomic():
            attempt()
    assert User.objects.get(pk=claire.pk).role == ADMINISTRATOR
    # The keys may pass from one to another within a transaction, in any order.
    heir = make_user(OFFICE)
    with transaction.atomic():
        claire.groups.set([Group.objects.get(name=OFFICE)])
        heir.groups.set([Group.objects.get(name=ADMINISTRATOR)])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("gesture", ["leave", "role", "database"])
def test_of_two_last_administrators_at_once_one_stays(gesture: str) -> None:
    """Each of the two lets the other go at the same instant."""
    one, two, office = make_user(ADMINISTRATOR), make_user(ADMINISTRATOR), Group.objects.get(name=OFFICE)
    ready, refused = threading.Barrier(2, timeout=20), []

    def let_go(who: User, by: User) -> None:
        try:
            ready.wait()
            if gesture == "leave":
                depart(who.pk, successors={}, by=by)
            elif gesture == "role":
                update_person(who.pk, changes={"role": office}, seen={"role": role(ADMINISTRATOR)})
            else:
                with transaction.atomic():
                    User.objects.filter(pk=who.pk).update(is_active=False)
                    ready.wait()
        except (Refused, IntegrityError) as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=let_go, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(refused) == 1
    assert User.objects.filter(is_active=True, groups__name=ADMINISTRATOR).count() == 1


def test_the_delay_of_a_link_is_told(admin: Browser) -> None:
    page = admin.post(path_of(make_user(), "lien/")).content.decode()
    end = now() + timedelta(days=3)
    assert f"jusqu’au {end:%d/%m/%Y}" in page or f"jusqu’au {end + timedelta(hours=2):%d/%m/%Y}" in page
