"""Creating a client: through the form, once, with what was typed."""

import re
import threading
import uuid

import pytest
from django.db import connections
from django.test import Client as Browser

from clients.actions.clients import ClientEdit, Edit, create_client
from clients.models import Address, Client
from settings_app.models import Civility, Origin, Status, User
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/clients/nouveau/?type=particulier&mode=simplifie"


@pytest.fixture
def office(client: Browser) -> Browser:
    client.force_login(make_user(username="nadia"))
    return client


def posted(**values: object) -> dict[str, object]:
    base: dict[str, object] = {
        "token": str(uuid.uuid4()),
        "sheet": "particulier/simplifie",
        "origin": Origin.objects.get(label="Salon").pk,
        "address-count": "1",
        "contact-count": "0",
        "civility": Civility.objects.get(label="Mme").pk,
        "last_name": "Fabre",
        "first_name": "Hélène",
        "mobile_1": "06.39.98.14.27",
        "status": Status.objects.get(label="Prospect").pk,
        "address-0-street": "210 route de Grambois",
        "address-0-postcode": "84240",
        "address-0-city": "La Tour-d’Aigues",
    }
    return base | values


def test_a_client_with_mobile_and_address_is_in_postgres_and_on_his_page(office: Browser) -> None:
    response = office.post(ADDRESS, posted(), follow=True)
    made = Client.objects.get()
    assert response.redirect_chain == [(f"/clients/{made.pk}/", 302)]
    page = response.content.decode()
    assert "FABRE Hélène" in page
    assert "06\u00a039\u00a098\u00a014\u00a027" in page
    assert "210 route de Grambois" in page
    assert (made.kind, made.mobile_1, made.last_name) == ("individual", "+33639981427", "Fabre")
    place = Address.objects.get()
    assert (place.client_id, place.postcode, place.city) == (made.pk, "84240", "La Tour-d’Aigues")
    listed = office.get("/clients/?q=helene").content.decode()
    assert f'href="/clients/{made.pk}/"' in listed


def test_the_form_proposes_its_author_and_the_first_status(office: Browser) -> None:
    page = office.get(ADDRESS).content.decode()
    nadia = User.objects.get(username="nadia")
    assert re.search(rf'<option value="{nadia.pk}" selected>', page)
    assert re.search(r"<option value=\"\d+\" selected>Prospect", page)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"last_name": ""}, "Donnez le nom de famille."),
        ({"civility": ""}, "À remplir."),
        ({"status": ""}, "À remplir."),
        ({"email": "helene.fabre@"}, "Cette adresse e-mail est incomplète ou mal écrite."),
        ({"mobile_1": "06 12"}, "numéro"),
        ({"address-0-postcode": "8424"}, "Un code postal a cinq chiffres."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(office: Browser, wrong: dict[str, str], message: str) -> None:
    response = office.post(ADDRESS, posted(first_name="Jeanne-Élise") | wrong)
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert 'role="alert"' in page
    assert "Jeanne-Élise" in page
    assert "La Tour-d’Aigues" in page
    assert not Client.objects.exists()


def test_without_an_address_none_is_written(office: Browser) -> None:
    empty = {"address-0-street": "", "address-0-postcode": "", "address-0-city": ""}
    assert office.post(ADDRESS, posted(**empty)).status_code == 302
    assert not Address.objects.exists()


def test_the_civility_decides_the_kind(office: Browser) -> None:
    """One of the other kind turns the form, and writes nothing before it was seen (CLI-07)."""
    sarl = Civility.objects.get(label="SARL").pk
    turned = office.post(ADDRESS, posted(civility=sarl))
    assert turned.status_code == 200
    assert "Raison sociale" in turned.content.decode()
    assert not Client.objects.exists()
    made = posted(sheet="professionnel/simplifie", civility=sarl, company_name="Camping La Garrigue", last_name="")
    assert office.post(ADDRESS, made).status_code == 302
    assert Client.objects.get().kind == "professional"


def test_switching_the_kind_keeps_what_was_typed_and_writes_nothing(office: Browser) -> None:
    response = office.post(ADDRESS, posted(type="professionnel", email="pas fini@"))
    page = response.content.decode()
    assert response.status_code == 200
    assert not Client.objects.exists()
    for kept in ("Fabre", "Hélène", "06.39.98.14.27", "pas fini@", "210 route de Grambois"):
        assert kept in page
    assert "Raison sociale" in page
    back = office.post(
        ADDRESS, posted(sheet="professionnel/simplifie", type="particulier", company_name="Camping")
    ).content.decode()
    assert 'name="company_name" value="Camping"' in back


def test_scripts_are_shown_as_text(office: Browser) -> None:
    office.post(ADDRESS, posted(last_name="<script>alert(1)</script>"))
    made = Client.objects.get()
    for path in (f"/clients/{made.pk}/", "/clients/", "/", "/recherche/?q=script", f"/clients/{made.pk}/modifier/"):
        page = office.get(path, follow=True).content.decode()
        assert "<script>alert" not in page.lower()


def test_sent_twice_it_creates_one_client_and_answers_the_same(office: Browser) -> None:
    sent = posted()
    first, second = office.post(ADDRESS, sent), office.post(ADDRESS, sent)
    assert first["Location"] == second["Location"]
    assert Client.objects.count() == 1


def test_somebody_else_s_form_token_is_refused(office: Browser) -> None:
    sent = posted(anyway="1")
    office.post(ADDRESS, sent)
    office.force_login(make_user())
    response = office.post(ADDRESS, sent)
    assert response.status_code == 409
    assert "déjà été envoyé" in response.content.decode()


def test_a_meddled_token_still_saves(office: Browser) -> None:
    assert office.post(ADDRESS, posted(token="n’importe quoi")).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_twenty_identical_posts_at_once_create_one_client() -> None:
    user = make_user()
    values = {"civility": Civility.objects.get(label="Mme"), "last_name": "Fabre", "status": Status.objects.first()}
    token, keys, start = str(uuid.uuid4()), [], threading.Barrier(20)

    def send() -> None:
        start.wait(timeout=30)
        try:
            keys.append(create_client(by=user, edit=ClientEdit(Edit(values)), token=token))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(keys) == 20
    assert len(set(keys)) == 1
    assert Client.objects.count() == 1


def test_postgres_refuses_a_client_without_a_name() -> None:
    with pytest.raises(Exception, match="client_has_a_name"):
        make_client(last_name="")


def test_postgres_refuses_a_phone_that_is_not_e164() -> None:
    with pytest.raises(Exception, match="client_mobile_1_e164"):
        make_client(mobile_1="06 39 98 14 27")
