"""The filters of the list of clients, declared once: what the address may say, and what it means.

The page, its chips, the count, the exports, saved filters and bulk changes all read the address here. A value that
means nothing is left out and told as such; it never breaks a page.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, ClassVar, Final, cast

from django.db import connection
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim

from clients import search
from clients.models import Address, Kind
from clients.models.clients import ClientQuerySet
from extrabat.lib.database import Normalise
from extrabat.lib.dates import paris, parse_day
from extrabat.lib.french import day
from extrabat.lib.text import normalise
from settings_app.preferences.registry import search_mode
from settings_app.reference.models import (
    ClientType,
    Colour,
    Grouping,
    Origin,
    ReferenceValue,
    SocialCategory,
    Status,
)
from settings_app.users.models import User

NONE: Final = "aucun"


@dataclass(frozen=True)
class Option:
    """One choice of a filter: `value` stands in the address."""

    value: str
    label: str
    is_trash: bool = False
    is_active: bool = True


Options = Mapping[str, Sequence[Option]]


@dataclass(frozen=True)
class Filter(ABC):
    """`name` stands in the address; rare ones fold under « Plus de filtres »."""

    name: str
    label: str
    kind: ClassVar[str]
    is_rare: bool = field(default=True, kw_only=True)

    @abstractmethod
    def read(self, sent: Sequence[str], options: Options) -> list[str]:
        """The values that mean something, as they stand in the address."""

    @abstractmethod
    def apply(self, rows: ClientQuerySet, values: Sequence[str], user: User) -> ClientQuerySet: ...

    def told(self, value: str, options: Options) -> str:
        """The chip of one value."""
        return f"{self.label}\u00a0: {value}"

    def offered(self, options: Options) -> Sequence[Option]:
        return ()


@dataclass(frozen=True)
class TextFilter(Filter):
    kind = "text"

    def read(self, sent: Sequence[str], options: Options) -> list[str]:
        typed = sent[-1].replace("\x00", "").strip()[:100]
        return [typed] if typed else []

    def apply(self, rows: ClientQuerySet, values: Sequence[str], user: User) -> ClientQuerySet:
        return search.matching(rows, values[0], cast(search.Mode, search_mode.of(user)))

    def hope(self, rows: ClientQuerySet, values: Sequence[str], user: User) -> ClientQuerySet:
        """The words as they were typed: with any row among them, what `apply` gives, for one question less."""
        return search.matching(rows, values[0], cast(search.Mode, search_mode.of(user)), forgiving=False)

    def told(self, value: str, options: Options) -> str:
        return f"«\u00a0{value}\u00a0»"


@dataclass(frozen=True)
class PlaceFilter(Filter):
    """The beginning of a postal code, or of a commune's name, of any address of the client."""

    kind = "text"

    def read(self, sent: Sequence[str], options: Options) -> list[str]:
        typed = sent[-1].replace("\x00", "").strip()[:80]
        return [typed] if normalise(typed) else []

    def apply(self, rows: ClientQuerySet, values: Sequence[str], user: User) -> ClientQuerySet:
        typed = values[0]
        there = Address.objects.filter(client=OuterRef("pk"))
        if typed.replace(" ", "").isdecimal():
            there = there.filter(postcode__startswith=typed.replace(" ", ""))
        else:
            there = there.annotate(key=Normalise("city")).filter(key__startswith=normalise(typed))
        return rows.filter(Exists(there))


@dataclass(frozen=True)
class ChoiceFilter(Filter):
    """Fixed choices: (in the address, label, condition)."""

    choices: Sequence[tuple[str, str, Q]]
    kind = "choice"

    def read(self, sent: Sequence[str], options: Options) -> list[str]:
        return [value for value, _, _ in self.choices if value == sent[-1]]

    def apply(self, rows: ClientQuerySet, values: Sequence[str], user: User) -> ClientQuerySet:
        return rows.filter(next(condition for value, _, condition in self.choices if value == values[0]))

    def told(self, value: str, options: Options) -> str:
        return f"{self.label}\u00a0: {next(label for known, label, _ in self.choices if known == value).lower()}"

    def offered(self, options: Options) -> Sequence[Option]:
        return [Option(value, label) for value, label, _ in self.choices]


@dataclass(frozen=True)
class TickFilter(Filter):
    """Asked or not."""

    condition: Q
    kind = "tick"

    def read(self, sent: Sequence[str], options: Options) -> list[str]:
        return ["oui"] if sent[-1] == "oui" else []

    def apply(self, rows: ClientQuerySet, values: Sequence[str], user: User) -> ClientQuerySet:
        return rows.filter(self.condition)

    def told(self, value: str, options: Options) -> str:
        return self.label


@dataclass(frozen=True)
class DayFilter(Filter):
    """From a day on, or until its end, in Paris."""

    column: str
    is_end: bool = False
    kind = "day"

    def read(self, sent: Sequence[str], options: Options) -> list[str]:
        try:
            asked = parse_day(sent[-1])
        except ValueError:
            return []
        return [asked.isoformat()] if 1900 <= asked.year <= 2999 else []

    def apply(self, rows: ClientQuerySet, values: Sequence[str], user: User) -> ClientQuerySet:
        asked = date.fromisoformat(values[0])
        if self.is_end:
            return rows.filter(**{f"{self.column}__lt": _midnight(asked + timedelta(days=1))})
        return rows.filter(**{f"{self.column}__gte": _midnight(asked)})

    def told(self, value: str, options: Options) -> str:
        return f"{self.label} {day(date.fromisoformat(value))}"


