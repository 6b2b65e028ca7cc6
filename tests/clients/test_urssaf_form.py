"""A client whom URSSAF concerns: what the form asks, the banner, the check of the file (URS-01 to 08)."""

import re
from typing import Any

import pytest
from django.test import Client as Browser

from clients.models import Client
from settings_app.models import Civility, ServiceNature
from tests.clients.test_create import ADDRESS, posted
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db
FACE = {"sheet": "particulier/avance/is_urssaf", "is_urssaf": "on"}
WHOLE: dict[str, Any] = {
    "is_urssaf": True,
    "gender": "F",
    "birth_name": "Martin",
    "birth_date": "1980-03-29",
    "birth_country": "France",
    "birth_country_code": "99100",
    "birth_city": "Lyon",
    "birth_department": "069",
    "email": "helene@exemple.fr",
    "mobile_1": "+33639981427",
    "last_name": "Fabre",
}
BANK = {"iban": "FR7630006000011234567890189", "bic": "AGRIFRPP", "account_holder": "Hélène Fabre"}


@pytest.fixture
def office(client: Browser) -> Browser:
    client.force_login(make_user())
    return client


def whole(**values: Any) -> Client:
    client = make_client(civility=Civility.objects.get(label="Mme"), **(WHOLE | BANK | values))
    make_address(
        client=client, number="210", street="route de Grambois", city_code="84133", country="FR", country_code="99100"
    )
    return client


def listed(page: str) -> list[str]:
    """Labels of the banner's links."""
    banner = page.split("urssaf-state")[1].split("</div>", maxsplit=1)[0]
    return re.findall(r'<a href="#id_[^"]+">([^<]+)</a>', banner)


@pytest.mark.req("URS-01")
def test_the_checkbox_is_for_individuals_and_switches_to_avance(office: Browser) -> None:
    assert 'name="is_urssaf"' not in office.get("/clients/nouveau/?type=professionnel").content.decode()
    page = office.get("/clients/nouveau/?type=particulier&mode=simplifie").content.decode()
    assert 'name="is_urssaf"' in page
    page = office.post(ADDRESS, posted(is_urssaf="on", turn="1")).content.decode()
    assert re.search(r'name="mode" value="avance"[^>]* aria-pressed="true"', page)


@pytest.mark.req("URS-02", "URS-05")
def test_the_banner_names_what_is_missing_and_the_client_is_saved_all_the_same(office: Browser) -> None:
    page = office.post(ADDRESS, posted(**FACE, turn="1")).content.decode()
    assert listed(page) == [
        *("Genre", "Nom de naissance", "Date de naissance", "Pays de naissance", "Code pays", "Email"),
        *("Numéro", "Code commune", "Code pays"),
    ]
    assert "9\u00a0champs manquants" in page
    assert 'title="Demandé par l’URSSAF"' in page
    assert office.post(ADDRESS, posted(**FACE)).status_code == 302
    home = office.get(f"/clients/{Client.objects.get().pk}/").content.decode()
    assert "URSSAF : incomplet." in home
    # The code of the commune was found from its name, that of the country from the country.
    assert "7\u00a0champs manquants" in home


@pytest.mark.req("URS-02")
def test_born_in_france_the_place_is_asked_for(office: Browser) -> None:
    page = office.post(ADDRESS, posted(**FACE, birth_country="france", turn="1")).content.decode()
    assert {"Commune de naissance", "Département de naissance"} <= set(listed(page))
    page = office.post(ADDRESS, posted(**FACE, birth_country="Belgique", turn="1")).content.decode()
    assert not {"Commune de naissance", "Département de naissance"} & set(listed(page))


