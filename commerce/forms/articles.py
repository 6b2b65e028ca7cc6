"""Forms of the catalogue: an article of any kind, a part of an assembly, prices by list."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q
from django.urls import reverse_lazy

from commerce.actions.articles import ASSEMBLY, MAINTENANCE
from commerce.forms.fields import PriceField, QuantityField
from commerce.models import Article, ArticleFamily, Assembly, Kind, MaintenanceArticle, Unit, VatRate
from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.layout import Cell, Section
from extrabat.lib.forms.versioned import VersionedForm
from extrabat.lib.text import normalise
from planning.models import SiteTaskType
from settings_app.models import PriceList

SMS_EXAMPLE: Final = (
    "Bonjour, votre entretien annuel arrive à échéance. Appelez {nom_magasin} au {telephone_magasin} pour convenir "
    "d’un rendez-vous."
)
_PRICES: Final = ("purchase_price", "sale_price")


def _text(label: str, limit: int, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=limit, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


class ArticleForm(VersionedForm):
    """`kind` is chosen before and stays; what belongs to the others is not there."""

    purchase_price = PriceField(label="Prix d’achat HT", required=False)
    sale_price = PriceField(label="Prix de vente HT", required=False)
    description = _text("Description pour le client", 5000, help_text="S’imprime sous le libellé.")
    has_fixed_price = forms.BooleanField(
        label="Prix fixe", required=False, help_text="Sinon, le prix est la somme de ceux des composants."
    )
    is_open_on_print = forms.BooleanField(
        label="Détaillée à l’impression",
        required=False,
        help_text="Le client lit les composants dessous.",
    )
    every_months = forms.IntegerField(
        label="Fréquence (mois)", min_value=0, max_value=120, help_text="0\u00a0: une seule fois."
    )
    duration = forms.IntegerField(label="Durée (minutes)", min_value=0, max_value=10_000)
    sms_reminder = forms.BooleanField(label="Relance par SMS", required=False)
    sms_text = _text("Texte du SMS", 1000, 3)
    printable_info = _text("Information imprimable pour le client", 5000)

    class Meta:
        model = Article
        fields = [
            *("code", "label", "family", "unit", "description", "purchase_price", "sale_price", "vat", "reduced_vat"),
            *("site_task_type", "is_hidden_on_print", "barcode", "supplier_reference", "is_active"),
        ]

    def __init__(self, *args: Any, kind: Kind, with_prices: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = kind
        self.kind = kind
        self._take_away(kind, with_prices=with_prices)
        self._fill_from_sides()
        self._offer_what_is_in_use()
        if self.instance.pk is None:
            self.fields["code"].widget.attrs["autofocus"] = True
        if "reduced_vat" in self.fields:
            self.fields["reduced_vat"].label = "TVA réduite"
            self.fields["reduced_vat"].help_text = "Posé par vous, en logement de plus de deux ans."
        if "sale_price" in self.fields and kind == Kind.ASSEMBLY:
            self.fields["sale_price"].help_text = "Compte seulement si le prix est fixe."
        self.fields["is_active"].help_text = "Un article désactivé n’est plus proposé\u00a0; ce qui l’a le garde."
        self.fields["code"].error_messages["unique"] = "Ce code article est déjà pris."
        self.lay_out(*_sections())
        self.remember()

    def _take_away(self, kind: Kind, *, with_prices: bool) -> None:
        gone: set[str] = set()
        if kind != Kind.MAINTENANCE:
            gone |= MAINTENANCE
        if kind != Kind.ASSEMBLY:
            gone |= ASSEMBLY
        else:
            # An assembly costs what its parts cost.
            gone |= {"purchase_price", "barcode", "supplier_reference"}
        if kind == Kind.PLANNING:
            gone |= {"purchase_price", "reduced_vat", "barcode", "supplier_reference"}
        else:
            gone |= {"site_task_type"}
        if not with_prices:
            gone |= set(_PRICES)
        for name in gone:
            del self.fields[name]

    def _fill_from_sides(self) -> None:
        """The side table is part of the form; a new article shows what a new row would hold."""
        new: dict[Kind, tuple[str, frozenset[str], MaintenanceArticle | Assembly]] = {
            Kind.MAINTENANCE: ("maintenance", MAINTENANCE, MaintenanceArticle(sms_text=SMS_EXAMPLE)),
            Kind.ASSEMBLY: ("assembly", ASSEMBLY, Assembly()),
        }
        if self.kind not in new:
            return
        name_of_side, names, side = new[self.kind]
        if self.instance.pk:
            side = getattr(self.instance, name_of_side, side)
        for name in names:
            # What the view asked to begin with, as a copy does, goes before.
            self.initial.setdefault(name, getattr(side, name))

    def _offer_what_is_in_use(self) -> None:
        """Values that are switched off stay offered to the record that has them."""
        for name, rows in (
            ("family", ArticleFamily.objects.all()),
            ("unit", Unit.objects.all()),
            ("vat", VatRate.objects.all()),
            ("reduced_vat", VatRate.objects.all()),
            ("site_task_type", SiteTaskType.objects.all()),
        ):
            if name in self.fields:
                field = self.fields[name]
                assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # foreign keys
                held = getattr(self.instance, f"{name}_id", None)
                field.queryset = rows.filter(Q(is_active=True) | Q(pk=held))
        if "site_task_type" in self.fields:
            self.fields["site_task_type"].required = True

    def clean_code(self) -> str:
        code = " ".join(str(self.cleaned_data["code"]).split())
        if not normalise(code):
            raise forms.ValidationError("Un code a au moins une lettre ou un chiffre.", code="invalid")
        return code

    def clean_purchase_price(self) -> Decimal:
        return self.cleaned_data["purchase_price"] or Decimal(0)

    def clean_sale_price(self) -> Decimal:
        return self.cleaned_data["sale_price"] or Decimal(0)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # not in the stubs
        # Constraints name no field: each goes where it is mended.
        for message in self.errors.pop(NON_FIELD_ERRORS, ()):
            self.add_error("reduced_vat" if "taux réduit" in message else "code", message)


def _sections() -> list[Section]:
    return [
        Section(
            "Article",
            Cell("code", "c3"),
            Cell("label", "c9"),
            Cell("family", "c4"),
            Cell("unit", "c3"),
            Cell("site_task_type", "c5"),
            Cell("description", "c12"),
        ),
        Section(
            "Prix et TVA",
            Cell("purchase_price", "c3"),
            Cell("sale_price", "c3"),
            Cell("vat", "c3"),
            Cell("reduced_vat", "c3"),
            Cell("has_fixed_price", "c12"),
        ),
        Section(
            "Entretien",
            Cell("every_months", "c3"),
            Cell("duration", "c3"),
            Cell("sms_reminder", "c12"),
            Cell("sms_text", "c12"),
            Cell("printable_info", "c12"),
        ),
        Section(
            "Références et usage",
            Cell("supplier_reference", "c4"),
            Cell("barcode", "c4"),
            Cell("is_open_on_print", "c12"),
            Cell("is_hidden_on_print", "c12"),
            Cell("is_active", "c12"),
        ),
    ]


def article_form(
    data: Any = None, *, kind: Kind, with_prices: bool, instance: Article | None = None, initial: Any = None
) -> ArticleForm:
    """The form of an article of `kind`; a new one begins with `initial`."""
    return ArticleForm(data, instance=instance, kind=kind, with_prices=with_prices, initial=initial)


class PartForm(HouseForm):
    """One more part: an article by its code, and how many of it."""

    article = forms.CharField(label="Article", max_length=200)
    quantity = QuantityField(label="Quantité", initial=Decimal(1))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["article"].widget.attrs |= {
            "placeholder": "Code ou mots",
            "autocomplete": "off",
            "data-articles": reverse_lazy("commerce:article_suggest"),
        }
        self.lay_out(Cell("article", "c9"), Cell("quantity", "c3"))


class PricesForm(HouseForm):
    """The price of one article in each list; an empty one follows the list's percent."""

    def __init__(self, *args: Any, lists: Iterable[PriceList], prices: Mapping[int, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists = list(lists)
        for one in self.lists:
            self.fields[f"list-{one.pk}"] = PriceField(label=one.label, required=False, initial=prices.get(one.pk))
            self.fields[f"seen-{one.pk}"] = PriceField(
                required=False, initial=prices.get(one.pk), widget=forms.HiddenInput
            )
        self.lay_out(*(Cell(f"list-{one.pk}", "c4") for one in self.lists))

    def given(self, prefix: str) -> dict[int, Decimal | None]:
        return {one.pk: self.cleaned_data[f"{prefix}-{one.pk}"] for one in self.lists}
