"""Clients: the people and companies one works for."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, GeneratedField, Q, TextField, Value, When
from django.db.models.functions import Concat, Upper
from django.urls import reverse

from clients.access import reachable_by
from extrabat.lib.database import Normalise, Versioned
from extrabat.lib.phones import is_mobile
from extrabat.lib.sealed import SealedTextField
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

if TYPE_CHECKING:
    from settings_app.users.models import User

E164 = r"^\+[1-9][0-9]{5,14}$"


class Kind(models.TextChoices):
    INDIVIDUAL = "individual", "Particulier"
    PROFESSIONAL = "professional", "Professionnel"


class Gender(models.TextChoices):
    """As the birth certificate says: URSSAF asks for no other."""

    FEMALE = "F", "Féminin"
    MALE = "M", "Masculin"


class Enrolment(models.TextChoices):
    """Where the client's enrolment for the immediate advance stands (URS-08)."""

    NONE = "none", "Non faite"
    PENDING = "pending", "En attente"
    ACCEPTED = "accepted", "Validée"
    REFUSED = "refused", "Refusée"


def _choice(table: type[models.Model], label: str) -> models.ForeignKey[Any, Any]:
    """A value of a reference table, which stays as long as a client has it."""
    return models.ForeignKey(
        table, verbose_name=label, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, user: "User") -> Self:
        """What the user may see; every list, count, search, export and page starts here."""
        rows = self
        if not user.has_perm("settings_app.see_all_clients"):
            rows = rows.filter(reachable_by(user))
        if not user.has_perm("settings_app.see_restricted_clients"):
            rows = rows.filter(status__is_restricted=False)
        return rows

    def in_lists(self) -> Self:
        """Without bank details, which no list shows: they are not even opened."""
        return self.defer("iban", "bic", "account_holder")

    def living(self) -> Self:
        """Without those in the Corbeille (CLI-33)."""
        return self.filter(status__is_trash=False)


