"""Kinds of tasks of a site, in the order in which a site runs."""

from django.db import models

from settings_app.reference.models import ReferenceValue


class SiteTaskType(ReferenceValue):
    """Type de tâche planning. `alert_text` is what turns up when such a task is done (PLA-23); empty is no alert."""

    alert_text = models.TextField("texte alerte", max_length=1000, blank=True)

    class Meta(ReferenceValue.Meta):
        verbose_name = "type de tâche planning"
