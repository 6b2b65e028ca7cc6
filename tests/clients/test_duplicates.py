"""Likely twins: asked once before anything is written, hinted while typing, never told of whom one may not see."""

from typing import Any

import pytest
from django.test import Client as Browser

from clients.models import Client, Contact
from settings_app.models import Civility, Status
from tests.clients.test_create import ADDRESS, posted
from tests.clients.test_edit import opened, send
from tests.factories import make_address, make_client, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.req("CLI-31")]


@pytest.fixture
def office(client: Browser) -> Browser:
    client.force_login(make_user())
    return client


@pytest.fixture
def helene() -> Client:
    client = make_client(last_name="Fabre", first_name="Hélène", email="Helene@exemple.fr", mobile_1="+33639981427")
    make_address(client=client)
    Contact.objects.create(client=client, last_name="Vidal", emails=["vidal@exemple.fr"], phones=["+33199000012"])
    return client


def another(**values: Any) -> dict[str, Any]:
    """A form that shares nothing with Hélène but what is said."""
    nothing = {"last_name": "Pons", "first_name": "Paul", "mobile_1": "", "address-0-postcode": "84120"}
    return posted(**(nothing | {"address-0-city": "Pertuis"} | values))


SHARED: list[tuple[dict[str, Any], str]] = [
    ({"email": "HELENE@exemple.fr"}, "helene@exemple.fr"),
    ({"email": "vidal@exemple.fr"}, "vidal@exemple.fr"),
    ({"mobile_1": "06.39.98.14.27"}, "06\u00a039\u00a098\u00a014\u00a027"),
    ({"phone_2": "+33 6 39 98 14 27"}, "06\u00a039\u00a098\u00a014\u00a027"),
    ({"phone_1": "01 99 00 00 12"}, "01\u00a099\u00a000\u00a000\u00a012"),
    ({"last_name": "FABRE", "first_name": "helene", "address-0-postcode": "84240"}, "même nom, 84240"),
]


@pytest.mark.parametrize(("shared", "why"), SHARED)
def test_what_is_shared_is_told_and_nothing_is_written(
    office: Browser, helene: Client, shared: dict[str, Any], why: str
) -> None:
    response = office.post(ADDRESS, another(**shared))
    assert (response.status_code, Client.objects.count()) == (409, 1)
    assert [(match.client, match.why) for match in response.context["duplicates"]] == [(helene, (why,))]
    page = response.content.decode()
    assert "Créer quand même" in page
    assert f'href="/clients/{helene.pk}/"' in page
    assert "Pons" in page or "FABRE" in page
    assert office.post(ADDRESS, another(**shared) | {"anyway": "1"}).status_code == 302
    assert Client.objects.count() == 2


@pytest.mark.parametrize(
    "differs",
    [
        {},
        {"last_name": "Fabre", "first_name": "Hélène"},
        {"last_name": "Fabre", "address-0-postcode": "84240"},
        {"email": "helene.exemple@exemple.fr"},
        {"email": "hel-ene@exemple.fr"},
        {"mobile_1": "06 39 98 14 28"},
    ],
)
def test_what_is_merely_alike_stops_nobody(office: Browser, helene: Client, differs: dict[str, Any]) -> None:
    assert office.post(ADDRESS, another(**differs)).status_code == 302


def test_an_address_that_reads_alike_without_its_signs_is_another(office: Browser) -> None:
    make_client(email="a.b@exemple.fr")
    assert office.post(ADDRESS, another(email="a-b@exemple.fr")).status_code == 302


def test_a_company_is_known_by_its_name_and_town(office: Browser) -> None:
    sarl = Civility.objects.get(label="SARL")
    hotel = make_client(kind="professional", civility=sarl, company_name="Hôtel du Grand Cèdre")
    make_address(client=hotel)
    sent = posted(sheet="professionnel/simplifie", civility=sarl.pk, company_name="HOTEL DU GRAND CEDRE", mobile_1="")
    assert office.post(ADDRESS, sent).status_code == 409


def test_editing_asks_only_about_what_was_changed(office: Browser, helene: Client) -> None:
    twin = make_client(last_name="Fabre", first_name="Hélène", email="helene@exemple.fr")
    make_address(client=twin)
    assert send(office, twin, opened(office, twin) | {"observation": "Portail vert"})[0] == 302
    status, page = send(office, twin, opened(office, twin) | {"mobile_1": "0639981427"})
    assert status == 409
    assert "Enregistrer quand même" in page
    assert send(office, twin, opened(office, twin) | {"mobile_1": "0639981427", "anyway": "1"})[0] == 302


def test_one_is_no_twin_of_oneself(office: Browser, helene: Client) -> None:
    assert send(office, helene, opened(office, helene) | {"phone_1": "06 39 98 14 27"})[0] == 302


def test_the_trash_and_what_one_may_not_see_are_not_told(client: Browser, helene: Client) -> None:
    client.force_login(make_user("Commercial"))
    for status in (Status.objects.get(is_trash=True), Status.objects.create(label="Réservé", is_restricted=True)):
        Client.objects.filter(pk=helene.pk).update(status=status)
        assert client.post("/clients/doublons/", another(email="helene@exemple.fr")).context["matches"] == []
    assert client.post(ADDRESS, another(email="helene@exemple.fr")).status_code == 302


def test_while_typing_a_hint_and_nothing_written(office: Browser, helene: Client) -> None:
    page = office.post("/clients/doublons/", another(mobile_1="0639981427", last_name="")).content.decode()
    assert "FABRE Hélène" in page
    assert Client.objects.count() == 1
    known = opened(office, helene) | {"known": str(helene.pk), "phone_1": "0639981427"}
    assert office.post("/clients/doublons/", known).context["matches"] == []


def test_created_anyway_by_a_double_click_he_is_one(office: Browser, helene: Client) -> None:
    sent = another(email="helene@exemple.fr")
    assert office.post(ADDRESS, sent).status_code == 409
    answers = [office.post(ADDRESS, sent | {"anyway": "1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Client.objects.count() == 2
