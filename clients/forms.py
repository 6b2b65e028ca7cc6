"""The client's form: identity, how to reach him, where he lives, who follows him."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from clients.models import Address, Client, Kind
from extrabat.lib.forms.fields import LowerEmailField, PhoneField
from extrabat.lib.forms.layout import Cell, Section
from extrabat.lib.forms.versioned import VersionedForm
from settings_app.reference.models import Civility, Status
from settings_app.users.models import User

MISSING_NAME = {
    Kind.INDIVIDUAL: ("last_name", "Donnez le nom de famille."),
    Kind.PROFESSIONAL: ("company_name", "Donnez la raison sociale."),
}


class ClientForm(VersionedForm):
    """`kind` is the side of the switch: it chooses the civilities offered and the name that is asked for."""

    email = LowerEmailField(label="Email", required=False)
    mobile_1 = PhoneField(label="Mobile 1", required=False)
    phone_1 = PhoneField(label="Téléphone 1", required=False)

    class Meta:
        model = Client
        fields = [
            "civility",
            "company_name",
            "last_name",
            "first_name",
            "email",
            "mobile_1",
            "phone_1",
            "status",
            "followed_by",
        ]

    def __init__(self, *args: Any, kind: Kind, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        new = self.instance.pk is None
        civilities = Civility.objects.filter(is_active=True, is_professional=kind == Kind.PROFESSIONAL)
        statuses = Status.objects.offered_to(user)
        people = User.objects.filter(is_active=True)
        if not new:
            # A value that was switched off stays on the records that have it.
            civilities |= Civility.objects.filter(
                pk=self.instance.civility_id, is_professional=kind == Kind.PROFESSIONAL
            )
            statuses |= Status.objects.filter(pk=self.instance.status_id)
            people |= User.objects.filter(pk=self.instance.followed_by_id)
        self._offer("civility", civilities)
        self._offer("status", statuses)
        self._offer("followed_by", people)
        self.marked_required = frozenset({MISSING_NAME[kind][0]})
        professional = kind == Kind.PROFESSIONAL
        names = (
            (Cell("company_name", "c9"), Cell("last_name", "c6"), Cell("first_name", "c6"))
            if professional
            else (Cell("last_name", "c5"), Cell("first_name", "c4"))
        )
        if not professional:
            del self.fields["company_name"]
        if new:
            self.fields["civility"].widget.attrs["autofocus"] = True
        self.lay_out(
            Section("Identification générale", Cell("civility", "c3"), *names, css_id="s-identification"),
            Section("Coordonnées", Cell("email", "c6"), Cell("mobile_1", "c3"), Cell("phone_1", "c3")),
            Section("Suivi", Cell("status", "c6"), Cell("followed_by", "c6")),
        )

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # they are foreign keys
        field.queryset = rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name, message = MISSING_NAME[self.kind]
        if not cleaned.get(name) and name not in self.errors:
            self.add_error(name, message)
        return cleaned


class AddressForm(VersionedForm):
    """The short address: one line, code postal, commune, indications (ADR-10)."""

    class Meta:
        model = Address
        fields = ["street", "postcode", "city", "directions"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["prefix"] = "address"
        super().__init__(*args, **kwargs)
        postcode = self.fields["postcode"]
        postcode.widget.attrs |= {"inputmode": "numeric"}
        postcode.validators.append(RegexValidator(r"^[0-9]{5}$", "Un code postal a cinq chiffres."))
        self.lay_out(
            Section(
                "Adresse",
                Cell("street", "c12"),
                Cell("postcode", "c3"),
                Cell("city", "c9"),
                Cell("directions", "c12"),
                css_id="s-adresse",
            )
        )

    def _get_validation_exclusions(self) -> set[str]:
        """An empty address is not an error here: none is written, or the former one is removed."""
        return {*super()._get_validation_exclusions(), "directions"}  # type: ignore[misc]  # not in the stubs
