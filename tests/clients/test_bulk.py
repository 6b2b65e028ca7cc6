"""Many clients changed at once: told before, done once, undone within thirty days; the Corbeille and back."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils.timezone import now
from pytest_django.asserts import assertNumQueries

from clients.models import BulkChange, Client, HistoryEntry
from settings_app.models import Grouping, Status, User
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def claire() -> User:
    return make_user()


@pytest.fixture
def office(client: Browser, claire: User) -> Browser:
    client.force_login(claire)
    return client


def status(label: str) -> Status:
    return Status.objects.get(label=label)


def hidden_fields(page: str) -> dict[str, list[str]]:
    """What the confirmation's form sends back."""
    form = page[page.index("lot/appliquer") :]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value.replace("&amp;", "&"))
    return found


def change(browser: Browser, **sent: Any) -> BulkChange:
    page = browser.post("/clients/lot/", sent).content.decode()
    response = browser.post("/clients/lot/appliquer/", hidden_fields(page))
    assert response.status_code == 302
    return BulkChange.objects.latest("pk")


def test_the_confirmation_tells_and_changes_nothing(office: Browser) -> None:
    moving = [make_client() for _ in range(3)]
    same = make_client(status=status("Client"))
    sent = {"c": [*(c.pk for c in moving), same.pk, 999999], "change": f"status:{status('Client').pk}"}
    page = office.post("/clients/lot/", sent).content.decode()
    told = dict(re.findall(r'<dt>([^<]+)</dt><dd class="num">(\d+)</dd>', page))
    assert told == {
        "Fiches cochées": "4",
        "Seront modifiées": "3",
        "Prospect → Client": "3",
        "Ont déjà cette valeur": "1",
        "Introuvables ou non accessibles": "1",
    }
    assert Client.objects.filter(status=status("Client")).count() == 1
    assert not BulkChange.objects.exists()


def test_a_status_is_given_to_the_ticked_ones_with_their_history(office: Browser, claire: User) -> None:
    ticked, other = [make_client() for _ in range(2)], make_client()
    done = change(office, c=[c.pk for c in ticked], change=f"status:{status('Client').pk}")
    assert {c.status.label for c in Client.objects.filter(pk__in=[c.pk for c in ticked])} == {"Client"}
    assert Client.objects.get(pk=other.pk).status.label == "Prospect"
    assert (done.total, done.by, done.value_label) == (2, claire, "Client")
    entries = HistoryEntry.objects.filter(client__in=ticked)
    assert {(e.kind, e.text, e.by) for e in entries} == {("status", "Prospect → Client", claire)}
    assert entries.count() == 2


def test_all_that_the_filter_finds(office: Browser) -> None:
    grouping = Grouping.objects.create(label="Secteur Durance")
    for _ in range(45):
        make_client(last_name="Isnard")
    make_client(last_name="Autre")
    make_client(last_name="Isnard", status=status("Corbeille"))
    done = change(office, tous="oui", filtre="q=isnard", change=f"grouping:{grouping.pk}")
    assert done.total == 45
    assert Client.objects.filter(grouping=grouping).count() == 45
    assert not HistoryEntry.objects.exists()
    done = change(office, tous="oui", filtre="q=isnard", change="grouping:aucun")
    assert (done.total, done.value) == (45, None)


def test_sent_twice_it_happens_once(office: Browser) -> None:
    client = make_client()
    page = office.post("/clients/lot/", {"c": client.pk, "change": f"status:{status('Client').pk}"}).content.decode()
    sent = hidden_fields(page)
    for _ in range(2):
        assert office.post("/clients/lot/appliquer/", sent).status_code == 302
    assert BulkChange.objects.count() == 1
    assert HistoryEntry.objects.count() == 1


def test_a_selection_that_moved_is_told_again(office: Browser) -> None:
    make_client(last_name="Isnard")
    sent = {"tous": "oui", "filtre": "q=isnard", "change": f"status:{status('Client').pk}"}
    page = office.post("/clients/lot/", sent).content.decode()
    late = make_client(last_name="Isnard")
    response = office.post("/clients/lot/appliquer/", hidden_fields(page))
    assert response.status_code == 409
    assert "rien n’a été modifié" in response.content.decode()
    assert Client.objects.get(pk=late.pk).status.label == "Prospect"
    response = office.post("/clients/lot/appliquer/", hidden_fields(response.content.decode()))
    assert response.status_code == 302
    assert BulkChange.objects.get().total == 2


