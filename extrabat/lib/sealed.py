"""A model field whose text is encrypted in the database."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.lookups import Exact, Transform

from extrabat.lib.secrets import SealError, needs_rotation, seal, unseal

_DUMPED = "sealed:"


class _Opened(str):
    """A text that remembers its token: saved untouched, it is written as it was.

    Sealed again it would be another token, and the audit trail would tell a change that nobody made.
    """

    token: str


class SealedTextField(models.TextField):  # type: ignore[type-arg]  # generic for mypy only
    """Clear in Python, sealed in the database. One may ask whether it is empty, nothing else: sealing the same text
    twice gives two tokens, so any other comparison would quietly find nothing.
    """

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if value is None:
            return None
        text = _Opened(unseal(value))
        text.token = value
        return text

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        # The token of a former key is not kept: a row read before a rotation may be saved after it.
        if isinstance(text, _Opened) and not needs_rotation(text.token):
            return text.token
        return seal(text) if isinstance(text, str) else text

    def value_to_string(self, obj: models.Model) -> str:
        """A dump holds the token, never the clear text; `to_python` reads it back."""
        text = self.value_from_object(obj)
        return f"{_DUMPED}{text.token if isinstance(text, _Opened) else seal(text)}" if text else ""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith(_DUMPED):
            try:
                return unseal(value.removeprefix(_DUMPED))
            except SealError as error:
                raise ValidationError(str(error)) from error
        return super().to_python(value)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "isnull"} else None

    def get_transform(self, lookup_name: str) -> type[Transform] | None:
        return None


@SealedTextField.register_lookup
class _Empty(Exact):
    def get_prep_lookup(self) -> Any:
        # None becomes isnull.
        if self.rhs is None or self.rhs == "":
            return self.rhs
        raise FieldError("a sealed text can only be compared with the empty one")


@register(deploy=True)
def keys_can_seal(**_kwargs: Any) -> list[CheckMessage]:
    """Found out when the program is put up, not when the first IBAN is typed."""
    try:
        unseal(seal("x"))
    except SealError as error:
        return [Error(str(error), hint="FIELD_KEYS=id:key, the key from Fernet.generate_key().", id="extrabat.E003")]
    return []
