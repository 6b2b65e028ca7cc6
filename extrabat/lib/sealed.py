"""A model field whose text is encrypted in the database."""

from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact, Transform

from extrabat.lib.secrets import seal, unseal


class SealedTextField(models.TextField):  # type: ignore[type-arg]  # generic for mypy only
    """Clear in Python, sealed in the database. One may ask whether it is empty, nothing else: sealing the same text
    twice gives two tokens, so any other comparison would quietly find nothing.
    """

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value if value is None else unseal(value)

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return seal(text) if isinstance(text, str) else text

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
