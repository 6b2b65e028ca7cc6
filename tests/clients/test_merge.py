"""Two records of one client made one, by the real door; and parted again within thirty days (CLI-32)."""

import re
import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.utils.timezone import now

from clients.actions.consents import record, refuse_by_recipient, states
from clients.actions.merges import merge as merge_action
from clients.merging import CodeUser, code_users
from clients.models import (
    Address,
    Answer,
    Channel,
    Client,
    Consent,
    Contact,
    CustomQuestion,
    Equipment,
    Folder,
    FollowUp,
    HistoryEntry,
    Installation,
    Kind,
    Merge,
    StoredFile,
)
from settings_app.models import AddressType, Grouping, Status, User
from tests.factories import make_address, make_client, make_file, make_user

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


def form_of(page: str) -> dict[str, str]:
    """What the comparison's form sends when nothing is touched."""
    form = page[page.index('name="avec"') - 30 :]
    hidden = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', form))
    ticked = dict(re.findall(r'type="radio" name="([\w-]+)" value="(\w+)" checked', form))
    return hidden | ticked


def compare(browser: Browser, kept: Client, absorbed: Client) -> dict[str, str]:
    response = browser.get(f"/clients/{kept.pk}/fusionner/?avec={absorbed.pk}")
    assert response.status_code == 200
    return form_of(response.content.decode())


def merge(browser: Browser, kept: Client, absorbed: Client, **choices: str) -> Merge:
    sent = compare(browser, kept, absorbed) | {f"v-{name}": value for name, value in choices.items()}
    response = browser.post(f"/clients/{kept.pk}/fusionner/", sent)
    assert response.status_code == 302, response.content.decode()
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    return Merge.objects.latest("pk")


def undo(browser: Browser, done: Merge) -> Merge:
    assert browser.post(f"/clients/fusions/{done.pk}/annuler/").status_code == 302
    done.refresh_from_db()
    return done


def is_found(browser: Browser, typed: str, client: Client) -> bool:
    """Alone, a hit opens by itself (SEA-03)."""
    response = browser.get("/recherche/", {"q": typed})
    address = f"/clients/{client.pk}/"
    return response.get("Location") == address or address in response.content.decode()


def rows_of(client: Client) -> dict[str, Any]:
    """Everything that names a client, as values: two equal pictures mean that nothing moved or changed."""
    tables = (Address, Contact, Installation, Answer, FollowUp, StoredFile)
    skipped = {"version", "client_id"}
    found: dict[str, Any] = {}
    for table in tables:
        rows = table.objects.filter(client=client).order_by("pk").values()
        found[table.__name__] = [{k: v for k, v in row.items() if k not in skipped} for row in rows]
    found["notes"] = list(client.history.filter(kind="note").order_by("pk").values_list("pk", "text"))
    found["referred"] = sorted(Client.objects.filter(referrer=client).values_list("pk", flat=True))
    return found


def values_of(client: Client) -> dict[str, Any]:
    row = Client.objects.get(pk=client.pk)
    skipped = {"version", "updated_at", "search_name", "sort_name"}
    return {f.attname: getattr(row, f.attname) for f in Client._meta.concrete_fields if f.attname not in skipped}


def full_client(by: User, **values: Any) -> Client:
    """A client with one row of everything that can name him."""
    client = make_client(**values)
    address = make_address(client=client, is_default=True, street=f"{client.pk} chemin des Vignes")
    Contact.objects.create(client=client, last_name=f"Roux{client.pk}", is_main=True, emails=["roux@exemple.fr"])
    pool = Installation.objects.create(client=client, name=f"Piscine {client.pk}", address=address)
    Equipment.objects.create(installation=pool, label="Pompe")
    question, _ = CustomQuestion.objects.get_or_create(label="Animaux ?")
    Answer.objects.create(client=client, question=question, value=f"chien {client.pk}")
    FollowUp.objects.create(client=client, text="Rappeler", assigned_to=by, created_by=by)
    make_file(client, folder="photos", by=by)
    folder = Folder.objects.create(client=client, name="Plans")
    make_file(client, folder=str(folder.pk), by=by)
    HistoryEntry.objects.create(client=client, kind="note", text=f"Note de {client.pk}", by=by)
    make_client(is_referred=True, referrer=client, referrer_name=str(client))
    return client


