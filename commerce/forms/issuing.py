"""The form of a validation: for which ouvrage, and why a warning is passed over."""

from typing import Any, Final

from django import forms

from clients.models import Client
from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.fields import AmountField, PercentField
from extrabat.lib.forms.layout import Cell

WITHOUT: Final = "sans"
WITHOUT_LABEL: Final = "Sans ouvrage"


class IssueForm(HouseForm):
    """`installation` offers the client's ouvrages and none; an only one is chosen already (PAY-05)."""

    installation = forms.ChoiceField(label="Ouvrage", required=False)
    reason = forms.CharField(label="Motif", required=False, max_length=300)

    def __init__(self, *args: Any, client: Client, chosen: int | None, asks_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in client.installations.all()}
        choices = [*((key, str(row)) for key, row in self.rows.items()), (WITHOUT, WITHOUT_LABEL)]
        field = self.fields["installation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = choices
        only = next(iter(self.rows)) if len(self.rows) == 1 else WITHOUT
        self.initial["installation"] = str(chosen) if chosen else only
        if not asks_reason:
            del self.fields["reason"]
        self.lay_out(*(Cell(name, "c12") for name in self.fields))

    def clean_installation(self) -> Any:
        """The ouvrage, or None for none."""
        return self.rows.get(self.cleaned_data["installation"])


class DepositForm(HouseForm):
    """A percentage of the order, or an amount with VAT."""

    percent = PercentField(label="Pourcentage", required=False)
    gross = AmountField(label="Montant TTC", required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["percent"].widget.attrs["autofocus"] = True
        self.lay_out(Cell("percent", "c6"), Cell("gross", "c6"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("percent")) == bool(cleaned.get("gross")):
            raise forms.ValidationError("Donnez un pourcentage ou un montant.")
        return cleaned
