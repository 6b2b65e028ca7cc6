"""The client's form with its addresses and contacts, made from the declaration in clients/sheets.py.

Every field that a kind of client has is in the form; what the sheet does not show travels in hidden inputs, so that
switching loses nothing. What was not changed is not written (extrabat.lib.forms.versioned).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.http import QueryDict

from clients.actions.consents import NO_ADDRESS
from clients.models import Address, Client, Contact, CustomQuestion, Enrolment, Gender, Kind
from clients.places.countries import FRANCE
from clients.places.countries import choices as countries
from clients.sheets import (
    ADDRESS_LINES,
    CONTACT_LINES,
    LEFT,
    LINES,
    QUESTIONS,
    RIGHT,
    Line,
    Sheet,
    belongs_to,
    missing,
)
from extrabat.lib.forms.fields import (
    AmountField,
    BicField,
    CoordinateField,
    EmailListField,
    FrenchDateField,
    IbanField,
    LowerEmailField,
    PercentField,
    PhoneField,
    PhoneListField,
    SiretField,
    VatField,
)
from extrabat.lib.forms.layout import Cell, Section
from extrabat.lib.forms.versioned import SEEN, VersionedForm
from extrabat.lib.identifiers import siren_of, vat_of
from extrabat.lib.text import normalise
from settings_app.reference.models import (
    AddressType,
    Civility,
    ClientType,
    Grouping,
    Language,
    Origin,
    PriceList,
    ServiceNature,
    SocialCategory,
    Status,
)
from settings_app.reference.palette import TINTS
from settings_app.users.models import User

MISSING_NAME = {
    Kind.INDIVIDUAL: ("last_name", "Donnez le nom de famille."),
    Kind.PROFESSIONAL: ("company_name", "Donnez la raison sociale."),
}
MOST_ROWS = 50
BIRTH_PLACE = frozenset({"birth_city", "birth_department"})
CONSENTS = {"allow_sms": "SMS", "allow_email": "Emailing", "allow_partners": "API tiers"}


def _text(label: str = "", rows: int = 2, limit: int = 10_000) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=limit, widget=forms.Textarea({"rows": rows}))


def _born_abroad(held: Mapping[str, Any]) -> bool:
    """Of who was born abroad, URSSAF asks for the country alone (URS-02)."""
    code, name = str(held.get("birth_country_code") or ""), normalise(str(held.get("birth_country") or ""))
    return code != FRANCE.code if code else name not in ("", normalise(FRANCE.name))


class SheetForm(VersionedForm):
    """Shows the fields of a sheet; the others of the form stay in it as hidden inputs."""

    lines: Sequence[Line] = ()
    sheet: Sheet
    missing: frozenset[str] = frozenset()

    def offer(self, name: str, rows: models.QuerySet[Any]) -> None:
        """Values in use, and the one that the record has even when it was switched off since."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # they are foreign keys
        current = getattr(self.instance, f"{name}_id", None)
        field.queryset = rows | rows.model._default_manager.filter(pk=current) if current else rows

    def hide_the_rest(self, shown: frozenset[str]) -> None:
        for name, field in self.fields.items():
            if name not in shown and name != SEEN:
                hooks = {hook: value for hook, value in field.widget.attrs.items() if hook.startswith("data-")}
                field.widget = field.hidden_widget(hooks)

    def typed(self) -> dict[str, Any]:
        """What a bound form holds, as typed, by field name."""
        return {name: self[name].data for name in self.fields if name != SEEN}