# ---- what moves -----------------------------------------------------------------------------------------------


@pytest.mark.req("CLI-32")
def test_everything_of_the_absorbed_goes_over(office: Browser, claire: User) -> None:
    kept, absorbed = full_client(claire), full_client(claire)
    theirs = rows_of(absorbed)
    referred = theirs["referred"]
    merge(office, kept, absorbed)
    for table in (Address, Contact, Installation, FollowUp, StoredFile):
        keys = {row["id"] for row in theirs[table.__name__]}
        held = set(table.objects.filter(client=kept).values_list("pk", flat=True))
        assert keys
        assert keys <= held, table
        assert not table.objects.filter(client=absorbed).exists(), table
    assert {text for _, text in kept.history.filter(kind="note").values_list("pk", "text")} == {
        f"Note de {kept.pk}",
        f"Note de {absorbed.pk}",
    }
    assert set(Client.objects.filter(referrer=kept).values_list("pk", flat=True)) >= set(referred)
    assert Equipment.objects.filter(installation__client=kept).count() == 2
    assert absorbed.status == status("Corbeille")
    assert absorbed.merged_into == kept


def test_the_comparison_tells_and_changes_nothing(office: Browser, claire: User) -> None:
    kept, absorbed = full_client(claire, mobile_1="+33639981401"), full_client(claire, mobile_1="+33639981402")
    before = rows_of(kept), rows_of(absorbed), values_of(kept), values_of(absorbed)
    page = office.get(f"/clients/{kept.pk}/fusionner/?avec={absorbed.pk}").content.decode()
    for told in (
        "06\u00a039\u00a098\u00a014\u00a001",
        "06\u00a039\u00a098\u00a014\u00a002",
        "1\u00a0adresse",
        "1\u00a0contact",
        "1\u00a0ouvrage",
        "1\u00a0action",
    ):
        assert told in page
    assert "2\u00a0documents" in page
    assert (rows_of(kept), rows_of(absorbed), values_of(kept), values_of(absorbed)) == before
    assert not Merge.objects.exists()


def test_one_default_address_per_type_and_one_main_contact_remain(office: Browser, claire: User) -> None:
    kept, absorbed = full_client(claire), full_client(claire)
    mine = kept.addresses.get(), kept.contacts.get()
    delivery = make_address(
        client=absorbed, type=AddressType.objects.get(code="livraison"), street="4 quai du Port", is_default=True
    )
    merge(office, kept, absorbed)
    assert kept.addresses.get(type__code="correspondance", is_default=True) == mine[0]
    assert kept.addresses.get(type__code="livraison", is_default=True) == delivery
    assert kept.contacts.get(is_main=True) == mine[1]


def test_what_the_kept_record_has_already_is_not_doubled(office: Browser) -> None:
    kept, absorbed = make_client(), make_client()
    for client in (kept, absorbed):
        make_address(client=client, street="210 Route de Grambois" if client == kept else "210 route de GRAMBOIS")
        Contact.objects.create(client=client, last_name="Lévy", emails=["levy@exemple.fr"], phones=["+33639981410"])
    other = Contact.objects.create(client=absorbed, last_name="Lévy", emails=["autre@exemple.fr"])
    merge(office, kept, absorbed)
    assert kept.addresses.count() == 1
    assert {contact.pk for contact in kept.contacts.all()} == {kept.contacts.earliest("pk").pk, other.pk}


def test_a_like_address_that_an_ouvrage_names_comes_along(office: Browser) -> None:
    kept, absorbed = make_client(), make_client()
    make_address(client=kept)
    place = make_address(client=absorbed)
    pool = Installation.objects.create(client=absorbed, name="Piscine", address=place)
    merge(office, kept, absorbed)
    pool.refresh_from_db()
    assert (pool.client, pool.address) == (kept, place)
    assert Address.objects.get(pk=place.pk).client == kept


