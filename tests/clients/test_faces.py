"""Turning the form: one click, nothing lost, nothing written; what a face hides is never cleared."""

import re

import pytest
from django.db import connection
from django.test import Client as Browser

from clients.actions.consents import refuse_by_recipient
from clients.models import Address, Channel, Client, Consent, Contact, HistoryEntry
from settings_app.models import AuditEntry, Civility, Colour
from tests.clients.test_create import ADDRESS, posted
from tests.clients.test_edit import opened, send
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db
IBAN = "FR76 3000 6000 0112 3456 7890 189"


@pytest.fixture
def office(client: Browser) -> Browser:
    client.force_login(make_user())
    return client


@pytest.mark.req("CLI-03")
def test_a_value_typed_in_avance_survives_simplifie_and_is_saved(office: Browser) -> None:
    advanced = posted(sheet="particulier/avance", mode="simplifie", birth_name="Martin", birth_date="2/3/1980")
    page = office.post(ADDRESS, advanced).content.decode()
    assert not Client.objects.exists()
    assert '<input type="hidden" name="birth_name" value="Martin"' in page
    assert 'name="birth_date" value="2/3/1980"' in page
    office.post(ADDRESS, posted(birth_name="Martin", birth_date="2/3/1980"))
    made = Client.objects.get()
    assert (made.birth_name, str(made.birth_date)) == ("Martin", "1980-03-02")


@pytest.mark.req("CLI-05", "ADR-09")
def test_editing_in_simplifie_never_clears_what_it_hides(office: Browser) -> None:
    colour = Colour.objects.get(tint=6)
    client = make_client(birth_name="Martin", finance_comment="Payeur lent", is_blocked=True, colour=colour)
    make_address(client=client, number="210", latitude="43.700000", longitude="5.500000", city_code="84133")
    assert send(office, client, opened(office, client) | {"first_name": "Anne"})[0] == 302
    client.refresh_from_db()
    assert (client.birth_name, client.is_blocked, client.colour, client.first_name) == ("Martin", True, colour, "Anne")
    place = Address.objects.get()
    assert (place.number, str(place.latitude), place.city_code) == ("210", "43.700000", "84133")


@pytest.mark.req("CLI-08")
def test_forcing_the_switch_empties_the_civility(office: Browser) -> None:
    page = office.post(ADDRESS, posted(type="professionnel")).content.decode()
    civility = page.split('name="civility"')[1].split("</select>")[0]
    assert "selected" not in civility.replace('<option value="" selected>', "")


@pytest.mark.req("CLI-30")
def test_contacts_keep_several_addresses_and_phones(office: Browser) -> None:
    row = {"contact-count": "1", "contact-0-last_name": "Fabre", "contact-0-first_name": "Paul"}
    row |= {"contact-0-emails": "Paul@exemple.fr; p.fabre@exemple.fr", "contact-0-phones": "06 39 98 00 12, 0199000001"}
    assert office.post(ADDRESS, posted(**row)).status_code == 302
    contact = Contact.objects.get()
    assert contact.emails == ["paul@exemple.fr", "p.fabre@exemple.fr"]
    assert contact.phones == ["+33639980012", "+33199000001"]
    assert contact.is_main


@pytest.mark.req("ADR-03")
def test_the_first_address_of_a_type_is_its_default(office: Browser) -> None:
    rows = {"address-count": "2", "address-1-city": "Pertuis"}
    office.post(ADDRESS, posted(**rows))
    assert list(Address.objects.order_by("pk").values_list("is_default", flat=True)) == [True, False]
    assert Address.objects.earliest("pk").city_code == "84133"


def test_without_script_a_row_is_added_by_its_button(office: Browser) -> None:
    page = office.post(ADDRESS, posted(add="address")).content.decode()
    assert 'name="address-1-street"' in page
    assert re.search(r'name="address-count" value="2"', page)
    assert "210 route de Grambois" in page


@pytest.mark.req("CLI-16", "CLI-17")
def test_the_vat_number_is_that_of_the_siren(office: Browser) -> None:
    sarl = Civility.objects.get(label="SARL").pk
    wrong = posted(sheet="professionnel/avance", civility=sarl, company_name="X", siret="552081317")
    page = office.post(ADDRESS, wrong | {"vat_number": "FR83404833048"}).content.decode()
    assert "attendu FR03552081317" in page
    assert office.post(ADDRESS, wrong | {"vat_number": "FR03552081317"}).status_code == 302


def test_a_block_needs_its_reason_and_a_code_is_one_s_own(office: Browser) -> None:
    make_client(last_name="Premier", code="C12")
    page = office.post(ADDRESS, posted(code="c12", is_blocked="on")).content.decode()
    assert "Ce code est celui de PREMIER" in page
    assert "Dites pourquoi la gestion commerciale est bloquée." in page


def test_the_iban_is_sealed_and_stays_out_of_the_trail(office: Browser) -> None:
    sent = posted(sheet="particulier/avance/is_urssaf", is_urssaf="on", iban=IBAN)
    assert office.post(ADDRESS, sent).status_code == 302
    made = Client.objects.get()
    assert made.iban == IBAN.replace(" ", "")
    raw = Client.objects.raw("SELECT id, iban::text AS sealed FROM clients_client")[0].sealed  # type: ignore[attr-defined]
    assert raw.startswith("v1:")
    assert "3000" not in raw
    line = AuditEntry.objects.get(model="clients.client")
    assert line.after is not None
    assert line.after["iban"] == "•••"


