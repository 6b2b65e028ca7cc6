"""What the form proposes, accepts, refuses and works out, field by field; through the real door."""

import re
from typing import Any

import pytest
from django.test import Client as Browser

from clients.models import Address, Answer, Channel, Client, Consent, CustomQuestion
from settings_app.models import Civility, Language, Origin, Preference, Status
from tests.clients.test_create import ADDRESS, posted
from tests.clients.test_edit import opened, send
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db
PROFESSIONAL = {"sheet": "professionnel/avance", "company_name": "Hôtel du Cèdre"}


@pytest.fixture
def office(client: Browser) -> Browser:
    client.force_login(make_user())
    return client


def pressed(page: str, name: str) -> list[str]:
    """Values of the pressed buttons of a switch."""
    return re.findall(rf'<button type="submit" name="{name}" value="(\w+)"[^>]* aria-pressed="true"', page)


def company() -> dict[str, Any]:
    return posted(civility=Civility.objects.get(label="SARL").pk, **PROFESSIONAL)


def refused(office: Browser, sent: dict[str, Any]) -> dict[str, list[str]]:
    response = office.post(ADDRESS, sent)
    assert response.status_code == 422
    assert not Client.objects.exists()
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# ---- the two switches ---------------------------------------------------------------------------------------


@pytest.mark.req("CLI-01")
def test_a_new_client_shows_two_switches(office: Browser) -> None:
    page = office.get("/clients/nouveau/").content.decode()
    assert re.findall(r'name="type" value="(\w+)"', page) == ["particulier", "professionnel"]
    assert re.findall(r'name="mode" value="(\w+)"', page) == ["simplifie", "avance"]


@pytest.mark.req("CLI-02")
@pytest.mark.parametrize(
    ("kind", "mode", "expected"),
    [
        (None, None, ("particulier", "simplifie")),
        ("professionnel", "avance", ("professionnel", "avance")),
        ("professionnel", None, ("professionnel", "simplifie")),
        ("nonsense", "nonsense", ("particulier", "simplifie")),
    ],
)
def test_the_first_face_is_that_of_the_preferences(
    client: Browser, kind: str | None, mode: str | None, expected: tuple[str, str]
) -> None:
    user = make_user()
    for name, value in (("client-kind", kind), ("client-mode", mode)):
        if value:
            Preference.objects.create(user=user, name=name, value=value)
    client.force_login(user)
    page = client.get("/clients/nouveau/").content.decode()
    assert (pressed(page, "type"), pressed(page, "mode")) == ([expected[0]], [expected[1]])


@pytest.mark.req("CLI-06")
def test_the_mode_switches_while_editing_and_nothing_is_written(office: Browser) -> None:
    client = make_client(birth_name="Martin")
    values = opened(office, client) | {"first_name": "Anne", "mode": "avance"}
    status, page = send(office, client, values)
    assert (status, pressed(page, "mode")) == (200, ["avance"])
    assert 'value="Martin"' in page
    assert 'value="Anne"' in page
    client.refresh_from_db()
    assert client.first_name == "Hélène"


@pytest.mark.req("CLI-07")
def test_the_civility_turns_the_form_both_ways_and_keeps_what_was_typed(office: Browser) -> None:
    sarl, mme = Civility.objects.get(label="SARL").pk, Civility.objects.get(label="Mme").pk
    page = office.post(ADDRESS, posted(civility=sarl, turn="1", birth_name="Martin")).content.decode()
    assert pressed(page, "type") == ["professionnel"]
    assert 'name="last_name" value="Fabre"' in page
    assert '<input type="hidden" name="birth_name" value="Martin">' in page
    back = posted(
        civility=mme, turn="1", sheet="professionnel/simplifie", company_name="Hôtel du Cèdre", birth_name="Martin"
    )
    page = office.post(ADDRESS, back).content.decode()
    assert pressed(page, "type") == ["particulier"]
    assert '<input type="hidden" name="company_name" value="Hôtel du Cèdre">' in page
    assert not Client.objects.exists()


# ---- required and proposed ----------------------------------------------------------------------------------


@pytest.mark.req("CLI-09")
@pytest.mark.parametrize("name", ["civility", "status", "origin", "last_name"])
def test_an_individual_without_one_of_the_four_is_refused(office: Browser, name: str) -> None:
    assert list(refused(office, posted(**{name: ""}))) == [name]


