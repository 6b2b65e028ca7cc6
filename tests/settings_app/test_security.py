"""Second factors, saying again who one is, one's own password: through the real door."""

import os
import re
import time
from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import Fernet
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client as Browser
from django.utils.html import escape
from django.utils.timezone import now

from extrabat.celery import app
from extrabat.lib.secrets import unseal
from settings_app.audit.queries import trail
from settings_app.journal.words import told
from settings_app.models import AuditEntry, SignInEvent, User
from settings_app.tasks import forget_old_sign_ins
from settings_app.users.factors import enrol_totp, factors_of
from settings_app.users.rights import ADMINISTRATOR, OFFICE
from settings_app.users.sign_ins import sentence
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OTHER = "une autre phrase de passe"


@pytest.fixture
def claire() -> User:
    return make_user(username="claire", password=make_password(PASSWORD))


def code(secret: str = SECRET, ahead: int = 0) -> str:
    """What the application shows now, or `ahead` steps of thirty seconds later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead)))


def sign_in(browser: Browser, password: str = PASSWORD, **extra: Any) -> Any:
    return browser.post("/connexion/", {"login": "claire", "password": password}, **extra)


def enrol(browser: Browser) -> list[str]:
    """Enrol an application as people do; give the recovery codes."""
    page = browser.get("/compte/securite/application/").content.decode()
    shown = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert shown
    answer = browser.post("/compte/securite/application/", {"code": code(shown[1].replace(" ", ""))})
    assert answer["Location"] == "/compte/securite/codes/"
    return re.findall(r"<code>(\d{4} \d{4})</code>", browser.get(answer["Location"]).content.decode())


# ---- enrolling ------------------------------------------------------------------------------------------------


def test_an_application_is_enrolled_its_secret_sealed_its_codes_shown_once(claire: User, client: Browser) -> None:
    sign_in(client)
    page = client.get("/compte/securite/application/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    assert client.session["totp-secret"].startswith("v1:tests:")
    codes = enrol(client)
    assert len(codes) == len(set(codes)) == 10
    stored = Authenticator.objects.get(user=claire, type="totp").data["secret"]
    assert stored.startswith("v1:tests:")
    assert len(unseal(stored)) == 32
    again = client.get("/compte/securite/codes/").content.decode()
    assert codes[0] not in again
    assert "Il vous reste 10\u00a0codes" in again


def test_a_wrong_code_enrols_nothing(claire: User, client: Browser) -> None:
    sign_in(client)
    client.get("/compte/securite/application/")
    response = client.post("/compte/securite/application/", {"code": "000000"})
    assert response.status_code == 422
    assert "Ce code est refusé" in response.content.decode()
    assert not Authenticator.objects.exists()


def test_the_last_factor_takes_the_recovery_codes_along(claire: User, client: Browser) -> None:
    sign_in(client)
    enrol(client)
    assert client.post("/compte/securite/application/retirer/")["Location"] == "/compte/securite/"
    assert not Authenticator.objects.exists()


def test_new_codes_end_the_former_ones(claire: User, client: Browser) -> None:
    sign_in(client)
    former = enrol(client)
    client.post("/compte/securite/codes/renouveler/")
    new = re.findall(r"<code>(\d{4} \d{4})</code>", client.get("/compte/securite/codes/").content.decode())
    assert set(new).isdisjoint(former)
    other = Browser()
    sign_in(other)
    assert other.post("/connexion/verification/", {"code": former[0]}).status_code == 422
    assert other.post("/connexion/verification/", {"code": new[0]}).status_code == 302


# ---- signing in -----------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing_any_more(claire: User, client: Browser) -> None:
    enrol_totp(claire, SECRET)
    response = sign_in(client, QUERY_STRING="next=/clients/")
    assert response["Location"] == "/connexion/verification/"
    assert client.get("/").status_code == 302
    assert client.get("/compte/securite/").status_code == 302
    assert client.post("/connexion/verification/", {"code": "12"}).status_code == 422
    right = client.post("/connexion/verification/", {"code": code()})
    assert (right.status_code, right["Location"]) == (302, "/clients/")
    assert client.get("/").status_code == 200


def test_a_code_opens_once(claire: User, client: Browser) -> None:
    enrol_totp(claire, SECRET)
    shown = code()
    sign_in(client)
    assert client.post("/connexion/verification/", {"code": shown}).status_code == 302
    thief = Browser()
    sign_in(thief)
    assert thief.post("/connexion/verification/", {"code": shown}).status_code == 422


def test_who_is_not_the_right_person_goes_back_to_the_door(claire: User, client: Browser) -> None:
    enrol_totp(claire, SECRET)
    sign_in(client)
    assert client.get("/connexion/")["Location"] == "/connexion/verification/"
    assert client.post("/deconnexion/")["Location"] == "/connexion/"
    assert client.get("/connexion/").status_code == 200
    assert client.get("/connexion/verification/")["Location"] == "/connexion/"


def test_a_recovery_code_opens_once(claire: User, client: Browser) -> None:
    sign_in(client)
    recovery = enrol(client)[3]
    other = Browser()
    sign_in(other)
    assert other.post("/connexion/verification/", {"code": recovery}).status_code == 302
    assert factors_of(claire).codes_left == 9
    third = Browser()
    sign_in(third)
    assert third.post("/connexion/verification/", {"code": recovery}).status_code == 422


def test_codes_are_guessed_five_times_whatever_the_address(claire: User, client: Browser) -> None:
    enrol_totp(claire, SECRET)
    for number in range(5):
        browser = Browser(REMOTE_ADDR=f"10.0.0.{number}")
        sign_in(browser)
        assert browser.post("/connexion/verification/", {"code": f"00000{number}"}).status_code == 422
    sign_in(client)
    response = client.post("/connexion/verification/", {"code": code()})
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert "Plusieurs codes ont été refusés" in response.content.decode()
    assert client.get("/").status_code == 302


def test_a_right_code_begins_the_count_anew(claire: User, client: Browser) -> None:
    enrol_totp(claire, SECRET)
    sign_in(client)
    for _ in range(4):
        client.post("/connexion/verification/", {"code": "000000"})
    assert client.post("/connexion/verification/", {"code": code()}).status_code == 302
    other = Browser()
    sign_in(other)
    for _ in range(4):
        assert other.post("/connexion/verification/", {"code": "000000"}).status_code == 422


def test_the_door_does_not_tell_who_has_a_second_factor(claire: User, client: Browser) -> None:
    make_user(username="nadia", password=make_password(PASSWORD))
    enrol_totp(claire, SECRET)

    def told(login: str) -> str:
        page = client.post("/connexion/", {"login": login, "password": "non"}).content.decode()
        return re.sub(r'value="[^"]*"|X-CSRFToken[^>]*', "", page)

    assert told("claire") == told("nadia") == told("personne")


NONSENSE = ["", "{", "[]", "3", '"x"', "{}", '{"id": 1}', '{"id":"AA","rawId":"AA","type":"public-key","response":{}}']
FULL = (
    '{"id":"AA","rawId":"AA","type":"public-key","clientExtensionResults":{},'
    '"response":{"clientDataJSON":"AA","authenticatorData":"AA","signature":"AA","userHandle":"%s",'
    '"attestationObject":"AA"}}'
)


@pytest.mark.parametrize("credential", [*NONSENSE, FULL % "AA", FULL % "MQ", FULL % "w7_Dvw"])
def test_a_made_up_passkey_is_refused_quietly(claire: User, client: Browser, credential: str) -> None:
    client.get("/connexion/cle/")
    assert client.post("/connexion/cle/", {"credential": credential})["Location"] == "/connexion/"
    enrol_totp(claire, SECRET)
    sign_in(client)
    assert client.post("/connexion/verification/", {"credential": credential}).status_code == 422
    client.post("/connexion/verification/", {"code": code()})
    client.get("/compte/securite/cles/ajouter/")
    new = client.post("/compte/securite/cles/ajouter/", {"name": "x", "credential": credential})
    assert new.status_code == 422
    assert client.get("/compte/securite/").status_code == 200


# ---- administrators -------------------------------------------------------------------------------------------


def test_an_administrator_sees_nothing_before_his_second_factor(client: Browser, settings: Any) -> None:
    settings.DEMO = False
    make_user(ADMINISTRATOR, username="claire", password=make_password(PASSWORD), is_staff=True)
    sign_in(client)
    for path in ("/", "/clients/", "/parametres/", "/admin/", "/compte/securite/codes/renouveler/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, "/compte/securite/"), path
    fragment = client.get("/clients/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (401, "/compte/securite/")
    assert client.post("/clients/nouveau/", {"last_name": "Fabre"})["Location"] == "/compte/securite/"
    assert "Un second facteur est demandé" in client.get("/compte/securite/").content.decode()
    enrol(client)
    for path in ("/", "/clients/", "/parametres/magasin/", "/admin/"):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize(("role", "is_demo", "status"), [(ADMINISTRATOR, True, 200), (OFFICE, False, 200)])
def test_the_demo_and_the_others_are_let_in(
    client: Browser, settings: Any, role: str, is_demo: bool, status: int
) -> None:
    settings.DEMO = is_demo
    client.force_login(make_user(role))
    assert client.get("/").status_code == status


@pytest.mark.parametrize("has_store", [True, False])
def test_the_company_may_ask_a_second_factor_of_everybody(client: Browser, settings: Any, has_store: bool) -> None:
    settings.DEMO = False
    office = make_user(OFFICE, username="claire", password=make_password(PASSWORD))
    if not has_store:
        User.objects.filter(pk=office.pk).update(store=None)
    sign_in(client)
    assert client.get("/clients/").status_code == 200
    boss = Browser()
    admin = make_user(ADMINISTRATOR)
    enrol_totp(admin, SECRET)
    boss.force_login(admin)
    form = boss.get("/parametres/societe/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in shown.items() if value not in (None, False)}
    sent |= {"name": "Rivage", "second_factor_for_all": "on"}
    assert boss.post("/parametres/societe/", sent).status_code == 302
    # Signed in already, or not yet: the next page leads to where a factor is enrolled, and no further.
    assert client.get("/clients/")["Location"] == "/compte/securite/"
    client.post("/deconnexion/")
    sign_in(client)
    assert client.get("/clients/")["Location"] == "/compte/securite/"
    page = client.get("/compte/securite/").content.decode()
    assert "Un second facteur est demandé pour votre compte." in page
    enrol(client)
    assert client.get("/clients/").status_code == 200
    settings.DEMO = True
    client.force_login(make_user(OFFICE))
    assert client.get("/clients/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client: Browser, settings: Any) -> None:
    settings.DEMO = False
    admin = make_user(ADMINISTRATOR)
    enrol_totp(admin, SECRET)
    Authenticator.objects.filter(type="totp").delete()
    client.force_login(admin)
    assert client.get("/")["Location"] == "/compte/securite/"


# ---- a lost phone ---------------------------------------------------------------------------------------------


def test_an_administrator_resets_a_colleague_and_what_he_sent_too_late_is_carried(claire: User) -> None:
    enrol_totp(claire, SECRET)
    phone = Browser()
    phone.force_login(claire)
    assert phone.get("/").status_code == 200
    boss = make_user(ADMINISTRATOR, username="chef", password=make_password(PASSWORD))
    browser = Browser()
    browser.force_login(boss)
    assert "Retirer le second facteur" in browser.get(f"/parametres/utilisateurs/{claire.pk}/").content.decode()
    path = f"/parametres/utilisateurs/{claire.pk}/facteurs/"
    asked = browser.post(path, {"next": "/clients/?q=a&tri=b"})
    assert asked.status_code == 401
    assert f'<input type="hidden" name="next" value="{escape("/clients/?q=a&tri=b")}">' in asked.content.decode()
    wrong = browser.post(path, {"next": "/clients/?q=a&tri=b", "confirm_password": "non"})
    assert wrong.status_code == 422
    assert "Ce n’est pas votre mot de passe" in wrong.content.decode()
    assert factors_of(claire).any
    done = browser.post(path, {"next": "/clients/?q=a&tri=b", "confirm_password": PASSWORD})
    assert (done.status_code, done["Location"]) == (302, "/clients/?q=a&tri=b")
    assert not Authenticator.objects.filter(user=claire).exists()
    assert phone.get("/").status_code == 302
    assert "Retirer le second facteur" not in browser.get(f"/parametres/utilisateurs/{claire.pk}/").content.decode()
    line = trail(claire)[0]
    assert (line.verb, line.actor_id) == ("delete", boss.pk)


def test_nobody_resets_himself_nor_without_the_right(claire: User, client: Browser) -> None:
    enrol_totp(claire, SECRET)
    sign_in(client)
    client.post("/connexion/verification/", {"code": code()})
    path = f"/parametres/utilisateurs/{claire.pk}/facteurs/"
    assert client.post(path).status_code == 403
    claire.groups.set([claire.groups.model.objects.get(name=ADMINISTRATOR)])
    assert client.post(path).status_code == 409
    assert factors_of(claire).any


def test_the_last_administrator_is_reset_from_the_command_line(claire: User) -> None:
    enrol_totp(claire, SECRET)
    out = StringIO()
    call_command("reset_factors", "CLAIRE", stdout=out)
    assert out.getvalue() == "claire: 1 second factors taken away. The password alone opens now.\n"
    assert not Authenticator.objects.exists()
    assert trail(claire)[0].source == "reset_factors"
    with pytest.raises(CommandError, match="Nobody is called personne"):
        call_command("reset_factors", "personne")


# ---- saying again who one is ----------------------------------------------------------------------------------


def age(browser: Browser, seconds: int) -> None:
    """As if this session's last proof were that old."""
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()


