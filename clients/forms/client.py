"""The client's form, made from the declaration in clients/sheets.py.

Every field that a kind of client has is in the form; what the sheet does not show travels in hidden inputs, so that
switching loses nothing. What was not changed is not written (extrabat.lib.forms.versioned).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.validators import RegexValidator
from django.urls import reverse

from clients.actions.clients import CHANNELS
from clients.actions.consents import NO_ADDRESS
from clients.forms.questions import question_field, question_width
from clients.forms.sheet import SheetForm, text_area
from clients.models import Client, CustomQuestion, Enrolment, Gender, Kind
from clients.sheets import LEFT, LINES, QUESTIONS, RIGHT, Line, Sheet, belongs_to
from extrabat.lib.forms.bank import MaskedIbanForm
from extrabat.lib.forms.base import Palette
from extrabat.lib.forms.fields import (
    AmountField,
    BicField,
    FrenchDateField,
    IbanField,
    LowerEmailField,
    PercentField,
    PhoneField,
    SiretField,
    VatField,
)
from extrabat.lib.forms.layout import Cell, Help, Section
from extrabat.lib.identifiers import MASK, mask_iban, siren_of, vat_of
from settings_app.reference.models import (
    Civility,
    ClientType,
    Colour,
    Grouping,
    Language,
    Origin,
    PriceList,
    ServiceNature,
    SocialCategory,
    Status,
)
from settings_app.users.models import User

MISSING_NAME = {
    Kind.INDIVIDUAL: ("last_name", "Donnez le nom de famille."),
    Kind.PROFESSIONAL: ("company_name", "Donnez la raison sociale."),
}
CONSENTS = {name: str(channel.label) for name, channel in CHANNELS.items()}
HELPS = {
    "siret": Help("Chercher l’entreprise", hook="data-company-find"),
    "vat_number": Help("Proposer d’après le SIREN", name="propose", value="vat"),
    "iban": Help("Afficher en entier", name="propose", value="iban"),
}


class ClientForm(MaskedIbanForm, SheetForm):
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
    observation = text_area("Observation")
    note = text_area("Historique des interactions")
    finance_comment = text_area("Commentaire")
    referral_amount = AmountField(label="Chiffre rapporté", required=False, min_value=0)
    discount_percent = PercentField(label="Remise (%)", required=False)
    iban = IbanField(label="IBAN", required=False)
    bic = BicField(label="BIC", required=False)
    account_holder = forms.CharField(label="Titulaire du compte", required=False, max_length=100)
    enrolment_on = FrenchDateField(label="Date d’inscription", required=False)

    class Meta:
        model = Client
        # The client who brought this one stands in no line: he is chosen by his name (referrers.js).
        fields = [*(line.name for line in LINES if line.name != "note" and line.name not in CONSENTS), "referrer"]
        widgets = {"colour": Palette, "referrer": forms.HiddenInput}
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
        # Validation writes what was sent over the instance's own.
        self.stored_iban = str(self.instance.iban)
        if self.stored_iban and self.initial.get("iban") == self.stored_iban:
            self.initial["iban"] = mask_iban(self.stored_iban)
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
        gender = self.fields.get("gender")
        if isinstance(gender, forms.ChoiceField):
            gender.choices = [("", "—"), *Gender.choices]
        self._offer_values(user)
        self._hook_scripts()
        self.remember(seen)
        self.marked_required = frozenset({MISSING_NAME[sheet.kind][0], "origin"})
        shown = [line for line in sheet.lines(LINES) if line.name in mine]
        # A face that was turned to leaves the focus where it is.
        if self.instance.pk is None and not seen:
            self.fields["civility"].widget.attrs["autofocus"] = True
        self.urssaf_marks = frozenset(line.name for line in shown if sheet.is_urssaf and line.urssaf == "required")
        self.hide_the_rest(
            frozenset(line.name for line in shown)
            | {f"question-{q.pk}" for q in self.questions}
            | ({"is_urssaf"} if not sheet.is_professional else set())
        )
        self.shown = shown
        self.lay_out(*self._sections(shown))

    def show_whole_iban(self) -> None:
        """Unmasked, and without the offer to unmask it."""
        self.initial["iban"] = self.stored_iban
        self.helper.layout = Layout(*self._sections(self.shown))

    def _offer_values(self, user: User) -> None:
        for name, table in {
            "origin": Origin,
            "social_category": SocialCategory,
            "client_type": ClientType,
            "colour": Colour,
            "grouping": Grouping,
            "language": Language,
            "price_list": PriceList,
            "service_nature": ServiceNature,
        }.items():
            if name in self.fields:
                self.offer(name, table._default_manager.filter(is_active=True))
        self.offer("status", Status.objects.offered_to(user))
        self.offer("followed_by", User.objects.filter(is_active=True))
        # Never listed, only looked up by the key that was chosen.
        self.offer("referrer", Client.objects.visible_to(user))
        self.fields["origin"].required = True
        if "enrolment" in self.fields:
            self.fields["enrolment"].required = False
        self._offer_civilities()

    def _hook_scripts(self) -> None:
        """What company.js, countries.js, keep.js and referrers.js look for."""
        for name, hook in {
            "siret": {"data-company-siret": True},
            "birth_date": {"data-no-draft": True},
            "birth_country": {"data-born-in": True, "list": "countries", "data-no-draft": True},
            "birth_country_code": {"data-born-in-code": True, "data-no-draft": True},
            "birth_city": {"data-no-draft": True},
            "birth_department": {"data-no-draft": True},
            "iban": {"data-no-keep": True},
            "bic": {"data-no-keep": True},
            "account_holder": {"data-no-keep": True},
            "referrer_name": {"data-referrers": reverse("clients:referrers")},
        }.items():
            if name in self.fields:
                self.fields[name].widget.attrs |= hook

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

    def _sections(self, shown: list[Line]) -> list[Section]:
        sections = []
        for title in (*LEFT, *RIGHT):
            cells = [Cell(line.name, line.width, self._help(line.name)) for line in shown if line.section == title]
            if title == QUESTIONS:
                cells = [Cell(f"question-{q.pk}", question_width(q)) for q in self.questions]
            sections.append(Section(title, *cells))
        return sections

    def _help(self, name: str) -> Help | None:
        if name == "iban" and (self.is_bound or MASK not in str(self.initial.get("iban"))):
            return None
        return HELPS.get(name)

    def _get_validation_exclusions(self) -> set[str]:
        """Unticking Parrainage empties the referrer when it is saved: until then his name may stand there."""
        return {*super()._get_validation_exclusions(), "referrer"}  # type: ignore[misc]  # not in the stubs

    def clean_enrolment(self) -> str:
        return self.cleaned_data["enrolment"] or Enrolment.NONE

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        other = Client.objects.filter(code__iexact=code).exclude(pk=self.instance.pk).first() if code else None
        if other:
            seen = Client.objects.visible_to(self.user).filter(pk=other.pk).exists()
            raise forms.ValidationError(f"Ce code est celui de {other}." if seen else "Ce code client est déjà pris.")
        return code

    def clean_referrer(self) -> Client | None:
        referrer: Client | None = self.cleaned_data["referrer"]
        if referrer and referrer.pk == self.instance.pk:
            raise forms.ValidationError("Un client ne s’apporte pas lui-même.")
        return referrer

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
