"""Declaring a preference gives it its field on the page, its default and its typed reader."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from django import forms
from django.db import models

from extrabat.lib.french import plural
from extrabat.lib.registry import Registry
from settings_app.pictures.models import Picture
from settings_app.preferences.models import Preference

if TYPE_CHECKING:
    from settings_app.users.models import User

V = TypeVar("V")
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Declared(ABC, Generic[V]):
    """`of(user)` reads the choice; all of a user's preferences come in one query, once a request.

    `on_page`: False for a choice that is made where it is used, and not on the page of preferences.
    """

    name: str
    section: str
    label: str
    on_page: bool = field(default=True, kw_only=True)

    @abstractmethod
    def of(self, user: "User") -> V: ...

    @abstractmethod
    def field(self) -> forms.Field: ...

    @abstractmethod
    def initial(self, user: "User") -> Any: ...

    @property
    @abstractmethod
    def original(self) -> Any:
        """What the field shows for a person who has chosen nothing."""

    def save(self, user: "User", value: Any) -> None:
        """Keep `value`, as the field cleaned it. Only JSON values are stored, and nothing for none."""
        if value is None:
            Preference.objects.filter(user=user, name=self.name).delete()
            _all_of(user).pop(self.name, None)
            return
        Preference.objects.update_or_create(user=user, name=self.name, defaults={"value": value})
        _all_of(user)[self.name] = value


@dataclass(frozen=True)
class ChoicePreference(Declared[str]):
    """One value among `choices` (stored value, label). A value that is no longer offered reads as `default`."""

    choices: Sequence[tuple[str, str]]
    default: str

    def of(self, user: "User") -> str:
        stored = _all_of(user).get(self.name, self.default)
        return stored if stored in dict(self.choices) else self.default

    def field(self) -> forms.Field:
        return forms.ChoiceField(label=self.label, choices=self.choices)

    def initial(self, user: "User") -> str:
        return self.of(user)

    @property
    def original(self) -> str:
        return self.default

    def save(self, user: "User", value: Any) -> None:
        """Raises ValueError for a value that is not offered."""
        if value not in dict(self.choices):
            raise ValueError(f"{self.name}: {value!r} is not offered")
        super().save(user, value)


@dataclass(frozen=True)
class BooleanPreference(Declared[bool]):
    """Yes or no."""

    default: bool = False

    def of(self, user: "User") -> bool:
        stored = _all_of(user).get(self.name)
        return stored if isinstance(stored, bool) else self.default

    def field(self) -> forms.Field:
        return forms.BooleanField(label=self.label, required=False)

    def initial(self, user: "User") -> bool:
        return self.of(user)

    @property
    def original(self) -> bool:
        return self.default


@dataclass(frozen=True)
class DaysPreference(Declared[int]):
    """A number of days among those that are offered. One that is no longer offered reads as `default`."""

    offered: Sequence[int]
    default: int

    def of(self, user: "User") -> int:
        stored = _all_of(user).get(self.name)
        return stored if isinstance(stored, int) and stored in self.offered else self.default

    def field(self) -> forms.Field:
        choices = [(days, plural(days, "jour")) for days in self.offered]
        return forms.TypedChoiceField(label=self.label, choices=choices, coerce=int)

    def initial(self, user: "User") -> int:
        return self.of(user)

    @property
    def original(self) -> int:
        return self.default


@dataclass(frozen=True)
class MultiChoicePreference(Declared[Sequence[str]]):
    """Some of `choices`, in the person's own order. Values that are no longer offered are passed over.

    `choices` is a function of the person where rooms fill them in `ready()` or rights decide. No `default`: all.
    `shown_at` names the page that what was chosen shows on; with it the house's page of lists composes it.
    """

    choices: Sequence[tuple[str, str]] | Callable[["User"], Sequence[tuple[str, str]]]
    default: Sequence[str] | None = None
    hint: str = ""
    shown_at: str = ""

    def offered(self, user: "User") -> dict[str, str]:
        return dict(self.choices(user) if callable(self.choices) else self.choices)

    def of(self, user: "User") -> Sequence[str]:
        stored, offered = _all_of(user).get(self.name), self.offered(user)
        if not isinstance(stored, list):
            return list(offered) if self.default is None else self.default
        return [value for value in stored if value in offered]

    def field(self) -> forms.Field:
        if callable(self.choices):
            raise TypeError(f"{self.name} depends on the person: it has no field, and is composed on its own page")
        return forms.MultipleChoiceField(label=self.label, choices=self.choices, required=False)

    def initial(self, user: "User") -> Sequence[str]:
        return self.of(user)

    @property
    def original(self) -> Sequence[str]:
        return self.default or ()

    def save(self, user: "User", value: Any) -> None:
        """Keep the offered ones of `value` once each, in its order; None goes back to the default."""
        offered = self.offered(user)
        super().save(user, None if value is None else [one for one in dict.fromkeys(value) if one in offered])


@dataclass(frozen=True)
class RowPreference(Declared[M | None]):
    """A row of `model`, or none. One that was switched off or deleted reads as none.

    Declaring the model is what lets a merge or a deletion see that a preference names the row. `but` leaves out rows
    that are not everybody's to know.
    """

    model: type[M]
    empty: str = "—"
    but: models.Q = field(default_factory=models.Q)

    def rows(self) -> models.QuerySet[M]:
        every = self.model._default_manager.filter(~self.but)
        return every.filter(is_active=True) if hasattr(self.model, "is_active") else every

    def key(self, user: "User") -> int | None:
        """The row's key as it was stored, for who only names the row and does not read it."""
        stored = _all_of(user).get(self.name)
        return stored if isinstance(stored, int) else None

    def of(self, user: "User") -> M | None:
        key = _all_of(user).get(self.name)
        return self.rows().filter(pk=key).first() if key else None

    def field(self) -> forms.Field:
        return forms.ModelChoiceField(self.rows(), label=self.label, required=False, empty_label=self.empty)

    def initial(self, user: "User") -> Any:
        return self.key(user)

    @property
    def original(self) -> None:
        return None

    def save(self, user: "User", value: Any) -> None:
        super().save(user, value.pk if value else None)


