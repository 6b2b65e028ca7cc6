"""SIRET, VAT, IBAN, BIC, coordinates; spaces of the expected displays stand for U+00A0."""

import re
from decimal import Decimal

import pytest

from extrabat.lib.identifiers import (
    display_iban,
    display_siret,
    mask_iban,
    parse_bic,
    parse_coordinate,
    parse_iban,
    parse_sap,
    parse_siret,
    parse_vat,
    siren_of,
    vat_of,
)


def with_nbsp(text: str) -> str:
    return text.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("552081317", "552081317"),
        ("552 081 317", "552081317"),
        ("552.081-317", "552081317"),
        ("732 829 320 00074", "73282932000074"),
        ("732\u00a0829\u00a0320\u202f00074 ", "73282932000074"),
        ("732\u2011829\u2011320\u201100074", "73282932000074"),
        # La Poste: its seat follows Luhn, its other establishments only sum to a multiple of five.
        ("356 000 000 00048", "35600000000048"),
        ("356 000 000 49837", "35600000049837"),
    ],
)
def test_a_siret_in_every_usual_spelling(text: str, bare: str) -> None:
    assert parse_siret(text) == bare
    assert parse_siret(display_siret(bare)) == bare


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" ", "Indiquez un SIREN ou un SIRET."),
        ("552 081 317 000", "Un SIREN a 9 chiffres, un SIRET 14\u00a0: celui-ci en a 12."),
        ("5", "Un SIREN a 9 chiffres, un SIRET 14\u00a0: celui-ci en a 1."),
        ("732 829 320 00079", "Ce SIRET n’existe pas\u00a0: sa clé de contrôle est fausse."),
        ("552 081 318", "Ce SIREN n’existe pas\u00a0: sa clé de contrôle est fausse."),
        ("000 000 000", "Ce SIREN n’existe pas\u00a0: sa clé de contrôle est fausse."),
        ("356 000 000 49838", "Ce SIRET n’existe pas\u00a0: sa clé de contrôle est fausse."),
        ("552 O81 317", "Un SIREN ou un SIRET ne contient que des chiffres."),
        ("٥٥٢٠٨١٣١٧", "Un SIREN ou un SIRET ne contient que des chiffres."),
    ],
)
def test_what_is_no_siret_is_told_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_siret(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("SAP552081317", "SAP552081317"),
        ("sap 552 081 317", "SAP552081317"),
        ("SAP/552081317", "SAP552081317"),
        ("732 829 320 00074", "73282932000074"),
    ],
)
def test_a_sap_number_in_every_usual_spelling(text: str, kept: str) -> None:
    assert parse_sap(text) == kept


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("552081317", "SAP et neuf chiffres"),
        ("SAP55208131", "SAP et neuf chiffres"),
        ("SAP5520813177", "SAP et neuf chiffres"),
        ("552 081 317 00014", "sa clé de contrôle est fausse"),
        ("", "SAP et neuf chiffres"),
    ],
)
def test_what_is_no_sap_number_is_told_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_sap(text)


def test_a_siret_is_shown_in_groups_and_gives_its_company() -> None:
    assert display_siret("55208131700013") == with_nbsp("552 081 317 00013")
    assert display_siret("552081317") == with_nbsp("552 081 317")
    assert display_siret("inconnu") == "inconnu"
    assert siren_of("55208131700013") == "552081317"
    assert siren_of("552081317") == "552081317"


@pytest.mark.parametrize(
    ("siren", "number"),
    [
        ("552081317", "FR03552081317"),
        ("404833048", "FR83404833048"),
        ("40483304800022", "FR83404833048"),
    ],
)
def test_the_vat_number_follows_from_the_company(siren: str, number: str) -> None:
    assert vat_of(siren) == number
    assert parse_vat(number) == number


