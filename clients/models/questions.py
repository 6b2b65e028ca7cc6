"""Questions complémentaires: what a company asks its clients beyond the form (CLI-28)."""

from datetime import date
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models

from clients.models.clients import Client
from extrabat.lib.database import Versioned
from extrabat.lib.french import day, number


class CustomQuestion(models.Model):
    """`options` are the values offered by the two list types, in order."""

    class Type(models.TextChoices):
        TEXT = "text", "Texte"
        NUMBER = "number", "Nombre"
        DATE = "date", "Date"
        YES_NO = "yes_no", "Case à cocher"
        CHOICE = "choice", "Liste"
        CHOICES = "choices", "Liste multiple"

    label = models.CharField("libellé", max_length=120)
    type = models.CharField("type", max_length=8, choices=Type, default=Type.TEXT)
    options = ArrayField(models.CharField(max_length=80), verbose_name="options", default=list, blank=True)
    is_required = models.BooleanField("obligatoire", default=False)
    on_home = models.BooleanField("afficher sur la page d’accueil du client", default=False)
    for_professionals = models.BooleanField("posée aussi aux professionnels", default=False)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    is_active = models.BooleanField("active", default=True)

    class Meta:
        verbose_name = "question complémentaire"
        verbose_name_plural = "questions complémentaires"
        ordering = ["position", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.label


class Answer(Versioned):
    """`value` is a text, a number as text, an ISO date, true, or a list of texts, by the question's type."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(CustomQuestion, on_delete=models.PROTECT, related_name="answers")
    value = models.JSONField("réponse")

    class Meta:
        verbose_name = "réponse"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["client", "question"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.value}"

    @property
    def shown(self) -> str:
        """The answer as people read it."""
        if self.value is True:
            return "Oui"
        if isinstance(self.value, list):
            return ", ".join(self.value)
        match self.question.type:
            case CustomQuestion.Type.DATE:
                return day(date.fromisoformat(self.value))
            case CustomQuestion.Type.NUMBER:
                return number(Decimal(self.value).normalize())
        return str(self.value)
