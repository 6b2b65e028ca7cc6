"""The list of the room that the company manages under Paramètres."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from planning.models import SiteTaskType
from settings_app.reference.catalogue import Table


def _fields() -> Mapping[str, Any]:
    return {
        "alert_text": forms.CharField(
            label="Texte alerte",
            required=False,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Ce que lisent vos collègues quand cette tâche est faite. Vide\u00a0: pas d’alerte.",
        )
    }


SITE_TASK_TYPES: Final = Table(
    slug="taches-planning",
    title="Tâches planning",
    new="Nouvelle tâche planning",
    model=SiteTaskType,
    help="Les étapes d’un chantier, dans l’ordre où elles se suivent.",
    section="Planning",
    fields=("alert_text",),
    words=lambda kind: [f"alerte\u00a0: {kind.alert_text}"] if kind.alert_text else [],
    made=_fields,
    widths={"alert_text": "c12"},
)
