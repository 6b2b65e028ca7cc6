"""The forms of the company and its stores."""

import re
from typing import Any, ClassVar, Final

from django import forms

from extrabat.lib.forms.bank import MaskedIbanForm
from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.fields import (
    AmountField,
    BicField,
    FrenchDateField,
    IbanField,
    LowerEmailField,
    PhoneField,
    SiretField,
    VatField,
)
from extrabat.lib.forms.layout import Cell, Help, Section
from extrabat.lib.forms.versioned import VersionedForm
from extrabat.lib.identifiers import MASK
from settings_app.company.models import Company, Store
from settings_app.company.palette import ACCENTS


class Swatches(forms.RadioSelect):
    """Tints to choose among, each shown and named."""

    template_name = "house/swatches.html"


class SirenField(SiretField):
    def read(self, text: str) -> str:
        siren = super().read(text)
        if len(siren) != 9:
            raise ValueError(f"Un SIREN a 9 chiffres\u00a0: celui-ci en a {len(siren)}.")
        return siren


class EstablishmentField(SiretField):
    def read(self, text: str) -> str:
        siret = super().read(text)
        if len(siret) != 14:
            raise ValueError(f"Un SIRET a 14 chiffres\u00a0: celui-ci en a {len(siret)}.")
        return siret


INSURANCE: Final = (
    "insurer",
    "insurer_contact",
    "insurance_number",
    "insurance_zone",
    "insurance_from",
    "insurance_to",
)


def insurance_section() -> Section:
    """The same cells for a company and for a store."""
    return Section(
        "Assurance décennale",
        *(Cell("insurer", "c6"), Cell("insurance_number", "c6"), Cell("insurer_contact", "c12")),
        *(Cell("insurance_zone", "c6"), Cell("insurance_from", "c3"), Cell("insurance_to", "c3")),
    )


def refuse_backward_insurance(form: forms.BaseForm) -> None:
    start, end = form.cleaned_data.get("insurance_from"), form.cleaned_data.get("insurance_to")
    if start and end and end < start:
        form.add_error("insurance_to", "Cette date est avant le début du contrat.")