@pytest.mark.req("CLI-09")
def test_a_company_needs_its_name_and_no_person(office: Browser) -> None:
    assert refused(office, company() | {"company_name": " "}) == {"company_name": ["Donnez la raison sociale."]}
    assert office.post(ADDRESS, company() | {"last_name": "", "first_name": ""}).status_code == 302


@pytest.mark.req("CLI-10")
def test_a_new_client_begins_as_the_person_prefers(client: Browser) -> None:
    user, colleague = make_user(), make_user()
    chosen = {
        "client-status": Status.objects.get(label="Client").pk,
        "client-origin": Origin.objects.get(label="Salon").pk,
        "client-language": Language.objects.get(code="en").pk,
        "client-followed-by": colleague.pk,
    }
    for name, value in chosen.items():
        Preference.objects.create(user=user, name=name, value=value)
    client.force_login(user)
    form = client.get("/clients/nouveau/").context["form"]
    held = {name: getattr(form[name].initial, "pk", None) for name in ("status", "origin", "language", "followed_by")}
    assert list(held.values()) == list(chosen.values())


@pytest.mark.req("CLI-10")
def test_without_preferences_the_author_follows_in_french(client: Browser) -> None:
    user = make_user()
    client.force_login(user)
    form = client.get("/clients/nouveau/").context["form"]
    assert form["followed_by"].initial == user
    assert form["language"].initial.code == "fr"


# ---- reach --------------------------------------------------------------------------------------------------


@pytest.mark.req("CLI-13")
@pytest.mark.parametrize("wrong", ["helene", "helene@", "helene@exemple", "a b@exemple.fr", "helene@@exemple.fr"])
def test_a_wrong_e_mail_is_refused_and_kept(office: Browser, wrong: str) -> None:
    response = office.post(ADDRESS, posted(email=wrong))
    assert list(response.context["form"].errors) == ["email"]
    assert f'value="{wrong}"' in response.content.decode()


@pytest.mark.req("CLI-13")
def test_an_e_mail_is_compared_in_lower_case(office: Browser) -> None:
    office.post(ADDRESS, posted(email=" Helene.FABRE@Exemple.fr "))
    assert Client.objects.get().email == "helene.fabre@exemple.fr"


@pytest.mark.req("CLI-14")
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("06 39 98 14 27", "+33639981427"),
        ("06.39.98.14.27", "+33639981427"),
        ("+33 6 39 98 14 27", "+33639981427"),
        ("0033639981427", "+33639981427"),
        ("+33 (0)6 39 98 14 27", "+33639981427"),
        ("0692 12 34 56", "+262692123456"),
    ],
)
def test_a_phone_is_stored_in_one_spelling_and_shown_as_french_people_write_it(
    office: Browser, typed: str, stored: str
) -> None:
    numbers = dict.fromkeys(("mobile_1", "mobile_2", "phone_1", "phone_2"), typed)
    office.post(ADDRESS, posted(**numbers))
    made = Client.objects.get()
    assert {made.mobile_1, made.mobile_2, made.phone_1, made.phone_2} == {stored}


@pytest.mark.req("CLI-14")
def test_a_stored_phone_is_shown_in_pairs(office: Browser) -> None:
    client = make_client(mobile_1="+33639981427")
    page = office.get(f"/clients/{client.pk}/").content.decode()
    assert "06\u00a039\u00a098\u00a014\u00a027" in page


@pytest.mark.req("CLI-14")
@pytest.mark.parametrize("name", ["mobile_1", "mobile_2", "phone_1", "phone_2"])
@pytest.mark.parametrize("wrong", ["06 39", "0639981427999", "abc", "00 00 00 00 00"])
def test_a_wrong_phone_is_refused(office: Browser, name: str, wrong: str) -> None:
    assert list(refused(office, posted(**{name: wrong}))) == [name]


def test_a_fixed_line_in_a_mobile_field_is_a_warning(office: Browser) -> None:
    page = office.post(ADDRESS, posted(mobile_1="01 99 00 00 12"), follow=True).content.decode()
    assert "Mobile 1 n’est pas un numéro de mobile" in page
    made = Client.objects.get()
    assert (made.mobile_1, made.sms_number) == ("+33199000012", "")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("+33639981427", "+33639981428", "+33639981427"),
        ("", "+33639981428", "+33639981428"),
        ("+33199000012", "+33639981428", "+33639981428"),
        ("", "", ""),
    ],
)
def test_an_sms_goes_to_mobile_1_else_mobile_2(first: str, second: str, expected: str) -> None:
    assert Client(mobile_1=first, mobile_2=second).sms_number == expected


# ---- texts and dates ----------------------------------------------------------------------------------------


