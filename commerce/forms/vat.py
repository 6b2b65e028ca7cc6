"""The form that changes what a rate of VAT is worth."""

from typing import Any

from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.fields import FrenchDateField, PercentField
from extrabat.lib.forms.layout import Cell


class PeriodForm(HouseForm):
    percent = PercentField(label="Taux (%)")
    valid_from = FrenchDateField(label="À partir du")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out(Cell("percent", "c3"), Cell("valid_from", "c4"))