def test_five_minutes_after_signing_in_keys_ask_who_one_is(claire: User, client: Browser) -> None:
    sign_in(client)
    assert client.get("/compte/securite/application/").status_code == 200
    age(client, 290)
    assert client.get("/compte/securite/application/").status_code == 200
    age(client, 20)
    asked = client.get("/compte/securite/application/")
    assert asked["Location"] == "/compte/confirmer/?next=%2Fcompte%2Fsecurite%2Fapplication%2F"
    fragment = client.get(
        "/compte/securite/codes/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/clients/?q=a"},
    )
    assert (fragment.status_code, fragment["HX-Redirect"]) == (401, "/compte/confirmer/?next=%2Fclients%2F%3Fq%3Da")
    assert client.post(asked["Location"], {"confirm_password": "non"}).status_code == 422
    assert client.post(asked["Location"], {}).status_code == 422
    told = client.post(asked["Location"], {"confirm_password": PASSWORD})
    assert told["Location"] == "/compte/securite/application/"
    assert client.get("/compte/securite/application/").status_code == 200


def test_a_code_says_who_one_is_and_is_counted(claire: User, client: Browser) -> None:
    sign_in(client)
    enrol_totp(claire, SECRET)
    assert client.post("/compte/confirmer/?next=/clients/", {"confirm_code": code()})["Location"] == "/clients/"
    for _ in range(5):
        assert client.post("/compte/confirmer/", {"confirm_code": "000000"}).status_code == 422
    assert client.post("/compte/confirmer/", {"confirm_code": code(ahead=1)})["Retry-After"] == "900"