def test_no_vat_number_without_a_whole_siren() -> None:
    with pytest.raises(ValueError, match="9 digits"):
        vat_of("5520813")


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("fr 03 552 081 317", "FR03552081317"),
        ("FR-03.552.081.317", "FR03552081317"),
        ("BE 0697.449.992", "BE0697449992"),
        ("DE 136 695 976", "DE136695976"),
        ("ATU 57194903", "ATU57194903"),
        ("EL 094259216", "EL094259216"),
    ],
)
def test_vat_numbers_of_the_union(text: str, bare: str) -> None:
    assert parse_vat(text) == bare


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Indiquez un numéro de TVA."),
        ("FR04552081317", "sa clé de contrôle est fausse"),
        ("FR0355208131", "écrivez par exemple FR03552081317"),
        ("552081317", "écrivez par exemple FR03552081317"),
        ("DE136695977", "écrivez par exemple FR03552081317"),
        ("US136695976", "écrivez par exemple FR03552081317"),
        ("FR/03552081317", "écrivez par exemple FR03552081317"),
    ],
)
def test_what_is_no_vat_number_is_told_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_vat(text)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        ("fr76\u00a03000\u00a06000\u00a00112\u00a03456\u00a07890\u00a0189", "FR7630006000011234567890189"),
        ("BE68 5390 0754 7034", "BE68539007547034"),
    ],
)
def test_an_iban_is_kept_bare(text: str, bare: str) -> None:
    assert parse_iban(text) == bare
    assert parse_iban(display_iban(bare)) == bare


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Indiquez un IBAN."),
        ("FR76 3000 6000 0112 3456 7890 188", "sa clé de contrôle est fausse"),
        ("FR76 3000 6000 0112 3456 7890 18", "Un IBAN FR a 27 signes\u00a0: celui-ci en a 26."),
        ("ZZ68 5390 0754 7034", "il commence par un pays"),
        ("30006 00001 12345678901 89", "il commence par un pays"),
        ("FR", "n’existe pas|27 signes"),
    ],
)
def test_what_is_no_iban_is_told_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_iban(text)


def test_an_iban_is_shown_in_groups_or_masked() -> None:
    assert display_iban("FR7630006000011234567890189") == with_nbsp("FR76 3000 6000 0112 3456 7890 189")
    assert mask_iban("FR7630006000011234567890189") == with_nbsp("FR76 •••• 189")
    assert mask_iban("FR76300060") == "••••"
    assert (display_iban(""), mask_iban("")) == ("", "")


def test_a_bic_has_eight_or_eleven_signs() -> None:
    assert parse_bic("agri fr pp") == "AGRIFRPP"
    assert parse_bic("AGRIFRPP839") == "AGRIFRPP839"


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "Indiquez un BIC."), ("AGRIFRP", "8 ou 11 signes"), ("AGRIZZPP", "n’existe pas"), ("ÉGRIFRPP", "n’existe")],
)
def test_what_is_no_bic_is_told_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_bic(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("43,7123", "43.712300"),
        ("43.7123", "43.712300"),
        (" +43,7123° ", "43.712300"),
        ("-1,5", "-1.500000"),
        ("\u22121,5", "-1.500000"),
        ("1,5 O", "-1.500000"),
        ("1,5 W", "-1.500000"),
        ("43° 42′ 44″ N", "43.712222"),
        ("43°42'44\"N", "43.712222"),
        ("43° 42’ 44’’ N", "43.712222"),
        ("43° 42,5′", "43.708333"),
        ("5° 30′ E", "5.500000"),
        ("33° 30′ S", "-33.500000"),
        ("0,0000005", "0.000001"),
        ("-0", "0.000000"),
        ("180", "180.000000"),
    ],
)
def test_a_coordinate_has_six_decimals(text: str, value: str) -> None:
    assert str(parse_coordinate(text)) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Indiquez une coordonnée."),
        ("Pertuis", "n’est pas une coordonnée"),
        ("-1,5 O", "n’est pas une coordonnée"),
        ("43,7123, 5,5", "n’est pas une coordonnée"),
        ("43° 60′", "vont de 0 à 59"),
        ("43° 12′ 75″", "vont de 0 à 59"),
        ("180,000001", "dépasse 180"),
        ("90,5 N", "dépasse 90"),
    ],
)
def test_what_is_no_coordinate_is_told_why(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_coordinate(text)


def test_a_coordinate_is_a_decimal() -> None:
    assert parse_coordinate("43,7123") == Decimal("43.7123")
