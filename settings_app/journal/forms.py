"""The form that erases values."""

from typing import Any

from django import forms

from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.layout import Cell, Section


class EraseForm(HouseForm):
    reason = forms.CharField(
        label="Motif",
        min_length=5,
        max_length=300,
        help_text="Il reste dans le journal\u00a0: n’y écrivez rien de personnel. "
        "Par exemple\u00a0: demande d’effacement du 12/11/2026.",
        error_messages={"min_length": "Donnez un motif d’au moins 5 caractères."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs["autofocus"] = True
        self.lay_out(Section("Motif", Cell("reason", "c12")))
