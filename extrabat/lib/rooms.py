"""What a room may offer to the whole house: menu entries, settings pages, search hits, tiles, rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from django.http import HttpRequest
from django.urls import reverse

from extrabat.lib.copying import Copier
from extrabat.lib.registry import Registry


@dataclass(frozen=True)
class MenuItem:
    """One entry of the "+" menu. `key` is a letter under Créer, a digit under Modules. `right`: who sees it.

    `query` ends its address, "?genre=order".
    """

    column: Literal["create", "module"]
    label: str
    url_name: str
    icon: str
    key: str
    right: str | None = None
    query: str = ""


@dataclass(frozen=True)
class SettingsPage:
    """One entry of the left menu of Paramètres, under its section. `args` are those of its address."""

    section: str
    label: str
    url_name: str
    right: str
    order: int = 0
    args: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.url_name, args=self.args)


@dataclass(frozen=True)
class Hit:
    """One search result in plain text: `label`, then why it was found (`detail`), at the end of the line `end`.

    `tint` is a palette number or None. `preview` is the address of a fragment that tells it in short, or empty.
    """

    label: str
    detail: str
    url: str
    icon: str
    end: str = ""
    tint: int | None = None
    preview: str = ""
    # A state with its colour and its word: ("paid", "payée").
    state: tuple[str, str] | None = None


@dataclass(frozen=True)
class Hits:
    """What a provider answers, best first. `marked` are the normalised words to mark in labels and details.

    `instead` is the word that was looked for because nothing had the one typed.
    """

    rows: Sequence[Hit] = ()
    marked: Sequence[str] = ()
    instead: str = ""
    too_slow: bool = False


@dataclass(frozen=True)
class SearchProvider:
    """`find(user, words, limit)` and `recent(user, keys)` give only what this user may see.

    `key` names the kind in addresses and among the recent items. What begins with `prefix` is asked of this provider
    alone, without the prefix; of two that fit, the longer one wins. `right`: who is offered the kind at all.
    """

    key: str
    heading: str
    find: Callable[[Any, str, int], Hits]
    all_url: Callable[[str], str]
    order: int = 0
    prefix: str = ""
    recent: Callable[[Any, Sequence[int]], dict[int, Hit]] | None = None
    right: str | None = None


@dataclass(frozen=True)
class Tile:
    """A part of the home page: `template` is rendered with what `context(request)` gives. `label` names it to people
    who choose their tiles.
    """

    name: str
    template: str
    context: Callable[[HttpRequest], dict[str, Any]]
    right: str | None = None
    order: int = 0
    label: str = ""


@dataclass(frozen=True)
class Rows:
    """A function that writes rows through the database alias it is given. Called again, it adds nothing."""

    name: str
    load: Callable[[str], None]
    order: int = 0


@dataclass(frozen=True)
class BenchRows:
    """`load(copier, clients)` writes what a company of so many more clients holds in this room, for measuring."""

    name: str
    load: Callable[[Copier, int], None]
    order: int = 0


@dataclass(frozen=True)
class Handover:
    """Something that a colleague who leaves holds: told by `count(person)`, given away by `move(person, to)`.

    `move` runs in the transaction of the departure; `to` is None only where `nobody` has words for it (« Personne »).
    `one`, `many`: what is counted, « client suivi », « clients suivis ».
    """

    name: str
    one: str
    many: str
    count: Callable[[Any], int]
    move: Callable[[Any, Any | None], None]
    nobody: str = ""
    order: int = 0


@dataclass(frozen=True)
class UserSection:
    """A part of a user's page in Paramètres: `template`, with forms of its own, and `context(request, person)`.

    Its template sees `person` beside what `context` gives.
    """

    name: str
    title: str
    template: str
    context: Callable[[HttpRequest, Any], dict[str, Any]]
    order: int = 0


@dataclass(frozen=True)
class SignInMail:
    """Sends a one-time link: `send(person, url)` writes the message in the caller's transaction. At most one."""

    name: str
    send: Callable[[Any, str], None]


@dataclass(frozen=True)
class QueuedWork:
    """`oldest()` gives the instant since which the oldest piece of work waits, or None."""

    name: str
    oldest: Callable[[], datetime | None]


class Guarded(Protocol):
    @property
    def right(self) -> str | None: ...


G = TypeVar("G", bound=Guarded)


def open_to(user: Any, items: Iterable[G]) -> list[G]:
    """Those of `items` whose right, when they ask for one, this person has."""
    return [item for item in items if not item.right or user.has_perm(item.right)]


menu: Registry[MenuItem] = Registry(key=lambda item: (item.column, item.key))
settings_pages: Registry[SettingsPage] = Registry(
    key=lambda page: (page.url_name, page.args), sort=lambda page: (page.order, page.label)
)
search_providers: Registry[SearchProvider] = Registry(
    key=lambda provider: provider.key, sort=lambda provider: provider.order
)
tiles: Registry[Tile] = Registry(key=lambda tile: tile.name, sort=lambda tile: tile.order)
starting_rows: Registry[Rows] = Registry(key=lambda rows: rows.name, sort=lambda rows: rows.order)
demo_rows: Registry[Rows] = Registry(key=lambda rows: rows.name, sort=lambda rows: rows.order)
bench_rows: Registry[BenchRows] = Registry(key=lambda rows: rows.name, sort=lambda rows: rows.order)
queued_work: Registry[QueuedWork] = Registry(key=lambda work: work.name)
handovers: Registry[Handover] = Registry(key=lambda handover: handover.name, sort=lambda handover: handover.order)
user_sections: Registry[UserSection] = Registry(key=lambda part: part.name, sort=lambda part: part.order)
# One key for all: two senders would each send.
sign_in_mail: Registry[SignInMail] = Registry(key=lambda _mail: "sign-in")