def test_one_answer_per_question_the_kept_record_s(office: Browser) -> None:
    kept, absorbed = make_client(), make_client()
    both = CustomQuestion.objects.create(label="Volume du bassin")
    alone = CustomQuestion.objects.create(label="Accès camion")
    Answer.objects.create(client=kept, question=both, value="60 m³")
    Answer.objects.create(client=absorbed, question=both, value="40 m³")
    Answer.objects.create(client=absorbed, question=alone, value="difficile")
    merge(office, kept, absorbed)
    held = dict(kept.answers.values_list("question__label", "value"))
    assert held == {"Volume du bassin": "60 m³", "Accès camion": "difficile"}


def test_files_go_into_the_folder_of_the_same_name(office: Browser, claire: User) -> None:
    kept, absorbed = make_client(), make_client()
    make_file(kept, folder="photos", by=claire)
    mine = Folder.objects.create(client=kept, name="plans")
    theirs = Folder.objects.create(client=absorbed, name="Plans")
    inner = Folder.objects.create(client=absorbed, name="Coupes", parent=theirs)
    photo = make_file(absorbed, folder="photos", by=claire)
    plan = make_file(absorbed, folder=str(theirs.pk), by=claire)
    cut = make_file(absorbed, folder=str(inner.pk), by=claire)
    loose = make_file(absorbed, by=claire)
    merge(office, kept, absorbed)
    for row in (photo, plan, cut, loose):
        row.refresh_from_db()
        assert row.client == kept
    assert photo.folder == Folder.objects.get(client=kept, system="photos")
    assert plan.folder == mine
    assert cut.folder
    assert cut.folder.parent == mine
    assert cut.folder.name == "Coupes"
    assert loose.folder is None
    assert office.get(f"/clients/{kept.pk}/documents/{photo.pk}/").status_code == 200


# ---- which values stay ----------------------------------------------------------------------------------------


def test_blanks_are_filled_and_nothing_is_replaced_unasked(office: Browser) -> None:
    kept = make_client(last_name="Martin", first_name="Zoé", email="zoe@exemple.fr", observation="Portail vert.")
    absorbed = make_client(
        last_name="Marttin", first_name="Zoé", birth_name="Pons", observation="Chien.", grouping=_grouping("Salon 2026")
    )
    merge(office, kept, absorbed)
    assert (kept.last_name, kept.birth_name, kept.email) == ("Martin", "Pons", "zoe@exemple.fr")
    assert kept.observation == "Portail vert.\n\nChien."
    assert kept.grouping == _grouping("Salon 2026")
    assert absorbed.last_name == "Marttin"


def test_a_value_is_taken_from_the_absorbed_record_when_asked(office: Browser) -> None:
    kept = make_client(last_name="Martin", observation="A", finance_comment="Mauvais payeur", is_blocked=True)
    absorbed = make_client(last_name="Marttin", observation="B", finance_comment="Soldé")
    merge(office, kept, absorbed, last_name="absorbed", observation="absorbed", finance_comment="kept")
    assert (kept.last_name, kept.observation, kept.finance_comment) == ("Marttin", "B", "Mauvais payeur")
    assert kept.is_blocked


def test_a_block_on_either_record_blocks_with_its_reason(office: Browser) -> None:
    kept = make_client(finance_comment="")
    absorbed = make_client(is_blocked=True, finance_comment="Impayé de 2024")
    merge(office, kept, absorbed)
    assert (kept.is_blocked, kept.finance_comment) == (True, "Impayé de 2024")


def test_numbers_find_a_free_column_then_a_contact(office: Browser) -> None:
    kept = make_client(mobile_1="+33639981401", phone_1="+33199001201", phone_2="+33199001202", email="a@exemple.fr")
    absorbed = make_client(
        last_name="Petit",
        first_name="Luc",
        mobile_1="+33639981402",
        phone_1="+33199001203",
        email="B@exemple.fr",
    )
    merge(office, kept, absorbed)
    assert (kept.mobile_1, kept.mobile_2) == ("+33639981401", "+33639981402")
    made = kept.contacts.get()
    assert (str(made), made.phones, made.emails) == ("Luc Petit", ["+33199001203"], ["b@exemple.fr"])
    assert is_found(office, "b@exemple.fr", kept)


