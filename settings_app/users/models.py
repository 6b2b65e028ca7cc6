"""Users: the people of the company."""

from typing import Any, ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractUser, Permission, UserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Concat, Lower
from django.utils.functional import cached_property

from extrabat.lib.database import Versioned
from extrabat.lib.french import initials
from settings_app.users.rights import RIGHTS

FRAME = ("framed_factor", "framed_role", "framed_rights")


class HouseUserManager(UserManager["User"]):
    use_in_migrations = False

    def with_frame(self) -> models.QuerySet["User"]:
        """With all that the frame around a page asks of a person: store, role, rights. One query instead of five."""
        membership = User.groups.through.objects.filter(user_id=OuterRef("pk")).order_by("group_id")
        factors = Authenticator.objects.filter(user_id=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        rights = Permission.objects.filter(group__user=OuterRef("pk")).order_by()
        # The company comes for its look alone: its bank details stay shut.
        return (
            self.select_related("store__company")
            .defer("signature", "store__company__iban", "store__company__bic")
            .annotate(
                framed_factor=Exists(factors),
                framed_role=Subquery(membership.values("group__name")[:1]),
                framed_rights=ArraySubquery(
                    rights.annotate(path=Concat("content_type__app_label", Value("."), "codename")).values("path")
                ),
            )
        )


class Standing(models.TextChoices):
    """Where a colleague stands with his account."""

    ACTIVE = "actif", "Actif"
    INVITED = "invite", "Invité"
    LEFT = "parti", "Parti"


class User(AbstractUser, Versioned):
    """Signs in with an identifier or an e-mail. A role is a group, one a person; rights are permissions of this app.

    Whoever has no password yet was invited; whoever left is not active, and his rows stay his.
    """

    email = models.EmailField("e-mail", blank=True)
    mobile = models.CharField("mobile", max_length=16, blank=True)
    store = models.ForeignKey(
        "settings_app.Store",
        verbose_name="magasin",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
    )
    job = models.CharField("fonction", max_length=80, blank=True)
    signature = models.TextField("signature des e-mails", max_length=2000, blank=True)
    sap_number = models.CharField("numéro SAP", max_length=14, blank=True)
    # Part of what a one-time link is signed with: another link, or none, makes the former ones worthless.
    link_made_at = models.DateTimeField("dernier lien", null=True, editable=False)
    left_at = models.DateTimeField("parti le", null=True, editable=False)
    photo = models.ForeignKey(
        "settings_app.Picture",
        verbose_name="photo",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    is_demo = models.BooleanField("compte de démonstration", default=False, editable=False)

    objects: ClassVar[HouseUserManager] = HouseUserManager()

    class Meta:
        verbose_name = "utilisateur"
        ordering = ["last_name", "first_name", "username"]
        default_permissions = ()
        permissions = [(right.code, right.label) for right in RIGHTS]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                condition=~models.Q(email=""),
                violation_error_message="Un autre utilisateur a déjà cette adresse e-mail.",
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_unique",
                violation_error_message="Cet identifiant est déjà pris.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def standing(self) -> Standing:
        if not self.is_active:
            return Standing.LEFT
        return Standing.ACTIVE if self.has_usable_password() else Standing.INVITED

    @property
    def initials(self) -> str:
        return initials(self.first_name, self.last_name) or self.username[:2].upper()

    @cached_property
    def role(self) -> str:
        return self._framed("framed_role") or ""

    @cached_property
    def granted(self) -> frozenset[str]:
        """Permissions of his role, as "app.codename"."""
        return frozenset(self._framed("framed_rights"))

    @cached_property
    def has_second_factor(self) -> bool:
        return bool(self._framed("framed_factor"))

    def _framed(self, name: str) -> Any:
        """What `with_frame` brought along; fetched now for a user who came another way."""
        if name not in self.__dict__:
            framed = User.objects.with_frame().get(pk=self.pk)
            self.__dict__ |= {part: framed.__dict__[part] for part in FRAME}
        return self.__dict__[name]


class UserSession(models.Model):
    """Where a person is signed in: beside Django's session of the same key, what its owner can recognise it by."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, unique=True, editable=False)
    browser = models.CharField("navigateur", max_length=60)
    address = models.GenericIPAddressField("adresse", null=True)
    opened_at = models.DateTimeField("ouverte le")
    seen_at = models.DateTimeField("vue le")

    class Meta:
        verbose_name = "connexion"
        ordering = ["-seen_at"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.browser
