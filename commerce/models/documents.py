"""Commercial documents: one table for six kinds, their lines, their log, and what was made of what."""

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from clients.models import Address, Client, Installation
from commerce.domain.lines import Discount, LineKind
from commerce.domain.mentions import ContractMode
from commerce.domain.states import FEMININE, INVOICES, KIND_LABELS, STATE_LABELS, DocumentKind, State, state_label
from commerce.models.articles import Article
from commerce.models.reference import PaymentMethod, VatRate
from extrabat.lib.database import Versioned
from settings_app.models import Language, Store, Warehouse

if TYPE_CHECKING:
    from settings_app.users.models import User

MODE_LABELS = {
    ContractMode.IN_STORE: "En magasin",
    ContractMode.AT_HOME: "Chez le client (hors établissement)",
    ContractMode.DISTANCE: "À distance",
}
WASTE_UNITS = [("kg", "kg"), ("t", "t"), ("m3", "m³")]
LINE_LABELS = {
    LineKind.ITEM: "Article",
    LineKind.SECTION: "Section",
    LineKind.SUBTOTAL: "Sous-total",
    LineKind.TEXT: "Texte",
}


def _money(label: str) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=14, decimal_places=2, default=Decimal(0))


def _percent() -> "models.DecimalField[Any, Any]":
    return models.DecimalField("remise (%)", max_digits=5, decimal_places=2, default=Decimal(0))


def _address(label: str, related_name: str) -> models.ForeignKey[Any, Any]:
    # Named backwards: a merge keeps an address that a document names.
    return models.ForeignKey(
        Address, models.SET_NULL, null=True, blank=True, related_name=related_name, verbose_name=label
    )


def _one_discount(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(discount_percent__gte=0, discount_percent__lte=100)
        & (Q(discount_percent=0) | Q(discount_amount=0)),
        violation_error_message="Une remise est un pourcentage de 0 à 100, ou un montant, jamais les deux.",
    )


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: "User") -> Self:
        """Documents of clients whom the user sees, for who may see prices at all."""
        if not user.has_perm("settings_app.see_prices"):
            return self.none()
        everything = ("settings_app.see_all_clients", "settings_app.see_restricted_clients")
        if user.has_perms(everything):
            return self
        return self.filter(client__in=Client.objects.visible_to(user))

    def billed(self, client_id: int) -> Self:
        """What the law numbers and seals, of one client."""
        return self.filter(client=client_id, state=State.ISSUED.value, kind__in=[kind.value for kind in INVOICES])


