"""An IBAN that shows masked: what is still masked when it comes back is what is stored."""

from collections.abc import Mapping
from typing import Any

from django import forms

from extrabat.lib.forms.versioned import VersionedForm
from extrabat.lib.identifiers import MASK, mask_iban


class MaskedIbanForm(VersionedForm):
    """A form of a record with a sealed `iban`. `reveal()` shows it whole, to who asks."""

    def mask(self) -> None:
        """Call it once the fields are there."""
        self.stored_iban = str(self.instance.iban)
        self.initial["iban"] = mask_iban(self.stored_iban)
        self.remember()

    def clean_iban(self) -> str:
        typed = str(self.cleaned_data["iban"])
        if MASK not in typed:
            return typed
        if _bare(typed) != _bare(mask_iban(self.stored_iban)):
            raise forms.ValidationError("Retapez cet IBAN en entier\u00a0: sa partie masquée ne se corrige pas.")
        return self.stored_iban

    def seen_values(self) -> dict[str, Any]:
        """A masked IBAN was seen as the one that it stands for, as long as nobody else has changed it."""
        seen = super().seen_values()
        if "iban" in seen and _bare(str(seen["iban"])) == _bare(mask_iban(self.stored_iban)):
            seen["iban"] = self.stored_iban
        return seen

    def show_conflict(self, current: Mapping[str, Any]) -> None:
        masked = {"iban": mask_iban(str(current["iban"]))} if "iban" in current else {}
        super().show_conflict({**current, **masked})


def _bare(text: str) -> str:
    return "".join(text.split())
