"""The search's documents: Postgres keeps them, whoever writes."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from clients.models import Client, ClientSearch, Contact, Kind, SearchWord
from clients.tasks import forget_words
from extrabat.celery import app
from tests.factories import make_address, make_client

pytestmark = pytest.mark.django_db


def document(client: Client) -> str:
    return ClientSearch.objects.get(pk=client.pk).document


def test_a_document_holds_every_searched_field() -> None:
    client = make_client(
        last_name="Le Goff",
        first_name="Hélène",
        code="CLI-0042",
        email="helene.legoff@exemple.fr",
        mobile_1="+33639981427",
        phone_2="+32470123456",
    )
    make_address(client=client, number="210", street="route de Grambois", complement="Bâtiment B")
    Contact.objects.create(client=client, last_name="Œuvrard", emails=["noel@exemple.fr"], phones=["+33199001234"])
    fields = document(client).strip("| ").split(" | ")
    assert sorted(fields) == sorted(
        [
            *("le goff", "helene", "le goff helene", "legoff", "cli 0042", "cli0042", "helene legoff exemple fr"),
            *("0639981427", "33639981427", "32470123456"),
            *("210 route de grambois", "batiment b", "84240", "la tour d aigues"),
            *("oeuvrard", "noel exemple fr", "0199001234", "33199001234"),
        ]
    )


def test_it_follows_every_write_by_every_door() -> None:
    client, other = make_client(last_name="Fabre"), make_client(last_name="Isnard")
    address = make_address(client=client, city="Pertuis")
    Client.objects.filter(pk=client.pk).update(last_name="Fabre-Roux")
    assert " fabre roux " in document(client)
    address.city = "Cucuron"
    address.save()
    assert " cucuron " in document(client)
    assert " pertuis " not in document(client)
    address.client = other
    address.save()
    assert " cucuron " not in document(client)
    assert " cucuron " in document(other)
    address.delete()
    assert " cucuron " not in document(other)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clients_client SET mobile_1 = '+33639980000' WHERE id = %s", [client.pk])
    assert " 0639980000 " in document(client)


def test_a_client_who_is_deleted_leaves_no_document() -> None:
    client = make_client()
    key = client.pk
    make_address(client=client)
    client.delete()
    assert not ClientSearch.objects.filter(pk=key).exists()


def test_a_write_that_changes_nothing_searched_rewrites_no_document() -> None:
    client = make_client()
    before = row_version(client)
    client.observation = "Portail vert"
    client.save()
    make_client()
    assert row_version(client) == before
    client.first_name = "Anne"
    client.save()
    assert row_version(client) != before


def row_version(client: Client) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text, xmin::text FROM clients_clientsearch WHERE client_id = %s", [client.pk])
        row: tuple[str, ...] = cursor.fetchone()
        return row


def test_the_program_cannot_write_documents_or_words_by_hand() -> None:
    client = make_client()
    for statement in (
        "UPDATE clients_clientsearch SET document = ''",
        "DELETE FROM clients_clientsearch",
        "INSERT INTO clients_searchword VALUES ('abcd')",
        "DELETE FROM clients_searchword",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as c:
            c.execute(statement)
    assert document(client)


def test_words_that_nobody_has_any_more_are_forgotten() -> None:
    client = make_client(kind=Kind.PROFESSIONAL, company_name="Piscines Zwentibold 2000")
    assert SearchWord.objects.filter(word__in=["zwentibold", "piscines", "2000"]).count() == 2
    make_client(kind=Kind.PROFESSIONAL, company_name="Piscines du Sud")
    client.delete()
    forget_words()
    assert [word for word in ("zwentibold", "piscines") if SearchWord.objects.filter(word=word).exists()] == [
        "piscines"
    ]
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} >= {forget_words.name}


@pytest.mark.django_db(transaction=True)
def test_two_people_who_write_name_and_address_at_once_lose_neither() -> None:
    client = make_client(last_name="Fabre")
    address = make_address(client=client, city="Pertuis")
    done = threading.Event()

    def rename() -> None:
        Client.objects.filter(pk=client.pk).update(last_name="Isnard")
        connection.close()
        done.set()

    other = threading.Thread(target=rename)
    with transaction.atomic():
        address.city = "Cucuron"
        address.save()
        other.start()
        # The other one is made to wait: until it does, nothing is proven.
        wait_for_a_blocked_statement()
    other.join(10)
    assert done.is_set()
    assert " isnard " in document(client)
    assert " cucuron " in document(client)


def wait_for_a_blocked_statement() -> None:
    from tests.waiting import wait_for

    def blocked() -> bool:
        with connection.cursor() as cursor:
            # Not pg_stat_activity, which a transaction reads once.
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return bool(cursor.fetchone()[0])

    wait_for(blocked, what="the other writer to wait")