class CompanyForm(MaskedIbanForm):
    capital = AmountField(label="Capital (€)", required=False, min_value=0)
    siren = SirenField(label="SIREN", required=False)
    # Longer than what is kept: people write 43.22B.
    ape = forms.CharField(label="Code APE", required=False, max_length=10)
    vat_number = VatField(label="TVA intracommunautaire", required=False)
    accent = forms.ChoiceField(label="Couleur d’accent", choices=ACCENTS, widget=Swatches)
    insurance_from = FrenchDateField(label="Valable du", required=False)
    insurance_to = FrenchDateField(label="Au", required=False)
    mediator_website = forms.URLField(label="Site internet", required=False, assume_scheme="https")
    iban = IbanField(label="IBAN", required=False)
    bic = BicField(label="BIC", required=False)

    class Meta:
        model = Company
        fields: ClassVar[list[str]] = [
            *("name", "legal_form", "capital", "siren", "register", "register_city", "ape", "vat_number"),
            *("vat_regime", "vat_on_debits", "street", "postcode", "city", "accent", "second_factor_for_all"),
            *INSURANCE,
            *("mediator", "mediator_address", "mediator_website"),
            *("iban", "bic", "discount_terms", "late_terms"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["ape"].help_text = "Quatre chiffres et une lettre, par exemple 4322B."
        self.fields["late_terms"].help_text = "Sur les factures aux professionnels, avec l’indemnité de 40\u00a0€."
        self.fields["second_factor_for_all"].help_text = (
            "À sa prochaine page, chacun enregistre une clé d’accès ou une application d’authentification. "
            "Les administrateurs y sont tenus dans tous les cas."
        )
        self.mask()
        self.lay_out(*_SECTIONS[:-1], self._bank())

    def _bank(self) -> Section:
        hidden = bool(self.stored_iban) and (not self.is_bound or MASK in self.data.get("iban", ""))
        show = Help("Afficher en entier", name="propose", value="iban") if hidden else None
        return Section("Banque et paiement", Cell("iban", "c8", show), *_SECTIONS[-1].fields)

    def clean_ape(self) -> str:
        code = re.sub(r"[\s.]", "", str(self.cleaned_data["ape"])).upper()
        if code and not re.fullmatch(r"\d{4}[A-Z]", code):
            raise forms.ValidationError("Un code APE a quatre chiffres et une lettre, par exemple 4322B.")
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        refuse_backward_insurance(self)
        number, siren = str(cleaned.get("vat_number") or ""), str(cleaned.get("siren") or "")
        if siren and number.startswith("FR") and number[-9:] != siren:
            self.add_error("vat_number", "Ce numéro est celui d’un autre SIREN.")
        return cleaned


_SECTIONS = (
    Section(
        "Identité",
        *(Cell("name", "c8"), Cell("legal_form", "c4"), Cell("siren", "c3"), Cell("ape", "c2"), Cell("capital", "c3")),
        *(Cell("register", "c8"), Cell("register_city", "c4")),
    ),
    Section("Siège", Cell("street", "c12"), Cell("postcode", "c3"), Cell("city", "c9")),
    Section(
        "TVA",
        Cell("vat_number", "c6", Help("Proposer depuis le SIREN", name="propose", value="vat")),
        Cell("vat_regime", "c6"),
        Cell("vat_on_debits", "c12"),
    ),
    Section("Apparence", Cell("accent", "c12")),
    Section("Sécurité", Cell("second_factor_for_all", "c12")),
    insurance_section(),
    Section(
        "Médiateur de la consommation",
        *(Cell("mediator", "c6"), Cell("mediator_website", "c6"), Cell("mediator_address", "c12")),
    ),
    Section("Banque et paiement", Cell("bic", "c4"), Cell("discount_terms", "c12"), Cell("late_terms", "c12")),
)


class StoreForm(VersionedForm):
    siret = EstablishmentField(label="SIRET", required=False)
    phone = PhoneField(label="Téléphone", required=False)
    email = LowerEmailField(label="Email", required=False)
    website = forms.URLField(label="Site internet", required=False, assume_scheme="https")
    accent = forms.ChoiceField(
        label="Couleur d’accent",
        choices=(("", "Celle de la société"), *ACCENTS),
        widget=Swatches,
        required=False,
    )
    insurance_from = FrenchDateField(label="Valable du", required=False)
    insurance_to = FrenchDateField(label="Au", required=False)

    class Meta:
        model = Store
        fields: ClassVar[list[str]] = [
            *("name", "siret", "phone", "email", "website", "street", "postcode", "city", "accent"),
            *INSURANCE,
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "insurer"
        ].help_text = "À remplir si ce magasin a son propre contrat. Vide, celui de la société vaut."
        if self.instance.pk is None:
            self.fields["name"].widget.attrs["autofocus"] = True
        self.lay_out(
            Section(
                "Magasin",
                *(Cell("name", "c6"), Cell("siret", "c3"), Cell("phone", "c3"), Cell("email", "c6")),
                Cell("website", "c6"),
            ),
            Section("Adresse", Cell("street", "c12"), Cell("postcode", "c3"), Cell("city", "c9")),
            Section("Apparence", Cell("accent", "c12")),
            insurance_section(),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        refuse_backward_insurance(self)
        if not cleaned.get("insurer") and any(cleaned.get(name) for name in INSURANCE):
            self.add_error("insurer", "Donnez l’assureur, ou laissez toute l’assurance vide.")
        return cleaned


class CloseForm(HouseForm):
    """Where the people of a store go when it closes."""

    into = forms.TypedChoiceField(label="Magasin où iront ces personnes", coerce=int)

    def __init__(self, *args: Any, others: list[Store], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [("", "Choisir"), *((s.pk, s.name) for s in others)]  # type: ignore[attr-defined]
        self.lay_out(Section("Personnes du magasin", Cell("into", "c6")))