def test_undo_restores_what_still_holds_the_value_and_tells_the_rest(office: Browser) -> None:
    clients = [
        make_client(last_name=f"Nom{n}", status=status(s))
        for n, s in enumerate(("Prospect", "Devis en cours", "Prospect"))
    ]
    done = change(office, c=[c.pk for c in clients], change=f"status:{status('Client').pk}")
    Client.objects.filter(pk=clients[2].pk).update(status=status("Client archivé"))
    for _ in range(2):
        response = office.post(f"/clients/lots/{done.pk}/annuler/", follow=True)
    page = response.content.decode()
    labels = list(Client.objects.order_by("pk").values_list("status__label", flat=True))
    assert labels == ["Prospect", "Devis en cours", "Client archivé"]
    assert "NOM2" in page
    assert "NOM1" not in page
    assert HistoryEntry.objects.filter(client=clients[0]).count() == 2


def test_the_notice_undoes_in_one_click_and_comes_back(office: Browser) -> None:
    ticked = [make_client(last_name=f"Isnard{number}") for number in range(2)]
    sent = {"c": [c.pk for c in ticked], "filtre": "q=isnard", "change": f"status:{status('Client').pk}"}
    page = office.post("/clients/lot/", sent).content.decode()
    page = office.post("/clients/lot/appliquer/", hidden_fields(page), follow=True).content.decode()
    done = BulkChange.objects.get()
    notice = page.split('id="toasts"')[1].split("</form>")[0]
    assert "2\u00a0fiches modifiées." in notice
    assert f'<form method="post" action="/clients/lots/{done.pk}/annuler/">' in notice
    assert 'name="csrfmiddlewaretoken"' in notice
    back = re.findall(r'name="next" value="([^"]*)"', notice)[0]
    assert office.post(f"/clients/lots/{done.pk}/annuler/", {"next": back})["Location"] == "/clients/?q=isnard"
    assert set(Client.objects.values_list("status__label", flat=True)) == {"Prospect"}
    away = office.post(f"/clients/lots/{done.pk}/annuler/", {"next": "https://ailleurs.fr/"})
    assert away["Location"] == f"/clients/lots/{done.pk}/"


def test_undo_is_for_thirty_days(office: Browser) -> None:
    client = make_client()
    done = change(office, c=client.pk, change=f"status:{status('Client').pk}")
    BulkChange.objects.filter(pk=done.pk).update(at=now() - timedelta(days=31))
    assert office.post(f"/clients/lots/{done.pk}/annuler/").status_code == 409
    assert "Annuler cette modification" not in office.get(f"/clients/lots/{done.pk}/").content.decode()
    assert Client.objects.get(pk=client.pk).status.label == "Client"


def test_a_previous_value_that_is_gone_leaves_the_client_alone(office: Browser) -> None:
    old, new = Grouping.objects.create(label="Ancien"), Grouping.objects.create(label="Nouveau")
    client = make_client(grouping=old)
    done = change(office, c=client.pk, change=f"grouping:{new.pk}")
    old.delete()
    office.post(f"/clients/lots/{done.pk}/annuler/")
    assert Client.objects.get(pk=client.pk).grouping == new


def test_a_previous_value_that_was_merged_is_followed(office: Browser) -> None:
    from settings_app.reference.actions import merge
    from settings_app.reference.catalogue import TABLES

    old, into, new = (Grouping.objects.create(label=label) for label in ("Ancien", "Repris", "Nouveau"))
    client = make_client(grouping=old)
    done = change(office, c=client.pk, change=f"grouping:{new.pk}")
    merge(TABLES["regroupements"], old.pk, into.pk)
    office.post(f"/clients/lots/{done.pk}/annuler/")
    assert Client.objects.get(pk=client.pk).grouping == into


@pytest.mark.parametrize(
    "sent",
    [{}, {"change": "status:1"}, {"c": "1"}, {"c": "x", "change": "status:1"}, {"tous": "oui", "change": "iban:1"}],
)
def test_nothing_ticked_or_nothing_chosen_comes_back_to_the_list(office: Browser, sent: dict[str, str]) -> None:
    make_client()
    for path in ("/clients/lot/", "/clients/lot/appliquer/"):
        assert office.post(path, sent)["Location"] == "/clients/"
    assert not BulkChange.objects.exists()


