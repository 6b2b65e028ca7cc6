"""What the client's form and its rows share: a face that is shown, the rest in hidden inputs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models

from clients.sheets import Line, Sheet
from extrabat.lib.forms.versioned import SEEN, VersionedForm


def text_area(label: str = "", rows: int = 2, limit: int = 10_000) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=limit, widget=forms.Textarea({"rows": rows}))


class SheetForm(VersionedForm):
    """Shows the fields of a sheet; the others of the form stay in it as hidden inputs."""

    lines: Sequence[Line] = ()
    sheet: Sheet
    missing: frozenset[str] = frozenset()

    def offer(self, name: str, rows: models.QuerySet[Any]) -> None:
        """Values in use, and the one that the record has even when it was switched off since."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # they are foreign keys
        current = getattr(self.instance, f"{name}_id", None)
        field.queryset = rows | rows.model._default_manager.filter(pk=current) if current else rows

    def hide_the_rest(self, shown: frozenset[str]) -> None:
        for name, field in self.fields.items():
            if name not in shown and name != SEEN:
                hooks = {hook: value for hook, value in field.widget.attrs.items() if hook.startswith("data-")}
                field.widget = field.hidden_widget(hooks)

    def typed(self) -> dict[str, Any]:
        """What a bound form holds, as typed, by field name."""
        return {name: self[name].data for name in self.fields if name != SEEN}

    def held(self) -> dict[str, Any]:
        """What the form holds now by field name: as typed when it was sent, else what it shows."""
        if self.is_bound:
            return self.typed()
        return {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
