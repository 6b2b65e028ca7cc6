"""The client's page: status in two clicks, notes, actions, ouvrages, history; by the doors that the office uses."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.http import HttpRequest
from django.test import Client as Browser

from clients.access import own_clients
from clients.history import HistoryKind, history_kinds
from clients.models import Answer, Client, CustomQuestion, Equipment, FollowUp, HistoryEntry, Installation
from clients.tabs import ClientPanel, ClientTab, client_panels, client_tabs
from settings_app.models import Status, User
from settings_app.reference.actions import merge
from settings_app.reference.catalogue import TABLES
from tests.clients.test_bulk import change
from tests.clients.test_edit import opened, send
from tests.factories import make_address, make_client, make_file, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def nadia() -> User:
    return make_user(first_name="Nadia", last_name="Ferrand")


@pytest.fixture
def office(client: Browser, nadia: User) -> Browser:
    client.force_login(nadia)
    return client


@pytest.fixture
def fabre() -> Client:
    return make_client(last_name="Fabre")


def facts(client: Client) -> list[tuple[str, str]]:
    return list(client.history.order_by("pk").values_list("kind", "text"))


# ---- status -------------------------------------------------------------------------------------------------


@pytest.mark.req("PLA-02")
def test_the_status_changes_and_the_history_tells_it(office: Browser, nadia: User, fabre: Client) -> None:
    page = office.get(f"/clients/{fabre.pk}/").content.decode()
    new = Status.objects.get(label="En cours de chantier")
    assert f'name="status" value="{new.pk}"' in page
    page = office.post(f"/clients/{fabre.pk}/statut/", {"status": new.pk}, follow=True).content.decode()
    fabre.refresh_from_db()
    assert fabre.status == new
    assert "Prospect → En cours de chantier" in page
    entry = fabre.history.get()
    assert (entry.kind, entry.by) == ("status", nadia)


@pytest.mark.req("PLA-02")
def test_changed_in_the_form_it_is_told_too_and_unchanged_it_is_not(office: Browser, fabre: Client) -> None:
    other = Status.objects.get(label="Client")
    assert send(office, fabre, opened(office, fabre) | {"status": str(other.pk)})[0] == 302
    assert facts(fabre) == [("status", "Prospect → Client")]
    fabre.refresh_from_db()
    assert send(office, fabre, opened(office, fabre) | {"first_name": "Anne"})[0] == 302
    office.post(f"/clients/{fabre.pk}/statut/", {"status": other.pk})
    assert facts(fabre) == [("status", "Prospect → Client")]


@pytest.mark.parametrize("sent", ["", "0", "abc", "9" * 30, "²"])
def test_a_status_that_there_is_not_is_refused(office: Browser, fabre: Client, sent: str) -> None:
    response = office.post(f"/clients/{fabre.pk}/statut/", {"status": sent})
    assert response.status_code == 409
    assert "Ce statut n’existe plus" in response.content.decode()


@pytest.mark.req("CLI-34")
def test_a_restricted_status_is_given_only_by_who_holds_the_right(client: Browser, fabre: Client) -> None:
    hidden = Status.objects.create(label="Réservé", is_restricted=True)
    client.force_login(make_user("Commercial"))
    assert "Réservé" not in client.get(f"/clients/{fabre.pk}/").content.decode()
    assert client.post(f"/clients/{fabre.pk}/statut/", {"status": hidden.pk}).status_code == 409
    fabre.refresh_from_db()
    assert fabre.status.label == "Prospect"


def test_a_client_in_the_trash_says_how_to_take_him_back(office: Browser, fabre: Client) -> None:
    Client.objects.filter(pk=fabre.pk).update(status=Status.objects.get(is_trash=True))
    assert "Ce client est à la corbeille." in office.get(f"/clients/{fabre.pk}/").content.decode()


@pytest.fixture
def sensible() -> Status:
    return Status.objects.create(label="Dossier sensible", is_restricted=True)


def history_of(browser: Browser, fabre: Client) -> str:
    browser.get("/")  # the toasts of whoever wrote
    paths = ("", "historique/", "historique/?nature=status", "apercu/")
    return "".join(browser.get(f"/clients/{fabre.pk}/{path}").content.decode() for path in paths)


@pytest.mark.req("CLI-34")
def test_the_history_does_not_tell_the_name_of_a_restricted_status(
    office: Browser, client: Browser, fabre: Client, sensible: Status
) -> None:
    """By each door that writes such a line: the page, the form, many at once and back."""
    usual, other = Status.objects.get(label="Client"), Status.objects.get(label="Devis en cours")
    office.post(f"/clients/{fabre.pk}/statut/", {"status": sensible.pk})
    office.post(f"/clients/{fabre.pk}/statut/", {"status": usual.pk})
    assert send(office, fabre, opened(office, fabre) | {"status": str(sensible.pk)})[0] == 302
    done = change(office, c=fabre.pk, change=f"status:{other.pk}")
    office.post(f"/clients/lots/{done.pk}/annuler/")
    office.post(f"/clients/{fabre.pk}/statut/", {"status": usual.pk})
    office.post(f"/clients/{fabre.pk}/statut/", {"status": other.pk})
    assert len(facts(fabre)) == 7
    assert history_of(office, fabre).count("Dossier sensible") > 6
    for role in ("Commercial", "Technicien"):
        user = make_user(role)
        user.groups.get().permissions.add(Permission.objects.get(codename="see_all_clients"))
        client.force_login(user)
        told = history_of(client, fabre)
        assert "Dossier sensible" not in told
        assert "Client → Devis en cours" in told


@pytest.mark.req("CLI-34")
def test_a_status_restricted_later_is_hidden_backwards_and_other_lines_stay(
    office: Browser, client: Browser, fabre: Client
) -> None:
    usual, other = Status.objects.get(label="Client"), Status.objects.get(label="Devis en cours")
    for new in (usual, other, usual):
        office.post(f"/clients/{fabre.pk}/statut/", {"status": new.pk})
    office.post(f"/clients/{fabre.pk}/notes/", {"note": "Rappelée", "token": str(uuid4())})
    Status.objects.filter(pk=other.pk).update(is_restricted=True)
    client.force_login(make_user("Commercial"))
    told = history_of(client, fabre)
    assert "Devis en cours" not in told
    assert "Prospect → Client" in told
    assert "Rappelée" in told


@pytest.mark.req("CLI-34")
def test_merged_and_deleted_statuses_are_told_as_before(
    office: Browser, client: Browser, fabre: Client, sensible: Status
) -> None:
    old, new, gone = (Status.objects.create(label=label) for label in ("Ancien", "Nouveau", "Éphémère"))
    first, last, key = fabre.status_id, Status.objects.get(label="Client").pk, sensible.pk
    for status in (old, gone, sensible):
        office.post(f"/clients/{fabre.pk}/statut/", {"status": status.pk})
    office.post(f"/clients/{fabre.pk}/statut/", {"status": last})
    merge(TABLES["statuts"], old.pk, new.pk)
    gone.delete()
    sensible.delete()
    held = list(fabre.history.order_by("pk").values_list("statuses", flat=True))
    assert held == [[first, new.pk], [new.pk], [key], [key, last]]
    client.force_login(make_user("Commercial"))
    told = history_of(client, fabre)
    assert "Prospect → Ancien" in told
    assert "Ancien → Éphémère" in told
    # Gone, and its name still not for everybody.
    assert "Dossier sensible" not in told


@pytest.mark.req("CLI-34")
def test_preferences_do_not_offer_a_restricted_status(client: Browser, nadia: User, sensible: Status) -> None:
    for user in (make_user("Commercial"), nadia):
        client.force_login(user)
        assert "Dossier sensible" not in client.get("/preferences/").content.decode()


# ---- notes and actions --------------------------------------------------------------------------------------


def test_a_note_is_added_once_however_often_it_is_sent(office: Browser, nadia: User, fabre: Client) -> None:
    sent = {"note": "Préfère être jointe après 17 h <b>", "token": str(uuid4())}
    for _ in range(2):
        page = office.post(f"/clients/{fabre.pk}/notes/", sent, follow=True).content.decode()
    assert facts(fabre) == [("note", "Préfère être jointe après 17 h <b>")]
    assert "Préfère être jointe après 17 h &lt;b&gt;" in page


def test_an_empty_note_is_no_note_and_one_too_long_comes_back(office: Browser, fabre: Client) -> None:
    assert office.post(f"/clients/{fabre.pk}/notes/", {"note": "  "}).status_code == 302
    response = office.post(f"/clients/{fabre.pk}/notes/", {"note": "é" * 10_001})
    assert response.status_code == 422
    assert "é" * 10_001 in response.content.decode()
    assert facts(fabre) == []


def test_an_action_has_a_day_somebody_who_does_it_and_others_who_see_it(
    office: Browser, nadia: User, fabre: Client
) -> None:
    karim, julien = make_user(last_name="Benali"), make_user(last_name="Roux")
    sent = {
        "text": "Envoyer le devis de l’abri",
        "alert_on": "1/12/2026",
        "assigned_to": karim.pk,
        "shared_with": [julien.pk],
        "token": str(uuid4()),
    }
    for _ in range(2):
        assert office.post(f"/clients/{fabre.pk}/actions/", sent).status_code == 302
    row = FollowUp.objects.get()
    assert (row.alert_on, row.assigned_to, list(row.shared_with.all())) == (date(2026, 12, 1), karim, [julien])
    assert facts(fabre) == [
        ("action", "À faire par Claire Benali, pour le 01/12/2026\u00a0: Envoyer le devis de l’abri")
    ]
    page = office.get(f"/clients/{fabre.pk}/").content.decode()
    assert "Envoyer le devis de l’abri" in page
    assert "01/12/2026" in page


def test_an_action_is_ticked_and_unticked(office: Browser, nadia: User, fabre: Client) -> None:
    row = FollowUp.objects.create(client=fabre, text="Rappeler", assigned_to=nadia, created_by=nadia)
    where = f"/clients/{fabre.pk}/actions/{row.pk}/"
    for _ in range(2):
        office.post(where)
    row.refresh_from_db()
    assert row.done_by == nadia
    office.post(where, {"done": "0"})
    again = FollowUp.objects.get()
    assert again.done_at is None
    assert again.done_by is None
    assert facts(fabre) == [("action", "Fait\u00a0: Rappeler"), ("action", "À refaire\u00a0: Rappeler")]


def test_an_action_of_yesterday_is_late_and_one_done_yesterday_is_gone(
    office: Browser, nadia: User, fabre: Client
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=2)
    FollowUp.objects.create(
        client=fabre, text="Rappeler", alert_on=yesterday.date(), assigned_to=nadia, created_by=nadia
    )
    FollowUp.objects.create(
        client=fabre, text="Fini", assigned_to=nadia, created_by=nadia, done_at=yesterday, done_by=nadia
    )
    page = office.get(f"/clients/{fabre.pk}/").content.decode()
    assert '<time class="num late"' in page
    assert "Fini" not in page


def test_a_wrong_action_keeps_what_was_typed(office: Browser, nadia: User, fabre: Client) -> None:
    sent = {"text": "Rappeler", "alert_on": "31/02/2026", "assigned_to": nadia.pk}
    response = office.post(f"/clients/{fabre.pk}/actions/", sent)
    assert response.status_code == 422
    assert 'value="Rappeler"' in response.content.decode()
    assert not FollowUp.objects.exists()


def test_another_client_s_action_is_refused(office: Browser, nadia: User, fabre: Client) -> None:
    row = FollowUp.objects.create(client=make_client(), text="Rappeler", assigned_to=nadia, created_by=nadia)
    assert office.post(f"/clients/{fabre.pk}/actions/{row.pk}/").status_code == 409
    row.refresh_from_db()
    assert row.done_at is None


# ---- ouvrages -----------------------------------------------------------------------------------------------


def test_an_ouvrage_is_defined_renamed_and_its_equipment_kept(office: Browser, fabre: Client) -> None:
    site = make_address(client=fabre)
    here = f"/clients/{fabre.pk}/ouvrages/"
    assert "Définir l’ouvrage" in office.get(here).content.decode()
    sent = {"name": "Piscine 8 × 4 m", "address": site.pk, "token": str(uuid4())}
    for _ in range(2):
        assert office.post(f"{here}ajouter/", sent).status_code == 302
    pool = Installation.objects.get()
    assert (pool.client, pool.address) == (fabre, site)
    pump = {
        "label": "Pompe à chaleur",
        "brand": "Thermeau",
        "model": "TX-9",
        "serial": "0A-77 1",
        "commissioned_on": "3/6/2024",
        "warranty_end_on": "3/6/2027",
    }
    assert office.post(f"{here}{pool.pk}/equipements/ajouter/", pump).status_code == 302
    piece = Equipment.objects.get()
    assert (piece.serial, piece.commissioned_on, piece.warranty_end_on) == (
        "0A-77 1",
        date(2024, 6, 3),
        date(2027, 6, 3),
    )
    form = office.get(f"{here}{pool.pk}/").context["form"]
    renamed = {"name": "Piscine 9 × 4 m", "address": site.pk, "notes": "", "seen": form.initial["seen"]}
    assert office.post(f"{here}{pool.pk}/", renamed).status_code == 302
    assert facts(fabre) == [
        ("installation", "Ouvrage ajouté\u00a0: Piscine 8 × 4 m"),
        ("installation", "Piscine 8 × 4 m\u00a0: Pompe à chaleur Thermeau TX-9 ajouté"),
        ("installation", "Ouvrage renommé\u00a0: Piscine 8 × 4 m → Piscine 9 × 4 m"),
    ]
    page = office.get(here).content.decode()
    assert "Piscine 9 × 4 m" in page
    assert "03/06/2027" in page


def test_a_warranty_does_not_end_before_it_began(office: Browser, fabre: Client) -> None:
    pool = Installation.objects.create(client=fabre, name="Piscine")
    sent = {"label": "Pompe", "commissioned_on": "3/6/2024", "warranty_end_on": "2/6/2024"}
    response = office.post(f"/clients/{fabre.pk}/ouvrages/{pool.pk}/equipements/ajouter/", sent)
    assert response.status_code == 422
    assert "La garantie ne finit pas avant la mise en service." in response.content.decode()
    assert not Equipment.objects.exists()


def test_an_ouvrage_with_equipment_stays_and_an_empty_one_goes(office: Browser, fabre: Client) -> None:
    pool = Installation.objects.create(client=fabre, name="Piscine")
    pump = Equipment.objects.create(installation=pool, label="Pompe")
    here = f"/clients/{fabre.pk}/ouvrages/{pool.pk}/"
    page = office.post(f"{here}supprimer/", follow=True).content.decode()
    assert "Cet ouvrage porte encore des équipements" in page
    office.post(f"{here}equipements/{pump.pk}/retirer/")
    office.post(f"{here}supprimer/")
    assert not Installation.objects.exists()


def test_an_address_of_another_client_is_no_place_for_an_ouvrage(office: Browser, fabre: Client) -> None:
    elsewhere = make_address()
    sent = {"name": "Piscine", "address": elsewhere.pk}
    assert office.post(f"/clients/{fabre.pk}/ouvrages/ajouter/", sent).status_code == 422


def test_an_ouvrage_of_another_client_does_not_exist_here(office: Browser, fabre: Client) -> None:
    pool = Installation.objects.create(client=make_client(), name="Piscine")
    pump = Equipment.objects.create(installation=pool, label="Pompe")
    for path in (f"{pool.pk}/", f"{pool.pk}/equipements/ajouter/", f"{pool.pk}/equipements/{pump.pk}/"):
        assert office.get(f"/clients/{fabre.pk}/ouvrages/{path}").status_code == 404


def test_two_people_on_one_ouvrage_see_both_names(office: Browser, fabre: Client) -> None:
    pool = Installation.objects.create(client=fabre, name="Piscine")
    here = f"/clients/{fabre.pk}/ouvrages/{pool.pk}/"
    seen = office.get(here).context["form"].initial["seen"]
    Installation.objects.filter(pk=pool.pk).update(name="Bassin")
    response = office.post(here, {"name": "Piscine à débordement", "address": "", "notes": "", "seen": seen})
    assert response.status_code == 409
    assert "Bassin" in response.content.decode()


# ---- history ------------------------------------------------------------------------------------------------


def test_the_history_comes_page_by_page_newest_first_and_by_kind(office: Browser, fabre: Client) -> None:
    for number in range(85):
        kind = "note" if number % 2 else "status"
        HistoryEntry.objects.create(client=fabre, kind=kind, text=f"fait n° {number}")
    HistoryEntry.objects.create(client=make_client(), kind="note", text="d’un autre")
    seen: list[str] = []
    address = f"/clients/{fabre.pk}/historique/"
    following = ""
    for _ in range(3):
        response = office.get(address, {"suite": following})
        seen += [told.entry.text for told in response.context["entries"]]
        following = response.context["following"]
    assert following == ""
    assert seen == [f"fait n° {number}" for number in range(84, -1, -1)]
    notes = office.get(address, {"nature": "note"}).context["entries"]
    assert {told.entry.kind for told in notes} == {"note"}
    assert len(notes) == 40


@pytest.mark.parametrize(
    "cursor", ["x", "2026-01-01", "2026-01-01T00:00:00+00:00~", "~5", "2026-13-01T00:00~1", "\x00"]
)
def test_a_meddled_cursor_gives_the_first_page(office: Browser, fabre: Client, cursor: str) -> None:
    HistoryEntry.objects.create(client=fabre, kind="note", text="là")
    response = office.get(f"/clients/{fabre.pk}/historique/", {"suite": cursor, "nature": "\x00"})
    assert len(response.context["entries"]) == 1


def test_a_kind_that_asks_for_a_right_is_hidden_from_the_others(client: Browser, fabre: Client) -> None:
    history_kinds.add(HistoryKind("price", "Prix", "cash", right="see_iban"))
    try:
        HistoryEntry.objects.create(client=fabre, kind="price", text="14 200 €")
        for role, sees in (("Bureau", True), ("Commercial", False)):
            client.force_login(make_user(role))
            for page in ("", "historique/"):
                assert ("14 200 €" in client.get(f"/clients/{fabre.pk}/{page}").content.decode()) is sees
    finally:
        history_kinds.remove("price")


# ---- what is shown ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "value", "shown"),
    [
        ("text", "Derrière", "Derrière"),
        ("number", "32.50", "32,5"),
        ("date", "2024-06-01", "01/06/2024"),
        ("yes_no", True, "Oui"),
        ("choice", "Gaz", "Gaz"),
        ("choices", ["Gaz", "Bois"], "Gaz, Bois"),
    ],
)
def test_answers_shown_on_the_home_read_as_people_write(
    office: Browser, fabre: Client, type_: str, value: Any, shown: str
) -> None:
    asked = CustomQuestion.objects.create(label="Chauffage", type=type_, on_home=True, options=["Gaz", "Bois"])
    hidden = CustomQuestion.objects.create(label="Secret", on_home=False)
    Answer.objects.create(client=fabre, question=asked, value=value)
    Answer.objects.create(client=fabre, question=hidden, value="x")
    page = office.get(f"/clients/{fabre.pk}/").content.decode()
    assert f"<dt>Chauffage</dt><dd>{shown}</dd>" in page
    assert "Secret" not in page


def test_rooms_add_tabs_and_panels_each_behind_its_right(client: Browser, fabre: Client) -> None:
    def words(_request: HttpRequest, shown: Client) -> dict[str, Any]:
        return {"entries": [], "name": shown.last_name}

    client_panels.add(ClientPanel("prices", "clients/client_log.html", words, right="see_iban"))
    client_tabs.add(ClientTab("Coffre", "clients:edit", 50, lambda _client, _user: 7, right="see_iban"))
    try:
        for role, status in (("Bureau", 200), ("Commercial", 404)):
            client.force_login(make_user(role))
            assert client.get(f"/clients/{fabre.pk}/panneau/prices/").status_code == status
            page = client.get(f"/clients/{fabre.pk}/").content.decode()
            assert ("panneau/prices/" in page) is (status == 200)
            assert ('Coffre <span class="count">7</span>' in page) is (status == 200)
    finally:
        client_panels.remove("prices")
        client_tabs.remove("clients:edit")


def test_coordinates_have_their_pictos(office: Browser) -> None:
    client = make_client(mobile_1="+33639981427", phone_1="+33199000012", email="fabre@exemple.fr")
    page = office.get(f"/clients/{client.pk}/").content.decode()
    assert 'href="tel:+33639981427"' in page
    assert 'href="sms:+33639981427"' in page
    assert 'href="sms:+33199000012"' not in page
    assert 'href="mailto:fabre@exemple.fr"' in page


def test_a_technician_reads_and_does_not_write(client: Browser, fabre: Client) -> None:
    def mine(_user: User) -> Q:
        return Q(pk=fabre.pk)

    own_clients.add(mine)
    try:
        client.force_login(make_user("Technicien"))
        page = client.get(f"/clients/{fabre.pk}/").content.decode()
        assert "Ajouter une note" not in page
        assert 'name="status"' not in page
        assert client.post(f"/clients/{fabre.pk}/notes/", {"note": "x"}).status_code == 403
    finally:
        own_clients.remove(mine.__qualname__)


def test_files_meant_for_the_home_are_there_for_who_may_see_them(client: Browser, fabre: Client) -> None:
    shown = make_file(fabre, name="plan.png", on_home=True)
    make_file(fabre, name="reste.png")
    make_file(fabre, name="secret.png", on_home=True, is_restricted=True)
    make_file(make_client(), name="autre.png", on_home=True)
    client.force_login(make_user("Commercial"))
    page = client.get(f"/clients/{fabre.pk}/").content.decode()
    assert f'href="/clients/{fabre.pk}/documents/{shown.pk}/"' in page
    for name in ("reste.png", "secret.png", "autre.png"):
        assert name not in page