@pytest.mark.req("URS-04")
@pytest.mark.parametrize(
    ("country", "code"), [("France", "99100"), ("belgique", "99131"), ("ALGÉRIE", "99352"), ("Atlantide", "")]
)
def test_the_code_follows_the_country_of_birth(office: Browser, country: str, code: str) -> None:
    office.post(ADDRESS, posted(sheet="particulier/avance", birth_country=country, birth_country_code=""))
    made = Client.objects.get()
    assert (made.birth_country, made.birth_country_code) == (country, code)


@pytest.mark.req("URS-04")
def test_a_code_that_was_typed_stays(office: Browser) -> None:
    office.post(ADDRESS, posted(sheet="particulier/avance", birth_country="Atlantide", birth_country_code="99999"))
    assert Client.objects.get().birth_country_code == "99999"


@pytest.mark.req("URS-05", "URS-06")
def test_a_whole_file_passes_the_check(office: Browser) -> None:
    client = whole()
    assert "URSSAF : complet." in office.get(f"/clients/{client.pk}/").content.decode()
    page = office.get(f"/clients/{client.pk}/urssaf/").content.decode()
    assert "Rien n’arrête l’inscription" in page


@pytest.mark.req("URS-06")
def test_the_check_asks_for_the_account_that_saving_does_not(office: Browser) -> None:
    client = whole(iban="", bic="", account_holder="")
    assert "URSSAF : complet." in office.get(f"/clients/{client.pk}/").content.decode()
    page = office.get(f"/clients/{client.pk}/urssaf/").content.decode()
    assert re.findall(r'<a href="/clients/\d+/modifier/#id_(\w+)">', page) == ["iban", "bic", "account_holder"]


@pytest.mark.req("URS-06")
@pytest.mark.parametrize("label", ["M. et Mme", "Indivision"])
def test_two_people_are_refused_by_the_check(office: Browser, label: str) -> None:
    client = whole()
    Client.objects.filter(pk=client.pk).update(civility=Civility.objects.get(label=label))
    page = office.get(f"/clients/{client.pk}/urssaf/").content.decode()
    assert "L’URSSAF inscrit une seule personne" in page


@pytest.mark.req("URS-05")
def test_the_check_leads_to_the_field_of_the_fullest_address(office: Browser) -> None:
    client = whole()
    client.addresses.all().delete()
    make_address(client=client, street="", city="", postcode="", directions="Portail vert")
    make_address(client=client, number="210", city_code="", country_code="99100")
    page = office.get(f"/clients/{client.pk}/urssaf/").content.decode()
    assert f"/clients/{client.pk}/modifier/#id_address-1-city_code" in page


def test_who_may_not_see_the_account_learns_only_that_it_stops_the_file(client: Browser) -> None:
    record = whole(iban="", bic="AGR1FRPP")
    client.force_login(make_user("Commercial"))
    page = client.get(f"/clients/{record.pk}/urssaf/").content.decode()
    assert "À compléter par une personne qui a le droit de voir l’IBAN." in page
    assert "BIC" not in page


def test_there_is_no_file_of_a_client_whom_urssaf_does_not_concern(office: Browser) -> None:
    assert office.get(f"/clients/{make_client().pk}/urssaf/").status_code == 404


@pytest.mark.req("URS-08")
def test_the_block_eligibilite_is_kept_and_counts(office: Browser) -> None:
    nature = ServiceNature.objects.earliest("position")
    sent = posted(**FACE, wants_advance="on", enrolment="pending", service_nature="", turn="1")
    page = office.post(ADDRESS, sent).content.decode()
    assert {"Nature de prestation", "Date d’inscription"} <= set(listed(page))
    assert "ni les pompes à chaleur" in page
    assert "deux heures et 500" in page
    sent = posted(**FACE, wants_advance="on", enrolment="accepted", service_nature=nature.pk, enrolment_on="20/11/2026")
    assert office.post(ADDRESS, sent).status_code == 302
    made = Client.objects.get()
    assert (made.wants_advance, made.enrolment, made.service_nature) == (True, "accepted", nature)
    assert str(made.enrolment_on) == "2026-11-20"
