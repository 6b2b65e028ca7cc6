"""Forms of records that several people edit: only what was changed in this very form travels."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models

from extrabat.lib.forms.base import Dressed

SEEN = "seen"
# What a control showed: a text, or the texts that were chosen in it.
Shown = str | list[str]
SEVERAL = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)


@dataclass(frozen=True)
class Theirs:
    """What another person saved meanwhile: as people read it, and as the widget writes it."""

    shown: str
    raw: str


class VersionedForm(Dressed, forms.ModelForm):  # type: ignore[type-arg]  # any model
    """Carries in one hidden field what it showed when it was opened.

    `changed_data` compares what came back with that, not with the database, so a stale tab neither clears nor
    overwrites what it did not touch. `changes()` and `seen_values()` are what an action needs for
    `extrabat.lib.versions.apply_changes`.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.theirs: dict[str, Theirs] = {}
        self.remember()

    def remember(self, seen: str = "") -> None:
        """Note what the form shows now; a subclass that adds fields calls it again. `seen`: what it showed at first."""
        self.initial[SEEN] = seen or json.dumps({name: self._shown(name) for name in self._own_names()})

    def _own_names(self) -> list[str]:
        return [name for name in self.fields if name != SEEN]

    def _shown(self, name: str) -> Shown:
        value = self.fields[name].prepare_value(self.get_initial_for_field(self.fields[name], name))
        return _text(value)

    def _seen(self) -> dict[str, Shown]:
        """What the form showed, by field name; a hidden field that was tampered with reads as nothing seen."""
        try:
            seen = json.loads(self.data.get(self.add_prefix(SEEN), ""))
        except (ValueError, TypeError):
            return {}
        if not isinstance(seen, dict):
            return {}
        # A list where a single text belongs would break fields that expect one.
        return {
            name: _text(seen[name]) if isinstance(self.fields[name], SEVERAL) else str(seen[name])
            for name in self._own_names()
            if name in seen
        }

    @property
    def changed_data(self) -> list[str]:
        seen = self._seen()
        return [name for name in self._own_names() if self._differs(name, seen.get(name, ""))]

    def _differs(self, name: str, seen: Shown) -> bool:
        field = self.fields[name]
        raw = self[name].data
        if raw is None:
            # Not in the request at all: nobody changed it. An emptied field is there, empty.
            return False
        if isinstance(field, SEVERAL):
            # In whatever order.
            chosen = raw if isinstance(raw, list | tuple) else [raw]
            return {str(value) for value in chosen if value != ""} != set(seen)
        if isinstance(field, forms.ModelChoiceField):
            return str(raw or "") != seen
        return field.has_changed(self._python(name, seen), raw)

    def _python(self, name: str, shown: Shown) -> Any:
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            return [int(key) for key in shown if key.isdigit()]
        if isinstance(field, forms.ModelChoiceField):
            return int(shown) if isinstance(shown, str) and shown.isdigit() else None
        try:
            value = field.to_python(shown)
            # A typed choice is a text until it is coerced, in `clean`: "3" is not what the record holds.
            return field._coerce(value) if hasattr(field, "_coerce") else value
        except forms.ValidationError:
            return shown

    def changes(self) -> dict[str, Any]:
        """Cleaned values of the fields that were changed here."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}

    def seen_values(self) -> dict[str, Any]:
        """What those fields showed when the form was opened, as cleaned values."""
        seen = self._seen()
        return {name: self._python(name, seen.get(name, "")) for name in self.changed_data}

    def show_conflict(self, current: Mapping[str, Any]) -> None:
        """Put both values before the author: his in the field, the other below it.

        What he saw becomes what is stored now, so that sending again is a choice and no longer an accident.
        """
        # Not a dict of its items: of several choices it would keep the last.
        data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict or a dict
        seen = self._seen()
        for name, value in current.items():
            raw = _text(self.fields[name].prepare_value(value.pk if isinstance(value, models.Model) else value))
            seen[name] = raw
            shown = "" if value is None else str(value)
            self.theirs[name] = Theirs(shown=self._shown_theirs(name, shown, raw), raw=_line(raw))
        data[self.add_prefix(SEEN)] = json.dumps(seen)
        self.data = data

    def _shown_theirs(self, name: str, shown: str, raw: Shown) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            return shown
        if isinstance(field, forms.ChoiceField):
            labels = {str(key): str(label) for key, label in field.choices}  # type: ignore[union-attr,misc]  # flat
            return ", ".join(labels.get(key, key) for key in raw) if isinstance(raw, list) else labels.get(raw, shown)
        return _line(raw)


def _text(value: Any) -> Shown:
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    return "" if value is None else str(value)


def _line(shown: Shown) -> str:
    return shown if isinstance(shown, str) else ", ".join(shown)
