"""The company and its stores: who sells, from where; documents and messages speak in their name."""

from django.db import models

from extrabat.lib.database import Versioned
from extrabat.lib.sealed import SealedTextField
from settings_app.company.palette import ACCENTS, DEFAULT
from settings_app.pictures.models import Picture

ONLY = 1


class LegalForm(models.TextChoices):
    """`Company.has_capital` says which of them have a capital to tell."""

    EI = "EI", "Entreprise individuelle"
    EURL = "EURL", "EURL"
    SARL = "SARL", "SARL"
    SASU = "SASU", "SASU"
    SAS = "SAS", "SAS"
    SA = "SA", "SA"
    SNC = "SNC", "SNC"
    SCOP = "SCOP", "SCOP"
    OTHER = "autre", "Autre"


class Register(models.TextChoices):
    RCS = "RCS", "Registre du commerce et des sociétés (RCS)"
    RM = "RM", "Répertoire des métiers (RM)"
    RNE = "RNE", "Registre national des entreprises (RNE)"


class VatRegime(models.TextChoices):
    NORMAL = "normal", "Réel normal"
    SIMPLIFIED = "simplifie", "Réel simplifié"
    FRANCHISE = "franchise", "Franchise en base (TVA non applicable, art. 293 B du CGI)"


class Insured(models.Model):
    """The ten-year liability insurance (Code des assurances, L.241-1 and L.243-2) that quotes and invoices tell."""

    insurer = models.CharField("assureur", max_length=120, blank=True)
    insurer_contact = models.CharField("coordonnées de l’assureur", max_length=200, blank=True)
    insurance_number = models.CharField("numéro de contrat", max_length=60, blank=True)
    insurance_zone = models.CharField("couverture géographique", max_length=120, blank=True)
    insurance_from = models.DateField("valable du", null=True, blank=True)
    insurance_to = models.DateField("au", null=True, blank=True)

    class Meta:
        abstract = True


class Company(Versioned, Insured):
    """The one company (société): a row numbered 1, which starting rows and migrations make."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    name = models.CharField("raison sociale", max_length=120, blank=True)
    legal_form = models.CharField("forme juridique", max_length=5, choices=LegalForm, blank=True)
    capital = models.DecimalField("capital (€)", max_digits=14, decimal_places=2, null=True, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    register = models.CharField("registre", max_length=3, choices=Register, blank=True)
    register_city = models.CharField("ville du registre", max_length=120, blank=True)
    ape = models.CharField("code APE", max_length=5, blank=True)
    vat_number = models.CharField("TVA intracommunautaire", max_length=20, blank=True)
    vat_regime = models.CharField("régime de TVA", max_length=9, choices=VatRegime, default=VatRegime.NORMAL)
    vat_on_debits = models.BooleanField("option pour le paiement de la TVA d’après les débits", default=False)
    street = models.CharField("adresse du siège", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=10, blank=True)
    city = models.CharField("commune", max_length=120, blank=True)
    accent = models.CharField("couleur d’accent", max_length=10, choices=ACCENTS, default=DEFAULT)
    second_factor_for_all = models.BooleanField("second facteur exigé de chacun", default=False)
    logo = models.ForeignKey(Picture, verbose_name="logo", on_delete=models.SET_NULL, null=True, related_name="+")
    mediator = models.CharField("médiateur de la consommation", max_length=120, blank=True)
    mediator_address = models.CharField("adresse du médiateur", max_length=200, blank=True)
    mediator_website = models.URLField("site du médiateur", blank=True)
    iban = SealedTextField("IBAN", blank=True)
    bic = SealedTextField("BIC", blank=True)
    discount_terms = models.CharField(
        "conditions d’escompte", max_length=200, blank=True, default="Pas d’escompte pour paiement anticipé."
    )
    late_terms = models.CharField(
        "pénalités de retard",
        max_length=200,
        blank=True,
        default="Taux de la BCE majoré de 10 points.",
    )

    class Meta:
        verbose_name = "société"
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(pk=ONLY), name="company_only_one")]

    def __str__(self) -> str:
        return self.name or "Société"

    @property
    def has_capital(self) -> bool:
        return self.legal_form not in {"", LegalForm.EI, LegalForm.OTHER}


class Store(Versioned, Insured):
    """A shop or agency of the company (magasin). Closed ones keep what was done there.

    Without an insurer of its own it works under the company's contract: `insurance` is the one that holds.
    """

    company = models.ForeignKey(
        Company, verbose_name="société", on_delete=models.PROTECT, default=ONLY, editable=False, related_name="stores"
    )
    name = models.CharField("nom du magasin", max_length=120)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    phone = models.CharField("téléphone", max_length=16, blank=True)
    email = models.EmailField("e-mail", blank=True)
    website = models.URLField("site internet", blank=True)
    street = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=10, blank=True)
    city = models.CharField("commune", max_length=120, blank=True)
    # Empty: the company's.
    accent = models.CharField("couleur d’accent", max_length=10, choices=ACCENTS, blank=True)
    is_active = models.BooleanField("ouvert", default=True)

    class Meta:
        verbose_name = "magasin"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(insurer="")
                | models.Q(
                    insurer_contact="",
                    insurance_number="",
                    insurance_zone="",
                    insurance_from=None,
                    insurance_to=None,
                ),
                name="store_insurance_has_insurer",
                violation_error_message="Donnez l’assureur, ou laissez toute l’assurance vide.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def insurance(self) -> Insured:
        """Whole or not at all: a store's own contract, else the company's."""
        return self if self.insurer else self.company
