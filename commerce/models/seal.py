"""The seal: an append-only chain of signed events, and the closings of its days, months and years."""

from django.conf import settings
from django.db import models

from commerce.domain.seal import EventType
from extrabat.lib.french import amount

EVENT_LABELS = {
    EventType.ISSUED: "Pièce validée",
    EventType.PAYMENT: "Règlement enregistré",
    EventType.REVERSAL: "Règlement contrepassé",
    EventType.REPRINT: "Duplicata",
    EventType.EXPORT: "Export",
    EventType.CLOSING: "Clôture",
    EventType.NEW_KEY: "Changement de clé",
}


class SealHead(models.Model):
    """The end of the chain: whoever adds an event locks it. Nothing is ever read from it but to add."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.PositiveBigIntegerField(default=0)
    signature = models.CharField(max_length=64)
    key_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "tête de la chaîne"
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="seal_head_only_one")]

    def __str__(self) -> str:
        return str(self.seq)


class SealEvent(models.Model):
    """One link. `content` is the canonical text that is signed; the other columns are there to be searched."""

    added_only = True
    seq = models.PositiveBigIntegerField("numéro", primary_key=True)
    at = models.DateTimeField("le")
    type = models.CharField("type", max_length=20, choices=[(one.value, EVENT_LABELS[one]) for one in EventType])
    ref = models.CharField("référence", max_length=40, db_index=True)
    net = models.DecimalField("montant HT", max_digits=14, decimal_places=2, default=0)
    vat = models.DecimalField("TVA", max_digits=14, decimal_places=2, default=0)
    gross = models.DecimalField("montant TTC", max_digits=14, decimal_places=2, default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="par")
    content = models.TextField("contenu signé")
    previous = models.CharField("signature précédente", max_length=64)
    signature = models.CharField("signature", max_length=64)
    key_id = models.CharField("clé", max_length=40)

    class Meta:
        verbose_name = "événement scellé"
        default_permissions = ()
        indexes = [models.Index(fields=["at"], name="seal_event_at")]

    def __str__(self) -> str:
        return f"{self.seq} {self.get_type_display()} {self.ref}"


class Closing(models.Model):
    """The totals of a day, a month or a year, and since the beginning (C1). It names the events that it closes."""

    added_only = True

    class Period(models.TextChoices):
        DAY = "D", "Journée"
        MONTH = "M", "Mois"
        YEAR = "Y", "Exercice"

    kind = models.CharField("période", max_length=1, choices=Period)
    begins_on = models.DateField("du")
    ends_on = models.DateField("au")
    first_seq = models.PositiveBigIntegerField("du numéro")
    last_seq = models.PositiveBigIntegerField("au numéro")
    events = models.PositiveIntegerField("événements")
    invoiced_net = models.DecimalField("facturé HT", max_digits=16, decimal_places=2)
    invoiced_vat = models.DecimalField("TVA", max_digits=16, decimal_places=2)
    invoiced_gross = models.DecimalField("facturé TTC", max_digits=16, decimal_places=2)
    received = models.DecimalField("encaissé", max_digits=16, decimal_places=2)
    perpetual_gross = models.DecimalField("total perpétuel TTC", max_digits=18, decimal_places=2)
    perpetual_received = models.DecimalField("total perpétuel encaissé", max_digits=18, decimal_places=2)
    event = models.OneToOneField(SealEvent, models.PROTECT, related_name="closing", verbose_name="scellée par")
    at = models.DateTimeField("faite le")

    class Meta:
        verbose_name = "clôture"
        default_permissions = ()
        ordering = ["-ends_on", "-kind"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "begins_on"], name="closing_once"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("begins_on")), name="closing_days"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.begins_on:%d/%m/%Y} : {amount(self.invoiced_gross)}"
