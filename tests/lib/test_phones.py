"""Phone numbers; spaces of the expected values stand for U+00A0."""

import pytest

from extrabat.lib.phones import display_phone, is_fiction, is_mobile, parse_phone


@pytest.mark.parametrize(
    "text",
    [
        "0612345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "06/12/34/56/78",
        "06\u00a012\u00a034\u00a056\u00a078",
        "06\u202f12\u202f34\u202f56\u202f78",
        "(06) 12 34 56 78",
        "  06 12 345 678 ",
        "+33612345678",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "+33 ( 0 ) 6 12 34 56 78",
        "+33 06 12 34 56 78",
        "0033612345678",
        "00 33 (0)6 12 34 56 78",
        "33 6 12 34 56 78",
        "612345678",
        "\u202a+33 6 12 34 56 78\u202c",
        "06\u201112\u201134\u201156\u201178",
    ],
)
def test_every_usual_spelling_is_one_number(text: str) -> None:
    assert parse_phone(text) == "+33612345678"


@pytest.mark.parametrize(
    ("text", "e164", "displayed", "mobile"),
    [
        ("01 42 34 56 78", "+33142345678", "01 42 34 56 78", False),
        ("09 87 65 43 21", "+33987654321", "09 87 65 43 21", False),
        ("0 800 12 34 56", "+33800123456", "08 00 12 34 56", False),
        ("07 81 23 45 67", "+33781234567", "07 81 23 45 67", True),
        ("0590 20 12 34", "+590590201234", "05 90 20 12 34", False),
        ("0690 30 12 34", "+590690301234", "06 90 30 12 34", True),
        ("0691 22 12 34", "+590691221234", "06 91 22 12 34", True),
        ("0596 30 12 34", "+596596301234", "05 96 30 12 34", False),
        ("+33 5 96 30 12 34", "+596596301234", "05 96 30 12 34", False),
        ("0696 20 12 34", "+596696201234", "06 96 20 12 34", True),
        ("0697 20 12 34", "+596697201234", "06 97 20 12 34", True),
        ("0594 20 12 34", "+594594201234", "05 94 20 12 34", False),
        ("0694 20 12 34", "+594694201234", "06 94 20 12 34", True),
        ("0262 20 12 34", "+262262201234", "02 62 20 12 34", False),
        ("+262 (0)692 12 34 56", "+262692123456", "06 92 12 34 56", True),
        ("0693 30 12 34", "+262693301234", "06 93 30 12 34", True),
        ("0269 61 23 45", "+262269612345", "02 69 61 23 45", False),
        ("0639 01 23 45", "+262639012345", "06 39 01 23 45", True),
        ("0709 02 12 34", "+590709021234", "07 09 02 12 34", True),
        ("00 33 5 96 30 12 34", "+596596301234", "05 96 30 12 34", False),
        ("+32 (0)470 12 34 56", "+32470123456", "+32 470 12 34 56", True),
        ("+39 06 6982 1234", "+390669821234", "+39 06 6982 1234", False),
        ("+32 470 12 34 56", "+32470123456", "+32 470 12 34 56", True),
        ("0032 2 555 12 34", "+3225551234", "+32 2 555 12 34", False),
        ("+1 415 555 2671", "+14155552671", "+1 415-555-2671", True),
    ],
)
def test_numbers_of_every_place(text: str, e164: str, displayed: str, mobile: bool) -> None:
    assert parse_phone(text) == e164
    assert display_phone(e164) == displayed.replace(" ", "\u00a0")
    assert parse_phone(display_phone(e164)) == e164
    assert is_mobile(e164) is mobile
    assert not is_fiction(e164)


@pytest.mark.parametrize(
    ("text", "e164", "mobile"),
    [
        ("06 39 98 00 00", "+33639980000", True),
        ("06 39 98 99 99", "+33639989999", True),
        ("00 33 6 39 98 99 99", "+33639989999", True),
        ("+33 (0)6 39 98 12 34", "+33639981234", True),
        ("01 99 00 00 00", "+33199000000", False),
        ("01 99 00 99 99", "+33199009999", False),
    ],
)
def test_fiction_numbers_are_valid_and_of_the_mainland(text: str, e164: str, mobile: bool) -> None:
    assert parse_phone(text) == e164
    assert is_fiction(e164)
    assert is_mobile(e164) is mobile


@pytest.mark.parametrize("e164", ["+33639970000", "+33639990000", "+33199010000", "+262639980000", "0639980000", ""])
def test_fiction_stops_at_its_range(e164: str) -> None:
    assert not is_fiction(e164)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Indiquez un numéro de téléphone."),
        (" \u00a0\u200e", "Indiquez un numéro de téléphone."),
        ("06 12 34 56", "n’existe pas"),
        ("06 12 34 56 789", "n’existe pas"),
        ("06 12 34 56 78 06 12 34 56 79", "n’existe pas"),
        ("00 00 00 00 00", "n’existe pas"),
        ("06 39 12 34 56", "n’existe pas"),
        ("15", "n’existe pas"),
        ("+999 12 34 56", "n’existe pas"),
        ("+", "ne contient que des chiffres"),
        ("++33 6 12 34 56 78", "ne contient que des chiffres"),
        ("0800 FLOWERS", "ne contient que des chiffres"),
        ("06 12 34 56 78 poste 3", "ne contient que des chiffres"),
        ("٠٦١٢٣٤٥٦٧٨", "ne contient que des chiffres"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_phone(text)


def test_another_region_reads_its_own_national_numbers() -> None:
    assert parse_phone("0470 12 34 56", region="BE") == "+32470123456"
    assert parse_phone("+33 (0)6 12 34 56 78", region="BE") == "+33612345678"


@pytest.mark.parametrize(
    "text", ["", "inconnu", "06 12", "+", "+3312", "+3361234", "+999123456", "+33612345678 ou rien"]
)
def test_display_gives_back_what_it_cannot_read(text: str) -> None:
    assert display_phone(text) == text
    assert not is_mobile(text)
