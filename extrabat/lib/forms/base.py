"""Every form of the house: dressed fields, a layout, French messages."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms

REQUIRED = "À remplir."


class Palette(forms.RadioSelect):
    """A choice among tints, or among rows that have a `tint`; each is shown as its dot and told by its name."""

    template_name = "house/palette.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        row = getattr(value, "instance", None)
        return {**option, "tint": row.tint if row else value}


WIDGET_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, ""),
    (forms.CheckboxInput, "form-check-input"),
    (Palette, ""),
    (forms.RadioSelect, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)
EMPTY = {Palette: "aucune"}
# Django's own, which says nothing; a label that a field was declared with stays.
UNSAID = "---------"


def dress(field: forms.Field) -> None:
    """Give the field's widget its class, and the field its short French message when it is left empty."""
    css = next(css for widget, css in WIDGET_CLASSES if isinstance(field.widget, widget))
    known = field.widget.attrs.get("class", "")
    field.widget.attrs["class"] = f"{css} {known}".strip()
    field.error_messages["required"] = REQUIRED
    if isinstance(field, forms.ModelChoiceField) and field.empty_label == UNSAID:
        field.empty_label = EMPTY.get(type(field.widget), "Choisir" if field.required else "—")


class Dressed:
    """Shared by plain and model forms. `lay_out` is called at the end of a form's `__init__`."""

    fields: dict[str, forms.Field]
    helper: FormHelper
    # Fields shown with the star although Django lets them be empty: a rule of ours asks for them.
    marked_required: frozenset[str] = frozenset()

    def lay_out(self, *parts: LayoutObject) -> None:
        for field in self.fields.values():
            dress(field)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*parts)


class HouseForm(Dressed, forms.Form):
    """A form without a model."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