@pytest.mark.req("CLI-18")
@pytest.mark.parametrize("wrong", ["31/12/1899", "1/1/2999", "30/02/1980", "hier"])
def test_a_birth_is_neither_to_come_nor_before_1900(office: Browser, wrong: str) -> None:
    assert list(refused(office, posted(sheet="particulier/avance", birth_date=wrong))) == ["birth_date"]


@pytest.mark.req("CLI-18")
def test_the_first_of_january_1900_is_a_birth(office: Browser) -> None:
    office.post(ADDRESS, posted(sheet="particulier/avance", birth_date="1/1/1900"))
    assert str(Client.objects.get().birth_date) == "1900-01-01"


@pytest.mark.req("CLI-20")
def test_observation_and_comment_hold_five_thousand_signs(office: Browser) -> None:
    text = "Portail bleu. " * 357
    assert len(text) == 4998
    office.post(ADDRESS, posted(sheet="particulier/avance", observation=text + "ok", finance_comment=text + "ok"))
    made = Client.objects.get()
    assert (len(made.observation), len(made.finance_comment)) == (5000, 5000)


# ---- the company --------------------------------------------------------------------------------------------


@pytest.mark.req("CLI-17")
def test_the_vat_number_is_proposed_from_the_siren(office: Browser) -> None:
    # 404 833 048: (12 + 3 × (404833048 mod 97)) mod 97 = 83.
    page = office.post(ADDRESS, company() | {"siret": "404 833 048", "propose": "vat"}).content.decode()
    assert 'name="vat_number" value="FR83404833048"' in page
    assert not Client.objects.exists()


@pytest.mark.req("CLI-17")
def test_without_a_right_siren_nothing_is_proposed_and_it_is_said(office: Browser) -> None:
    page = office.post(ADDRESS, company() | {"siret": "404 833 049", "propose": "vat"}).content.decode()
    assert "Numéro de TVA non proposé" in page
    assert 'name="siret" value="404 833 049"' in page


# ---- referral -----------------------------------------------------------------------------------------------

REFERRED = {"sheet": "particulier/avance/is_referred", "is_referred": "on"}


@pytest.mark.req("CLI-23")
def test_the_referrer_is_chosen_among_the_clients_one_may_see(office: Browser) -> None:
    office.force_login(make_user("Commercial"))
    anne = make_client(last_name="Ollivier", first_name="Anne")
    make_client(last_name="Ollivier-Secret", status=Status.objects.create(label="Réservé", is_restricted=True))
    make_client(last_name="Olliviet", status=Status.objects.get(is_trash=True))
    make_client(last_name="Pons")
    found = office.get("/clients/apporteurs/", {"q": "ollivi"}).json()["clients"]
    assert found == [{"id": anne.pk, "name": "OLLIVIER Anne", "detail": "Prospect"}]
    sent = posted(**REFERRED, referrer=anne.pk, referrer_name="OLLIVIER Anne", referral_amount="14 200,50")
    assert office.post(ADDRESS, sent).status_code == 302
    made = Client.objects.exclude(referrer=None).get()
    assert (made.referrer, made.referrer_name, str(made.referral_amount)) == (anne, "OLLIVIER Anne", "14200.50")


@pytest.mark.req("CLI-23")
def test_the_referrer_may_be_a_free_name(office: Browser) -> None:
    office.post(ADDRESS, posted(**REFERRED, referrer_name="Le pisciniste de Cadenet"))
    made = Client.objects.get()
    assert (made.referrer, made.referrer_name) == (None, "Le pisciniste de Cadenet")


@pytest.mark.req("CLI-23")
def test_a_name_that_is_no_longer_the_client_s_lets_him_go(office: Browser) -> None:
    anne = make_client(last_name="Ollivier", first_name="Anne")
    client = make_client(is_referred=True, referrer=anne, referrer_name="OLLIVIER Anne")
    send(office, client, opened(office, client) | {"is_referred": "on", "referrer_name": "Paul, son voisin"})
    client.refresh_from_db()
    assert (client.referrer, client.referrer_name) == (None, "Paul, son voisin")


def test_a_referrer_without_a_written_name_is_kept(office: Browser) -> None:
    anne = make_client(last_name="Ollivier", first_name="Anne")
    client = make_client(is_referred=True, referrer=anne)
    assert send(office, client, opened(office, client) | {"first_name": "Jeanne", "is_referred": "on"})[0] == 302
    client.refresh_from_db()
    assert (client.referrer, client.referrer_name) == (anne, "OLLIVIER Anne")


