"""Forms of payments: one payment, and which part of it goes to which invoice."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.timezone import localdate

from commerce.models import Document, PaymentMethod
from commerce.preferences import cash_journal
from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.fields import AmountField, FrenchDateField
from extrabat.lib.forms.layout import Cell, Group
from extrabat.lib.french import amount as euros
from settings_app.models import CashJournal
from settings_app.users.models import User

SHARE: Final = "part-"
TOO_MUCH: Final = "Les parts font {} de plus que le règlement."


class PaymentForm(HouseForm):
    """Method, day, amount with the remainder as a start, and what is kept of the cheque (PAY-07).

    Cash goes to the journal of the user's preference when none is chosen.
    """

    method = forms.ModelChoiceField(PaymentMethod.objects.filter(is_active=True), label="Mode de règlement")
    paid_on = FrenchDateField(label="Date")
    amount = AmountField(label="Montant", min_value=Decimal("0.01"))
    reference = forms.CharField(label="Référence", max_length=80, required=False)
    bank = forms.CharField(label="Banque", max_length=80, required=False)
    journal = forms.ModelChoiceField(CashJournal.objects.filter(is_active=True), label="Journal", required=False)
    comment = forms.CharField(label="Commentaire", max_length=300, required=False)
    accept_surplus = forms.BooleanField(label="Garder le surplus en avance client", required=False)

    def __init__(self, *args: Any, user: User, start: Decimal, asks_surplus: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial["paid_on"], self.initial["amount"] = localdate(), start
        if not asks_surplus:
            del self.fields["accept_surplus"]
        self.fields["reference"].widget.attrs["placeholder"] = "N° de chèque"
        first = Group(
            "usual", Cell("method", "c7"), Cell("paid_on", "c5"), Cell("amount", "c7"), Cell("reference", "c5")
        )
        rare = Group("rare", Cell("bank", "c6"), Cell("journal", "c6"), Cell("comment", "c12"))
        self.lay_out(first, rare, Group("surplus", Cell("accept_surplus", "c12")))

    @property
    def is_rare_used(self) -> bool:
        """Does the part that is folded hold something, or an error?"""
        return any(self[name].value() or self[name].errors for name in ("bank", "journal", "comment"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        method = cleaned.get("method")
        if method and not cleaned.get("journal") and method.means == PaymentMethod.Means.CASH:
            cleaned["journal"] = cash_journal.of(self.user)
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        kept = ("method", "paid_on", "amount", "reference", "bank", "journal", "comment")
        return {name: self.cleaned_data[name] for name in kept} | {
            "accept_surplus": self.cleaned_data.get("accept_surplus", False)
        }


class SharesForm(HouseForm):
    """How much of a payment or a credit note goes to each invoice; empty and 0 are nothing."""

    def __init__(
        self, *args: Any, invoices: Sequence[Document], start: dict[int, Decimal] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.invoices = invoices
        for row in invoices:
            name = f"{SHARE}{row.pk}"
            self.fields[name] = AmountField(label=f"Part de {row.number}", required=False, min_value=0)
            self.initial[name] = (start or {}).get(row.pk)
        self.lay_out(*(Cell(name, "c12") for name in self.fields))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for row in self.invoices:
            if (cleaned.get(f"{SHARE}{row.pk}") or 0) > row.balance.due:
                self.add_error(f"{SHARE}{row.pk}", f"Il ne reste que {euros(row.balance.due)} à payer.")
        return cleaned

    @property
    def rows(self) -> list[tuple[Document, forms.BoundField]]:
        return [(row, self[f"{SHARE}{row.pk}"]) for row in self.invoices]

    def shares(self) -> dict[int, Decimal]:
        found = {row.pk: self.cleaned_data.get(f"{SHARE}{row.pk}") for row in self.invoices}
        return {key: share for key, share in found.items() if share}

    def refuse_more_than(self, amount: Decimal) -> bool:
        """Add the error when the shares are more than there is to share; tells whether it did."""
        surplus = sum(self.shares().values(), Decimal(0)) - amount
        if surplus > 0:
            self.add_error(None, TOO_MUCH.format(euros(surplus)))
        return surplus > 0
