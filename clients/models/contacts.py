"""Contacts: the people one speaks to at a client's."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from clients.models.clients import Client
from extrabat.lib.database import Versioned
from settings_app.reference.models import Civility


class Contact(Versioned):
    """`emails` in lower case, `phones` in E.164, in the order in which they are to be tried."""

    client = models.ForeignKey(Client, verbose_name="client", on_delete=models.CASCADE, related_name="contacts")
    civility = models.ForeignKey(
        Civility, verbose_name="civilité", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    last_name = models.CharField("nom", max_length=120, blank=True)
    first_name = models.CharField("prénom", max_length=120, blank=True)
    job_title = models.CharField("fonction", max_length=120, blank=True)
    emails = ArrayField(models.EmailField(), verbose_name="e-mails", default=list, blank=True)
    phones = ArrayField(models.CharField(max_length=16), verbose_name="téléphones", default=list, blank=True)
    is_main = models.BooleanField("principal", default=False)

    class Meta:
        verbose_name = "contact"
        ordering = ["-is_main", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="contact_has_a_name",
                condition=~Q(last_name="", first_name=""),
                violation_error_message="Donnez un nom ou un prénom à ce contact.",
            ),
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(is_main=True),
                name="contact_one_main",
                violation_error_message="Un seul contact peut être le principal.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
