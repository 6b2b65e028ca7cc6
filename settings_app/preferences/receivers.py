"""Preferences that name a row follow it when it is merged into another."""

from typing import Any

from django.dispatch import receiver

from settings_app.preferences.models import Preference
from settings_app.preferences.registry import RowPreference, preferences
from settings_app.reference.models import ReferenceValue
from settings_app.reference.signals import value_merged


@receiver(value_merged)
def follow(sender: type[ReferenceValue], old: ReferenceValue, new: ReferenceValue, **_kwargs: Any) -> None:
    names = [one.name for one in preferences if isinstance(one, RowPreference) and one.model is sender]
    Preference.objects.filter(name__in=names, value=old.pk).update(value=new.pk)
