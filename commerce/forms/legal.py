"""The forms of a mention's text and of the terms of sale."""

from typing import Any

from django import forms

from commerce.models import SellingTerms
from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.fields import FrenchDateField
from extrabat.lib.forms.layout import Cell


class MentionForm(HouseForm):
    text = forms.CharField(label="Texte", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    valid_from = FrenchDateField(label="À partir du")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out(Cell("text", "c12"), Cell("valid_from", "c4"))


class TermsForm(HouseForm):
    quote_days = forms.IntegerField(label="Validité des devis (jours)", min_value=1, max_value=365)
    waste_sorting = forms.CharField(
        label="Tri et enlèvement des déchets",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    waste_points = forms.CharField(
        label="Points de collecte prévus", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, terms: SellingTerms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({name: getattr(terms, name) for name in self.fields})
        self.lay_out(Cell("quote_days", "c4"), Cell("waste_sorting", "c12"), Cell("waste_points", "c12"))