class Document(Versioned):
    """A quote, order, delivery note, invoice, deposit invoice or credit note; `kind` never changes.

    Addresses are choices among the client's own until the document is issued, which copies them (ADR-05). `number` is
    empty until then. `net`, `vat`, `gross` follow from the lines (`commerce.sums`), written with them.
    """

    kind = models.CharField("genre", max_length=15, choices=[(one.value, KIND_LABELS[one]) for one in DocumentKind])
    state = models.CharField(
        "état", max_length=9, choices=[(one.value, STATE_LABELS[one]) for one in State], default=State.DRAFT.value
    )
    client = models.ForeignKey(Client, models.PROTECT, related_name="documents", verbose_name="client")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name="magasin")
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dépôt"
    )
    number = models.CharField("numéro", max_length=30, blank=True)
    title = models.CharField("titre", max_length=160, blank=True)
    date = models.DateField("date")
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    payment_method = models.ForeignKey(
        PaymentMethod, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="mode de règlement"
    )
    installation = models.ForeignKey(
        Installation, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name="ouvrage"
    )
    followed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="suivi par"
    )
    billing_address = _address("adresse de facturation", "billed_documents")
    delivery_address = _address("adresse de livraison", "delivered_documents")
    site_address = _address("adresse du chantier", "site_documents")
    language = models.ForeignKey(
        Language, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="langue"
    )
    prices_with_vat = models.BooleanField("prix TTC", default=False)
    dwelling_over_two_years = models.BooleanField("travaux dans un logement de plus de deux ans", null=True, blank=True)
    discount_percent = _percent()
    discount_amount = _money("remise (montant)")
    foot = models.TextField("texte de pied", max_length=5000, blank=True)
    note = models.TextField("note interne", max_length=5000, blank=True)
    client_reference = models.CharField("référence du client", max_length=80, blank=True)
    execution = models.CharField("date ou délai d’exécution", max_length=200, blank=True)
    service_on = models.DateField("livré ou exécuté le", null=True, blank=True)
    contract_mode = models.CharField(
        "contrat conclu", max_length=8, blank=True, choices=[(one.value, MODE_LABELS[one]) for one in ContractMode]
    )
    contract_on = models.DateField("contrat conclu le", null=True, blank=True)
    is_urgent = models.BooleanField("dépannage urgent demandé par le client", default=False)
    early_start_on = models.DateField("début avant la fin du délai, demandé le", null=True, blank=True)
    reverse_charge = models.BooleanField("autoliquidation (sous-traitance)", default=False)
    attested_on = models.DateField("attestation de taux réduit signée le", null=True, blank=True)
    attested_by = models.CharField("attestation signée par", max_length=120, blank=True)
    waste_quantity = models.DecimalField("quantité de déchets", max_digits=10, decimal_places=3, null=True, blank=True)
    waste_unit = models.CharField("unité des déchets", max_length=2, choices=WASTE_UNITS, blank=True)
    waste_cost = models.DecimalField("coût HT des déchets", max_digits=14, decimal_places=2, null=True, blank=True)
    waste_sorting = models.TextField("tri et enlèvement", max_length=1000, blank=True)
    waste_points = models.TextField("points de collecte", max_length=1000, blank=True)
    net = _money("total HT")
    vat = _money("TVA")
    gross = _money("total TTC")
    # The client's name and code, title, number, reference, normalised: kept by triggers, read by every search.
    search_text = models.TextField(editable=False, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="créé par")
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce"
        default_permissions = ()
        indexes = [
            models.Index(fields=["-date", "-id"], name="document_date"),
            models.Index(fields=["client", "-date", "-id"], name="document_client"),
            models.Index(fields=["kind", "-date", "-id"], name="document_kind"),
            models.Index(fields=["state", "-date", "-id"], name="document_state"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="document_search_text"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number"],
                condition=~Q(number=""),
                name="document_number_once",
                violation_error_message="Ce numéro est déjà pris.",
            ),
            models.CheckConstraint(
                name="document_invoice_has_title",
                condition=~Q(kind=DocumentKind.INVOICE.value) | ~Q(title=""),
                violation_error_message="Une facture a un titre.",
            ),
            models.CheckConstraint(
                name="document_draft_has_no_number",
                condition=~Q(state=State.DRAFT.value) | Q(number=""),
                violation_error_message="Un brouillon n’a pas de numéro.",
            ),
            models.CheckConstraint(
                name="document_valid_after_date",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("date")),
                violation_error_message="La validité ne finit pas avant la date de la pièce.",
            ),
            models.CheckConstraint(
                name="document_reverse_charge_without_vat",
                condition=Q(reverse_charge=False) | Q(prices_with_vat=False),
                violation_error_message="Avec l’autoliquidation, les prix sont hors taxes.",
            ),
            _one_discount("document_one_discount"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number or self.state_label}"

    def get_absolute_url(self) -> str:
        return reverse("documents:sheet", args=[self.pk])

    @property
    def state_label(self) -> str:
        return state_label(DocumentKind(self.kind), State(self.state))

    @property
    def is_feminine(self) -> bool:
        return self.kind in FEMININE

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_cancelled(self) -> bool:
        return self.state == State.CANCELLED

    @property
    def is_quote(self) -> bool:
        return self.kind == DocumentKind.QUOTE

    @property
    def is_invoice(self) -> bool:
        """Also a deposit invoice or a credit note: what the law numbers."""
        return self.kind in INVOICES

    @property
    def discount(self) -> Discount:
        return Discount(self.discount_percent, self.discount_amount)

    @property
    def due_on(self) -> datetime.date | None:
        return self.payment_method.due_on(self.date) if self.payment_method else None


class _OfKind(models.Manager[Document]):
    def __init__(self, kind: DocumentKind) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> DocumentQuerySet:
        return DocumentQuerySet(self.model, using=self._db).filter(kind=self.kind.value)


class Quote(Document):
    objects: ClassVar[Any] = _OfKind(DocumentKind.QUOTE)

    class Meta:
        proxy = True
        verbose_name = "devis"
        default_permissions = ()


class Order(Document):
    objects: ClassVar[Any] = _OfKind(DocumentKind.ORDER)

    class Meta:
        proxy = True
        verbose_name = "commande"
        default_permissions = ()


class DeliveryNote(Document):
    objects: ClassVar[Any] = _OfKind(DocumentKind.DELIVERY_NOTE)

    class Meta:
        proxy = True
        verbose_name = "bon de livraison"
        default_permissions = ()


class Invoice(Document):
    objects: ClassVar[Any] = _OfKind(DocumentKind.INVOICE)

    class Meta:
        proxy = True
        verbose_name = "facture"
        default_permissions = ()


