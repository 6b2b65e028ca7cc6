"""Fields of the catalogue: prices to 6 decimals, quantities to 4."""

from decimal import Decimal
from typing import Any, Final

from django import forms

from extrabat.lib import french
from extrabat.lib.forms.fields import AmountField
from extrabat.lib.money import parse_amount, round_half_up

_LARGEST: Final = Decimal(10) ** 8


class _NumberField(AmountField):
    """A number of `places` decimals at most, shown with two at least where it is money."""

    places = 2
    least_shown = 0
    what = "nombre"

    def read(self, text: str) -> Decimal:
        value = parse_amount(text)
        if value != round_half_up(value, Decimal(1).scaleb(-self.places)):
            raise ValueError(f"Un {self.what} a {self.places} décimales au plus.")
        return value

    def show(self, value: Decimal) -> str:
        exact = french.number(value)
        decimals = len(exact.partition(",")[2])
        return exact if decimals >= self.least_shown else french.number(value, places=self.least_shown)

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is not None and abs(value) >= _LARGEST:
            raise forms.ValidationError(f"Ce {self.what} est trop grand.", code="max_value")


class PriceField(_NumberField):
    """A price without VAT, 6 decimals at most, never negative; shown as `1 234,56` or `0,012345`."""

    places = 6
    least_shown = 2
    what = "prix"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, **kwargs)


class QuantityField(_NumberField):
    """A quantity above zero, 4 decimals at most; below it too where `may_be_negative`, on a credit note (PAY-04)."""

    places = 4
    what = "nombre"
    may_be_negative = False

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is not None and (value == 0 or (value < 0 and not self.may_be_negative)):
            raise forms.ValidationError("Une quantité est plus grande que zéro.", code="min_value")
