"""Texts sealed at rest, and the field that keeps them."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps.registry import Apps
from django.core.exceptions import FieldError
from django.db import connection, models

from extrabat.lib.sealed import SealedTextField
from extrabat.lib.secrets import SealError, needs_rotation, seal, unseal

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
IBAN = "FR7630006000011234567890189"


class Account(models.Model):
    iban = SealedTextField(blank=True)

    class Meta:
        app_label = "extrabat"
        apps = Apps()  # a registry of its own: the house does not know this model


@pytest.fixture(autouse=True)
def _keys(settings: Any) -> None:
    settings.FIELD_KEYS = [f"old:{OLD}"]


@pytest.mark.parametrize("text", [IBAN, "é 🏊", " ", "v1:old:x", "a" * 10_000])
def test_what_is_sealed_comes_back(text: str) -> None:
    token = seal(text)
    assert token.startswith("v1:old:gAAAA")
    assert text.strip() == "" or text not in token
    assert unseal(token) == text
    assert seal(text) != token


def test_an_empty_text_stays_empty() -> None:
    assert (seal(""), unseal(""), needs_rotation("")) == ("", "", False)


def test_the_first_key_seals_and_any_opens(settings: Any) -> None:
    token = seal(IBAN)
    assert not needs_rotation(token)
    settings.FIELD_KEYS = [f"new:{NEW}", f"old:{OLD}"]
    assert unseal(token) == IBAN
    assert needs_rotation(token)
    again = seal(unseal(token))
    assert again.startswith("v1:new:")
    assert not needs_rotation(again)
    settings.FIELD_KEYS = [f"new:{NEW}"]
    assert unseal(again) == IBAN


def test_a_key_that_is_gone_is_named_and_nothing_else(settings: Any) -> None:
    token = seal(IBAN)
    settings.FIELD_KEYS = [f"new:{NEW}"]
    with pytest.raises(SealError) as refused:
        unseal(token)
    assert str(refused.value) == "FIELD_KEYS has no key old: what it sealed cannot be read"


def test_another_key_of_the_same_name_opens_nothing(settings: Any) -> None:
    token = seal(IBAN)
    settings.FIELD_KEYS = [f"old:{OTHER}"]
    with pytest.raises(SealError, match="what key old sealed cannot be read") as refused:
        unseal(token)
    assert token[7:] not in str(refused.value)
    assert refused.value.__context__ is None


@pytest.mark.parametrize("token", [IBAN, "v2:old:gAAAA", "v1:old:", "v1::gAAAA", "v1:old:gAA AA"])
def test_what_was_never_sealed_is_refused(token: str) -> None:
    with pytest.raises(SealError, match="not a sealed one"):
        unseal(token)
    with pytest.raises(SealError, match="not a sealed one"):
        needs_rotation(token)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ([], "FIELD_KEYS is empty"),
        ([f"old:{OLD}", "new:short"], "item 2 is not id:key with a Fernet key"),
        ([OLD], "item 1 is not id:key"),
        ([f"old:{OLD}", f"old:{NEW}"], "two keys are called old"),
    ],
)
def test_wrong_keys_are_told_without_being_shown(settings: Any, keys: list[str], message: str) -> None:
    settings.FIELD_KEYS = keys
    with pytest.raises(SealError, match=message) as refused:
        seal(IBAN)
    assert not any(key in str(refused.value) for key in (OLD, NEW, "short"))


def test_the_field_seals_on_the_way_in_and_opens_on_the_way_out() -> None:
    field = Account._meta.get_field("iban")
    stored = field.get_db_prep_save(IBAN, connection)
    assert stored.startswith("v1:old:")
    assert field.from_db_value(stored, None, connection) == IBAN
    assert field.get_db_prep_save("", connection) == ""
    assert field.get_db_prep_save(None, connection) is None
    assert field.from_db_value(None, None, connection) is None


def test_one_may_ask_whether_it_is_empty() -> None:
    sql, values = Account._default_manager.filter(iban="").query.sql_with_params()
    assert sql.endswith('"iban" = %s')
    assert values == ("",)
    assert str(Account._default_manager.exclude(iban__isnull=True).query).endswith('"iban" IS NULL)')


@pytest.mark.parametrize(
    "lookup",
    [
        {"iban": IBAN},
        {"iban__exact": IBAN},
        {"iban": models.F("id")},
        {"iban__in": [IBAN]},
        {"iban__contains": "FR"},
        {"iban__istartswith": "FR"},
        {"iban__gt": "FR"},
        {"iban__length": 27},
    ],
)
def test_no_other_question_is_answered(lookup: dict[str, object]) -> None:
    with pytest.raises(FieldError):
        str(Account._default_manager.filter(**lookup).query)