def test_one_does_not_bring_oneself(office: Browser) -> None:
    absorbed = make_client()
    kept = make_client(is_referred=True, referrer=absorbed, referrer_name=str(absorbed), referral_amount=100)
    done = merge(office, kept, absorbed)
    assert (kept.is_referred, kept.referrer, kept.referral_amount) == (False, None, None)
    undo(office, done)
    kept.refresh_from_db()
    assert (kept.is_referred, kept.referrer, kept.referral_amount) == (True, absorbed, Decimal(100))


def test_a_company_and_a_person_become_one_company(office: Browser) -> None:
    kept = make_client(kind=Kind.PROFESSIONAL, company_name="Piscines du Luberon")
    absorbed = make_client(last_name="Durand", is_urssaf=True, wants_advance=True)
    merge(office, kept, absorbed)
    assert (kept.kind, kept.last_name, kept.is_urssaf) == (Kind.PROFESSIONAL, "Durand", False)


def test_bank_details_change_records_and_are_written_nowhere_else(office: Browser) -> None:
    french, belgian = "FR7630006000011234567890189", "BE68539007547034"
    kept, absorbed = make_client(iban=french, account_holder="A"), make_client(iban=belgian, account_holder="B")
    page = office.get(f"/clients/{kept.pk}/fusionner/?avec={absorbed.pk}").content.decode()
    assert french not in page
    assert belgian not in page
    done = merge(office, kept, absorbed, bank="absorbed")
    assert (kept.iban, absorbed.iban) == (belgian, french)
    assert belgian not in str(done.values)
    assert french not in str(done.values)
    undo(office, done)
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    assert (kept.iban, kept.account_holder, absorbed.iban, absorbed.account_holder) == (french, "A", belgian, "B")


def _grouping(label: str) -> Grouping:
    return Grouping.objects.get_or_create(label=label)[0]


# ---- the code ---------------------------------------------------------------------------------------------------


def test_the_other_code_stays_as_alias_found_and_taken(office: Browser) -> None:
    kept, absorbed = make_client(code="CLI-100"), make_client(code="CLI-200")
    merge(office, kept, absorbed)
    assert (kept.code, absorbed.code) == ("CLI-100", "CLI-200")
    for code in ("CLI-100", "cli200"):
        assert is_found(office, code, kept)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_client(code="cli-200")


def test_the_absorbed_code_is_taken_or_fills_a_blank(office: Browser) -> None:
    kept, absorbed, bare = make_client(code="CLI-100"), make_client(code="CLI-200"), make_client()
    done = merge(office, kept, absorbed, code="absorbed")
    assert (kept.code, absorbed.code) == ("CLI-200", "CLI-100")
    again = merge(office, bare, kept)
    assert (bare.code, kept.code) == ("CLI-200", "")
    for code in ("CLI-100", "CLI-200"):
        assert is_found(office, code, bare)
    undo(office, again)
    undo(office, done)
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    assert (kept.code, absorbed.code) == ("CLI-100", "CLI-200")
    assert is_found(office, "CLI-200", absorbed)
    assert not is_found(office, "CLI-200", kept)


@pytest.mark.parametrize(
    ("codes", "posted", "role", "answer"),
    [
        (("A-1", "B-1"), {0, 1}, "Bureau", 409),
        (("A-1", "B-1"), {0, 1}, "Administrateur", 302),
        (("A-1", "B-1"), {0}, "Bureau", 302),
        (("A-1", ""), {0, 1}, "Bureau", 302),
    ],
)
@pytest.mark.req("CLI-32")
def test_two_codes_under_which_invoices_were_posted(
    client: Browser, codes: tuple[str, str], posted: set[int], role: str, answer: int
) -> None:
    client.force_login(make_user(role))
    two = [make_client(code=code) for code in codes]
    keys = {two[place].pk for place in posted}
    code_users.add(CodeUser("planted", lambda key: key in keys))
    try:
        sent = compare(client, *two)
        response = client.post(f"/clients/{two[0].pk}/fusionner/", sent)
    finally:
        code_users.remove("planted")
    assert response.status_code == answer
    if answer == 409:
        assert "codes différents (A-1 et B-1)" in response.content.decode()
        assert not Merge.objects.exists()


# ---- consents ---------------------------------------------------------------------------------------------------