@pytest.mark.req("CLI-23")
def test_unticked_the_referral_is_hidden_and_emptied(office: Browser) -> None:
    anne = make_client(last_name="Ollivier", first_name="Anne")
    client = make_client(is_referred=True, referrer=anne, referrer_name="OLLIVIER Anne", referral_amount=10)
    values = opened(office, client)
    values.pop("is_referred", None)
    page = office.post(f"/clients/{client.pk}/modifier/", values | {"turn": "1"}).content.decode()
    assert '<input type="hidden" name="referrer_name" value="OLLIVIER Anne"' in page
    office.post(f"/clients/{client.pk}/modifier/", values | {"sheet": "particulier/avance", "is_referred": ""})
    client.refresh_from_db()
    assert not client.is_referred
    assert (client.referrer, client.referrer_name, client.referral_amount) == (None, "", None)


@pytest.mark.req("CLI-23")
def test_the_amount_is_not_negative_and_nobody_refers_himself(office: Browser) -> None:
    assert list(refused(office, posted(**REFERRED, referral_amount="-1"))) == ["referral_amount"]
    client = make_client(is_referred=True, referrer_name="x")
    values = opened(office, client) | {"is_referred": "on", "referrer": str(client.pk)}
    assert send(office, client, values)[0] == 422


def test_a_referrer_whom_one_may_not_see_is_refused(office: Browser) -> None:
    office.force_login(make_user("Commercial"))
    hidden = make_client(status=Status.objects.create(label="Réservé", is_restricted=True))
    response = office.post(ADDRESS, posted(**REFERRED, referrer=hidden.pk, referrer_name="x"))
    assert response.status_code == 422


# ---- questions ----------------------------------------------------------------------------------------------


@pytest.mark.req("CLI-28")
def test_questions_are_asked_in_both_modes_and_of_professionals_when_they_say_so(office: Browser) -> None:
    both = CustomQuestion.objects.create(label="Chien ?", type="yes_no", for_professionals=True)
    home = CustomQuestion.objects.create(label="Surface du bassin", type="number")
    for kind, asked in (("particulier", {both.pk, home.pk}), ("professionnel", {both.pk})):
        for mode in ("simplifie", "avance"):
            page = office.get(f"/clients/nouveau/?type={kind}&mode={mode}").content.decode()
            assert {int(key) for key in re.findall(r'name="question-(\d+)"', page)} == asked


@pytest.mark.req("CLI-28")
def test_a_mandatory_question_must_be_answered(office: Browser) -> None:
    question = CustomQuestion.objects.create(
        label="Chauffage", type="choice", options=["Bois", "Gaz"], is_required=True
    )
    assert refused(office, posted(**{f"question-{question.pk}": ""})) == {f"question-{question.pk}": ["À remplir."]}
    office.post(ADDRESS, posted(**{f"question-{question.pk}": "Gaz"}))
    assert Answer.objects.get().value == "Gaz"


@pytest.mark.req("CLI-28")
@pytest.mark.parametrize(
    ("type_", "sent", "stored"),
    [
        ("text", "Derrière la haie", "Derrière la haie"),
        ("number", "32,5", "32.50"),
        ("date", "1/6/2024", "2024-06-01"),
        ("yes_no", "on", True),
        ("choice", "Gaz", "Gaz"),
        ("choices", ["Gaz", "Bois"], ["Gaz", "Bois"]),
    ],
)
def test_each_type_keeps_its_answer_and_shows_it_again(office: Browser, type_: str, sent: Any, stored: Any) -> None:
    options = ["Bois", "Gaz"] if type_ in ("choice", "choices") else []
    question = CustomQuestion.objects.create(label="Q", type=type_, options=options)
    name = f"question-{question.pk}"
    office.post(ADDRESS, posted(**{name: sent}))
    assert Answer.objects.get().value == stored
    client = Client.objects.get()
    form = office.get(f"/clients/{client.pk}/modifier/").context["form"]
    assert form.fields[name].clean(form[name].value()) == form.fields[name].clean(sent)


def test_an_answer_that_somebody_else_changed_meanwhile_is_not_overwritten(office: Browser) -> None:
    question = CustomQuestion.objects.create(label="Surface", type="text")
    client, name = make_client(), f"question-{question.pk}"
    values = opened(office, client)
    Answer.objects.create(client=client, question=question, value="32 m²")
    status, page = send(office, client, values | {name: "40 m²"})
    assert (status, Answer.objects.get().value) == (409, "32 m²")
    assert "Enregistré entre-temps" in page
    assert 'value="40 m²"' in page
    assert send(office, client, values | {"first_name": "Anne"})[0] == 302
    assert Answer.objects.get().value == "32 m²"


