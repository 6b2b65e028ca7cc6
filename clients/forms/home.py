"""Forms of the client's page: an action to do, an ouvrage, a piece of equipment."""

from typing import Any

from django import forms

from clients.forms.sheet import text_area
from clients.models import Client, Equipment, Installation
from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.fields import FrenchDateField
from extrabat.lib.forms.layout import Cell
from extrabat.lib.forms.versioned import VersionedForm
from settings_app.users.models import User


class FollowUpForm(HouseForm):
    text = forms.CharField(label="Action", max_length=500)
    alert_on = FrenchDateField(label="Pour le", required=False)
    assigned_to = forms.ModelChoiceField(User.objects.none(), label="Par")
    shared_with = forms.ModelMultipleChoiceField(
        User.objects.none(), label="Partagée avec", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).order_by("last_name", "first_name")
        # Read once for both lists.
        named = [(person.pk, str(person)) for person in people]
        for name in ("assigned_to", "shared_with"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # both are
            field.queryset = people
            field.choices = named
        self.lay_out(Cell("text", "c12"), Cell("alert_on", "c5"), Cell("assigned_to", "c7"), Cell("shared_with", "c12"))


class InstallationForm(VersionedForm):
    notes = text_area("Précisions", limit=5000)

    class Meta:
        model = Installation
        fields = ["name", "address", "notes"]

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["address"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # a foreign key
        field.queryset = client.addresses.all()
        self.fields["name"].widget.attrs["placeholder"] = "Piscine 8 × 4 m"
        if self.instance.pk is None:
            self.fields["name"].widget.attrs["autofocus"] = True
        self.lay_out(Cell("name", "c6"), Cell("address", "c6"), Cell("notes", "c12"))


class EquipmentForm(VersionedForm):
    commissioned_on = FrenchDateField(label="Mise en service", required=False)
    warranty_end_on = FrenchDateField(label="Fin de garantie", required=False)
    notes = text_area("Précisions", limit=5000)

    class Meta:
        model = Equipment
        fields = ["label", "brand", "model", "serial", "commissioned_on", "warranty_end_on", "notes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields["label"].widget.attrs["autofocus"] = True
        self.lay_out(
            Cell("label", "c4"),
            Cell("brand", "c4"),
            Cell("model", "c4"),
            Cell("serial", "c4"),
            Cell("commissioned_on", "c4"),
            Cell("warranty_end_on", "c4"),
            Cell("notes", "c12"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get("commissioned_on"), cleaned.get("warranty_end_on")
        if begin and end and end < begin:
            self.add_error("warranty_end_on", "La garantie ne finit pas avant la mise en service.")
        return cleaned