YES, NO, HIS_NO, SILENT = "yes", "no", "his no", ""


def say(client: Client, what: str, by: User, channel: Channel = Channel.SMS) -> None:
    if what in (YES, NO):
        record(client, channel=channel, yes=True, by=by)
    if what == NO:
        record(client, channel=channel, yes=False, by=by)
    if what == HIS_NO:
        refuse_by_recipient(client, channel=channel)


@pytest.mark.parametrize(
    ("mine", "theirs", "holds"),
    [
        (YES, NO, "refused"),
        (NO, YES, "refused"),
        (YES, HIS_NO, "refused"),
        (HIS_NO, YES, "refused"),
        (YES, YES, "accepted"),
        (YES, SILENT, "accepted"),
        (SILENT, YES, "accepted"),
        (SILENT, NO, "refused"),
    ],
)
@pytest.mark.req("CLI-32")
def test_the_stricter_consent_holds(office: Browser, claire: User, mine: str, theirs: str, holds: str) -> None:
    kept, absorbed = make_client(mobile_1="+33639981401"), make_client(mobile_1="+33639981401")
    say(kept, mine, claire)
    say(absorbed, theirs, claire)
    before = states(kept)
    done = merge(office, kept, absorbed)
    assert states(kept)[Channel.SMS, ""] == holds
    undo(office, done)
    if theirs == HIS_NO:
        # Whoever's record it came from, he does not want to be written to.
        assert states(kept)[Channel.SMS, ""] == "refused"
        assert "refusé par le destinataire" in office.get(f"/clients/fusions/{done.pk}/").content.decode()
    else:
        assert states(kept).get((Channel.SMS, ""), "unasked") == before.get((Channel.SMS, ""), "unasked")


def test_emailing_is_judged_per_address(office: Browser, claire: User) -> None:
    kept, absorbed = make_client(email="a@exemple.fr"), make_client(email="b@exemple.fr")
    say(kept, YES, claire, Channel.EMAIL)
    refuse_by_recipient(absorbed, channel=Channel.EMAIL)
    merge(office, kept, absorbed)
    held = states(kept)
    assert held[Channel.EMAIL, "a@exemple.fr"] == "accepted"
    assert held[Channel.EMAIL, "b@exemple.fr"] == "refused"
    line = Consent.objects.filter(client=kept, email="b@exemple.fr").latest("pk")
    assert line.source == Consent.Source.RECIPIENT


def test_who_withdraws_by_an_old_message_is_heard(office: Browser, claire: User) -> None:
    kept, absorbed = make_client(email="a@exemple.fr"), make_client(email="a@exemple.fr")
    say(kept, YES, claire, Channel.EMAIL)
    merge(office, kept, absorbed)
    refuse_by_recipient(absorbed, channel=Channel.EMAIL, email="a@exemple.fr")
    assert states(kept)[Channel.EMAIL, "a@exemple.fr"] == "refused"


# ---- once, and only what was seen -------------------------------------------------------------------------------


def test_sent_twice_it_happens_once(office: Browser, claire: User) -> None:
    kept, absorbed = full_client(claire), full_client(claire)
    sent = compare(office, kept, absorbed)
    answers = [office.post(f"/clients/{kept.pk}/fusionner/", sent) for _ in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, f"/clients/{kept.pk}/")] * 2
    assert Merge.objects.count() == 1


def test_a_record_that_changed_since_is_shown_again(office: Browser) -> None:
    kept, absorbed = make_client(), make_client(observation="Avant")
    sent = compare(office, kept, absorbed)
    Client.objects.filter(pk=absorbed.pk).update(observation="Après")
    response = office.post(f"/clients/{kept.pk}/fusionner/", sent)
    assert response.status_code == 409
    assert "a changé depuis" in response.content.decode()
    assert "Après" in response.content.decode()
    assert not Merge.objects.exists()
    again = office.post(f"/clients/{kept.pk}/fusionner/", form_of(response.content.decode()))
    assert again.status_code == 302


