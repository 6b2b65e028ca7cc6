"""Preferences that name a row follow it when it is merged into another, and let go of a colleague who leaves."""

from typing import Any

from django.dispatch import receiver

from settings_app.preferences.models import Preference
from settings_app.preferences.registry import RowPreference, preferences
from settings_app.reference.models import ReferenceValue
from settings_app.reference.signals import value_merged
from settings_app.users.models import User
from settings_app.users.signals import person_left


@receiver(value_merged)
def follow(sender: type[ReferenceValue], old: ReferenceValue, new: ReferenceValue, **_kwargs: Any) -> None:
    names = [one.name for one in preferences if isinstance(one, RowPreference) and one.model is sender]
    Preference.objects.filter(name__in=names, value=old.pk).update(value=new.pk)


@receiver(person_left)
def let_go(sender: type[User], person: User, **_kwargs: Any) -> None:
    """What a room did not give to his successor reads as none from now on, also once he is back."""
    names = [one.name for one in preferences if isinstance(one, RowPreference) and one.model is User]
    Preference.objects.filter(name__in=names, value=person.pk).delete()