@pytest.mark.parametrize(
    "value", ["status:999999", "status:aucun", "status:99999999999999999999", "status:é", "followed_by:0"]
)
def test_a_value_that_is_not_offered_is_refused(office: Browser, value: str) -> None:
    client = make_client()
    assert office.post("/clients/lot/", {"c": client.pk, "change": value})["Location"] == "/clients/"


def test_who_may_not_see_may_not_change(office: Browser, client: Browser) -> None:
    restricted = Status.objects.create(label="Confidentiel", is_restricted=True)
    hidden, here = make_client(status=restricted), make_client()
    trace = change(office, c=here.pk, change=f"status:{restricted.pk}")
    change(office, c=here.pk, change=f"status:{status('Prospect').pk}")
    client.force_login(make_user("Commercial"))
    assert client.post("/clients/lot/", {"c": here.pk, "change": f"status:{restricted.pk}"}).status_code == 302
    done = change(client, c=[hidden.pk, here.pk], change=f"status:{status('Client').pk}")
    assert done.total == 1
    assert Client.objects.get(pk=hidden.pk).status == restricted
    assert client.get(f"/clients/lots/{trace.pk}/").status_code == 404
    assert client.post(f"/clients/lots/{trace.pk}/annuler/").status_code == 404
    assert "Confidentiel" not in client.get("/clients/lots/").content.decode()
    client.force_login(make_user("Technicien"))
    assert client.post("/clients/lot/", {"c": here.pk, "change": "grouping:aucun"}).status_code == 403
    assert "data-pick" not in client.get("/clients/").content.decode()


def test_it_costs_the_same_for_3_and_for_40(office: Browser) -> None:
    def cost(count: int) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        keys = [make_client().pk for _ in range(count)]
        page = office.post("/clients/lot/", {"c": keys, "change": f"status:{status('Client').pk}"}).content.decode()
        with CaptureQueriesContext(connection) as captured:
            office.post("/clients/lot/appliquer/", hidden_fields(page))
        return len(captured)

    assert cost(3) == cost(40)


def test_the_corbeille_hides_a_client_and_gives_him_back(office: Browser, claire: User) -> None:
    client = make_client(last_name="Isnard")
    page = office.post("/clients/lot/", {"c": client.pk, "change": f"status:{status('Corbeille').pk}"}).content.decode()
    assert "est un statut de la Corbeille" in page
    office.post("/clients/lot/appliquer/", hidden_fields(page))
    for path in ("/clients/", "/clients/?q=isnard", "/recherche/?q=isnard", "/"):
        assert "ISNARD" not in office.get(path).content.decode().replace("Rien ne correspond", "")
    assert "0\u00a0client" in office.get("/clients/nombre/").content.decode()
    assert "ISNARD" in office.get("/clients/corbeille/").content.decode()
    address = f"/clients/{client.pk}/restaurer/"
    for wrong in ("", "x", str(status("Corbeille").pk), "999999"):
        assert office.post(address, {"statut": wrong}).status_code == 422
    assert office.post(address, {"statut": status("Client").pk})["Location"] == "/clients/corbeille/"
    assert "La Corbeille est vide." in office.get("/clients/corbeille/").content.decode()
    assert "ISNARD" in office.get("/clients/").content.decode()
    last = HistoryEntry.objects.filter(client=client).first()
    assert last is not None
    assert (last.text, last.by) == ("Corbeille → Client", claire)
    assert office.post(address, {"statut": status("Prospect").pk}).status_code == 409


def test_the_corbeille_pages_and_costs_the_same(office: Browser) -> None:
    for wanted in (3, 45):
        while Client.objects.count() < wanted:
            make_client(status=status("Corbeille"))
        with assertNumQueries(5):
            page = office.get("/clients/corbeille/").content.decode()
    assert page.count("/restaurer/") == 40
    assert 'rel="next"' in page


def test_a_token_of_somebody_else_is_refused(office: Browser, client: Browser) -> None:
    token = str(uuid4())
    row = make_client()
    sent = {"c": row.pk, "change": f"status:{status('Client').pk}", "expected": "1", "token": token}
    assert office.post("/clients/lot/appliquer/", sent).status_code == 302
    client.force_login(make_user())
    assert client.post("/clients/lot/appliquer/", sent).status_code == 409