class Client(Versioned):
    """`kind` always equals its civility's flag (CLI-08). Names stay as typed; `ClientSearch` is what is searched."""

    kind = models.CharField("type", max_length=12, choices=Kind, default=Kind.INDIVIDUAL)
    civility = models.ForeignKey(Civility, verbose_name="civilité", on_delete=models.PROTECT, related_name="+")
    last_name = models.CharField("nom de famille", max_length=120, blank=True)
    first_name = models.CharField("prénom", max_length=120, blank=True)
    company_name = models.CharField("raison sociale", max_length=160, blank=True)
    email = models.EmailField("email", blank=True)
    mobile_1 = models.CharField("mobile 1", max_length=16, blank=True)
    mobile_2 = models.CharField("mobile 2", max_length=16, blank=True)
    phone_1 = models.CharField("téléphone 1", max_length=16, blank=True)
    phone_2 = models.CharField("téléphone 2", max_length=16, blank=True)
    status = models.ForeignKey(Status, verbose_name="statut", on_delete=models.PROTECT, related_name="+")
    followed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="suivi par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    language = _choice(Language, "langue")
    job_title = models.CharField("fonction", max_length=120, blank=True)
    siret = models.CharField("SIREN ou SIRET", max_length=14, blank=True)
    vat_number = models.CharField("TVA intracommunautaire", max_length=14, blank=True)
    origin = _choice(Origin, "origine de contact")
    social_category = _choice(SocialCategory, "catégorie socio-professionnelle")
    client_type = _choice(ClientType, "type de client")
    grouping = _choice(Grouping, "regroupement")
    colour = _choice(Colour, "couleur")
    observation = models.TextField("observation", max_length=10_000, blank=True)

    is_referred = models.BooleanField("parrainage", default=False)
    referrer = models.ForeignKey(
        "self",
        verbose_name="client apporteur",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referred",
    )
    referrer_name = models.CharField("nom de l’apporteur d’affaire", max_length=120, blank=True)
    referral_amount = models.DecimalField("chiffre rapporté", max_digits=12, decimal_places=2, null=True, blank=True)

    code = models.CharField("code client", max_length=30, blank=True)
    price_list = _choice(PriceList, "tarif spécifique")
    discount_percent = models.DecimalField("remise (%)", max_digits=5, decimal_places=2, null=True, blank=True)
    is_blocked = models.BooleanField("bloquer la gestion commerciale", default=False)
    finance_comment = models.TextField("commentaire", max_length=10_000, blank=True)

    is_urssaf = models.BooleanField("client concerné par l’URSSAF", default=False)
    gender = models.CharField("genre", max_length=1, choices=Gender, blank=True)
    birth_name = models.CharField("nom de naissance", max_length=120, blank=True)
    birth_date = models.DateField("date de naissance", null=True, blank=True)
    birth_country = models.CharField("pays de naissance", max_length=80, blank=True)
    birth_country_code = models.CharField("code pays de naissance", max_length=5, blank=True)
    birth_city = models.CharField("commune de naissance", max_length=120, blank=True)
    birth_department = models.CharField("département de naissance", max_length=3, blank=True)
    # Encrypted with the number of their key: extrabat.lib.secrets.
    iban = SealedTextField("IBAN", blank=True)
    bic = SealedTextField("BIC", blank=True)
    account_holder = SealedTextField("titulaire du compte", blank=True)
    wants_advance = models.BooleanField("avance immédiate", default=False)
    service_nature = _choice(ServiceNature, "nature de prestation")
    enrolment = models.CharField("inscription", max_length=8, choices=Enrolment, default=Enrolment.NONE)
    enrolment_on = models.DateField("date d’inscription", null=True, blank=True)
    # Set by a merge (CLI-32): what was his is there, and nothing can be added here any more.
    merged_into = models.ForeignKey(
        "self", verbose_name="fusionné dans", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed"
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    # One space before each word: a pattern with a leading space finds beginnings of words with the same index.
    search_name = GeneratedField(
        expression=Concat(
            Value(" "),
            Normalise(Concat("last_name", Value(" "), "first_name", Value(" "), "company_name")),
            output_field=TextField(),
        ),
        output_field=TextField(),
        db_persist=True,
    )
    sort_name = GeneratedField(
        expression=Normalise(
            Case(
                When(kind=Kind.PROFESSIONAL, then=F("company_name")),
                default=Concat("last_name", Value(" "), "first_name"),
                output_field=TextField(),
            )
        ),
        output_field=TextField(),
        db_persist=True,
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = "client"
        default_permissions = ()
        indexes = [
            models.Index(fields=["sort_name", "id"], name="client_sort_name"),
            models.Index(fields=["-updated_at", "-id"], name="client_updated"),
            models.Index(fields=["created_at", "id"], name="client_created"),
            models.Index(fields=["code", "id"], name="client_code"),
            # The list by status reads one status after the other.
            models.Index(fields=["status", "sort_name", "id"], name="client_status_name"),
            GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="client_search_name"),
        ]
        constraints = [
            models.CheckConstraint(
                name="client_has_a_name",
                condition=(Q(kind=Kind.INDIVIDUAL) & ~Q(last_name=""))
                | (Q(kind=Kind.PROFESSIONAL) & ~Q(company_name="")),
                violation_error_message="Donnez le nom de famille, ou la raison sociale d’un professionnel.",
            ),
            models.UniqueConstraint(
                Upper("code"),
                name="client_code_unique",
                condition=~Q(code=""),
                violation_error_message="Ce code client est déjà pris.",
            ),
            models.CheckConstraint(
                name="client_blocked_with_a_reason",
                condition=Q(is_blocked=False) | ~Q(finance_comment=""),
                violation_error_message="Dites dans le commentaire pourquoi la gestion commerciale est bloquée.",
            ),
            models.CheckConstraint(
                name="client_urssaf_is_an_individual",
                condition=Q(is_urssaf=False) | Q(kind=Kind.INDIVIDUAL),
                violation_error_message="Seul un particulier peut être concerné par l’URSSAF.",
            ),
            models.CheckConstraint(
                name="client_referral_amount_positive",
                condition=Q(referral_amount=None) | Q(referral_amount__gte=0),
                violation_error_message="Le chiffre rapporté ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                name="client_no_referrer_without_referral",
                condition=Q(is_referred=True) | Q(referrer=None, referrer_name="", referral_amount=None),
                violation_error_message="Sans parrainage, il n’y a ni apporteur ni chiffre rapporté.",
            ),
            *(
                models.CheckConstraint(
                    name=f"client_{field}_e164",
                    condition=Q(**{field: ""}) | Q(**{f"{field}__regex": E164}),
                    violation_error_message="Ce numéro de téléphone n’est pas valide.",
                )
                for field in ("mobile_1", "mobile_2", "phone_1", "phone_2")
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """« FABRE Hélène », or the company's name."""
        if self.kind == Kind.PROFESSIONAL:
            return self.company_name
        return f"{self.last_name.upper()} {self.first_name}".strip()

    @property
    def is_professional(self) -> bool:
        return self.kind == Kind.PROFESSIONAL

    @property
    def reach(self) -> list[tuple[str, str]]:
        """The numbers that are filled, as (label, E.164), mobiles first."""
        numbers = [
            ("Mobile 1", self.mobile_1),
            ("Mobile 2", self.mobile_2),
            ("Téléphone 1", self.phone_1),
            ("Téléphone 2", self.phone_2),
        ]
        return [(label, number) for label, number in numbers if number]

    @property
    def sms_number(self) -> str:
        """Where an SMS goes: Mobile 1, else Mobile 2, the first that can receive one; empty when none can (CLI-15)."""
        return next((number for number in (self.mobile_1, self.mobile_2) if number and is_mobile(number)), "")

    @property
    def is_merged(self) -> bool:
        """Is he another client's by now? His own record takes nothing any more."""
        return self.merged_into_id is not None

    @property
    def surviving(self) -> "Client":
        """The record that speaks for him now: his own, or the last one into which it was merged."""
        row = self
        while row.merged_into:
            row = row.merged_into
        return row

    def get_absolute_url(self) -> str:
        return reverse("clients:home", args=[self.pk])