def test_a_stolen_session_cannot_guess_the_password(claire: User, client: Browser) -> None:
    client.force_login(claire)
    statuses = [client.post("/compte/confirmer/", {"confirm_password": "non"}).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 429]
    locked = client.post("/compte/confirmer/", {"confirm_password": PASSWORD})
    assert (locked.status_code, locked["Retry-After"]) == (429, "900")


# ---- one's own password ---------------------------------------------------------------------------------------


def change(browser: Browser, present: str = PASSWORD, chosen: str = OTHER, again: str | None = None) -> Any:
    values = {"present": present, "chosen": chosen, "again": chosen if again is None else again}
    return browser.post("/compte/mot-de-passe/", values)


def test_a_new_password_ends_the_other_sessions(claire: User, client: Browser) -> None:
    elsewhere = Browser()
    sign_in(client)
    sign_in(elsewhere)
    assert change(client)["Location"] == "/compte/securite/"
    assert client.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert sign_in(Browser()).status_code == 422
    assert sign_in(Browser(), OTHER).status_code == 302


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"present": "non"}, "Ce n’est pas votre mot de passe actuel."),
        ({"chosen": "court"}, "Ce mot de passe est trop court"),
        ({"chosen": "123456789012345"}, "entièrement numérique"),
        ({"again": "différent"}, "Les deux nouveaux mots de passe diffèrent."),
        ({"chosen": PASSWORD}, "C’est votre mot de passe actuel."),
    ],
)
def test_a_bad_choice_is_told_in_french(claire: User, client: Browser, values: dict[str, str], words: str) -> None:
    sign_in(client)
    response = change(client, **values)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert sign_in(Browser()).status_code == 302


