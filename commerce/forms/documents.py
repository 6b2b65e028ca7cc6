"""Forms of documents: the head of a new one, the whole head, one line."""

from collections.abc import Collection
from typing import Any, Final

from django import forms

from clients.models import Client
from commerce.domain.lines import LineKind
from commerce.domain.states import DocumentKind
from commerce.forms.fields import PriceField, QuantityField
from commerce.models import Document, DocumentLine, PaymentMethod, VatRate
from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.fields import AmountField, FrenchDateField, PercentField
from extrabat.lib.forms.layout import Cell, Section
from extrabat.lib.forms.versioned import SEEN, VersionedForm
from settings_app.users.models import User

DISCOUNTS: Final = "Une remise est un pourcentage ou un montant, pas les deux."
WASTE: Final = ("waste_quantity", "waste_unit", "waste_cost", "waste_sorting", "waste_points")
# The first three of them stand on one line.
_SHORT: Final = 3
ADDRESSES: Final = ("billing_address", "delivery_address", "site_address")
# Edited in place on the sheet; the rest of the head has a page.
ON_SHEET: Final = (
    *("title", "date", "valid_until", "payment_method", "installation", "billing_address", "site_address"),
    *("discount_percent", "discount_amount", "foot", "note"),
)


def _text(label: str, rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": rows}))


def _one_discount(form: Any, cleaned: dict[str, Any]) -> dict[str, Any]:
    """An emptied discount is none; two of them are refused, also a cell's over the other that is stored."""
    names = [name for name in ("discount_amount", "discount_percent") if name in form.fields]
    for name in names:
        if name in cleaned and cleaned[name] is None:
            cleaned[name] = form.fields[name].to_python("0")
    both = [cleaned.get(name, getattr(form.instance, name)) for name in ("discount_percent", "discount_amount")]
    if names and all(both):
        form.add_error(names[0], DISCOUNTS)
    return cleaned


class SheetForm(VersionedForm):
    """A form that one cell may send alone: `only` names the fields that are there, all of them when it is empty."""

    def keep(self, only: Collection[str]) -> None:
        for name in [name for name in self.fields if only and name not in only and name != SEEN]:
            del self.fields[name]
        self.remember()


class HeaderForm(SheetForm):
    """Everything of a draft but its lines; a list offers what is in use, and what the document has."""

    date = FrenchDateField(label="Date")
    valid_until = FrenchDateField(label="Valable jusqu’au", required=False)
    discount_percent = PercentField(label="Remise (%)", required=False)
    discount_amount = AmountField(label="Remise (€)", required=False, min_value=0)
    dwelling_over_two_years = forms.NullBooleanField(
        label="Travaux, logement de plus de deux ans",
        required=False,
        widget=forms.NullBooleanSelect,
        help_text="Oui\u00a0: les nouvelles lignes prennent le taux réduit de leur article.",
    )
    prices_with_vat = forms.BooleanField(label="Prix TTC", required=False)
    service_on = FrenchDateField(label="Livré ou exécuté le", required=False)
    contract_on = FrenchDateField(label="Contrat conclu le", required=False)
    early_start_on = FrenchDateField(label="Début avant la fin du délai, demandé le", required=False)
    attested_on = FrenchDateField(label="Attestation de taux réduit signée le", required=False)
    waste_cost = AmountField(label="Coût HT des déchets", required=False, min_value=0)
    waste_sorting = _text("Tri et enlèvement des déchets", 2)
    waste_points = _text("Points de collecte", 2)
    foot = _text("Texte de pied")
    note = _text("Note interne", 2)

    class Meta:
        model = Document
        fields = [
            *("title", "date", "valid_until", "payment_method", "installation", "billing_address"),
            *("delivery_address", "site_address", "client_reference", "store", "warehouse", "followed_by", "language"),
            *("discount_percent", "discount_amount", "prices_with_vat", "dwelling_over_two_years", "foot", "note"),
            *("execution", "service_on", "contract_mode", "contract_on", "is_urgent", "early_start_on"),
            *("reverse_charge", "attested_on", "attested_by", "waste_quantity", "waste_unit", "waste_cost"),
            *("waste_sorting", "waste_points"),
        ]

    def __init__(self, *args: Any, client: Client, only: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.instance.kind
        if kind != DocumentKind.QUOTE:
            for name in ("valid_until", *WASTE):
                del self.fields[name]
        if kind == DocumentKind.INVOICE:
            self.fields["title"].required = True
        if self.instance.pk and self.instance.lines.exists():
            del self.fields["prices_with_vat"]
        dwelling = self.fields["dwelling_over_two_years"].widget
        dwelling.choices = [("unknown", "Non précisé"), ("true", "Oui"), ("false", "Non")]
        addresses = [("", "—"), *((row.pk, str(row)) for row in client.addresses.all())]
        for name in ADDRESSES:
            field = self._rows(name)
            field.queryset = client.addresses.all()
            field.choices = addresses
        self._rows("installation").queryset = client.installations.all()
        self._rows("payment_method").queryset = PaymentMethod.objects.filter(is_active=True)
        self._rows("followed_by").queryset = User.objects.filter(is_active=True).order_by("last_name", "first_name")
        self.lay_out(*_header_sections(is_quote=kind == DocumentKind.QUOTE))
        self.keep(only)

    def as_cells(self) -> "HeaderForm":
        """For the sheet, where its controls stand in several places."""
        for field in self.fields.values():
            field.widget.attrs |= {"form": "entete-form", "class": "cell"}
        for name in ("foot", "note"):
            self.fields[name].widget.attrs["rows"] = 2
        return self

    def _rows(self, name: str) -> "forms.ModelChoiceField[Any]":
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # a foreign key
        return field

    def clean(self) -> dict[str, Any]:
        return _one_discount(self, super().clean() or {})


def _header_sections(*, is_quote: bool) -> list[Section]:
    waste = [Cell(name, "c3" if place < _SHORT else "c12") for place, name in enumerate(WASTE)]
    return [
        Section(
            "Pièce",
            Cell("title", "c12"),
            Cell("date", "c3"),
            Cell("valid_until", "c3"),
            Cell("payment_method", "c6"),
            Cell("installation", "c6"),
            Cell("client_reference", "c6"),
            Cell("dwelling_over_two_years", "c6"),
            Cell("discount_percent", "c3"),
            Cell("discount_amount", "c3"),
            Cell("prices_with_vat", "c6"),
        ),
        Section(
            "Exécution et contrat",
            Cell("execution", "c6"),
            Cell("service_on", "c3"),
            Cell("contract_mode", "c6"),
            Cell("contract_on", "c3"),
            Cell("early_start_on", "c3"),
            Cell("is_urgent", "c6"),
            Cell("reverse_charge", "c6"),
            Cell("attested_on", "c3"),
            Cell("attested_by", "c6"),
        ),
        *([Section("Déchets du chantier", *waste)] if is_quote else []),
        Section("Adresses", *(Cell(name, "c12") for name in ADDRESSES)),
        Section("Textes", Cell("foot", "c12"), Cell("note", "c12")),
        Section(
            "Suivi", Cell("followed_by", "c6"), Cell("store", "c6"), Cell("warehouse", "c6"), Cell("language", "c6")
        ),
    ]


class NewDocumentForm(HouseForm):
    """What a document asks before it is there: its title, and its ouvrage when the client has some."""

    title = forms.CharField(label="Titre", max_length=160, required=False)
    installation = forms.ModelChoiceField(Client.objects.none(), label="Ouvrage", required=False)

    def __init__(self, *args: Any, client: Client, kind: DocumentKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = kind == DocumentKind.INVOICE
        self.fields["title"].widget.attrs |= {"autofocus": True, "placeholder": "Rénovation de la filtration"}
        field = self.fields["installation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # declared above
        field.queryset = client.installations.all()
        if not field.queryset.exists():
            del self.fields["installation"]
        self.lay_out(Cell("title", "c12"), Cell("installation", "c12"))


class LineForm(SheetForm):
    """One line; a section, a text or a subtotal has words only."""

    quantity = QuantityField(label="Quantité")
    unit_price = PriceField(label="Prix unitaire")
    discount_percent = PercentField(label="Remise (%)", required=False)
    discount_amount = AmountField(label="Remise (€)", required=False, min_value=0)
    description = _text("Description")

    class Meta:
        model = DocumentLine
        fields = [
            *("label", "description", "quantity", "unit_label", "unit_price", "discount_percent", "discount_amount"),
            *("vat", "is_option", "is_hidden_on_print"),
        ]

    def __init__(self, *args: Any, only: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        line = self.instance
        gone: set[str] = set()
        if line.kind != LineKind.ITEM:
            gone |= {"quantity", "unit_label", "unit_price", "discount_percent", "discount_amount", "vat"}
        if line.kind == LineKind.SUBTOTAL:
            gone |= {"description"}
        if not line.document.is_quote or line.kind not in (LineKind.ITEM, LineKind.SECTION):
            gone.add("is_option")
        for name in gone:
            del self.fields[name]
        if "quantity" in self.fields:
            self.fields["quantity"].may_be_negative = line.document.kind == DocumentKind.CREDIT_NOTE  # type: ignore[attr-defined]
        if "vat" in self.fields:
            self.fields["vat"].required = True
            self.fields["vat"].queryset = VatRate.objects.filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["label"].required = line.kind in (LineKind.ITEM, LineKind.SECTION)
        self.lay_out(
            Cell("label", "c12"),
            Cell("description", "c12"),
            Cell("quantity", "c3"),
            Cell("unit_label", "c3"),
            Cell("unit_price", "c3"),
            Cell("vat", "c3"),
            Cell("discount_percent", "c3"),
            Cell("discount_amount", "c3"),
            Cell("is_option", "c6"),
            Cell("is_hidden_on_print", "c6"),
        )
        self.keep(only)

    def clean_label(self) -> str:
        """One line of words, in whatever it was typed."""
        return " ".join(str(self.cleaned_data["label"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned = _one_discount(self, super().clean() or {})
        words = [name for name in ("label", "description") if name in self.fields]
        if self.instance.kind == LineKind.TEXT and len(words) == 2 and not any(cleaned.get(name) for name in words):
            self.add_error("label", "Écrivez le texte de la ligne.")
        return cleaned


class AddLineForm(HouseForm):
    """The row at the bottom of the lines: a code or words, and how many."""

    article = forms.CharField(label="Article", max_length=160)
    quantity = QuantityField(label="Quantité", required=False)
