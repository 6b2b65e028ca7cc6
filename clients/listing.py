"""What an address of the list asks for, as one person may ask it: rows, order, chips, and the address again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from clients.filters import FILTERS, STATUS, TEXT, Filter, Option, options_for
from clients.models import Client
from clients.models.clients import ClientQuerySet
from extrabat.lib.database import Page, chained_page
from settings_app.users.models import User

SORT: Final = "tri"
ORDERS: Final = {
    "nom": ("sort_name", "Nom"),
    "code": ("code", "Code client"),
    "statut": ("", "Statut"),
    "cree": ("created_at", "Date de création"),
    "modifie": ("updated_at", "Date de modification"),
}
FIRST: Final = "nom"


@dataclass(frozen=True)
class Chip:
    """One value in force, and the address without it."""

    text: str
    query: str


class Asked:
    """`values` by filter's name; `is_partly_ignored` when the address held what means nothing to this person."""

    def __init__(self, user: User, query: QueryDict) -> None:
        self.user = user
        self.options = options_for(user)
        self.values: dict[str, list[str]] = {}
        self.is_partly_ignored = False
        for one in FILTERS:
            sent = [value for value in query.getlist(one.name) if value.strip()]
            read = one.read(sent, self.options) if sent else []
            if read:
                self.values[one.name] = read
            self.is_partly_ignored |= bool(sent) and len(read) < (len(set(sent)) if one.kind == "several" else 1)
        sort = query.get(SORT, "")
        self.sort = sort if sort.removeprefix("-") in ORDERS else FIRST

    @classmethod
    def stored(cls, user: User, query: str) -> "Asked":
        return cls(user, QueryDict(query))

    def rows(self, *, hoping: bool = False) -> ClientQuerySet:
        """The matching clients among those the person may see; the Corbeille only when a status of it is asked.

        `hoping`: as if nothing that was typed were an error. Right unless it comes back empty.
        """
        rows = Client.objects.visible_to(self.user).in_lists()
        if STATUS.name not in self.values:
            rows = rows.living()
        for one in FILTERS:
            if one.name in self.values:
                apply = TEXT.hope if hoping and one is TEXT else one.apply
                rows = apply(rows, self.values[one.name], self.user)
        return rows

    def page(self, rows: ClientQuerySet, *, size: int, after: str | None, before: str | None = None) -> Page[Client]:
        """One page of `rows` in the order asked for."""
        name = self.sort.removeprefix("-")
        sign = "-" if self.sort.startswith("-") else ""
        if name != "statut":
            return chained_page(
                [("", rows)], order=(f"{sign}{ORDERS[name][0]}", f"{sign}pk"), size=size, after=after, before=before
            )
        # By the place of the status in its list, then by name: one status after the other, each in its index.
        statuses = [option.value for option in self._statuses()]
        parts = [(key, rows.filter(status_id=int(key))) for key in (reversed(statuses) if sign else statuses)]
        return chained_page(parts, order=("sort_name", "pk"), size=size, after=after, before=before)

    @property
    def order_fields(self) -> list[str]:
        """What the cursors of a page read of its clients."""
        return [ORDERS[self.sort.removeprefix("-")][0] or "sort_name", "status"]

    def _statuses(self) -> Sequence[Option]:
        asked = self.values.get(STATUS.name)
        every = self.options.get(STATUS.name, ())
        return [one for one in every if (one.value in asked if asked else not one.is_trash)]

    @property
    def query(self) -> str:
        """The address again, with what was understood only and no cursor."""
        return self._query(self.values, self.sort)

    def sorted_by(self, sort: str) -> str:
        return self._query(self.values, sort)

    @property
    def chips(self) -> list[Chip]:
        chips = []
        for one, value in self._each():
            rest = {**self.values, one.name: [kept for kept in self.values[one.name] if kept != value]}
            chips.append(Chip(one.told(value, self.options), self._query(rest, self.sort)))
        return chips

    @property
    def sentence(self) -> str:
        """What is asked for, in words."""
        return ", ".join(one.told(value, self.options) for one, value in self._each())

    def _each(self) -> list[tuple[Filter, str]]:
        return [(one, value) for one in FILTERS for value in self.values.get(one.name, ())]

    @staticmethod
    def _query(values: dict[str, list[str]], sort: str) -> str:
        pairs = [(name, value) for name, several in values.items() for value in several]
        return urlencode([*pairs, *([(SORT, sort)] if sort != FIRST else [])])