@dataclass(frozen=True)
class RowFilter(Filter):
    """Rows of a table that clients name, one or several; « aucun » where a client may have none."""

    column: str
    table: type[ReferenceValue] | type[User]
    is_several: bool = False
    none: str = ""

    @property
    def kind(self) -> str:  # type: ignore[override]  # one or several
        return "several" if self.is_several else "choice"

    def read(self, sent: Sequence[str], options: Options) -> list[str]:
        known = [option.value for option in self.offered(options)]
        asked = [value for value in dict.fromkeys(sent) if value in known]
        return asked if self.is_several else asked[-1:]

    def apply(self, rows: ClientQuerySet, values: Sequence[str], user: User) -> ClientQuerySet:
        keys = [int(value) for value in values if value != NONE]
        wanted = Q(**{f"{self.column}__in": keys}) if keys else Q()
        return rows.filter(wanted | Q(**{self.column: None}) if NONE in values else wanted)

    def told(self, value: str, options: Options) -> str:
        label = next(option.label for option in self.offered(options) if option.value == value)
        return f"{self.label}\u00a0: {label}"

    def offered(self, options: Options) -> Sequence[Option]:
        return [*([Option(NONE, self.none)] if self.none else []), *options.get(self.name, ())]


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=paris)


def _yes_no(column: str) -> Sequence[tuple[str, str, Q]]:
    return (("oui", "Oui", Q(**{column: True})), ("non", "Non", Q(**{column: False})))


TEXT: Final = TextFilter("q", "Client", is_rare=False)
STATUS: Final = RowFilter("statut", "Statut", "status", Status, is_several=True, is_rare=False)
FILTERS: Final[Sequence[Filter]] = (
    TEXT,
    STATUS,
    RowFilter("suivi", "Suivi par", "followed_by", User, none="Personne", is_rare=False),
    PlaceFilter("lieu", "Commune ou code postal", is_rare=False),
    ChoiceFilter("type", "Type", [(kind.value, str(kind.label), Q(kind=kind)) for kind in Kind]),
    RowFilter("categorie", "Type de client", "client_type", ClientType, none="Aucun"),
    RowFilter("origine", "Origine", "origin", Origin, none="Aucune"),
    RowFilter("regroupement", "Regroupement", "grouping", Grouping, none="Aucun"),
    RowFilter("couleur", "Couleur", "colour", Colour, none="Aucune"),
    RowFilter("csp", "Catégorie socio-professionnelle", "social_category", SocialCategory, none="Aucune"),
    ChoiceFilter("urssaf", "URSSAF", _yes_no("is_urssaf")),
    ChoiceFilter("bloque", "Gestion commerciale bloquée", _yes_no("is_blocked")),
    DayFilter("cree-du", "Créé depuis le", "created_at"),
    DayFilter("cree-au", "Créé jusqu’au", "created_at", is_end=True),
    TickFilter("sans-email", "Sans e-mail", Q(email="")),
    TickFilter("sans-mobile", "Sans mobile", Q(mobile_1="", mobile_2="")),
)
BY_NAME: Final = {one.name: one for one in FILTERS}


def options_for(user: User) -> Options:
    """What each filter offers to this person, in one query. Values out of use stay, since clients have them."""
    found: dict[str, list[Option]] = {}
    with connection.cursor() as cursor:
        cursor.execute(*_options_sql(user.has_perm("settings_app.see_restricted_clients")))
        read = cursor.fetchall()
    # No ORDER BY over the union: each table is short and is sorted here.
    for name, key, label, is_active, is_trash, _place in sorted(
        read, key=lambda row: (row[0], not row[3], row[5], row[2])
    ):
        told = label if is_active else f"{label} (désactivé)"
        found.setdefault(name, []).append(Option(str(key), told, bool(is_trash), bool(is_active)))
    return found


@cache
def _options_sql(sees_restricted: bool) -> tuple[str, tuple[Any, ...]]:  # a key of the cache
    """The same at each request: putting eight tables together in Python costs more than asking Postgres."""
    parts = [_labels(one, sees_restricted=sees_restricted) for one in FILTERS if isinstance(one, RowFilter)]
    sql, params = parts[0].union(*parts[1:], all=True).query.sql_with_params()
    return sql, tuple(params)


def _labels(one: RowFilter, *, sees_restricted: bool) -> "QuerySet[Any, tuple[str, int, str, bool, bool, int]]":
    rows: QuerySet[Any] = one.table._default_manager.order_by()
    label: Any = Cast("label", CharField()) if one.table is not User else _person()
    if one.table is Status and not sees_restricted:
        rows = rows.filter(is_restricted=False)
    return rows.values_list(
        Value(one.name),
        "pk",
        label,
        "is_active",
        F("is_trash") if one.table is Status else Value(value=False),
        Value(0) if one.table is User else F("position"),
    )


def _person() -> Coalesce:
    """As `str(user)`."""
    whole = Trim(Concat("first_name", Value(" "), "last_name"))
    return Coalesce(NullIf(whole, Value("")), "username", output_field=CharField())