def _all_of(user: "User") -> dict[str, Any]:
    known: dict[str, Any] | None = user.__dict__.get("_preferences")
    if known is None:
        known = dict(Preference.objects.filter(user=user).values_list("name", "value"))
        user.__dict__["_preferences"] = known
    return known


preferences: Registry[Declared[Any]] = Registry(key=lambda preference: preference.name)

theme = ChoicePreference(
    name="theme",
    section="Apparence",
    label="Thème",
    choices=(("auto", "Automatique"), ("light", "Clair"), ("dark", "Sombre")),
    default="auto",
)
preferences.add(theme)

# static/css/backgrounds.css draws them, except for the person's own picture.
OWN_PICTURE: Final = "image"
background = ChoicePreference(
    name="background",
    section="Apparence",
    label="Fond des pages",
    choices=(
        ("uni", "Uni"),
        ("horizon", "Horizon"),
        ("points", "Points"),
        ("trame", "Trame"),
        (OWN_PICTURE, "Mon image"),
    ),
    default="uni",
)
preferences.add(background)
# Sent beside the form; the choice « Mon image » without one is as « Uni ».
background_picture = RowPreference(
    name="background-picture", section="Apparence", label="Mon image", model=Picture, on_page=False
)
preferences.add(background_picture)

bubbles = ChoicePreference(
    name="bubbles",
    section="Apparence",
    label="Image des bulles",
    choices=(("initiales", "Initiales"), ("photo", "Photo"), ("pictogramme", "Pictogramme")),
    default="initiales",
)
preferences.add(bubbles)

# What every room's search obeys (PRF-03; docs/rules/search.md).
search_mode = ChoicePreference(
    name="search-mode",
    section="Recherche",
    label="Mode de recherche",
    choices=(("contient", "Contient"), ("commence", "Commence par"), ("mots", "Tous les mots"), ("exact", "Exact")),
    default="contient",
)
preferences.add(search_mode)