class DepositInvoice(Document):
    objects: ClassVar[Any] = _OfKind(DocumentKind.DEPOSIT_INVOICE)

    class Meta:
        proxy = True
        verbose_name = "facture d’acompte"
        default_permissions = ()


class CreditNote(Document):
    objects: ClassVar[Any] = _OfKind(DocumentKind.CREDIT_NOTE)

    class Meta:
        proxy = True
        verbose_name = "avoir"
        default_permissions = ()


class DocumentLine(Versioned):
    """`unit_price` is in the prices of its document, 6 decimals. A part (`parent`) is told and never counted: the
    price is its assembly's, its quantity is that in one of it. `source` is the line that it was converted from.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="lines", verbose_name="pièce")
    position = models.PositiveIntegerField("ordre")
    kind = models.CharField(
        "genre",
        max_length=8,
        choices=[(one.value, LINE_LABELS[one]) for one in LineKind],
        default=LineKind.ITEM.value,
    )
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="document_lines", verbose_name="article"
    )
    code = models.CharField("code", max_length=40, blank=True)
    label = models.CharField("désignation", max_length=160, blank=True)
    description = models.TextField("description", max_length=5000, blank=True)
    quantity = models.DecimalField("quantité", max_digits=12, decimal_places=4, default=Decimal(1))
    unit_label = models.CharField("unité", max_length=80, blank=True)
    unit_code = models.CharField("code de l’unité", max_length=3, blank=True)
    unit_price = models.DecimalField("prix unitaire", max_digits=14, decimal_places=6, default=Decimal(0))
    discount_percent = _percent()
    discount_amount = _money("remise (montant)")
    vat = models.ForeignKey(VatRate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="TVA")
    purchase_price = models.DecimalField("prix d’achat HT", max_digits=14, decimal_places=6, default=Decimal(0))
    is_option = models.BooleanField("option", default=False)
    is_hidden_on_print = models.BooleanField("masquée à l’impression", default=False)
    source = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="derived")

    class Meta:
        verbose_name = "ligne de pièce"
        default_permissions = ()
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["document", "position", "id"], name="document_line_order")]
        constraints = [
            models.CheckConstraint(
                name="document_line_item_has_vat",
                condition=~Q(kind=LineKind.ITEM.value) | Q(vat__isnull=False),
                violation_error_message="Une ligne d’article a sa TVA.",
            ),
            models.CheckConstraint(
                name="document_line_quantity",
                condition=~Q(quantity=0),
                violation_error_message="Une quantité n’est pas zéro.",
            ),
            models.CheckConstraint(
                name="document_line_says_something",
                condition=Q(kind=LineKind.SUBTOTAL.value) | ~Q(label="", description=""),
                violation_error_message="Une ligne a une désignation.",
            ),
            models.CheckConstraint(
                name="document_line_price_not_negative",
                condition=Q(unit_price__gte=0, purchase_price__gte=0),
                violation_error_message="Un prix n’est pas négatif.",
            ),
            models.CheckConstraint(
                name="document_line_part_is_item",
                condition=Q(parent=None) | Q(kind=LineKind.ITEM.value),
                violation_error_message="Un composant est un article.",
            ),
            _one_discount("document_line_one_discount"),
        ]

    def __str__(self) -> str:
        return self.label or self.get_kind_display()

    @property
    def is_item(self) -> bool:
        return self.kind == LineKind.ITEM

    @property
    def discount(self) -> Discount:
        return Discount(self.discount_percent, self.discount_amount)


class DocumentTransition(models.Model):
    """Who took a document from one state to another, and when; `source` is empty for its making."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="transitions")
    at = models.DateTimeField("le", auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="par")
    source = models.CharField("de", max_length=9, blank=True)
    target = models.CharField("à", max_length=9)

    class Meta:
        verbose_name = "changement d’état"
        default_permissions = ()
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"

    @property
    def source_label(self) -> str:
        return STATE_LABELS[State(self.source)] if self.source else ""

    @property
    def target_label(self) -> str:
        return STATE_LABELS[State(self.target)]


class DocumentLink(models.Model):
    """`target` was made of `source`."""

    source = models.ForeignKey(Document, models.PROTECT, related_name="made")
    target = models.ForeignKey(Document, models.CASCADE, related_name="made_of")

    class Meta:
        verbose_name = "lien entre pièces"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="document_link_once"),
            models.CheckConstraint(
                name="document_link_not_itself",
                condition=~Q(source=F("target")),
                violation_error_message="Une pièce n’est pas faite d’elle-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"
