"""Fields that read what French people write."""

from typing import Any

from django import forms

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
