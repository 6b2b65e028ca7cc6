"""Reference tables: ordered values that can be switched off and never vanish while a record uses them."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Lower

from settings_app.reference.palette import TINTS

if TYPE_CHECKING:
    from settings_app.users.models import User


class ReferenceValue(models.Model):
    """`position` orders the list; a value that `is_active` no longer is stays on the records that have it."""

    label = models.CharField("libellé", max_length=80)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    is_active = models.BooleanField("actif", default=True)

    class Meta:
        abstract = True
        ordering = ["position", "label"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                Lower("label"), name="%(class)s_label_unique", violation_error_message="Ce libellé existe déjà."
            )
        ]

    def __str__(self) -> str:
        return self.label


class Civility(ReferenceValue):
    """`is_professional` decides the kind of the client who has it (CLI-07)."""

    is_professional = models.BooleanField("professionnel", default=False)

    class Meta(ReferenceValue.Meta):
        verbose_name = "civilité"


class StatusQuerySet(models.QuerySet["Status"]):
    def offered_to(self, user: "User") -> Self:
        """Those in use that the user may choose: the very name of a restricted one is not for everybody."""
        rows = self.filter(is_active=True)
        if not user.has_perm("settings_app.see_restricted_clients"):
            rows = rows.filter(is_restricted=False)
        return rows


class Status(ReferenceValue):
    """Where a client stands; the flags say what the whole program does with him (CLI-33, CLI-34, PLA-01)."""

    is_prospect = models.BooleanField("prospect", default=False)
    on_planning = models.BooleanField("planning", default=False)
    is_trash = models.BooleanField("corbeille", default=False)
    is_restricted = models.BooleanField("restreint", default=False)

    objects = StatusQuerySet.as_manager()

    class Meta(ReferenceValue.Meta):
        verbose_name = "statut"


class Origin(ReferenceValue):
    """How a client came to us."""

    class Meta(ReferenceValue.Meta):
        verbose_name = "origine de contact"


class SocialCategory(ReferenceValue):
    """Catégorie socio-professionnelle: the eight groups of INSEE's PCS to begin with."""

    class Meta(ReferenceValue.Meta):
        verbose_name = "catégorie socio-professionnelle"


class ClientType(ReferenceValue):
    """What a client is to us: client, partner, supplier, prescriber."""

    class Meta(ReferenceValue.Meta):
        verbose_name = "type de client"


class Grouping(ReferenceValue):
    """Clients taken together: a sector, a round, a condominium's manager."""

    class Meta(ReferenceValue.Meta):
        verbose_name = "regroupement"


class Language(ReferenceValue):
    """`code` (ISO 639-1) chooses the translation of documents and messages, where there is one (CLI-19)."""

    code = models.CharField("code", max_length=2, unique=True)

    class Meta(ReferenceValue.Meta):
        verbose_name = "langue"


class Colour(ReferenceValue):
    """A colour that clients bear, shown as a dot; its label says what it means here (CLI-22)."""

    tint = models.PositiveSmallIntegerField("teinte", choices=TINTS)

    class Meta(ReferenceValue.Meta):
        verbose_name = "couleur"


class AddressType(ReferenceValue):
    """What an address is for. `code` names the four that the program itself asks for; they stay (ADR-02)."""

    code = models.SlugField("code", max_length=20, blank=True)

    class Meta(ReferenceValue.Meta):
        verbose_name = "type d’adresse"

    @property
    def is_builtin(self) -> bool:
        return bool(self.code)


class PriceList(ReferenceValue):
    """Tarif spécifique: `percent` off every price of the catalogue; prices per article come with it (CLI-24)."""

    percent = models.DecimalField("remise (%)", max_digits=5, decimal_places=2, default=0)

    class Meta(ReferenceValue.Meta):
        verbose_name = "tarif spécifique"


class Warehouse(ReferenceValue):
    """Dépôt: where goods are kept and taken from."""

    class Meta(ReferenceValue.Meta):
        verbose_name = "dépôt"


class CashJournal(ReferenceValue):
    """Journal de caisse: where payments of one till or bank are written."""

    class Meta(ReferenceValue.Meta):
        verbose_name = "journal de caisse"


class ServiceNature(ReferenceValue):
    """Nature of a service to individuals, as URSSAF names it (URS-08). `code` is URSSAF's, where it is known."""

    code = models.CharField("code URSSAF", max_length=20, blank=True)

    class Meta(ReferenceValue.Meta):
        verbose_name = "nature de prestation"
