"""The cells of a line that is edited in place: what each shows, and what the line showed when it was sent out."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from commerce.domain.lines import LineKind
from commerce.forms.fields import PriceField, QuantityField
from commerce.models import DocumentLine, VatRate
from extrabat.lib import french
from extrabat.lib.forms.fields import AmountField, PercentField

_FIELDS: Final[Mapping[str, forms.Field]] = {
    "quantity": QuantityField(),
    "unit_price": PriceField(),
    "discount_percent": PercentField(),
    "discount_amount": AmountField(),
}
# By whether it is the line's own.
_CHOSEN: Final = (SafeString(""), SafeString(" selected"))


def cells_of(line: DocumentLine, *, may_be_option: bool) -> dict[str, Any]:
    """`shown` by name, `seen` as `VersionedForm` reads it: a cell sends its own of it back."""
    shown = {"label": line.label}
    if line.is_item:
        shown["unit_label"] = line.unit_label
        discount = "discount_amount" if line.discount_amount else "discount_percent"
        for name in ("quantity", "unit_price", discount):
            shown[name] = _FIELDS[name].prepare_value(getattr(line, name))
        shown["vat"] = str(line.vat_id)
    if may_be_option and line.kind in (LineKind.ITEM, LineKind.SECTION):
        shown["is_option"] = str(line.is_option)
    return {"shown": shown, "names": list(shown), "seen": json.dumps(shown)}


class RateChoices:
    """The options of the cell « TVA »: written once for all the lines that have the same rate."""

    def __init__(self, on: date) -> None:
        # A rate that was put out of service stays on the lines that have it.
        rows = [(rate, rate.on(on)) for rate in VatRate.objects.prefetch_related("periods")]
        self.rows = [(rate.pk, french.number(found.percent), rate.is_active) for rate, found in rows if found]
        self.written: dict[int | None, SafeString] = {}

    def of(self, key: int | None) -> SafeString:
        if key not in self.written:
            offered = [(pk, _CHOSEN[pk == key], text) for pk, text, active in self.rows if active or pk == key]
            self.written[key] = format_html_join("", '<option value="{}"{}>{}</option>', offered)
        return self.written[key]


def with_cells(rows: Sequence[dict[str, Any]], *, on: date, may_be_option: bool) -> None:
    """Add to each row of a sheet what its cells show."""
    rates = RateChoices(on)
    for row in rows:
        line = row["line"]
        row["cells"] = cells_of(line, may_be_option=may_be_option)
        row["rates"] = rates.of(line.vat_id) if line.is_item else ""
