"""Consents: by channel and by address, added to and never rewritten, and a recipient's no is his own."""

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.test import Client as Browser

from clients.actions.consents import current, latest, record, record_yes_no, refuse_by_recipient, states
from clients.models import Channel, Client, Consent, Contact
from extrabat.lib.refusals import Refused
from settings_app.models import User
from tests.factories import make_client, make_user
from tests.waiting import wait_for

pytestmark = [pytest.mark.django_db, pytest.mark.req("CLI-27")]
State = Consent.State
MAIL = "helene@exemple.fr"
PAUL = "paul@exemple.fr"


@pytest.fixture
def office() -> User:
    return make_user()


@pytest.fixture
def fabre() -> Client:
    helene = make_client(email=MAIL)
    Contact.objects.create(client=helene, first_name="Paul", emails=[PAUL])
    return helene


def lines() -> list[tuple[str, str, str, str]]:
    return list(Consent.objects.order_by("pk").values_list("channel", "email", "state", "source"))


def test_nobody_said_anything_is_a_no(fabre: Client, office: User) -> None:
    assert current(fabre) == {Channel.SMS: False, Channel.EMAIL: False, Channel.PARTNERS: False}
    assert states(fabre) == {}
    for channel in Channel:
        assert record(fabre, channel=channel, yes=False, by=office) is None
    assert lines() == []


def test_a_yes_and_then_a_no_are_two_lines_with_who_and_when(fabre: Client, office: User) -> None:
    said = record(fabre, channel=Channel.SMS, yes=True, by=office)
    assert said is not None
    assert (said.by, said.source, said.get_source_display()) == (office, "office", "saisie")
    assert said.at is not None
    assert current(fabre) == {Channel.SMS: True, Channel.EMAIL: False, Channel.PARTNERS: False}
    record(fabre, channel=Channel.SMS, yes=False, by=office)
    assert lines() == [("sms", "", "accepted", "office"), ("sms", "", "refused", "office")]
    assert states(fabre) == {(Channel.SMS, ""): State.REFUSED}
    assert latest(fabre)[Channel.SMS, ""].by == office


def test_saying_the_same_again_adds_nothing(fabre: Client, office: User) -> None:
    for yes in (True, True, False, False, True):
        record(fabre, channel=Channel.PARTNERS, yes=yes, by=office)
    assert [state for _, _, state, _ in lines()] == ["accepted", "refused", "accepted"]


def test_e_mailing_is_kept_for_each_address(fabre: Client, office: User) -> None:
    record(fabre, channel=Channel.EMAIL, yes=True, by=office)
    record(fabre, channel=Channel.EMAIL, yes=True, by=office, email=" Paul@Exemple.fr ")
    record(fabre, channel=Channel.EMAIL, yes=False, by=office, email=MAIL)
    assert states(fabre) == {(Channel.EMAIL, MAIL): State.REFUSED, (Channel.EMAIL, PAUL): State.ACCEPTED}
    assert current(fabre)[Channel.EMAIL] is False


def test_a_new_address_has_said_nothing_yet(fabre: Client, office: User) -> None:
    record(fabre, channel=Channel.EMAIL, yes=True, by=office)
    fabre.email = "h.fabre@exemple.fr"
    fabre.save()
    assert current(fabre)[Channel.EMAIL] is False
    record(fabre, channel=Channel.EMAIL, yes=True, by=office)
    assert states(fabre)[Channel.EMAIL, MAIL] == State.ACCEPTED
    assert current(fabre)[Channel.EMAIL] is True


def test_an_address_that_is_nobody_s_here_is_refused(fabre: Client, office: User) -> None:
    with pytest.raises(Refused, match="n’est l’adresse ni de ce client"):
        record(fabre, channel=Channel.EMAIL, yes=True, by=office, email="autre@exemple.fr")
    nobody = make_client()
    with pytest.raises(Refused, match="donnez d’abord une adresse e-mail"):
        record_yes_no(nobody, channel=Channel.EMAIL, yes=True, by=office)
    record_yes_no(nobody, channel=Channel.EMAIL, yes=False, by=office)
    assert lines() == []


def test_a_yes_can_be_withdrawn_for_an_address_that_has_gone(fabre: Client, office: User) -> None:
    record(fabre, channel=Channel.EMAIL, yes=True, by=office, email=PAUL)
    Contact.objects.all().delete()
    record(fabre, channel=Channel.EMAIL, yes=False, by=office, email=PAUL)
    assert states(fabre) == {(Channel.EMAIL, PAUL): State.REFUSED}


@pytest.mark.parametrize(("state", "added"), [(State.PENDING, True), (State.UNASKED, False), (State.REFUSED, False)])
def test_a_no_withdraws_a_question_that_waits(fabre: Client, office: User, state: str, added: bool) -> None:
    Consent.objects.create(client=fabre, channel=Channel.SMS, state=state, source="office", by=office)
    assert (record(fabre, channel=Channel.SMS, yes=False, by=office) is not None) is added
    assert current(fabre)[Channel.SMS] is False


