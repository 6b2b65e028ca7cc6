"""load_bench: a big company's clients, small here."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from clients.models import Address, Client, Consent, Contact, HistoryEntry
from clients.search import matching
from settings_app.models import AuditEntry

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def bench(*arguments: str) -> str:
    out = StringIO()
    call_command("load_bench", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_so_many_clients_with_what_hangs_on_them() -> None:
    said = bench("--clients", "500")
    assert Client.objects.count() == 500
    assert 900 <= Contact.objects.count() <= 1100
    assert 600 <= Address.objects.count() <= 700
    assert 200 <= HistoryEntry.objects.count() <= 400
    assert 200 <= Consent.objects.count() <= 300
    assert Contact.objects.filter(is_main=True).count() == Contact.objects.values("client").distinct().count()
    assert AuditEntry.objects.filter(model="clients.client").count() == 500
    for words in ("clients_client                    500 rows", "clients_contact ", "total "):
        assert words in said


def test_the_first_rows_are_always_the_same() -> None:
    bench("--clients", "30")
    first = list(Client.objects.order_by("pk")[:3])
    assert [(client.display_name, client.email) for client in first] == [
        ("ROUSSEAU Marie", "client.0@exemple.fr"),
        ("Hôtel Guitilon", "client.1@exemple.fr"),
        ("Domaine Pellirel", ""),
    ]


def test_they_are_found_as_people_type_them() -> None:
    bench("--clients", "500")
    assert {row.last_name for row in matching(Client.objects.all(), "lefev", "contient")} >= {"Lefèvre"}
    assert {row.last_name for row in matching(Client.objects.all(), "dupont", "contient")} >= {"Dupont"}
    assert Client.objects.values("last_name").distinct().count() > 200
    assert Address.objects.values("city_code").distinct().count() > 300
    assert Client.objects.filter(last_name__contains="-").exists()
    assert Client.objects.filter(last_name__startswith="de ").exists()


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_the_planner_knows_the_tables_afterwards() -> None:
    bench("--clients", "300")
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'clients_client'")
        assert cursor.fetchone() == (300,)


def test_it_stays_out_of_a_company_with_clients_and_of_production(settings: pytest.FixtureRequest) -> None:
    bench("--clients", "401")
    with pytest.raises(CommandError, match="401 clients already"):
        bench("--clients", "5")
    bench("--clients", "5", "--add")
    assert Client.objects.count() == 406
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="DEMO=1 only"):
        bench()