# ---- what is written down -------------------------------------------------------------------------------------


def test_the_trail_tells_the_doors_and_no_secret(claire: User, client: Browser) -> None:
    sign_in(client)
    codes = enrol(client)
    client.post("/deconnexion/")
    sign_in(client)
    client.post("/connexion/verification/", {"code": codes[0]})
    client.post("/compte/securite/application/retirer/")
    lines = list(trail(claire).order_by("pk"))
    told = []
    for line in lines:
        if line.source == "écran":
            values = line.after or line.before or {}
            told.append((line.verb, values.get("method") or values.get("event") or values.get("type"), line.actor_id))
    assert told == [
        ("create", "password", claire.pk),
        ("create", "totp", claire.pk),
        ("create", "recovery_codes", claire.pk),
        ("change", None, claire.pk),  # the codes were shown
        ("create", "out", claire.pk),
        ("change", None, None),  # one of them was used, before anybody was in
        ("create", "password recovery_codes", claire.pk),
        ("delete", "totp", claire.pk),
        ("delete", "recovery_codes", claire.pk),
    ]
    assert not [line for line in lines if "v1:" in str(line.before) + str(line.after)]


def test_the_journal_tells_the_doors_in_sentences(claire: User, client: Browser) -> None:
    sign_in(client)
    codes = enrol(client)
    client.post("/deconnexion/")
    sign_in(client)
    client.post("/connexion/verification/", {"code": codes[0]})
    doors = AuditEntry.objects.filter(after__has_keys=["event", "method"]).order_by("pk")
    lines = told(list(doors), make_user(ADMINISTRATOR))
    assert [(line.verb, line.summary) for line in lines] == [
        ("connexion", "s’est connecté avec son mot de passe"),
        ("déconnexion", "s’est déconnecté"),
        ("connexion", "s’est connecté avec son mot de passe et un code de secours"),
    ]
    assert not [line for line in lines if line.changes or line.is_erased]


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("password totp", "s’est connecté avec son mot de passe et un code de son application"),
        ("password webauthn", "s’est connecté avec son mot de passe et sa clé d’accès"),
        ("webauthn", "s’est connecté avec sa clé d’accès"),
        ("", "s’est connecté"),
    ],
)
def test_each_means_has_its_words(method: str, words: str) -> None:
    assert sentence({"event": "in", "method": method}) == words