def test_consents_are_added_and_a_note_is_kept(office: Browser) -> None:
    office.post(ADDRESS, posted(allow_sms="on", note="Rappeler jeudi"))
    made = Client.objects.get()
    assert [(c.channel, c.state) for c in Consent.objects.all()] == [("sms", "accepted")]
    assert HistoryEntry.objects.get().text == "Rappeler jeudi"
    assert send(office, made, opened(office, made) | {"first_name": "Zoé", "allow_sms": ""})[0] == 302
    assert Consent.objects.first().state == "refused"  # type: ignore[union-attr]


def test_changing_a_colour_is_no_conflict(office: Browser) -> None:
    green = Colour.objects.get(tint=5)
    client = make_client(colour=Colour.objects.get(tint=3))
    assert send(office, client, opened(office, client) | {"colour": str(green.pk)})[0] == 302
    client.refresh_from_db()
    assert client.colour == green


def test_saving_something_else_tells_no_change_of_the_iban(office: Browser) -> None:
    client = make_client(iban="FR7630006000011234567890189")
    send(office, client, opened(office, client) | {"first_name": "Anne"})
    line = AuditEntry.objects.filter(model="clients.client", verb="change").latest("pk")
    assert line.after == {"first_name": "Anne"}


@pytest.mark.req("URS-06")
def test_the_iban_shows_masked_until_it_is_asked_for(office: Browser) -> None:
    client = make_client(is_urssaf=True, iban="FR7630006000011234567890189")
    page = office.get(f"/clients/{client.pk}/modifier/").content.decode()
    assert 'value="FR76\u00a0••••\u00a0189"' in page
    assert "3000" not in page
    assert "Afficher en entier" in page
    values = opened(office, client) | {"is_urssaf": "on"}
    page = send(office, client, values | {"propose": "iban"})[1]
    # Nothing is left to be shown.
    assert "Afficher en entier" not in page
    assert "FR76\u00a03000\u00a06000\u00a00112\u00a03456\u00a07890\u00a0189" in page
    office.force_login(make_user("Commercial"))
    assert "3000" not in send(office, client, values | {"propose": "iban"})[1]


@pytest.mark.req("URS-06")
def test_a_masked_iban_stays_a_new_one_is_written_and_half_of_one_is_refused(office: Browser) -> None:
    client = make_client(is_urssaf=True, iban="FR7630006000011234567890189")
    values = opened(office, client) | {"is_urssaf": "on"}
    assert send(office, client, values | {"first_name": "Jeanne"})[0] == 302
    assert Client.objects.get().iban == "FR7630006000011234567890189"
    assert send(office, client, values | {"iban": "FR77 •••• 189"})[0] == 422
    assert send(office, client, values | {"iban": "DE89 3704 0044 0532 0130 00"})[0] == 302
    assert Client.objects.get().iban == "DE89370400440532013000"
    # The tab that still shows the former one: the other person's is shown, masked too.
    status, page = send(office, client, values | {"iban": "BE68 5390 0754 7034"})
    assert status == 409
    assert "DE89\u00a0••••\u00a0000" in page
    assert "3704" not in page
    assert send(office, client, opened(office, client) | {"is_urssaf": "on", "iban": ""})[0] == 302
    assert Client.objects.get().iban == ""


def test_an_unreadable_iban_breaks_no_list(office: Browser) -> None:
    client = make_client(last_name="Fabre")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clients_client SET iban = 'v1:gone:x' WHERE id = %s", [client.pk])
    for path in ("/", "/clients/", "/recherche/?q=fabr", f"/clients/{client.pk}/", "/clients/export/?colonnes=toutes"):
        response = office.get(path, follow=True)
        assert response.status_code == 200
    assert b"Fabre" in b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_a_refusal_keeps_what_was_typed(office: Browser) -> None:
    client = make_client()
    refuse_by_recipient(client, channel=Channel.SMS)
    status, page = send(office, client, opened(office, client) | {"allow_sms": "on", "first_name": "Jeanne-Élise"})
    client.refresh_from_db()
    assert (status, client.first_name) == (409, "Hélène")
    assert "Jeanne-Élise" in page
    assert "lui seul peut revenir" in page


def test_emailing_asks_for_an_address(office: Browser) -> None:
    response = office.post(ADDRESS, posted(allow_email="on"))
    assert response.status_code == 422
    assert "donnez d’abord une adresse e-mail" in response.content.decode()


def test_of_who_was_born_abroad_urssaf_asks_the_country_alone(office: Browser) -> None:
    sent = posted(sheet="particulier/avance/is_urssaf", is_urssaf="on", turn="1")
    here = office.post(ADDRESS, sent | {"birth_country": "France", "birth_country_code": "99100"}).context["form"]
    away = office.post(ADDRESS, sent | {"birth_country": "Belgique", "birth_country_code": "99131"}).context["form"]
    assert here.missing - away.missing == {"birth_city", "birth_department"}
