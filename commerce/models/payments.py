"""Payments, what they settle, and what is left of each: append-only, the balances kept by triggers."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum

from clients.models import Client
from commerce.domain.payments import SETTLEMENT_LABELS, Settlement, settlement
from commerce.models.documents import Document
from commerce.models.reference import PaymentMethod
from settings_app.models import CashJournal

if TYPE_CHECKING:
    from settings_app.users.models import User


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, user: "User") -> Self:
        """Payments of clients whom the user sees, for who may see prices at all."""
        if not user.has_perm("settings_app.see_prices"):
            return self.none()
        if user.has_perms(("settings_app.see_all_clients", "settings_app.see_restricted_clients")):
            return self
        return self.filter(client__in=Client.objects.visible_to(user))


class Payment(models.Model):
    """A règlement; `amount` is negative on the one that reverses another. Never changed, never deleted (PAY-14)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="payments", verbose_name="client")
    number = models.CharField("numéro", max_length=30, unique=True)
    method = models.ForeignKey(PaymentMethod, models.PROTECT, related_name="+", verbose_name="mode de règlement")
    paid_on = models.DateField("date")
    amount = models.DecimalField("montant", max_digits=14, decimal_places=2)
    reference = models.CharField("référence, n° de chèque", max_length=80, blank=True)
    bank = models.CharField("banque", max_length=80, blank=True)
    journal = models.ForeignKey(
        CashJournal, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="journal"
    )
    comment = models.CharField("commentaire", max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="contrepasse"
    )
    token = models.UUIDField("jeton du formulaire", unique=True)
    created_at = models.DateTimeField("enregistré le", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="enregistré par"
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "règlement"
        default_permissions = ()
        indexes = [
            models.Index(fields=["client", "-paid_on", "-id"], name="payment_client"),
            models.Index(fields=["-paid_on", "-id"], name="payment_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="payment_amount",
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                violation_error_message="Un règlement est plus grand que zéro.",
            )
        ]

    def __str__(self) -> str:
        return self.number


class PaymentBalance(models.Model):
    """What of a payment is lettered, and what is left of it as an advance; a reversed one has nothing left."""

    append_only = True
    payment = models.OneToOneField(Payment, models.PROTECT, primary_key=True, related_name="balance")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    allocated = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    is_reversed = models.BooleanField(default=False)
    left = models.GeneratedField(
        expression=models.Case(models.When(is_reversed=True, then=Decimal(0)), default=F("amount") - F("allocated")),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
    )

    class Meta:
        verbose_name = "solde d’un règlement"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="payment_balance_within",
                condition=Q(is_reversed=True, allocated=0) | Q(allocated__gte=0, allocated__lte=F("amount")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} : {self.left}"


class DocumentBalance(models.Model):
    """What an issued invoice still owes, or what a credit note still gives. Written by triggers alone."""

    append_only = True
    document = models.OneToOneField(Document, models.PROTECT, primary_key=True, related_name="balance")
    is_credit = models.BooleanField("avoir", default=False)
    payable = models.DecimalField("à payer", max_digits=14, decimal_places=2)
    settled = models.DecimalField("réglé", max_digits=14, decimal_places=2, default=Decimal(0))
    due_on = models.DateField("échéance", null=True)
    due = models.GeneratedField(
        expression=F("payable") - F("settled"),
        output_field=models.DecimalField("reste dû", max_digits=14, decimal_places=2),
        db_persist=True,
    )

    class Meta:
        verbose_name = "solde d’une pièce"
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["due_on", "document"], condition=Q(is_credit=False, due__gt=0), name="document_balance_unpaid"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="document_balance_within", condition=Q(settled__gte=0, settled__lte=F("payable"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} : {self.due}"

    @property
    def settlement(self) -> Settlement:
        return settlement(self.payable, self.settled)

    @property
    def label(self) -> str:
        return SETTLEMENT_LABELS[self.settlement]


class Allocation(models.Model):
    """Lettrage: part of a payment or of a credit note settles an invoice. Undone by its opposite, never deleted."""

    added_only = True
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="allocations")
    credit_note = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="spent")
    invoice = models.ForeignKey(Document, models.PROTECT, related_name="allocations")
    amount = models.DecimalField("montant", max_digits=14, decimal_places=2)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    at = models.DateTimeField("le", auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="par")

    class Meta:
        verbose_name = "lettrage"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="allocation_one_source",
                condition=Q(payment=None, credit_note__isnull=False) | Q(payment__isnull=False, credit_note=None),
            ),
            models.CheckConstraint(
                name="allocation_amount",
                condition=Q(undoes=None, amount__gt=0) | Q(undoes__isnull=False, amount__lt=0),
                violation_error_message="Un lettrage est plus grand que zéro.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment or self.credit_note} → {self.invoice} : {self.amount}"


def amount_due(client: Client) -> Decimal:
    """What a client owes: remainders of his invoices, less credit notes and advances not yet used (PAY-19)."""
    balances = DocumentBalance.objects.filter(document__client=client, due__gt=0)
    sums = balances.aggregate(
        owed=Sum("due", filter=Q(is_credit=False), default=Decimal(0)),
        credited=Sum("due", filter=Q(is_credit=True), default=Decimal(0)),
    )
    advances = PaymentBalance.objects.filter(payment__client=client, left__gt=0)
    held: Decimal = advances.aggregate(total=Sum("left", default=Decimal(0)))["total"]
    return Decimal(sums["owed"]) - Decimal(sums["credited"]) - held