# ---- addresses ----------------------------------------------------------------------------------------------


@pytest.mark.req("ADR-01")
def test_an_address_has_its_twelve_parts(office: Browser) -> None:
    parts = {
        "number": "210 bis",
        "street": "route de Grambois",
        "complement": "Bâtiment B",
        "postcode": "84240",
        "city": "La Tour-d’Aigues",
        "country": "FR",
        "city_code": "84133",
        "country_code": "99100",
        "latitude": "43,730457",
        "longitude": "5,557123",
        "directions": "Portail vert",
    }
    office.post(ADDRESS, posted(sheet="particulier/avance", **{f"address-0-{n}": v for n, v in parts.items()}))
    made = Address.objects.get()
    stored = {name: str(getattr(made, name)) for name in parts}
    assert stored == parts | {"latitude": "43.730457", "longitude": "5.557123"}
    assert made.type.code == "correspondance"


@pytest.mark.req("ADR-01")
def test_a_client_has_none_or_nine_addresses(office: Browser) -> None:
    nine = {f"address-{n}-city": "Pertuis" for n in range(9)} | {"address-count": "9"}
    office.post(ADDRESS, posted(**nine))
    assert Address.objects.count() == 9
    empty = {f"address-0-{name}": "" for name in ("street", "postcode", "city")}
    office.post(ADDRESS, posted(**empty, anyway="1"))
    assert Client.objects.latest("pk").addresses.count() == 0


@pytest.mark.req("ADR-07")
@pytest.mark.parametrize(
    ("latitude", "longitude", "wrong"),
    [
        ("90,1", "5", "latitude"),
        ("-90,1", "5", "latitude"),
        ("43", "180,1", "longitude"),
        ("43", "-180,1", "longitude"),
        ("43", "", "latitude"),
        ("", "5", "latitude"),
        ("nord", "5", "latitude"),
    ],
)
def test_coordinates_are_on_earth_both_or_none(office: Browser, latitude: str, longitude: str, wrong: str) -> None:
    sent = posted(**{"sheet": "particulier/avance", "address-0-latitude": latitude, "address-0-longitude": longitude})
    response = office.post(ADDRESS, sent)
    assert response.status_code == 422
    assert list(response.context["parts"].addresses[0].errors) == [wrong]


@pytest.mark.req("ADR-07")
@pytest.mark.parametrize(("latitude", "longitude"), [("90", "180"), ("-90", "-180"), ("0", "0"), ("", "")])
def test_the_poles_and_nothing_are_accepted(office: Browser, latitude: str, longitude: str) -> None:
    sent = posted(**{"sheet": "particulier/avance", "address-0-latitude": latitude, "address-0-longitude": longitude})
    assert office.post(ADDRESS, sent).status_code == 302


def test_the_codes_follow_the_country(office: Browser) -> None:
    client = make_client()
    make_address(client=client, city_code="84133", country_code="99100")
    values = opened(office, client) | {
        "address-0-country": "BE",
        "address-0-postcode": "1000",
        "address-0-city": "Bruxelles",
    }
    assert send(office, client, values)[0] == 302
    made = Address.objects.get()
    assert (made.country, made.country_code, made.city_code) == ("BE", "99131", "")


def test_a_removed_address_stays_removed_when_the_form_is_turned(office: Browser) -> None:
    client = make_client()
    make_address(client=client)
    values = opened(office, client) | {"address-0-gone": "1"}
    page = send(office, client, values | {"mode": "avance"})[1]
    assert re.search(r'name="address-0-gone" value="1"[^>]* checked', page)
    assert send(office, client, values)[0] == 302
    assert not Address.objects.exists()


# ---- consents -----------------------------------------------------------------------------------------------


@pytest.mark.req("CLI-27")
def test_a_tick_left_in_place_is_a_yes_for_the_new_address(office: Browser) -> None:
    client = make_client(email="avant@exemple.fr")
    Consent.objects.create(client=client, channel=Channel.EMAIL, email=client.email, state="accepted", source="office")
    values = opened(office, client) | {"email": "apres@exemple.fr", "allow_email": "on"}
    assert send(office, client, values)[0] == 302
    latest = Consent.objects.latest("pk")
    assert (latest.email, latest.state, latest.source) == ("apres@exemple.fr", "accepted", "office")