def test_not_with_itself_nor_twice(office: Browser) -> None:
    kept, absorbed, third = make_client(), make_client(), make_client()
    sent = compare(office, kept, kept)
    assert office.post(f"/clients/{kept.pk}/fusionner/", sent).status_code == 409
    merge(office, kept, absorbed)
    for one, other in ((third, absorbed), (absorbed, third)):
        sent = compare(office, one, other)
        assert office.post(f"/clients/{one.pk}/fusionner/", sent).status_code == 409
    assert Merge.objects.count() == 1


@pytest.mark.parametrize("typed", ["zzz", "-1", "99999999999999999999", "9999999"])
def test_nonsense_for_the_other_record(office: Browser, typed: str) -> None:
    kept = make_client()
    assert office.get(f"/clients/{kept.pk}/fusionner/", {"avec": typed}).status_code == 404
    assert office.post(f"/clients/{kept.pk}/fusionner/", {"avec": typed}).status_code == 404


def test_a_choice_that_is_none_keeps_what_there_is(office: Browser) -> None:
    kept, absorbed = make_client(last_name="Martin"), make_client(last_name="Marttin")
    merge(office, kept, absorbed, last_name="both", status="absorbed", kind="absorbed")
    assert (kept.last_name, kept.status.label) == ("Martin", "Prospect")


def test_a_blank_is_filled_whatever_is_posted(office: Browser) -> None:
    """Only blocks that both records fill are asked: nobody can post a value away."""
    kept, absorbed = make_client(), make_client(birth_name="Pons", observation="Chien.")
    merge(office, kept, absorbed, birth_name="kept", observation="kept")
    assert (kept.birth_name, kept.observation) == ("Pons", "Chien.")


@pytest.mark.parametrize("role", ["Commercial", "Technicien"])
def test_only_with_the_right(client: Browser, office: Browser, role: str) -> None:
    kept, absorbed = make_client(), make_client()
    done = merge(office, kept, absorbed)
    client.force_login(make_user(role))
    for path in (f"/clients/{kept.pk}/fusionner/", f"/clients/fusions/{done.pk}/"):
        assert client.get(path).status_code == 403
    assert client.post(f"/clients/fusions/{done.pk}/annuler/").status_code == 403


def test_a_record_that_one_may_not_see_is_not_there(client: Browser) -> None:
    user = make_user()
    user.groups.get().permissions.remove(user.groups.get().permissions.get(codename="see_restricted_clients"))
    client.force_login(User.objects.get(pk=user.pk))
    hidden = make_client(status=Status.objects.create(label="Dossier sensible", is_restricted=True))
    seen = make_client()
    assert client.get(f"/clients/{seen.pk}/fusionner/?avec={hidden.pk}").status_code == 404
    assert client.get(f"/clients/{hidden.pk}/fusionner/?avec={seen.pk}").status_code == 404
    assert client.post(f"/clients/{seen.pk}/fusionner/", {"avec": hidden.pk}).status_code == 404


def test_no_corbeille_to_go_to(office: Browser) -> None:
    kept, absorbed = make_client(), make_client()
    Status.objects.filter(is_trash=True).update(is_active=False)
    sent = compare(office, kept, absorbed)
    response = office.post(f"/clients/{kept.pk}/fusionner/", sent)
    assert response.status_code == 409
    assert "Corbeille" in response.content.decode()


# ---- afterwards -------------------------------------------------------------------------------------------------


def test_a_merged_record_is_closed(office: Browser, claire: User) -> None:
    kept, absorbed = make_client(), make_client()
    merge(office, kept, absorbed)
    before = rows_of(absorbed), values_of(absorbed)
    note = office.post(f"/clients/{absorbed.pk}/notes/", {"note": "Écrite dans un vieil onglet"})
    assert note.status_code == 409
    assert "fusionnée dans une autre" in note.content.decode()
    assert office.post(f"/clients/{absorbed.pk}/statut/", {"status": status("Client").pk}).status_code == 409
    restored = office.post(f"/clients/{absorbed.pk}/restaurer/", {"statut": status("Client").pk})
    assert restored.status_code == 409
    form = {"civility": absorbed.civility_id, "last_name": "Autre", "status": status("Client").pk, "origin": "1"}
    assert office.post(f"/clients/{absorbed.pk}/modifier/", form).status_code == 409
    assert office.get(f"/clients/{absorbed.pk}/modifier/").status_code == 409
    sent = {"c": [absorbed.pk], "change": f"status:{status('Client').pk}"}
    assert '<dt>Seront modifiées</dt><dd class="num">0</dd>' in office.post("/clients/lot/", sent).content.decode()
    assert (rows_of(absorbed), values_of(absorbed)) == before
    page = office.get(f"/clients/{absorbed.pk}/").content.decode()
    assert "Cette fiche a été fusionnée dans" in page
    assert f'href="/clients/{kept.pk}/"' in page


