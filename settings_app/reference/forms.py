"""The form of a reference value: label, active, and what its table adds."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import RegexValidator

from extrabat.lib.forms.base import HouseForm, Palette
from extrabat.lib.forms.fields import PercentField
from extrabat.lib.forms.layout import Cell, Section
from extrabat.lib.forms.versioned import VersionedForm
from settings_app.reference.catalogue import Table
from settings_app.reference.models import ReferenceValue
from settings_app.reference.palette import TINTS

ACTIVE_HINT = "Une valeur désactivée n’est plus proposée\u00a0; les fiches qui l’ont la gardent."
HINTS = {
    "is_professional": "Coché\u00a0: le client est un professionnel. Sinon, c’est un particulier.",
    "is_prospect": "Le client n’a pas encore commandé.",
    "on_planning": "Le client apparaît dans le planning chantier.",
    "is_trash": "Le client disparaît des listes et de la recherche.",
    "is_restricted": "Seules les personnes qui en ont le droit voient le client.",
    "percent": "De 0 à 100, par exemple 7,5.",
}

WIDTHS = {"tint": "c6"}


class LanguageCodeField(forms.CharField):
    """Two letters of ISO 639-1, kept in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2, **kwargs)
        self.validators.append(RegexValidator(r"^[a-z]{2}$", "Un code de langue a deux lettres, par exemple fr."))

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).lower()


class ValueForm(VersionedForm):
    """One of these per table: `value_form` makes it."""

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cells = [Cell("label", "c6")]
        for name in table.fields:
            self.fields[name].help_text = self.fields[name].help_text or HINTS.get(name, "")
            checkbox = isinstance(self.fields[name], forms.BooleanField)
            cells.append(Cell(name, "c12" if checkbox else table.widths.get(name) or WIDTHS.get(name, "c3")))
        self.fields["is_active"].help_text = ACTIVE_HINT
        if self.instance.pk is None:
            self.fields["label"].widget.attrs["autofocus"] = True
        if "code" in self.fields:
            self.fields["code"].error_messages["unique"] = "Ce code existe déjà."
        self.lay_out(Section(table.title, *cells, Cell("is_active", "c12")))

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # not in the stubs
        # The constraint on lower(label), the only one, names no field: Django tells it of the form as a whole.
        for message in self.errors.pop(NON_FIELD_ERRORS, ()):
            self.add_error("label", message)


def value_form(table: Table, *args: Any, **kwargs: Any) -> ValueForm:
    """The form of `table`'s values, with the fields that it declares."""
    fields: dict[str, Any] = {
        "label": forms.CharField(label="Libellé", max_length=80),
        "is_active": forms.BooleanField(label="Active", required=False),
    }
    if table.slug == "langues":
        fields["code"] = LanguageCodeField(label="Code")
    if "percent" in table.fields:
        fields["percent"] = PercentField(label="Remise (%)")
    if "tint" in table.fields:
        fields["tint"] = forms.TypedChoiceField(label="Teinte", choices=TINTS, coerce=int, widget=Palette)
    fields |= table.made()
    meta = type("Meta", (), {"model": table.model, "fields": ["label", *table.fields, "is_active"]})
    form = type("ValueForm", (ValueForm,), {"Meta": meta, **fields})
    made: ValueForm = form(*args, table=table, **kwargs)
    return made


class MergeForm(HouseForm):
    """Where the records of a value go."""

    into = forms.TypedChoiceField(
        label="Remplacer par", coerce=int, error_messages={"invalid_choice": "Cette valeur n’est plus proposée."}
    )

    def __init__(self, *args: Any, others: list[tuple[ReferenceValue, list[str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(other.pk, _named(other, words)) for other, words in others]
        self.fields["into"].choices = [("", "Choisir"), *choices]  # type: ignore[attr-defined]
        self.fields["into"].widget.attrs["autofocus"] = True
        self.lay_out(Section("Valeur de remplacement", Cell("into", "c6")))


def _named(value: ReferenceValue, words: list[str]) -> str:
    """« Corbeille (corbeille, désactivé) »: what the records get with it."""
    remarks = words if value.is_active else [*words, "désactivé"]
    return f"{value.label} ({', '.join(remarks)})" if remarks else value.label
