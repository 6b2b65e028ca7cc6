"""URSSAF's rules, as docs/rules/urssaf.md works them out."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from clients.domain.urssaf import (
    Fault,
    UrssafAddress,
    UrssafRecord,
    birth_place_codes,
    missing_fields,
    split_way,
    strict_faults,
)

TODAY = date(2026, 11, 25)
HOME = UrssafAddress(
    number="210",
    street="route de Grambois",
    postcode="84240",
    city="La Tour-d’Aigues",
    city_code="84133",
    country_code="99100",
)
HELENE = UrssafRecord(
    civility="Mme",
    gender="F",
    last_name="Fabre",
    birth_name="Martin",
    first_name="Hélène",
    birth_date=date(1980, 3, 29),
    birth_country="France",
    birth_country_code="99100",
    birth_city="Lyon",
    birth_department="069",
    email="helene@exemple.fr",
    mobile_1="+33612345678",
    addresses=(HOME,),
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
    account_holder="Hélène Fabre",
    wants_advance=True,
    service_nature="Petits travaux de jardinage",
    is_enrolled=True,
    enrolment_on=date(2026, 11, 20),
)


def faults(record: UrssafRecord) -> list[tuple[str, str]]:
    return [(fault.field, fault.sentence) for fault in strict_faults(record, on=TODAY)]


def faulty(record: UrssafRecord) -> list[str]:
    return [fault.field for fault in strict_faults(record, on=TODAY)]


def changed(**values: Any) -> UrssafRecord:
    return replace(HELENE, **values)


def at_home(**values: str) -> UrssafRecord:
    return replace(HELENE, addresses=(replace(HOME, **values),))


@pytest.mark.req("URS-02")
def test_nothing_is_missing_in_a_whole_record() -> None:
    assert missing_fields(HELENE) == []
    assert strict_faults(HELENE, on=TODAY) == []


@pytest.mark.req("URS-02")
def test_an_empty_record_lacks_everything_in_the_order_of_the_form() -> None:
    assert missing_fields(UrssafRecord()) == [
        "civility",
        "gender",
        "last_name",
        "birth_name",
        "first_name",
        "birth_date",
        "birth_country",
        "birth_country_code",
        "email",
        "mobile_1",
        "address-number",
        "address-street",
        "address-postcode",
        "address-city",
        "address-city_code",
        "address-country_code",
    ]


@pytest.mark.req("URS-02")
@pytest.mark.parametrize(
    ("code", "missing"),
    [("99100", ["birth_city", "birth_department"]), ("99109", []), ("", ["birth_country_code"])],
)
def test_the_place_of_birth_is_asked_of_those_born_in_france(code: str, missing: list[str]) -> None:
    assert missing_fields(replace(HELENE, birth_country_code=code, birth_city="", birth_department="")) == missing


@pytest.mark.req("URS-02")
@pytest.mark.parametrize("name", ["civility", "last_name", "birth_city", "email", "mobile_1"])
def test_each_field_is_missed_by_its_name_and_spaces_are_nothing(name: str) -> None:
    assert missing_fields(changed(**{name: " \u00a0"})) == [name]


@pytest.mark.req("URS-02")
def test_the_fullest_address_counts() -> None:
    street_only = UrssafAddress(street="rue des Lilas")
    nearly = replace(HOME, city_code="")
    assert missing_fields(replace(HELENE, addresses=(street_only, nearly))) == ["address-city_code"]
    assert missing_fields(replace(HELENE, addresses=(street_only, HOME))) == []
    assert len(missing_fields(replace(HELENE, addresses=()))) == 6


@pytest.mark.req("URS-08")
def test_eligibility_asks_for_something_only_when_the_advance_is_wanted() -> None:
    bare = replace(HELENE, service_nature="", enrolment_on=None)
    assert missing_fields(bare) == ["service_nature", "enrolment_on"]
    assert missing_fields(replace(bare, is_enrolled=False)) == ["service_nature"]
    assert missing_fields(replace(bare, wants_advance=False)) == []


@pytest.mark.req("URS-05", "URS-06")
def test_the_account_is_asked_for_by_the_check_alone() -> None:
    bare = replace(HELENE, iban="", bic="", account_holder=" ", email="")
    assert missing_fields(bare) == ["email"]
    assert faults(bare) == [
        ("email", "À remplir."),
        ("iban", "À remplir."),
        ("bic", "À remplir."),
        ("account_holder", "À remplir."),
    ]
    assert strict_faults(bare, on=TODAY)[0] == Fault("email", "À remplir.")


@pytest.mark.req("URS-06")
@pytest.mark.parametrize("civility", ["M. et Mme", "Indivision", "SARL"])
def test_urssaf_wants_one_person(civility: str) -> None:
    assert faults(replace(HELENE, civility=civility)) == [
        ("civility", "L’URSSAF inscrit une seule personne\u00a0: choisissez M. ou Mme.")
    ]
    assert faults(replace(HELENE, civility="M.")) == []


@pytest.mark.parametrize("name", ["last_name", "birth_name", "first_name"])
def test_names_are_letters(name: str) -> None:
    for right in ("Éloïse-Anne", "D'Œuvre", "D’Œuvre", "E\u0301loi\u0308se", "Å", "a" * 80):
        assert faulty(changed(**{name: right})) == []
    for wrong in ("Jean 2", "Fabre & fils", "Иванов", "Fabre_Roux", "a" * 81, "D×2"):
        assert faulty(changed(**{name: wrong})) == [name]
    assert faults(changed(**{name: "a" * 81}))[0][1] == "L’URSSAF prend 80 signes au plus\u00a0; il y en a 81."


def test_a_birth_is_past() -> None:
    assert faulty(replace(HELENE, birth_date=date(2026, 11, 24))) == []
    assert faulty(replace(HELENE, birth_date=date(2026, 11, 25))) == ["birth_date"]
    assert faulty(replace(HELENE, enrolment_on=date(2026, 11, 25))) == []
    assert faulty(replace(HELENE, enrolment_on=date(2026, 11, 26))) == ["enrolment_on"]


@pytest.mark.parametrize("code", ["FR", "75056", "9910", "991000"])
def test_the_code_of_a_country_is_insee_s(code: str) -> None:
    assert "birth_country_code" in faulty(replace(HELENE, birth_country_code=code, birth_department=""))


@pytest.mark.parametrize("department", ["001", "019", "021", "069", "095", "02A", "02B", "971", "976", "988"])
def test_a_department_of_birth_has_three_signs(department: str) -> None:
    assert faulty(replace(HELENE, birth_department=department)) == []


@pytest.mark.parametrize("department", ["69", "2A", "000", "020", "096", "979", "0690", "02a"])
def test_what_is_no_department_is_refused(department: str) -> None:
    assert faults(replace(HELENE, birth_department=department)) == [
        ("birth_department", "Un département a ici trois signes\u00a0: 069, 02A ou 971.")
    ]


def test_born_abroad_there_is_no_department() -> None:
    abroad = replace(HELENE, birth_country="Allemagne", birth_country_code="99109", birth_city="Köln")
    assert faulty(replace(abroad, birth_department="")) == []
    assert faulty(abroad) == ["birth_department"]


@pytest.mark.parametrize("mobile", ["+33142345678", "+590690301234", "+32470123456", "+336123456789"])
def test_only_a_french_mobile(mobile: str) -> None:
    assert faults(replace(HELENE, mobile_1=mobile)) == [
        ("mobile_1", "L’URSSAF n’accepte qu’un mobile français, en 06 ou 07.")
    ]
    assert faulty(replace(HELENE, mobile_1="+33712345678")) == []


@pytest.mark.parametrize("email", ["helene", "helene@exemple", "helene@exemple.", "a b@exemple.fr"])
def test_an_email_that_is_none(email: str) -> None:
    assert faulty(replace(HELENE, email=email)) == ["email"]


@pytest.mark.parametrize(
    ("field", "right", "wrong"),
    [
        ("number", ["8", "12 bis", "12BIS", "1204B", "3 quater"], ["12345", "12 rue", "B12", "12-14"]),
        ("street", ["rue " + "a" * 28, "a" * 28], ["rue " + "a" * 29, "a" * 29, "cours " + "a" * 23]),
        ("complement", ["", "a" * 38], ["a" * 39]),
        ("postcode", ["84240", "97110"], ["8424", "842400", "2A004", "84 240"]),
        ("city", ["a" * 50], ["a" * 51]),
        ("city_code", ["69123", "2A004", "2B033", "97101"], ["069123", "2C004", "123", "6912"]),
        ("country_code", ["99100"], ["99109", "FR"]),
    ],
)
def test_the_address_as_the_service_takes_it(field: str, right: list[str], wrong: list[str]) -> None:
    assert {text: faulty(at_home(**{field: text})) for text in right} == {text: [] for text in right}
    assert {text: faulty(at_home(**{field: text})) for text in wrong} == {text: [f"address-{field}"] for text in wrong}


def test_the_account_is_checked() -> None:
    assert faults(replace(HELENE, iban="FR7630006000011234567890188")) == [
        ("iban", "Cet IBAN n’existe pas\u00a0: sa clé de contrôle est fausse.")
    ]
    assert faulty(replace(HELENE, bic="AGRI")) == ["bic"]
    assert faults(replace(HELENE, bic="AGR1FRPP")) == [("bic", "L’URSSAF veut un BIC qui commence par six lettres.")]
    assert faulty(replace(HELENE, account_holder="a" * 100)) == []
    assert faulty(replace(HELENE, account_holder="a" * 101)) == ["account_holder"]


def test_faults_follow_the_order_of_the_form() -> None:
    wrong = replace(at_home(street="", postcode="8"), service_nature="", bic="x", mobile_1="", civility="Indivision")
    assert faulty(wrong) == ["civility", "mobile_1", "address-street", "address-postcode", "bic", "service_nature"]


@pytest.mark.parametrize(
    ("street", "parts"),
    [
        ("route de Grambois", ("RTE", "de Grambois")),
        ("Bd. des Alpilles", ("BD", "des Alpilles")),
        ("ALLÉE  des Pins", ("ALL", "des Pins")),
        ("cours Mirabeau", ("", "cours Mirabeau")),
        ("rue", ("", "rue")),
        ("", ("", "")),
    ],
)
def test_the_kind_of_way_is_set_apart(street: str, parts: tuple[str, str]) -> None:
    assert split_way(street) == parts


@pytest.mark.parametrize(
    ("commune", "parts"), [("69123", ("069", "123")), ("2A004", ("02A", "004")), ("97101", ("971", "001"))]
)
def test_a_commune_of_birth_is_told_in_two_parts(commune: str, parts: tuple[str, str]) -> None:
    assert birth_place_codes(commune) == parts


@pytest.mark.parametrize("commune", ["", "6912", "069123", "2C004"])
def test_no_parts_of_what_is_no_commune(commune: str) -> None:
    with pytest.raises(ValueError, match="five signs"):
        birth_place_codes(commune)
