"""Many rows at once: keys given beforehand, dates kept, triggers and generated columns as ever."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from clients.models import Client, Kind
from extrabat.lib.copying import Copier
from settings_app.models import AuditEntry, Civility, Status

pytestmark = pytest.mark.django_db
PAST = datetime(2024, 2, 29, 8, 30, tzinfo=UTC)


def draft(last_name: str, **values: object) -> Client:
    status, civility = Status.objects.get(label="Client"), Civility.objects.get(label="Mme")
    return Client(last_name=last_name, civility=civility, status=status, kind=Kind.INDIVIDUAL, **values)


def test_rows_are_written_with_their_keys_their_past_and_their_trail() -> None:
    rows = [draft("Lefèvre\tet \\N", created_at=PAST), draft("Œuvrard", iban="FR7699999841200000000137167")]
    copier = Copier("default")
    copier.give_keys(rows)
    rows[1].referrer_id, rows[1].is_referred = rows[0].pk, True
    copier.write(rows)
    first, second = Client.objects.order_by("pk")
    assert (first.pk, second.pk) == (rows[0].pk, rows[1].pk)
    assert (first.last_name, first.created_at, first.version) == ("Lefèvre\tet \\N", PAST, 1)
    assert first.updated_at.year >= 2026
    assert (second.referrer_id, second.iban) == (first.pk, "FR7699999841200000000137167")
    assert [row.last_name for row in Client.objects.filter(search_name__contains=" oeuvr")] == ["Œuvrard"]
    lines = AuditEntry.objects.filter(model="clients.client", verb="create")
    assert {line.object_key for line in lines} == {str(first.pk), str(second.pk)}
    assert copier.told["clients_client"][0] == 2


def test_what_a_rule_refuses_is_not_written() -> None:
    with pytest.raises(IntegrityError, match="client_has_a_name"):
        Copier("default").write([draft("Fabre"), draft("")])


def test_the_next_client_gets_the_next_key() -> None:
    Copier("default").write([draft("Fabre")])
    after = draft("Vial")
    after.save()
    assert after.pk == Client.objects.get(last_name="Fabre").pk + 1


def test_nothing_is_nothing() -> None:
    copier = Copier("default")
    copier.write([])
    copier.give_keys([])
    assert copier.told == {}
