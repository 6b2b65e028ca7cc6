"""Fields that read what French people write."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.validators import validate_email
from django.utils.timezone import localdate

from extrabat.lib import french
from extrabat.lib.dates import parse_day
from extrabat.lib.identifiers import (
    MASK,
    display_iban,
    display_siret,
    parse_bic,
    parse_coordinate,
    parse_iban,
    parse_sap,
    parse_siret,
    parse_vat,
)
from extrabat.lib.money import cents, parse_amount
from extrabat.lib.phones import display_phone, parse_phone


class PhoneField(forms.CharField):
    """Stored as E.164, shown as `06 12 34 56 78`, read in every usual spelling (CLI-14)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}
        self.widget.input_type = "tel"

    def prepare_value(self, value: Any) -> Any:
        return display_phone(value) if isinstance(value, str) and value.startswith("+") else value

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return parse_phone(text)
        except ValueError as error:
            raise forms.ValidationError(str(error), code="phone") from error


class LowerEmailField(forms.EmailField):
    """Kept in lower case, as everybody compares it (CLI-13)."""

    default_error_messages = {"invalid": "Cette adresse e-mail est incomplète ou mal écrite."}

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").lower()


class _BareField(forms.CharField):
    """A text that is kept bare, in capitals, and shown in groups."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def read(self, text: str) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return self.read(text)
        except ValueError as error:
            raise forms.ValidationError(str(error), code="invalid") from error


class SapField(_BareField):
    """The number of a provider of services à la personne: `SAP552081317`, or a SIRET."""

    def read(self, text: str) -> str:
        return parse_sap(text)


class SiretField(_BareField):
    """A SIREN or a SIRET, shown as `552 081 317`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["inputmode"] = "numeric"

    def read(self, text: str) -> str:
        return parse_siret(text)

    def prepare_value(self, value: Any) -> Any:
        return display_siret(value) if isinstance(value, str) else value


class VatField(_BareField):
    """A VAT number of the European Union."""

    def read(self, text: str) -> str:
        return parse_vat(text)


class IbanField(_BareField):
    """An IBAN, shown in groups of four. A masked one is given back as it is: the form knows which it stands for."""

    def read(self, text: str) -> str:
        return text if MASK in text else parse_iban(text)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}", value):
            return display_iban(value)
        return value


class BicField(_BareField):
    """The BIC of a bank."""

    def read(self, text: str) -> str:
        return parse_bic(text)


class _ValueField(forms.Field):
    """One line of text that stands for a value; empty is None.

    The bounds are in `validate`, not in `to_python`: what was stored before a rule existed still reads, and so
    counts as untouched.
    """

    kept: ClassVar[type]
    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "off"}

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def show(self, value: Any) -> str:
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        return self.show(value) if isinstance(value, self.kept) else value

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, self.kept):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError as error:
            raise forms.ValidationError(str(error), code="invalid") from error


class FrenchDateField(_ValueField):
    """A day, shown as jj/mm/aaaa. `birth`: neither in the future nor before 1900."""

    kept = date

    def __init__(self, *, not_before: date | None = None, birth: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.not_before = not_before
        self.birth = birth
        self.widget.attrs |= {"inputmode": "numeric", "placeholder": "jj/mm/aaaa"}

    def read(self, text: str) -> date:
        return parse_day(text)

    def show(self, value: date) -> str:
        return french.day(value)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.not_before and value < self.not_before:
            raise forms.ValidationError(f"Cette date est avant le {french.day(self.not_before)}.", code="too_early")
        if self.birth and value.year < 1900:
            raise forms.ValidationError("Cette date est avant 1900.", code="too_early")
        if self.birth and value > localdate():
            raise forms.ValidationError("Cette date est dans l’avenir.", code="future")


class CoordinateField(_ValueField):
    """A latitude (`limit=90`) or a longitude in degrees, shown as `43,7123`."""

    kept = Decimal

    def __init__(self, *, limit: int = 180, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit

    def read(self, text: str) -> Decimal:
        return parse_coordinate(text)

    def show(self, value: Decimal) -> str:
        return french.number(value)

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is not None and abs(value) > self.limit:
            raise forms.ValidationError(f"Cette coordonnée dépasse {self.limit}\u00a0degrés.", code="limit")


class AmountField(_ValueField):
    """Euros to the cent, shown as `1 234,56`."""

    kept = Decimal

    def __init__(self, *, min_value: Decimal | int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.min_value = None if min_value is None else Decimal(min_value)
        self.widget.attrs["inputmode"] = "decimal"

    def read(self, text: str) -> Decimal:
        value = parse_amount(text)
        # Rounding would hide that 1.234 was meant as 1 234.
        if value != cents(value):
            raise ValueError("Un montant a deux décimales au plus.")
        return cents(value)

    def show(self, value: Decimal) -> str:
        return french.amount(value, currency=False)

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is not None and self.min_value is not None and value < self.min_value:
            least = french.number(self.min_value)
            raise forms.ValidationError(f"Ce montant est inférieur à {least}.", code="min_value")


class PercentField(_ValueField):
    """A rate from 0 to 100, two decimals at most, shown as `5,5`."""

    kept = Decimal

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def read(self, text: str) -> Decimal:
        match = re.fullmatch(r"(?P<sign>[-−]?)(?P<whole>[0-9]{1,9})(?:[.,](?P<fraction>[0-9]{1,9}))?\s*%?", text)
        if match is None:
            raise ValueError(f"«\u00a0{text}\u00a0» n’est pas un pourcentage\u00a0: écrivez par exemple 5,5.")
        value = Decimal(f"{match['whole']}.{match['fraction'] or 0}")
        if value != cents(value):
            raise ValueError("Un pourcentage a deux décimales au plus.")
        return -cents(value) if match["sign"] and value else cents(value)

    def show(self, value: Decimal) -> str:
        return french.number(value)

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is not None and not 0 <= value <= 100:
            raise forms.ValidationError("Un pourcentage va de 0 à 100.", code="range")


class _ListField(forms.Field):
    """Several values on one line, separated by commas or semicolons; cleaned, a list without repeats."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def read(self, item: str) -> str:
        """Normalise one item; raises ValueError with a sentence that names it."""
        raise NotImplementedError

    def show(self, item: str) -> str:
        return item

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(self.show(item) for item in value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[str]:
        typed = value if isinstance(value, list | tuple) else re.split(r"[,;\r\n]", str(value or ""))
        items: list[str] = []
        problems: list[forms.ValidationError] = []
        for item in filter(None, (str(part).strip() for part in typed)):
            try:
                items.append(self.read(item))
            except ValueError as error:
                problems.append(forms.ValidationError(str(error), code="item"))
        if problems:
            raise forms.ValidationError(problems)
        return list(dict.fromkeys(items))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """As Django's, but nothing at all (None, "") is the empty list."""
        if self.disabled:
            return False
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True


class EmailListField(_ListField):
    """E-mail addresses, in lower case."""

    def read(self, item: str) -> str:
        address = item.lower()
        try:
            validate_email(address)
        except forms.ValidationError:
            raise ValueError(f"«\u00a0{item}\u00a0» n’est pas une adresse e-mail.") from None
        return address


class PhoneListField(_ListField):
    """Phone numbers, kept in E.164 and shown as `06 12 34 56 78`."""

    def read(self, item: str) -> str:
        try:
            return parse_phone(item)
        except ValueError:
            raise ValueError(f"«\u00a0{item}\u00a0» n’est pas un numéro de téléphone.") from None

    def show(self, item: str) -> str:
        return display_phone(item)
