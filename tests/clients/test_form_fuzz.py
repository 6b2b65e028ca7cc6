"""Nonsense in every field of the client's form: an answer each time, never a failure of ours, nothing half written.

FUZZ posts are sent, 150 unless the environment says otherwise (`make torture`: 2,000); FUZZ_SEED replays a run.
"""

import os
import random
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser

from clients.forms.rows import MOST_ROWS
from clients.models import Client, CustomQuestion
from settings_app.models import Civility
from tests.clients.test_edit import opened
from tests.factories import make_address, make_client, make_user

POSTS = int(os.environ.get("FUZZ", "150"))
SEED = int(os.environ.get("FUZZ_SEED", "20261125"))
NASTY = [
    *("", " ", "\u00a0", "0", "-1", "1e400", "NaN", "Infinity", "9" * 40, "99999999999999999999", "²", "٣", "１２"),
    *("\x00", "a\x00b", "\r\n", "\t", "\u202e", "\ufeff", "\ud800", "🏊" * 60, "x" * 300, "x" * 12_000, "é" * 201),
    *("<script>alert(1)</script>", "{{ 7*7 }}", "{% x %}", "'; DROP TABLE clients_client; --", "%s%n%d", "../../etc"),
    *("on", "True", "None", "null", "[]", "{}", '{"a": [1]}', "[[[]]]", "31/02/2024", "1/1/0001", "99/99/9999"),
    *(
        "a@b",
        "a@exemple.fr",
        "é@exemple.fr",
        "+33",
        "06 39 98 00 00",
        "+1",
        "00",
        "FR76",
        "FR00000000000",
        "1,5",
        "1 234,56 €",
    ),
    *("404833048", "40483304800022", "2A004", "99100", "particulier/avance", "professionnel/simplifie/is_urssaf"),
    *("48.5", "-91", "180,0000001", "avance", "professionnel", "vat", "address", "contact", "49", "51", "1000000"),
]


def nonsense(chance: random.Random) -> str:
    return chance.choice(NASTY) + (chance.choice(NASTY) if chance.random() < 0.2 else "")


def spoilt(values: dict[str, str], chance: random.Random) -> dict[str, str | list[str]]:
    """A form of which some fields hold nonsense, some are gone, some come twice."""
    sent: dict[str, str | list[str]] = dict(values)
    for name in chance.sample(sorted(values), chance.randint(1, min(8, len(values)))):
        fate = chance.random()
        if fate < 0.1:
            del sent[name]
        elif fate < 0.2:
            sent[name] = [nonsense(chance), nonsense(chance)]
        else:
            sent[name] = nonsense(chance)
    for name in ("type", "mode", "add", "propose", "turn"):
        if chance.random() < 0.08:
            sent[name] = nonsense(chance)
    return sent


@pytest.mark.django_db
def test_nonsense_is_answered_and_never_breaks(client: Browser) -> None:
    client.force_login(make_user())
    chance = random.Random(SEED)
    several = CustomQuestion.objects.create(label="Chauffage", type="choices", options=["Bois", "Gaz"])
    CustomQuestion.objects.create(label="Volume", type="number", for_professionals=True)
    record = make_client(is_urssaf=True, civility=Civility.objects.get(label="Mme"), is_referred=True)
    make_address(client=record)
    edited = {**opened(client, record), "contact-count": "1", "contact-0-last_name": "Vidal", "anyway": "1"}
    edited[f"question-{several.pk}"] = "Gaz"
    fresh = {**edited, "seen": "", "address-0-pk": "", "token": "x"}
    # What is spoilt was right.
    for where, values in ((f"/clients/{record.pk}/modifier/", edited), ("/clients/nouveau/", fresh)):
        assert client.post(where, values).status_code == 302
    answers = set()
    for number in range(POSTS):
        where, values = ((f"/clients/{record.pk}/modifier/", edited), ("/clients/nouveau/", fresh))[number % 2]
        sent = spoilt(values, chance)
        # A browser sends no lone surrogate; others may.
        body = urlencode(sent, doseq=True, errors="surrogatepass")
        response = client.post(where, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in (200, 302, 409, 422), (number, sent)
        answers.add(response.status_code)
        record.refresh_from_db()
        assert record.last_name or record.company_name
        assert record.addresses.count() <= MOST_ROWS
    assert {200, 302, 422} <= answers
    assert Client.objects.count() > 1
