"""The form of a colleague, and the page on which his work is handed over."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import NON_FIELD_ERRORS

from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.fields import LowerEmailField, PhoneField, SapField
from extrabat.lib.forms.layout import Cell, Section
from extrabat.lib.forms.versioned import VersionedForm
from extrabat.lib.french import plural
from extrabat.lib.rooms import Handover
from settings_app.users.models import User

LABELS = {
    "username": "Identifiant",
    "last_name": "Nom",
    "first_name": "Prénom",
    "store": "Magasin",
    "job": "Fonction",
}
HINTS = {
    "username": "Pour se connecter, à la place de l’e-mail s’il préfère.",
    "sap_number": "Pour les factures de services à la personne, par exemple SAP552081317.",
    "signature": "Sous les e-mails qu’il envoie aux clients.",
}
NOBODY = "personne"


class PersonForm(VersionedForm):
    role = forms.ModelChoiceField(Group.objects.none(), label="Rôle")
    email = LowerEmailField(label="Email", required=False)
    mobile = PhoneField(label="Mobile", required=False)
    sap_number = SapField(label="Numéro SAP", required=False)
    # Plain text until a room brings an editor: HTML that nobody can see is typed by nobody.
    signature = forms.CharField(
        label="Signature des e-mails", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    class Meta:
        model = User
        fields = [
            "username",
            "last_name",
            "first_name",
            "role",
            "store",
            "job",
            "email",
            "mobile",
            "sap_number",
            "signature",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        person: User | None = kwargs.get("instance")
        held = person.groups.first() if person else None
        kwargs["initial"] = {"role": held and held.pk} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = Group.objects.order_by("pk")  # type: ignore[attr-defined]
        for name, label in LABELS.items():
            self.fields[name].label = label
        for name, field in self.fields.items():
            field.help_text = HINTS.get(name, "")
        for name in ("last_name", "first_name", "store"):
            self.fields[name].required = True
        self.fields["username"].error_messages["unique"] = "Cet identifiant est déjà pris."
        self.fields["username"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        if person is None:
            self.fields["last_name"].widget.attrs["autofocus"] = True
        self.lay_out(
            Section("Personne", Cell("last_name", "c6"), Cell("first_name", "c6"), Cell("job", "c6")),
            Section("Compte", Cell("username", "c4"), Cell("role", "c4"), Cell("store", "c4")),
            Section("Coordonnées", Cell("email", "c6"), Cell("mobile", "c3"), Cell("signature", "c12")),
            Section("Services à la personne", Cell("sap_number", "c4")),
        )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # not in the stubs
        # Constraints on lower(…) name no field: Django tells them of the form as a whole.
        for message in self.errors.pop(NON_FIELD_ERRORS, ()):
            name = "email" if "e-mail" in str(message) else "username"
            if name not in self.errors:
                self.add_error(name, message)


class DepartureForm(HouseForm):
    """A successor for each kind of thing that he holds."""

    def __init__(self, *args: Any, person: User, held: Sequence[tuple[Handover, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(other.pk): other for other in User.objects.filter(is_active=True).exclude(pk=person.pk)}
        self.kinds = [handover for handover, count in held if count]
        for handover, count in held:
            if not count:
                continue
            choices = [("", "Choisir"), *((key, str(other)) for key, other in self.colleagues.items())]
            if handover.nobody:
                choices.append((NOBODY, handover.nobody))
            self.fields[handover.name] = forms.ChoiceField(
                label=plural(count, handover.one, handover.many),
                choices=choices,
                error_messages={"invalid_choice": "Cette personne n’est plus là. Choisissez quelqu’un d’autre."},
            )
        self.lay_out(Section("À qui cela revient", *(Cell(handover.name, "c6") for handover in self.kinds)))

    def successors(self) -> dict[str, User | None]:
        return {kind.name: self.colleagues.get(self.cleaned_data[kind.name]) for kind in self.kinds}
