"""Editing a client: only what was changed travels, nobody overwrites silently."""

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clients.models import Address, Client, Contact
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Browser) -> Browser:
    client.force_login(make_user())
    return client


@pytest.fixture
def fabre() -> Client:
    helene = make_client(last_name="Fabre", mobile_1="+33639981427", phone_1="+33199000001")
    make_address(client=helene)
    return helene


def opened(browser: Browser, client: Client) -> dict[str, str]:
    """The values of the form as a browser would send them back untouched."""
    page = browser.get(f"/clients/{client.pk}/modifier/").content.decode()
    values = {}
    page = page.split('id="fiche"')[1].split("</form>")[0]
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken" and 'type="checkbox"' not in tag:
            values[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\s*(.*?)</textarea>', page, flags=re.S):
        values[name] = unescape(text)
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, flags=re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        values[name] = chosen[1] if chosen else ""
    return values


def send(browser: Browser, client: Client, values: dict[str, str]) -> tuple[int, str]:
    response = browser.post(f"/clients/{client.pk}/modifier/", values)
    return response.status_code, response.content.decode()


def test_a_change_is_written_and_the_rest_stays(office: Browser, fabre: Client) -> None:
    values = opened(office, fabre)
    assert send(office, fabre, values | {"email": "HELENE@exemple.fr"})[0] == 302
    fabre.refresh_from_db()
    assert (fabre.email, fabre.mobile_1, fabre.last_name) == ("helene@exemple.fr", "+33639981427", "Fabre")


def test_what_the_form_does_not_show_is_never_cleared(office: Browser, fabre: Client) -> None:
    Client.objects.filter(pk=fabre.pk).update(mobile_2="+33639981428", phone_2="+33199000002")
    assert send(office, fabre, opened(office, fabre) | {"first_name": "Anne"})[0] == 302
    fabre.refresh_from_db()
    assert (fabre.mobile_2, fabre.phone_2, fabre.first_name) == ("+33639981428", "+33199000002", "Anne")


def test_two_people_on_two_fields_both_keep_theirs(office: Browser, fabre: Client) -> None:
    values = opened(office, fabre)
    Client.objects.filter(pk=fabre.pk).update(phone_1="+33199000099")
    assert send(office, fabre, values | {"email": "helene@exemple.fr"})[0] == 302
    fabre.refresh_from_db()
    assert (fabre.phone_1, fabre.email) == ("+33199000099", "helene@exemple.fr")


def test_two_people_on_one_field_see_both_values_and_choose(office: Browser, fabre: Client) -> None:
    values = opened(office, fabre)
    Client.objects.filter(pk=fabre.pk).update(last_name="Fabre-Martin", mobile_1="+33639981500")
    status, page = send(
        office, fabre, values | {"last_name": "Fabre-Roux", "mobile_1": "0639981600", "email": "h@exemple.fr"}
    )
    fabre.refresh_from_db()
    assert status == 409
    assert (fabre.last_name, fabre.email) == ("Fabre-Martin", "")
    assert 'value="Fabre-Roux"' in page
    assert "Fabre-Martin" in page
    assert 'value="0639981600"' in page
    assert "06\u00a039\u00a098\u00a015\u00a000" in page
    assert "h@exemple.fr" in page
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen
    # Sending again is a choice: it writes.
    again = values | {"last_name": "Fabre-Roux", "mobile_1": "0639981600", "seen": unescape(seen[1])}
    assert send(office, fabre, again)[0] == 302
    fabre.refresh_from_db()
    assert (fabre.last_name, fabre.mobile_1) == ("Fabre-Roux", "+33639981600")


def test_the_same_correction_by_two_people_is_no_conflict(office: Browser, fabre: Client) -> None:
    values = opened(office, fabre)
    Client.objects.filter(pk=fabre.pk).update(last_name="Fabre-Martin")
    assert send(office, fabre, values | {"last_name": "Fabre-Martin"})[0] == 302


def test_the_version_counts_every_update(fabre: Client) -> None:
    before = Client.objects.get(pk=fabre.pk).version
    Client.objects.filter(pk=fabre.pk).update(first_name="Anne")
    fabre.refresh_from_db()
    fabre.first_name = "Zoé"
    fabre.save()
    assert Client.objects.get(pk=fabre.pk).version == before + 2


def test_emptying_the_address_removes_it_and_typing_one_adds_it(office: Browser, fabre: Client) -> None:
    values = opened(office, fabre)
    empty = {"address-0-street": "", "address-0-postcode": "", "address-0-city": ""}
    assert send(office, fabre, values | empty)[0] == 302
    assert not Address.objects.exists()
    values = opened(office, fabre)
    assert send(office, fabre, values | {"address-0-city": "Pertuis"})[0] == 302
    assert Address.objects.get().city == "Pertuis"


def test_an_address_changed_meanwhile_is_a_conflict_too(office: Browser, fabre: Client) -> None:
    values = opened(office, fabre)
    Address.objects.update(street="1 rue Neuve")
    status, page = send(office, fabre, values | {"address-0-street": "2 rue Vieille"})
    assert status == 409
    assert "1 rue Neuve" in page
    assert "2 rue Vieille" in page


@pytest.mark.parametrize("seen", ["", "{", "[]", '{"last_name": 3}', json.dumps({"last_name": "x" * 5000})])
def test_a_meddled_hidden_field_never_breaks(office: Browser, fabre: Client, seen: str) -> None:
    status, _ = send(office, fabre, opened(office, fabre) | {"seen": seen})
    assert status in (302, 409, 422)


def test_a_wrong_value_is_told_with_422(office: Browser, fabre: Client) -> None:
    status, page = send(office, fabre, opened(office, fabre) | {"last_name": "", "first_name": "Anne"})
    fabre.refresh_from_db()
    assert status == 422
    assert "Donnez le nom de famille." in page
    assert fabre.first_name == "Hélène"


def test_the_form_costs_the_same_with_2_and_with_20_rows(office: Browser) -> None:
    client = make_client()

    def grow(count: int) -> None:
        for _ in range(count):
            make_address(client=client)
            Contact.objects.create(client=client, last_name="Vidal")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert office.get(f"/clients/{client.pk}/modifier/?mode=avance").status_code == 200
        return len(asked)

    grow(2)
    few = queries()
    grow(18)
    assert queries() == few
