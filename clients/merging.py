"""What becomes of every row that names a client when he is merged into another (CLI-32): one rule per foreign key.

Rooms above add theirs in `AppConfig.ready()`; an architecture test fails on a foreign key that has none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from clients.models import (
    Address,
    Answer,
    BulkChangeRow,
    Client,
    ClientSearch,
    Consent,
    Contact,
    Folder,
    FollowUp,
    HistoryEntry,
    Installation,
    Merge,
    StoredFile,
)
from extrabat.lib.registry import Registry
from extrabat.lib.text import normalise

# Told of a row that the merge makes for the kept client, so that an undo can take it away again.
Made = Callable[[models.Model], None]
# Other columns to write when rows are carried: {key of the row: {column: value}}.
Settled = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True)
class Two:
    """The record that stays and the one that goes."""

    kept: Client
    absorbed: Client


@dataclass(frozen=True)
class Carried:
    """Rows that go over to the kept client; `words` tells them as "singular,plural".

    `left(two)` gives the keys of those that stay, because the kept client has their like; `settle(two, made)` what
    else must change for a unique constraint to hold. `ties` are foreign keys to other carried rows: the two ends are
    given back together or not at all; `loose` ones may part. A row was changed since when its version says so, or,
    without `by_version`, when it names somebody else.
    """

    model: type[models.Model]
    words: str
    column: str = "client"
    left: Callable[[Two], set[int]] = lambda _two: set()
    settle: Callable[[Two, Made], Settled] = lambda _two, _made: {}
    ties: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    by_version: bool = True

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def rows(self, client: Client) -> "models.QuerySet[Any]":
        return self.model._base_manager.filter(**{self.column: client.pk})


@dataclass(frozen=True)
class Stays:
    """Rows that go on naming the absorbed client, and why."""

    model: type[models.Model]
    why: str
    column: str = "client"

    @property
    def label(self) -> str:
        return self.model._meta.label_lower


def _with_their_like(two: Two, rows: Carried | type[models.Model], key: Callable[[Any], Any]) -> set[int]:
    """Rows of the absorbed client that the kept one has too, and that nothing names."""
    model = rows.model if isinstance(rows, Carried) else rows
    held = {key(row) for row in model._base_manager.filter(client=two.kept)}
    twins = {row.pk for row in model._base_manager.filter(client=two.absorbed) if key(row) in held}
    for relation in model._meta.related_objects:
        name = relation.field.name
        named = relation.related_model._base_manager.filter(**{f"{name}__in": twins})
        twins -= set(named.values_list(name, flat=True))
    return twins


def _address_key(address: Address) -> tuple[Any, ...]:
    words = (address.way, address.complement, address.postcode, address.city, address.directions)
    return (address.type_id, address.country, *(normalise(word) for word in words))


def _contact_key(contact: Contact) -> tuple[Any, ...]:
    name = normalise(f"{contact.last_name} {contact.first_name}")
    return (name, frozenset(contact.emails), frozenset(contact.phones))


def _one_default_per_type(two: Two, _made: Made) -> Settled:
    taken = set(Address.objects.filter(client=two.kept, is_default=True).values_list("type_id", flat=True))
    doubled = Address.objects.filter(client=two.absorbed, is_default=True, type_id__in=taken)
    return {key: {"is_default": False} for key in doubled.values_list("pk", flat=True)}


def _one_main_contact(two: Two, _made: Made) -> Settled:
    if not Contact.objects.filter(client=two.kept, is_main=True).exists():
        return {}
    mains = Contact.objects.filter(client=two.absorbed, is_main=True)
    return {key: {"is_main": False} for key in mains.values_list("pk", flat=True)}


def _answered_by_both(two: Two) -> set[int]:
    asked = Answer.objects.filter(client=two.kept).values("question")
    return set(Answer.objects.filter(client=two.absorbed, question__in=asked).values_list("pk", flat=True))


def _into_folders_of_the_same_name(two: Two, made: Made) -> Settled:
    """Files change folders: a folder's name is unique at a client's, and the program's own exist once."""
    theirs = {folder.pk: folder for folder in Folder.objects.filter(client=two.absorbed)}
    twins: dict[int | None, int | None] = {None: None}
    # Outer folders first: an inner one asks for the twin of the one around it.
    for folder in sorted(theirs.values(), key=lambda one: (one.parent_id is not None, one.pk)):
        twins[folder.pk] = _twin(folder, two.kept, twins[folder.parent_id], made)
    files = StoredFile.objects.filter(client=two.absorbed, folder__in=theirs)
    return {key: {"folder_id": twins[folder_id]} for key, folder_id in files.values_list("pk", "folder_id")}


def _twin(folder: Folder, kept: Client, parent_id: int | None, made: Made) -> int:
    rows = Folder.objects.filter(client=kept)
    same = rows.filter(system=folder.system) if folder.system else rows.filter(name__iexact=folder.name, system="")
    found = same.filter(parent_id=parent_id).first()
    if found is None:
        found = Folder.objects.create(client=kept, name=folder.name, parent_id=parent_id, system=folder.system)
        made(found)
    return found.pk


merge_rules: Registry[Carried | Stays] = Registry(key=lambda rule: (rule.label, rule.column))

for _rule in (
    Carried(
        Address,
        "adresse",
        left=lambda two: _with_their_like(two, Address, _address_key),
        settle=_one_default_per_type,
    ),
    Carried(
        Contact,
        "contact",
        left=lambda two: _with_their_like(two, Contact, _contact_key),
        settle=_one_main_contact,
    ),
    Carried(Installation, "ouvrage", ties=("address",)),
    Carried(Answer, "réponse", left=_answered_by_both),
    Carried(FollowUp, "action"),
    Carried(
        StoredFile,
        "document",
        settle=_into_folders_of_the_same_name,
        # The line that told of the sending stands for itself.
        loose=("entry",),
    ),
    Carried(HistoryEntry, "fait de l’historique,faits de l’historique", by_version=False),
    # Somebody else's record: it changes for a hundred reasons, and only who brought him matters here.
    Carried(Client, "filleul", column="referrer", by_version=False),
    Stays(Folder, "its files go into the folder of the same name"),
    Stays(Consent, "added to, never changed: what holds for both is appended for the kept client"),
    Stays(BulkChangeRow, "tells what this very record had before"),
    Stays(ClientSearch, "made by triggers"),
    Stays(Client, "an earlier merge is undone from where it went", column="merged_into"),
    Stays(Merge, "the merge itself", column="kept"),
    Stays(Merge, "the merge itself", column="absorbed"),
):
    merge_rules.add(_rule)


def carried() -> list[Carried]:
    return [rule for rule in merge_rules if isinstance(rule, Carried)]


@dataclass(frozen=True)
class CodeUser:
    """Who has made a client's code lasting: `has_posted(client_key)` is true once a numbered invoice bears it."""

    name: str
    has_posted: Callable[[int], bool] = field(default=lambda _key: False)


code_users: Registry[CodeUser] = Registry(key=lambda one: one.name)


def has_posted(client: Client) -> bool:
    return any(one.has_posted(client.pk) for one in code_users)