@pytest.mark.django_db(transaction=True)
def test_what_is_added_during_a_merge_is_refused_not_lost() -> None:
    claire = make_user()
    kept, absorbed = make_client(), make_client()
    outcome: list[str] = []

    def add() -> None:
        try:
            Installation.objects.create(client=absorbed, name="Ajouté pendant la fusion")
            outcome.append("added")
        except IntegrityError as error:
            outcome.append(str(error))
        finally:
            connection.close()

    thread = threading.Thread(target=add)
    with transaction.atomic():
        merge_action(
            kept.pk, absorbed.pk, by=claire, choices={}, seen=(kept.version, absorbed.version), token=str(uuid4())
        )
        thread.start()
        # It waits on the locked record: nothing comes before the merge is written.
        thread.join(timeout=0.3)
        assert outcome == []
    thread.join(timeout=10)
    assert "fusionnée dans une autre" in outcome[0]


def test_the_pages_lead_from_one_to_the_other(office: Browser) -> None:
    kept, absorbed = make_client(last_name="Vidal"), make_client(last_name="Vidale")
    done = merge(office, kept, absorbed)
    assert f"/clients/fusions/{done.pk}/" in office.get(f"/clients/{kept.pk}/").content.decode()
    trash = office.get("/clients/corbeille/").content.decode()
    assert "Fusionnée dans VIDAL" in trash
    assert f"/clients/{absorbed.pk}/restaurer/" not in trash
    history = office.get(f"/clients/{kept.pk}/historique/").content.decode()
    assert "Fiche absorbée" in history


def test_likely_twins_are_proposed_then_anybody_by_search(office: Browser) -> None:
    kept, twin = make_client(email="zoe@exemple.fr"), make_client(last_name="Jumelle", email="ZOE@exemple.fr")
    stranger = make_client(last_name="Quintefeuille")
    page = office.get(f"/clients/{kept.pk}/fusionner/").content.decode()
    assert f"?avec={twin.pk}" in page
    assert f"?avec={stranger.pk}" not in page
    page = office.get(f"/clients/{kept.pk}/fusionner/?q=quintefeuille").content.decode()
    assert f"?avec={stranger.pk}" in page
    assert f"?avec={twin.pk}" not in page


# ---- the undo ---------------------------------------------------------------------------------------------------


@pytest.mark.req("CLI-32")
def test_the_undo_gives_everything_back(office: Browser, claire: User) -> None:
    kept = full_client(claire, code="K-1", email="k@exemple.fr", observation="Un", phone_1="+33199001201")
    absorbed = full_client(
        claire, code="A-1", email="a@exemple.fr", observation="Deux", phone_1="+33199001202", birth_name="Pons"
    )
    make_file(absorbed, by=claire, folder=str(Folder.objects.create(client=absorbed, name="Devis").pk))
    folders = set(Folder.objects.filter(client=kept).values_list("pk", flat=True))
    before = rows_of(kept), rows_of(absorbed), values_of(kept), values_of(absorbed)
    done = merge(office, kept, absorbed, code="absorbed", email="absorbed")
    assert rows_of(kept) != before[0]
    done = undo(office, done)
    assert (rows_of(kept), rows_of(absorbed), values_of(kept), values_of(absorbed)) == before
    assert set(Folder.objects.filter(client=kept).values_list("pk", flat=True)) == folders
    assert done.undone_by == claire
    assert not done.rows.filter(is_left=True).exists()
    assert done.left == []
    assert "Tout est revenu à sa place." in office.get(f"/clients/fusions/{done.pk}/").content.decode()


