"""Sealed columns in the real database: saved untouched they stay, with a new key they are sealed anew."""

import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as house
from django.core import serializers
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from extrabat.lib.sealed import keys_can_seal
from settings_app.audit.queries import trail
from settings_app.users.links import one_time_path
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
IBAN = "FR7630006000011234567890189"


@pytest.fixture(autouse=True)
def _keys(settings: Any) -> None:
    settings.FIELD_KEYS = [f"old:{OLD}"]


def stored(column: str = "iban") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM clients_client ORDER BY id")
        return [token for (token,) in cursor.fetchall()]


def rotate(*arguments: str) -> str:
    out = StringIO()
    call_command("rotate_field_keys", *arguments, stdout=out)
    return out.getvalue()


def told(clients: int) -> str:
    return f"clients.Client: {clients} values sealed anew\nsettings_app.Company: 0 values sealed anew\n"


def test_a_client_saved_untouched_keeps_his_tokens_and_leaves_no_line() -> None:
    made = make_client(iban=IBAN, bic="AGRIFRPP")
    before = stored()
    again = Client.objects.get(pk=made.pk)
    assert again.iban == IBAN
    again.first_name = "Anne"
    again.save()
    assert stored() == before
    assert trail(again)[0].after == {"first_name": "Anne"}


def test_every_way_of_writing_seals() -> None:
    first, second = make_client(), make_client()
    Client.objects.filter(pk=first.pk).update(iban=IBAN)
    second.iban = IBAN
    Client.objects.bulk_update([second], ["iban"])
    assert [token.startswith("v1:old:gAAAA") for token in stored()] == [True, True]
    assert set(Client.objects.values_list("iban", flat=True)) == {IBAN}
    assert list(Client.objects.filter(bic=""))
    assert not Client.objects.filter(iban="").exists()


def test_a_row_read_before_a_rotation_and_saved_after_it_has_the_new_key(settings: Any) -> None:
    stale = Client.objects.get(pk=make_client(iban=IBAN).pk)
    settings.FIELD_KEYS = [f"new:{NEW}", f"old:{OLD}"]
    rotate()
    stale.save()
    assert stored()[0].startswith("v1:new:")


@pytest.mark.parametrize("batch", ["1", "2", "500"])
def test_every_value_is_sealed_with_the_first_key(settings: Any, batch: str) -> None:
    for number in range(3):
        make_client(iban=IBAN, bic="AGRIFRPP" if number else "")
    make_client()
    settings.FIELD_KEYS = [f"new:{NEW}", f"old:{OLD}"]
    kept = Client.objects.get(pk=make_client(iban="BE68539007547034").pk).iban
    said = rotate("--batch", batch)
    assert said == told(5)
    settings.FIELD_KEYS = [f"new:{NEW}"]
    assert list(Client.objects.order_by("pk").values_list("iban", flat=True)) == [IBAN, IBAN, IBAN, "", kept]
    assert list(Client.objects.order_by("pk").values_list("bic", flat=True)) == ["", "AGRIFRPP", "AGRIFRPP", "", ""]
    before = stored() + stored("bic")
    assert rotate() == told(0)
    assert stored() + stored("bic") == before


def test_the_trail_says_that_it_was_the_rotation(settings: Any) -> None:
    made = make_client(iban=IBAN)
    settings.FIELD_KEYS = [f"new:{NEW}", f"old:{OLD}"]
    rotate()
    line = trail(made)[0]
    assert (line.source, line.actor_id, line.after) == ("changement de clé", None, {"iban": "•••"})


def test_what_cannot_be_read_is_counted_and_the_rest_is_done(settings: Any) -> None:
    lost = make_client(iban=IBAN)
    before = stored()[0]
    settings.FIELD_KEYS = [f"mid:{OLD}"]
    make_client(iban=IBAN)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clients_client SET bic = 'AGRIFRPP' WHERE id = %s", [lost.pk])
    settings.FIELD_KEYS = [f"new:{NEW}", f"mid:{OLD}"]
    with pytest.raises(CommandError) as refused:
        rotate()
    said = str(refused.value)
    assert "FIELD_KEYS has no key old: what it sealed cannot be read (1)" in said
    assert "this text is not a sealed one (1)" in said
    assert "AGRI" not in said
    assert before[10:] not in said
    assert stored()[0] == before
    assert stored()[1].startswith("v1:new:")


@pytest.mark.parametrize("keys", [[], ["old:short"], [OLD]])
def test_the_deploy_check_refuses_keys_that_cannot_seal(settings: Any, keys: list[str]) -> None:
    assert keys_can_seal() == []
    settings.FIELD_KEYS = keys
    [found] = keys_can_seal()
    assert found.id == "extrabat.E003"
    assert OLD not in str(found)


@pytest.mark.django_db(transaction=True)
def test_check_deploy_asks_it(program_env: dict[str, str]) -> None:
    ran = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        env=program_env | {"FIELD_KEYS": ","},
        capture_output=True,
        text=True,
        check=False,
        cwd=house.BASE_DIR,
    )
    assert ran.returncode == 1
    assert "extrabat.E003" in ran.stderr


def test_a_dump_holds_no_clear_text_and_loads_again(tmp_path: Path) -> None:
    made = make_client(iban=IBAN)
    dump = tmp_path / "clients.json"
    call_command("dumpdata", "clients.client", output=str(dump))
    assert IBAN not in dump.read_text()
    assert "v1:old:" in dump.read_text()
    Client.objects.filter(pk=made.pk).update(iban="")
    for row in serializers.deserialize("json", dump.read_text()):
        row.save()
    assert Client.objects.get(pk=made.pk).iban == IBAN
    assert IBAN not in stored()[0]


def test_keys_change_while_everybody_works(settings: Any) -> None:
    """As docs/operations.md says: each reads the others at every step; a second run catches who came late."""
    both_old_first, both_new_first = [f"old:{OLD}", f"new:{NEW}"], [f"new:{NEW}", f"old:{OLD}"]
    made = make_client(iban=IBAN)
    settings.FIELD_KEYS = both_old_first
    second = make_client(iban="BE68539007547034")
    settings.FIELD_KEYS = both_new_first
    third = make_client(iban=IBAN)
    # A process that is not started again yet reads what the others seal.
    settings.FIELD_KEYS = both_old_first
    assert [Client.objects.get(pk=one.pk).iban for one in (made, second, third)] == [IBAN, "BE68539007547034", IBAN]
    settings.FIELD_KEYS = both_new_first
    assert rotate() == told(2)
    settings.FIELD_KEYS = both_old_first
    straggler = make_client(iban=IBAN)
    settings.FIELD_KEYS = both_new_first
    assert rotate() == told(1)
    assert rotate() == told(0)
    settings.FIELD_KEYS = [f"new:{NEW}"]
    assert [Client.objects.get(pk=one.pk).iban for one in (made, second, third, straggler)] == [
        IBAN,
        "BE68539007547034",
        IBAN,
        IBAN,
    ]


def test_who_is_signed_in_stays_so_while_the_secret_key_changes(client: Any, settings: Any) -> None:
    """The former key still opens sessions and links as long as it stands among SECRET_KEY_FALLBACKS."""
    user = make_user()
    client.force_login(user, backend="settings_app.users.backend.HouseBackend")
    link = reverse("welcome", args=one_time_path(make_user()))
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [former]
    assert client.get("/clients/").status_code == 200
    cache.clear()
    assert client.get("/clients/").status_code == 200
    assert Browser().get(link).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    settings.SECRET_KEY = "m" * 50
    assert client.get("/clients/").status_code == 302
    assert Browser().get(link).status_code != 200