class ClientForm(SheetForm):
    email = LowerEmailField(label="Email", required=False)
    mobile_1 = PhoneField(label="Mobile 1", required=False)
    mobile_2 = PhoneField(label="Mobile 2", required=False)
    phone_1 = PhoneField(label="Téléphone 1", required=False)
    phone_2 = PhoneField(label="Téléphone 2", required=False)
    siret = SiretField(label="SIREN ou SIRET", required=False)
    vat_number = VatField(label="TVA intracommunautaire", required=False)
    birth_date = FrenchDateField(label="Date de naissance", required=False, birth=True)
    birth_country_code = forms.CharField(
        label="Code pays",
        required=False,
        validators=[RegexValidator(r"^99[0-9]{3}$", "Un code pays a cinq chiffres et commence par 99.")],
    )
    observation = _text("Observation")
    note = _text("Historique des interactions")
    finance_comment = _text("Commentaire")
    referral_amount = AmountField(label="Chiffre rapporté", required=False, min_value=0)
    discount_percent = PercentField(label="Remise (%)", required=False)
    iban = IbanField(label="IBAN", required=False)
    bic = BicField(label="BIC", required=False)
    account_holder = forms.CharField(label="Titulaire du compte", required=False, max_length=100)
    enrolment_on = FrenchDateField(label="Date d’inscription", required=False)

    class Meta:
        model = Client
        fields = [line.name for line in LINES if line.name != "note" and line.name not in CONSENTS]
        labels = {
            "is_urssaf": "Client concerné par l’URSSAF",
            "referrer_name": "Nom de l’apporteur d’affaire",
            "status": "Statut",
        }

    def __init__(
        self,
        *args: Any,
        sheet: Sheet,
        user: User,
        questions: Sequence[CustomQuestion] = (),
        answers: Mapping[int, Any] | None = None,
        seen: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.user = user
        self.questions = [q for q in questions if q.for_professionals or not sheet.is_professional]
        for name, label in CONSENTS.items():
            self.fields[name] = forms.BooleanField(label=label, required=False)
        for question in self.questions:
            self.fields[f"question-{question.pk}"] = question_field(question)
            if not self.initial.get(f"question-{question.pk}"):
                self.initial[f"question-{question.pk}"] = (answers or {}).get(question.pk)
        allowed = [line for line in LINES if not line.right or user.has_perm(f"settings_app.{line.right}")]
        mine = {line.name for line in allowed if belongs_to(sheet.kind, line)}
        for name in [line.name for line in LINES if line.name not in mine]:
            del self.fields[name]
        self.fields["is_urssaf"] = forms.BooleanField(label="Client concerné par l’URSSAF", required=False)
        if sheet.is_professional:
            del self.fields["is_urssaf"]
        for name, values in (("gender", Gender.choices), ("colour", TINTS)):
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "—"), *values]
        self._offer_values(user)
        self.remember(seen)
        self.marked_required = frozenset({MISSING_NAME[sheet.kind][0], "origin"})
        shown = [line for line in sheet.lines(LINES) if line.name in mine]
        if self.instance.pk is None:
            self.fields["civility"].widget.attrs["autofocus"] = True
        self._mark_missing(shown)
        self.hide_the_rest(
            frozenset(line.name for line in shown)
            | {f"question-{q.pk}" for q in self.questions}
            | ({"is_urssaf"} if not sheet.is_professional else set())
        )
        self.lay_out(*self._sections(shown))

    def _offer_values(self, user: User) -> None:
        for name, table in {
            "origin": Origin,
            "social_category": SocialCategory,
            "client_type": ClientType,
            "grouping": Grouping,
            "language": Language,
            "price_list": PriceList,
            "service_nature": ServiceNature,
        }.items():
            if name in self.fields:
                self.offer(name, table._default_manager.filter(is_active=True))
        self.offer("status", Status.objects.offered_to(user))
        self.offer("followed_by", User.objects.filter(is_active=True))
        self.fields["origin"].required = True
        if "enrolment" in self.fields:
            self.fields["enrolment"].required = False
        self._offer_civilities()

    def _offer_civilities(self) -> None:
        """Both kinds in one list: choosing one of the other kind turns the form (CLI-07)."""
        self.offer("civility", Civility.objects.filter(is_active=True))
        field = self.fields["civility"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        rows = list(field.queryset or [])
        field.choices = [
            ("", "Choisir"),
            ("Particulier", [(c.pk, c.label) for c in rows if not c.is_professional]),
            ("Professionnel", [(c.pk, c.label) for c in rows if c.is_professional]),
        ]

    def _mark_missing(self, shown: list[Line]) -> None:
        held = (
            self.typed()
            if self.is_bound
            else {name: self.get_initial_for_field(self.fields[name], name) for name in self.fields}
        )
        filled = frozenset(name for name, value in held.items() if value)
        asked = frozenset(missing(self.sheet, filled))
        self.missing = asked - BIRTH_PLACE if _born_abroad(held) else asked
        self.urssaf_marks = frozenset(line.name for line in shown if self.sheet.is_urssaf and line.urssaf == "required")

    def _sections(self, shown: list[Line]) -> list[Section]:
        sections = []
        for title in (*LEFT, *RIGHT):
            cells = [Cell(line.name, line.width) for line in shown if line.section == title]
            if title == QUESTIONS:
                cells = [Cell(f"question-{q.pk}", question_width(q)) for q in self.questions]
            sections.append(Section(title, *cells))
        return sections

    def clean_enrolment(self) -> str:
        return self.cleaned_data["enrolment"] or Enrolment.NONE

    @property
    def first_missing(self) -> str:
        """The id of the first field that URSSAF still asks for."""
        return next((self[line.name].id_for_label for line in LINES if line.name in self.missing), "s-adresses")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        other = Client.objects.filter(code__iexact=code).exclude(pk=self.instance.pk).first() if code else None
        if other:
            seen = Client.objects.visible_to(self.user).filter(pk=other.pk).exists()
            raise forms.ValidationError(f"Ce code est celui de {other}." if seen else "Ce code client est déjà pris.")
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name, message = MISSING_NAME[self.sheet.kind]
        if not cleaned.get(name) and name not in self.errors:
            self.add_error(name, message)
        if cleaned.get("is_blocked") and not cleaned.get("finance_comment"):
            self.add_error("finance_comment", "Dites pourquoi la gestion commerciale est bloquée.")
        if cleaned.get("allow_email") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("allow_email", NO_ADDRESS)
        vat, siret = cleaned.get("vat_number", ""), cleaned.get("siret", "")
        if siret and vat.startswith("FR") and vat != vat_of(siren_of(siret)):
            self.add_error("vat_number", f"Ce numéro n’est pas celui de ce SIREN : attendu {vat_of(siren_of(siret))}.")
        return cleaned


class AddressForm(SheetForm):
    street = forms.CharField(label="Adresse", required=False, max_length=200)
    latitude = CoordinateField(label="Latitude", required=False, limit=90)
    longitude = CoordinateField(label="Longitude", required=False)
    directions = _text("Indications", rows=1, limit=2000)
    country = forms.ChoiceField(label="Pays", choices=countries, required=False)

    class Meta:
        model = Address
        fields = [line.name for line in ADDRESS_LINES]

    def __init__(self, *args: Any, sheet: Sheet, seen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.offer("type", AddressType.objects.filter(is_active=True))
        self.fields["type"].required = False
        if self.instance.pk is None and not self.initial.get("type"):
            self.initial["type"] = (
                AddressType.objects.filter(code="correspondance").values_list("pk", flat=True).first()
            )
        for name in (
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
        held = self.typed() if self.is_bound else self.initial
        self.missing = frozenset(missing(sheet, frozenset(n for n, v in held.items() if v), ADDRESS_LINES))
        self.urssaf_marks = frozenset(line.name for line in shown if sheet.is_urssaf and line.urssaf == "required")
        self.hide_the_rest(sheet.names(ADDRESS_LINES))
        self.lay_out(*(Cell(line.name, line.width) for line in shown))

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
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            self.add_error("latitude", "Donnez la latitude et la longitude, ou aucune des deux.")
        return cleaned

    def clean_type(self) -> AddressType | None:
        """The built-in correspondence stays whatever the settings do (ADR-02)."""
        return self.cleaned_data["type"] or AddressType.objects.filter(code="correspondance").first()

    @property
    def says_something(self) -> bool:
        held = self.typed() if self.is_bound else self.initial
        return any(str(held.get(name) or "").strip() for name in ADDRESS_TEXT)


ADDRESS_TEXT = ("number", "street", "complement", "postcode", "city", "directions")
CONTACT_TEXT = ("last_name", "first_name", "job_title", "emails", "phones")


class ContactForm(SheetForm):
    emails = EmailListField(label="E-mails", required=False)
    phones = PhoneListField(label="Téléphones", required=False)

    class Meta:
        model = Contact
        fields = [line.name for line in CONTACT_LINES]

    def __init__(self, *args: Any, sheet: Sheet, seen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.offer("civility", Civility.objects.filter(is_active=True, is_professional=False))
        self.remember(seen)
        self.lay_out(*(Cell(line.name, line.width) for line in sheet.lines(CONTACT_LINES)))

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "last_name", "client"}  # type: ignore[misc]  # not in the stubs

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.says_something and not cleaned.get("last_name") and not cleaned.get("first_name"):
            self.add_error("last_name", "Donnez un nom ou un prénom à ce contact.")
        return cleaned

    @property
    def says_something(self) -> bool:
        held = self.typed() if self.is_bound else self.initial
        return any(str(held.get(name) or "").strip() for name in CONTACT_TEXT)


def question_field(question: CustomQuestion) -> forms.Field:
    """The field that asks a company's own question (CLI-28)."""
    common: dict[str, Any] = {"label": question.label, "required": question.is_required}
    options = [(option, option) for option in question.options]
    match question.type:
        case CustomQuestion.Type.NUMBER:
            return AmountField(**common)
        case CustomQuestion.Type.DATE:
            return FrenchDateField(**common)
        case CustomQuestion.Type.YES_NO:
            return forms.BooleanField(label=question.label, required=False)
        case CustomQuestion.Type.CHOICE:
            return forms.ChoiceField(choices=[("", "Choisir"), *options], **common)
        case CustomQuestion.Type.CHOICES:
            return forms.MultipleChoiceField(choices=options, **common)
    return forms.CharField(max_length=500, **common)


def question_width(question: CustomQuestion) -> str:
    return "c6" if question.type in (CustomQuestion.Type.TEXT, CustomQuestion.Type.CHOICES) else "c4"


def row_count(data: QueryDict, prefix: str) -> int:
    """How many rows a form says it holds; nonsense reads as none, too many as the most."""
    sent = data.get(f"{prefix}-count", "0")
    return min(int(sent), MOST_ROWS) if sent.isdecimal() else 0
