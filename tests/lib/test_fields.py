"""Fields that read French; spaces of the expected displays stand for U+00A0."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.utils.timezone import localdate

from clients.models import Client
from extrabat.lib.forms.fields import (
    AmountField,
    BicField,
    CoordinateField,
    EmailListField,
    FrenchDateField,
    IbanField,
    PercentField,
    PhoneListField,
    SiretField,
    VatField,
)
from extrabat.lib.forms.versioned import VersionedForm


def with_nbsp(text: str) -> str:
    return text.replace(" ", "\u00a0")


class Sheet(VersionedForm):
    """Every field at once, with names that the model does not have, so that none of its values interferes."""

    x_siret = SiretField(required=False)
    x_vat = VatField(required=False)
    x_iban = IbanField(required=False)
    x_bic = BicField(required=False)
    x_day = FrenchDateField(required=False)
    x_latitude = CoordinateField(required=False)
    x_amount = AmountField(required=False)
    x_percent = PercentField(required=False)
    x_emails = EmailListField(required=False)
    x_phones = PhoneListField(required=False)

    class Meta:
        model = Client
        fields: list[str] = []


STORED: dict[str, Any] = {
    "x_siret": "73282932000074",
    "x_vat": "FR03552081317",
    "x_iban": "FR7630006000011234567890189",
    "x_bic": "AGRIFRPP",
    "x_day": date(1980, 3, 9),
    "x_latitude": Decimal("-43.712300"),
    "x_amount": Decimal("1234.50"),
    "x_percent": Decimal("5.50"),
    "x_emails": ["a@exemple.fr", "b@exemple.fr"],
    "x_phones": ["+33639980001", "+32470123456"],
}
SHOWN = {
    "x_siret": with_nbsp("732 829 320 00074"),
    "x_vat": "FR03552081317",
    "x_iban": with_nbsp("FR76 3000 6000 0112 3456 7890 189"),
    "x_bic": "AGRIFRPP",
    "x_day": "09/03/1980",
    "x_latitude": "\u221243,7123",
    "x_amount": with_nbsp("1 234,50"),
    "x_percent": "5,5",
    "x_emails": "a@exemple.fr, b@exemple.fr",
    "x_phones": f"{with_nbsp('06 39 98 00 01')}, {with_nbsp('+32 470 12 34 56')}",
}
TOUCHED: dict[str, tuple[str, Any]] = {
    "x_siret": ("552 081 317", "552081317"),
    "x_vat": ("FR 83 404 833 048", "FR83404833048"),
    "x_iban": ("BE68 5390 0754 7034", "BE68539007547034"),
    "x_bic": ("agrifrpp839", "AGRIFRPP839"),
    "x_day": ("10.03.80", date(1980, 3, 10)),
    "x_latitude": ("43° 42′ 44″ N", Decimal("43.712222")),
    "x_amount": ("1 234,51 €", Decimal("1234.51")),
    "x_percent": ("6 %", Decimal(6)),
    "x_emails": ("A@exemple.fr ; c@exemple.fr", ["a@exemple.fr", "c@exemple.fr"]),
    "x_phones": ("0639980001", ["+33639980001"]),
}
EMPTY: dict[str, Any] = {
    **dict.fromkeys(["x_siret", "x_vat", "x_iban", "x_bic"], ""),
    **dict.fromkeys(["x_day", "x_latitude", "x_amount", "x_percent"]),
    "x_emails": [],
    "x_phones": [],
}


def opened(initial: dict[str, Any]) -> dict[str, str]:
    """What the browser sends back when nothing was touched."""
    form = Sheet(initial=initial)
    return {field.html_name: str(field.value() or "") for field in form}


def sent(initial: dict[str, Any], **typed: str) -> Sheet:
    form = Sheet({**opened(initial), **typed}, initial=initial)
    assert form.is_valid(), form.errors
    return form


def test_every_field_shows_french() -> None:
    data = opened(STORED)
    assert json.loads(data.pop("seen")) == SHOWN
    assert data == SHOWN


@pytest.mark.parametrize("initial", [STORED, {}, EMPTY, dict.fromkeys(STORED)])
def test_nothing_touched_is_nothing_changed(initial: dict[str, Any]) -> None:
    form = sent(initial)
    assert form.changed_data == []
    assert {name: form.cleaned_data[name] for name in STORED} == (STORED if initial is STORED else EMPTY)


@pytest.mark.parametrize("name", STORED)
def test_what_is_touched_has_changed_and_tells_both_values(name: str) -> None:
    typed, value = TOUCHED[name]
    form = sent(STORED, **{name: typed})
    assert form.changes() == {name: value}
    assert form.seen_values() == {name: STORED[name]}


@pytest.mark.parametrize("name", STORED)
def test_emptying_and_filling_are_changes(name: str) -> None:
    assert sent(STORED, **{name: ""}).changes() == {name: EMPTY[name]}
    filled = sent({}, **{name: TOUCHED[name][0]})
    assert filled.changes() == {name: TOUCHED[name][1]}
    assert filled.seen_values() == {name: EMPTY[name]}


def test_another_spelling_is_no_change() -> None:
    form = sent(
        STORED,
        x_siret="732.829.320.00074",
        x_day="1980-03-09",
        x_latitude="-43.7123",
        x_amount="1234,5",
        x_percent="5.50 %",
        x_emails="A@exemple.fr;b@exemple.fr;a@exemple.fr",
        x_phones="06.39.98.00.01, 0032470123456",
    )
    assert form.changed_data == []


def test_a_plain_form_sees_no_change_either() -> None:
    class Plain(forms.Form):
        day = FrenchDateField(required=False)
        emails = EmailListField(required=False)
        amount = AmountField(required=False)

    stored = {"day": date(1980, 3, 9), "emails": ["a@exemple.fr"], "amount": Decimal("1.50")}
    data = {"day": "09/03/1980", "emails": "a@exemple.fr", "amount": "1,50"}
    assert not Plain(data, initial=stored).has_changed()
    assert not Plain({}, initial={"emails": [], "day": None}).has_changed()
    assert Plain({**data, "emails": ""}, initial=stored).changed_data == ["emails"]


def test_a_conflict_shows_what_the_others_wrote() -> None:
    form = sent(STORED, x_emails="c@exemple.fr", x_day="10/03/1980")
    form.show_conflict({"x_emails": ["d@exemple.fr", "e@exemple.fr"], "x_day": date(1981, 1, 2)})
    assert form.theirs["x_emails"].shown == "d@exemple.fr, e@exemple.fr"
    assert form.theirs["x_day"].shown == "02/01/1981"
    assert set(form.changed_data) == {"x_emails", "x_day"}


TOMORROW = (localdate() + timedelta(days=1)).strftime("%d/%m/%Y")


@pytest.mark.parametrize(
    ("field", "typed", "messages"),
    [
        (SiretField(), "552 081 317 000", ["Un SIREN a 9 chiffres, un SIRET 14\u00a0: celui-ci en a 12."]),
        (SiretField(), "732 829 320 00079", ["Ce SIRET n’existe pas\u00a0: sa clé de contrôle est fausse."]),
        (VatField(), "FR04552081317", ["Ce numéro de TVA n’existe pas\u00a0: sa clé de contrôle est fausse."]),
        (IbanField(), "FR7630006000011234567890188", ["Cet IBAN n’existe pas\u00a0: sa clé de contrôle est fausse."]),
        (BicField(), "AGRI", ["Ce BIC n’existe pas\u00a0: il a 8 ou 11 signes, par exemple AGRIFRPP."]),
        (FrenchDateField(), "31/02/2026", ["Le 31/02/2026 n’existe pas."]),
        (FrenchDateField(birth=True), TOMORROW, ["Cette date est dans l’avenir."]),
        (FrenchDateField(birth=True), "31/12/1899", ["Cette date est avant 1900."]),
        (FrenchDateField(not_before=date(2026, 1, 2)), "01/01/2026", ["Cette date est avant le 02/01/2026."]),
        (CoordinateField(limit=90), "91", ["Cette coordonnée dépasse 90\u00a0degrés."]),
        (AmountField(min_value=0), "-1", ["Ce montant est inférieur à 0."]),
        (AmountField(), "1.234", ["Un montant a deux décimales au plus."]),
        (PercentField(), "100,01", ["Un pourcentage va de 0 à 100."]),
        (PercentField(), "-1", ["Un pourcentage va de 0 à 100."]),
        (PercentField(), "5,555", ["Un pourcentage a deux décimales au plus."]),
        (PercentField(), "5 €", ["«\u00a05 €\u00a0» n’est pas un pourcentage\u00a0: écrivez par exemple 5,5."]),
        (
            EmailListField(),
            "a@exemple.fr, b@, c",
            ["«\u00a0b@\u00a0» n’est pas une adresse e-mail.", "«\u00a0c\u00a0» n’est pas une adresse e-mail."],
        ),
        (PhoneListField(), "0639980001; 06 12", ["«\u00a006 12\u00a0» n’est pas un numéro de téléphone."]),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(field: forms.Field, typed: str, messages: list[str]) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages == messages


@pytest.mark.parametrize("field", [FrenchDateField(), AmountField(), EmailListField(), SiretField()])
def test_a_field_that_must_be_filled_refuses_nothing_at_all(field: forms.Field) -> None:
    with pytest.raises(forms.ValidationError):
        field.clean(" ")


def test_bounds_are_part_of_what_they_allow() -> None:
    assert FrenchDateField(birth=True).clean("01/01/1900") == date(1900, 1, 1)
    assert FrenchDateField(birth=True).clean(localdate().strftime("%d/%m/%Y")) == localdate()
    assert FrenchDateField(not_before=date(2026, 1, 2)).clean("02/01/2026") == date(2026, 1, 2)
    assert FrenchDateField().clean(TOMORROW) == localdate() + timedelta(days=1)
    assert AmountField(min_value=0).clean("0") == 0
    assert [PercentField().clean(text) for text in ("0", "100")] == [0, 100]
    assert CoordinateField(limit=90).clean("90") == 90


def test_a_stored_value_that_a_later_rule_refuses_is_still_untouched() -> None:
    field = FrenchDateField(birth=True)
    assert not field.has_changed(date(1899, 12, 31), "31/12/1899")
