"""Declaring a preference gives it its field on the page, its default and its typed reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extrabat.lib.registry import Registry
from settings_app.preferences.models import Preference

if TYPE_CHECKING:
    from settings_app.users.models import User


@dataclass(frozen=True)
class ChoicePreference:
    """One value among `choices` (stored value, label). A stored value that is no longer offered reads as `default`."""

    name: str
    section: str
    label: str
    choices: Sequence[tuple[str, str]]
    default: str

    def of(self, user: "User") -> str:
        """The user's choice. All his preferences come in one query, once a request."""
        stored = _all_of(user).get(self.name, self.default)
        return stored if stored in dict(self.choices) else self.default

    def save(self, user: "User", value: str) -> None:
        """Raises ValueError for a value that is not offered."""
        if value not in dict(self.choices):
            raise ValueError(f"{self.name}: {value!r} is not offered")
        Preference.objects.update_or_create(user=user, name=self.name, defaults={"value": value})
        _all_of(user)[self.name] = value


def _all_of(user: "User") -> dict[str, str]:
    known: dict[str, str] | None = user.__dict__.get("_preferences")
    if known is None:
        known = dict(Preference.objects.filter(user=user).values_list("name", "value"))
        user.__dict__["_preferences"] = known
    return known


preferences: Registry[ChoicePreference] = Registry(key=lambda preference: preference.name)

theme = preferences.add(
    ChoicePreference(
        name="theme",
        section="Apparence",
        label="Thème",
        choices=(("auto", "Automatique"), ("light", "Clair"), ("dark", "Sombre")),
        default="auto",
    )
)
