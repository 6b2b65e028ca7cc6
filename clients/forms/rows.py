"""The rows of the client's form: his addresses and his contacts."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict

from clients.forms.sheet import SheetForm, text_area
from clients.models import Address, Contact
from clients.places.countries import choices as countries
from clients.sheets import ADDRESS_LINES, CONTACT_LINES, Sheet
from extrabat.lib.forms.fields import CoordinateField, EmailListField, PhoneListField
from extrabat.lib.forms.layout import Cell
from settings_app.reference.models import AddressType, Civility

MOST_ROWS = 50
CORRESPONDENCE = "correspondance"
ADDRESS_TEXT = ("number", "street", "complement", "postcode", "city", "directions")
CONTACT_TEXT = ("last_name", "first_name", "job_title", "emails", "phones")


class Offered:
    """What every row of one form offers, read once however many rows there are."""

    @cached_property
    def types(self) -> list[AddressType]:
        return list(AddressType.objects.filter(is_active=True))

    @cached_property
    def civilities(self) -> list[Civility]:
        return list(Civility.objects.filter(is_active=True, is_professional=False))

    @cached_property
    def correspondence(self) -> int | None:
        """The built-in type, which stays whatever the settings do (ADR-02)."""
        known = next((row.pk for row in self.types if row.code == CORRESPONDENCE), None)
        rows = AddressType.objects.filter(code=CORRESPONDENCE)
        return known or rows.values_list("pk", flat=True).first()


def _choices(rows: Sequence[Model], current: Model | None) -> list[tuple[Any, str]]:
    """The rows, and the one that the record has even when it was switched off since."""
    kept = [] if current is None or current in rows else [current]
    return [("", "—"), *((row.pk, str(row)) for row in (*rows, *kept))]


class AddressForm(SheetForm):
    street = forms.CharField(label="Adresse", required=False, max_length=200)
    latitude = CoordinateField(label="Latitude", required=False, limit=90)
    longitude = CoordinateField(label="Longitude", required=False)
    directions = text_area("Indications", rows=1, limit=2000)
    country = forms.ChoiceField(label="Pays", choices=countries, required=False)

    class Meta:
        model = Address
        fields = [line.name for line in ADDRESS_LINES]

    def __init__(self, *args: Any, sheet: Sheet, offered: Offered, seen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.offer("type", AddressType.objects.filter(is_active=True))
        self.fields["type"].required = False
        current = self.instance.type if self.instance.type_id else None
        self.fields["type"].choices = _choices(offered.types, current)  # type: ignore[attr-defined]  # a list of rows
        if self.instance.pk is None and not self.initial.get("type"):
            self.initial["type"] = offered.correspondence
        for name in (
            "complement",
            "postcode",
            "city",
            "city_code",
            "country",
            "country_code",
            "latitude",
            "longitude",
            "street",
            "number",
        ):
            self.fields[name].widget.attrs["data-place"] = name
        self.fields["postcode"].widget.attrs["inputmode"] = "numeric"
        self.remember(seen)
        shown = sheet.lines(ADDRESS_LINES)
        self.urssaf_marks = frozenset(line.name for line in shown if sheet.is_urssaf and line.urssaf == "required")
        self.hide_the_rest(sheet.names(ADDRESS_LINES))
        # Number and street stand on one line where both show.
        beside = {"street": "c9"} if any(line.name == "number" for line in shown) else {}
        self.lay_out(*(Cell(line.name, beside.get(line.name, line.width)) for line in shown))

    @property
    def is_open(self) -> bool:
        """Open while it is typed, wrong or incomplete."""
        return self.instance.pk is None or bool(self.errors or self.missing or self.theirs)

    @property
    def is_placed(self) -> bool:
        return bool(self.held().get("latitude"))

    @property
    def summary(self) -> str:
        """What its folded line says."""
        held = self.held()
        way = f"{held.get('number') or ''} {held.get('street') or ''}".strip()
        town = f"{held.get('postcode') or ''} {held.get('city') or ''}".strip()
        return ", ".join(part for part in (way, town) if part)

    def _get_validation_exclusions(self) -> set[str]:
        """Emptiness and the one default per type are judged over all the rows, by the action."""
        return {*super()._get_validation_exclusions(), "directions", "client"}  # type: ignore[misc]  # not in the stubs

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("country", "FR") in ("FR", "") and cleaned.get("postcode"):
            code = str(cleaned["postcode"]).replace(" ", "")
            if len(code) != 5 or not code.isdigit():
                self.add_error("postcode", "Un code postal a cinq chiffres.")
            else:
                cleaned["postcode"] = code
        both = not {"latitude", "longitude"} & set(self.errors)
        if both and (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            self.add_error("latitude", "Donnez la latitude et la longitude, ou aucune des deux.")
        return cleaned

    def clean_type(self) -> AddressType | None:
        """The built-in correspondence stays whatever the settings do (ADR-02)."""
        return self.cleaned_data["type"] or AddressType.objects.filter(code=CORRESPONDENCE).first()

    @property
    def says_something(self) -> bool:
        held = self.held()
        return any(str(held.get(name) or "").strip() for name in ADDRESS_TEXT)


class ContactForm(SheetForm):
    emails = EmailListField(label="E-mails", required=False)
    phones = PhoneListField(label="Téléphones", required=False)

    class Meta:
        model = Contact
        fields = [line.name for line in CONTACT_LINES]

    def __init__(self, *args: Any, sheet: Sheet, offered: Offered, seen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        current = self.instance.civility
        self.offer("civility", Civility.objects.filter(is_active=True, is_professional=False))
        self.fields["civility"].choices = _choices(offered.civilities, current)  # type: ignore[attr-defined]  # as above
        self.remember(seen)
        self.lay_out(*(Cell(line.name, line.width) for line in sheet.lines(CONTACT_LINES)))

    @property
    def is_open(self) -> bool:
        return self.instance.pk is None or bool(self.errors or self.theirs)

    @property
    def summary(self) -> str:
        held = self.held()
        return f"{held.get('first_name') or ''} {held.get('last_name') or ''}".strip()

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "last_name", "client"}  # type: ignore[misc]  # not in the stubs

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.says_something and not cleaned.get("last_name") and not cleaned.get("first_name"):
            self.add_error("last_name", "Donnez un nom ou un prénom à ce contact.")
        return cleaned

    @property
    def says_something(self) -> bool:
        held = self.held()
        return any(str(held.get(name) or "").strip() for name in CONTACT_TEXT)


def row_count(data: QueryDict, prefix: str) -> int:
    """How many rows a form says it holds; nonsense reads as none, too many as the most."""
    sent = data.get(f"{prefix}-count", "0")
    return min(int(sent), MOST_ROWS) if sent.isdecimal() else 0