@pytest.mark.django_db(transaction=True)
def test_who_came_in_is_forgotten_after_twelve_months(client: Browser) -> None:
    claire = make_user("Bureau", username="claire", password=make_password(PASSWORD))
    for _ in range(2):
        sign_in(client)
        client.post("/deconnexion/")
    first, *others = SignInEvent.objects.order_by("pk")
    SignInEvent.objects.filter(pk=first.pk).update(at=now() - timedelta(days=367))
    SignInEvent.objects.filter(pk=others[0].pk).update(at=now() - timedelta(days=360))
    made = trail(claire).earliest("pk")
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=name) as owner:
        for row, days in ((first, 367), (others[0], 360)):
            owner.execute(
                "UPDATE settings_app_auditentry SET at = now() - make_interval(days => %s)"
                " WHERE after ? 'event' AND (after ->> 'id')::bigint = %s",
                [days, row.pk],
            )
        # Of the same age, and no door: it stays.
        owner.execute("UPDATE settings_app_auditentry SET at = now() - interval '3 years' WHERE id = %s", [made.pk])
    before = set(trail(claire).values_list("pk", flat=True))
    forget_old_sign_ins()
    assert list(SignInEvent.objects.order_by("pk")) == others
    gone = before - set(trail(claire).values_list("pk", flat=True))
    assert len(gone) == 1
    assert made.pk not in gone
    assert forget_old_sign_ins.name in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_factors_are_sealed_anew_with_the_others(claire: User, settings: Any) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.FIELD_KEYS = [f"old:{old}"]
    enrol_totp(claire, SECRET)
    settings.FIELD_KEYS = [f"new:{new}", f"old:{old}"]
    out = StringIO()
    call_command("rotate_field_keys", "--batch", "1", stdout=out)
    assert "mfa.Authenticator: 2 values sealed anew" in out.getvalue()
    settings.FIELD_KEYS = [f"new:{new}"]
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert stored.startswith("v1:new:")
    assert unseal(stored) == SECRET
    assert factors_of(claire).codes_left == 10


# ---- an expired session ---------------------------------------------------------------------------------------


def test_a_form_sent_after_the_session_leads_back_to_its_page(client: Browser) -> None:
    page = "http://testserver/clients/3/?onglet=notes"
    sent = client.post("/clients/3/notes/", {"text": "x"}, headers={"Referer": page})
    assert sent["Location"] == "/connexion/?next=/clients/3/%3Fonglet%3Dnotes"
    abroad = client.post("/clients/3/notes/", {"text": "x"}, headers={"Referer": "https://ailleurs.exemple.fr/"})
    assert abroad["Location"] == "/connexion/?next=/"