def test_the_office_cannot_undo_the_recipient_s_refusal(fabre: Client, office: User) -> None:
    record(fabre, channel=Channel.EMAIL, yes=True, by=office)
    refused = refuse_by_recipient(fabre, channel=Channel.EMAIL, email=MAIL.upper())
    assert refused is not None
    assert (refused.source, refused.by, refused.get_source_display()) == ("recipient", None, "destinataire")
    with pytest.raises(Refused) as told:
        record(fabre, channel=Channel.EMAIL, yes=True, by=office)
    assert told.value.reason.startswith("Emailing\u00a0: le destinataire a refusé lui-même le ")
    assert told.value.reason.endswith("lui seul peut revenir sur ce refus.")
    assert record(fabre, channel=Channel.EMAIL, yes=False, by=office) is None
    assert len(lines()) == 2
    # His no is about this channel and this address.
    assert record(fabre, channel=Channel.SMS, yes=True, by=office) is not None
    assert record(fabre, channel=Channel.EMAIL, yes=True, by=office, email=PAUL) is not None


def test_the_recipient_s_refusal_is_written_once_and_over_the_office_s(fabre: Client, office: User) -> None:
    record(fabre, channel=Channel.SMS, yes=True, by=office)
    record(fabre, channel=Channel.SMS, yes=False, by=office)
    assert refuse_by_recipient(fabre, channel=Channel.SMS) is not None
    assert refuse_by_recipient(fabre, channel=Channel.SMS) is None
    assert refuse_by_recipient(fabre, channel=Channel.EMAIL, email="ancienne@exemple.fr") is not None
    assert [line[1:] for line in lines()][-2:] == [
        ("", "refused", "recipient"),
        ("ancienne@exemple.fr", "refused", "recipient"),
    ]
    with pytest.raises(ValueError, match="needs the address"):
        refuse_by_recipient(make_client(), channel=Channel.EMAIL)


def test_two_clients_do_not_mix(fabre: Client, office: User) -> None:
    other = make_client(email=MAIL)
    record(fabre, channel=Channel.EMAIL, yes=True, by=office)
    assert (current(fabre)[Channel.EMAIL], current(other)[Channel.EMAIL]) == (True, False)


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda: Consent.objects.update(state=State.ACCEPTED),
        lambda: Consent.objects.filter(client__gt=0).update(at=F("at")),
        lambda: Consent.objects.all().delete(),
        lambda: Consent.objects.get().delete(),
        lambda: Consent.objects.get().save(),
        lambda: connection.cursor().execute("UPDATE clients_consent SET state = 'accepted'"),
        lambda: connection.cursor().execute("DELETE FROM clients_consent"),
        lambda: connection.cursor().execute("TRUNCATE clients_consent"),
    ],
)
def test_postgres_lets_nobody_rewrite_them(fabre: Client, rewrite: Callable[[], object]) -> None:
    refuse_by_recipient(fabre, channel=Channel.SMS)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rewrite()
    assert lines() == [("sms", "", "refused", "recipient")]


@pytest.mark.django_db(transaction=True)
def test_two_tabs_decide_one_after_the_other() -> None:
    """While one transaction holds the client, the other waits, and then judges what the first has written."""
    fabre, office = make_client(), make_user()
    told: list[str] = []

    def other_tab() -> None:
        try:
            record(fabre, channel=Channel.SMS, yes=True, by=office)
        except Refused as refused:
            told.append(refused.reason)
        finally:
            connection.close()

    def waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            return cursor.fetchone() is not None

    tab = threading.Thread(target=other_tab)
    with transaction.atomic():
        refuse_by_recipient(fabre, channel=Channel.SMS)
        tab.start()
        wait_for(waits, what="the other tab")
    tab.join(timeout=20)
    assert not tab.is_alive()
    assert len(told) == 1
    assert lines() == [("sms", "", "refused", "recipient")]


def test_the_page_shows_each_address_and_keeps_who_said_what(client: Browser, fabre: Client, office: User) -> None:
    client.force_login(office)
    where = f"/clients/{fabre.pk}/consentements/"
    assert client.post(where, {"channel": "email", "email": PAUL, "answer": "yes"}, follow=True).status_code == 200
    refuse_by_recipient(fabre, channel=Channel.SMS)
    page = client.get(where).content.decode()
    assert [line.channel.value + line.email for line in client.get(where).context["lines"]] == [
        *("sms", f"email{MAIL}", f"email{PAUL}", "partners"),
    ]
    assert "refus du destinataire" in page
    assert "saisie de" in page
    assert lines() == [("email", PAUL, "accepted", "office"), ("sms", "", "refused", "recipient")]


@pytest.mark.parametrize(
    "sent",
    [
        {"channel": "sms", "answer": "yes"},
        {"channel": "email", "email": "inconnu@exemple.fr", "answer": "yes"},
    ],
)
def test_the_page_refuses_what_the_rules_refuse(
    client: Browser, fabre: Client, office: User, sent: dict[str, str]
) -> None:
    refuse_by_recipient(fabre, channel=Channel.SMS)
    client.force_login(office)
    assert client.post(f"/clients/{fabre.pk}/consentements/", sent).status_code == 409
    assert Consent.objects.count() == 1


def test_a_channel_that_there_is_not_changes_nothing(client: Browser, fabre: Client, office: User) -> None:
    client.force_login(office)
    assert client.post(f"/clients/{fabre.pk}/consentements/", {"channel": "fax", "answer": "yes"}).status_code == 302
    assert lines() == []
