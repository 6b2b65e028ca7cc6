"""The store's form."""

from typing import Any

from django import forms

from extrabat.lib.forms.fields import LowerEmailField, PhoneField
from extrabat.lib.forms.layout import Cell, Section
from extrabat.lib.forms.versioned import VersionedForm
from settings_app.company.models import Store


class StoreForm(VersionedForm):
    phone = PhoneField(label="Téléphone", required=False)
    email = LowerEmailField(label="Email", required=False)
    website = forms.URLField(label="Site internet", required=False, assume_scheme="https")

    class Meta:
        model = Store
        fields = ["name", "phone", "email", "website", "street", "postcode", "city"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out(
            Section("Magasin", Cell("name", "c6"), Cell("phone", "c3"), Cell("email", "c6"), Cell("website", "c6")),
            Section("Adresse", Cell("street", "c12"), Cell("postcode", "c3"), Cell("city", "c9")),
        )