@pytest.mark.req("CLI-32")
def test_what_was_changed_since_stays_and_is_listed(office: Browser, claire: User) -> None:
    kept, absorbed = full_client(claire), full_client(claire, birth_name="Pons")
    pool, contact = absorbed.installations.get(), absorbed.contacts.get()
    action = absorbed.follow_ups.get()
    done = merge(office, kept, absorbed)
    Contact.objects.filter(pk=contact.pk).update(job_title="Gérante")
    Client.objects.filter(pk=kept.pk).update(birth_name="Ponsard")
    FollowUp.objects.filter(pk=action.pk).delete()
    undo(office, done)
    contact.refresh_from_db()
    pool.refresh_from_db()
    kept.refresh_from_db()
    assert (contact.client, pool.client, kept.birth_name) == (kept, absorbed, "Ponsard")
    page = office.get(f"/clients/fusions/{done.pk}/").content.decode()
    assert f"Contact : Roux{absorbed.pk}" in page
    assert "Nom de naissance\u00a0: changé depuis la fusion" in page
    assert "Action : supprimé depuis" in page


def test_an_ouvrage_and_its_address_part_for_nobody(office: Browser, claire: User) -> None:
    kept, absorbed = full_client(claire), full_client(claire)
    pool, place = absorbed.installations.get(), absorbed.addresses.get()
    done = merge(office, kept, absorbed)
    Address.objects.filter(pk=place.pk).update(directions="Sonner deux fois")
    undo(office, done)
    pool.refresh_from_db()
    assert (pool.client, pool.address) == (kept, place)
    assert Address.objects.get(pk=place.pk).client == kept


def test_an_address_that_a_new_ouvrage_names_stays(office: Browser) -> None:
    kept, absorbed = make_client(), make_client()
    place = make_address(client=absorbed)
    done = merge(office, kept, absorbed)
    Installation.objects.create(client=kept, name="Construit depuis", address=place)
    undo(office, done)
    assert Address.objects.get(pk=place.pk).client == kept


def test_a_made_contact_that_was_filled_stays(office: Browser) -> None:
    kept, absorbed = make_client(email="a@exemple.fr"), make_client(email="b@exemple.fr")
    done = merge(office, kept, absorbed)
    Contact.objects.filter(client=kept).update(job_title="Voisine")
    undo(office, done)
    assert kept.contacts.get().job_title == "Voisine"


def test_values_that_no_longer_go_together_stay_and_are_told(office: Browser) -> None:
    kept, absorbed = make_client(), make_client(is_blocked=False, finance_comment="Voir le notaire")
    done = merge(office, kept, absorbed)
    Client.objects.filter(pk=kept.pk).update(is_blocked=True)
    done = undo(office, done)
    kept.refresh_from_db()
    assert (kept.is_blocked, kept.finance_comment) == (True, "Voir le notaire")
    assert done.left == ["Commentaire\u00a0: changé depuis la fusion"]


def test_too_late_twice_or_out_of_order(office: Browser) -> None:
    first, second, third = make_client(), make_client(), make_client()
    one = merge(office, second, first)
    other = merge(office, third, second)
    answer = office.post(f"/clients/fusions/{one.pk}/annuler/")
    assert answer.status_code == 409
    assert "annulez d’abord cette fusion-là" in answer.content.decode()
    undo(office, other)
    undo(office, one)
    at = Merge.objects.get(pk=one.pk).undone_at
    assert office.post(f"/clients/fusions/{one.pk}/annuler/").status_code == 302
    assert Merge.objects.get(pk=one.pk).undone_at == at
    late = merge(office, second, first)
    Merge.objects.filter(pk=late.pk).update(at=now() - timedelta(days=30, minutes=1))
    response = office.post(f"/clients/fusions/{late.pk}/annuler/")
    assert response.status_code == 409
    assert "plus de trente jours" in response.content.decode()
    assert "Annuler la fusion" not in office.get(f"/clients/fusions/{late.pk}/").content.decode()


def test_the_merge_is_in_the_audit_trail(office: Browser, claire: User) -> None:
    from settings_app.audit.queries import trail

    kept, absorbed = make_client(), make_client()
    done = merge(office, kept, absorbed)
    assert [(line.verb, line.actor) for line in trail(done)][-1] == ("create", claire)
