"""Forms of records that several people edit: what counts as changed, for every kind of value."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from clients.models import Client
from extrabat.lib.forms.fields import AmountField, EmailListField, FrenchDateField
from extrabat.lib.forms.versioned import VersionedForm
from extrabat.lib.versions import apply_changes
from settings_app.models import Language
from tests.factories import make_client

OPTIONS = [("rouge", "Rouge"), ("vert", "Vert"), ('l\'eau, "x"', "L’eau")]


class Sheet(VersionedForm):
    x_day = FrenchDateField(required=False)
    x_amount = AmountField(required=False)
    x_emails = EmailListField(required=False)
    x_several = forms.MultipleChoiceField(choices=OPTIONS, required=False)
    x_count = forms.TypedChoiceField(choices=[("", "—"), (1, "un"), (3, "trois")], coerce=int, empty_value=None)
    x_yes = forms.BooleanField(required=False)

    class Meta:
        model = Client
        fields = ["gender"]


STORED: dict[str, Any] = {
    "gender": "F",
    "x_day": date(1980, 3, 9),
    "x_amount": Decimal("1234.50"),
    "x_emails": ["a@exemple.fr", "b@exemple.fr"],
    "x_several": ["rouge", 'l\'eau, "x"'],
    "x_count": 3,
    "x_yes": True,
}


def opened(initial: dict[str, Any]) -> QueryDict:
    """What a browser sends back when nothing was touched."""
    data = QueryDict(mutable=True)
    for bound in Sheet(initial=initial):
        value = bound.value()
        if isinstance(bound.field, forms.BooleanField):
            data.setlist(bound.html_name, ["on"] if value else [])
        else:
            data.setlist(bound.html_name, value if isinstance(value, list) else ["" if value is None else str(value)])
    return data


def sent(initial: dict[str, Any], **typed: Any) -> Sheet:
    data = opened(initial)
    for name, value in typed.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    form = Sheet(data, initial=initial)
    form.is_valid()
    return form


@pytest.mark.parametrize("initial", [STORED, {}])
def test_nothing_touched_is_nothing_changed(initial: dict[str, Any]) -> None:
    assert sent(initial).changed_data == []


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("gender", "M", "M"),
        ("gender", "", ""),
        ("x_day", "10/03/1980", date(1980, 3, 10)),
        ("x_day", "", None),
        ("x_amount", "1 234,51", Decimal("1234.51")),
        ("x_amount", "", None),
        ("x_emails", "b@exemple.fr, a@exemple.fr", ["b@exemple.fr", "a@exemple.fr"]),
        ("x_emails", "", []),
        ("x_several", ["vert"], ["vert"]),
        ("x_several", ["rouge"], ["rouge"]),
        ("x_several", [], []),
        ("x_count", "1", 1),
        ("x_yes", [], False),
    ],
)
def test_what_is_touched_has_changed_and_tells_both_values(name: str, typed: Any, value: Any) -> None:
    form = sent(STORED, **{name: typed})
    assert form.changed_data == [name]
    assert form.seen_values() == {name: STORED[name]}
    if form.is_valid():
        assert form.changes() == {name: value}


def test_the_order_of_several_choices_is_no_change() -> None:
    assert sent(STORED, x_several=['l\'eau, "x"', "rouge"]).changed_data == []


@pytest.mark.django_db
def test_a_choice_that_nobody_else_touched_is_no_conflict() -> None:
    row = make_client(gender="F")
    form = sent(STORED, gender="M")
    assert apply_changes(row, {"gender": form.changes()["gender"]}, form.seen_values()) == ["gender"]
    assert row.gender == "M"


def test_a_conflict_keeps_several_choices_and_says_theirs_in_words() -> None:
    form = sent(STORED, x_several=["vert", "rouge"], x_emails="c@exemple.fr")
    form.show_conflict({"x_several": ["vert", 'l\'eau, "x"'], "x_emails": ["d@exemple.fr", "e@exemple.fr"]})
    assert form["x_several"].value() == ["vert", "rouge"]
    assert form.theirs["x_several"].shown == "Vert, L’eau"
    assert form.theirs["x_emails"].shown == "d@exemple.fr, e@exemple.fr"
    assert form.seen_values()["x_several"] == ["vert", 'l\'eau, "x"']
    assert form.seen_values()["x_emails"] == ["d@exemple.fr", "e@exemple.fr"]


@pytest.mark.parametrize(
    "seen", ["", "[]", "null", "{", '{"x_day": ["a"]}', '{"x_several": {"a": 1}}', '{"x_several": [[1], null]}']
)
def test_a_hidden_field_that_was_tampered_with_breaks_nothing(seen: str) -> None:
    form = sent(STORED, seen=seen, x_day="10/03/1980", x_several=["vert"])
    assert {"x_day", "x_several"} <= set(form.changed_data)
    form.seen_values()


@pytest.mark.django_db
def test_several_records_are_compared_by_their_keys() -> None:
    class Several(VersionedForm):
        x_languages = forms.ModelMultipleChoiceField(Language.objects.all(), required=False)

        class Meta:
            model = Client
            fields: list[str] = []

    first, second = Language.objects.all()[:2]
    form = Several(initial={"x_languages": [first, second]})
    seen = form["seen"].value()
    assert json.loads(seen) == {"x_languages": [str(first.pk), str(second.pk)]}

    def changed(*keys: int) -> list[str]:
        data = QueryDict(mutable=True)
        data["seen"] = seen
        data.setlist("x_languages", [str(key) for key in keys])
        return Several(data).changed_data

    assert changed(second.pk, first.pk) == []
    assert changed(first.pk) == ["x_languages"]
