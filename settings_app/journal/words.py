"""Lines of the trail in human words, a page at a time: a query per table that is named, never one per line."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import models

from extrabat.lib.french import NBSP
from settings_app.audit.models import AuditEntry
from settings_app.journal.columns import EMPTY, Change, change_of, column, link_of
from settings_app.journal.subjects import Subject, reads_all, subjects
from settings_app.users.models import User
from settings_app.users.sign_ins import SignInEvent, is_sign_in, sentence

MOST_TOLD: Final = 3
LONGEST_TOLD: Final = 60


@dataclass
class Line:
    """One line, ready to be read. `name` is the record's, `owner` whose it is; urls are "" where there is no screen.

    `said` is a whole sentence about its author, in the place of changes.
    """

    entry: AuditEntry
    kind: str
    title: str
    name: str
    url: str = ""
    owner: str = ""
    owner_url: str = ""
    verb: str = ""
    changes: list[Change] = field(default_factory=list)
    reason: str = ""
    said: str = ""
    is_erased: bool = False

    @property
    def summary(self) -> str:
        """« statut : Prospect → Client ; nom : Fabre → Roux », the first few changes of a line."""
        if self.said:
            return self.said
        if self.reason:
            return f"motif{NBSP}: {self.reason}"
        if self.is_erased:
            return "valeurs effacées"
        if self.entry.verb != AuditEntry.Verb.CHANGE:
            return ", ".join(_cut(change.after or change.before) for change in self.changes[:MOST_TOLD])
        return f"{NBSP}; ".join(
            f"{change.label}{NBSP}: {_cut(change.before) or EMPTY} → {_cut(change.after) or EMPTY}"
            for change in self.changes[:MOST_TOLD]
        )

    @property
    def untold(self) -> int:
        return max(0, len(self.changes) - MOST_TOLD)


def _cut(text: str) -> str:
    line = re.sub(r"[ \t\r\n]+", " ", text).strip(" ")
    return line if len(line) <= LONGEST_TOLD else f"{line[: LONGEST_TOLD - 1].rstrip()}…"


class Names:
    """Names of rows that lines speak of, those that the person may see only, read table by table."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.rows: dict[type[models.Model], dict[str, Any]] = defaultdict(dict)
        self.labels: dict[tuple[type[models.Model], str], str] = {}

    def fetch(self, wanted: Iterable[tuple[type[models.Model], str]]) -> None:
        missing: dict[type[models.Model], set[int]] = defaultdict(set)
        for model, key in wanted:
            if key.isdecimal() and len(key) < 19 and key not in self.rows[model]:
                missing[model].add(int(key))
        for model, keys in missing.items():
            subject = subjects.get(model._meta.label_lower)
            rows = subject.rows(self.user) if subject else model._base_manager.all()
            for row in rows.filter(pk__in=keys):
                self.rows[model][str(row.pk)] = row
                self.labels[model, str(row.pk)] = _name(subject, row)

    def url(self, model: type[models.Model], key: str) -> str:
        subject, row = subjects.get(model._meta.label_lower), self.rows[model].get(key)
        return subject.url(row) if subject and row else ""


def _name(subject: Subject | None, row: Any) -> str:
    if isinstance(row, Permission):
        return row.name
    return subject.name(row) if subject else str(row)


def told(entries: Sequence[AuditEntry], user: User) -> list[Line]:
    """The lines of one page."""
    names = Names(user)
    models_of = {entry.model: _model(entry.model) for entry in entries}
    records = [(model, entry.object_key) for entry in entries if (model := models_of[entry.model])]
    names.fetch(records)
    named: list[tuple[type[models.Model], str]] = []
    for entry in entries:
        named += _named(models_of[entry.model], entry)
        owner = _owner(names, entry)
        named += [owner] if owner else []
    names.fetch(named)
    return [_line(entry, models_of[entry.model], names) for entry in entries]


def _model(label: str) -> type[models.Model] | None:
    """None for a table of an older version of the program."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _named(model: type[models.Model] | None, entry: AuditEntry) -> Iterable[tuple[type[models.Model], str]]:
    if model is None:
        return
    for values in (entry.before, entry.after):
        link = link_of(model, values) if values else None
        for name, value in (values or {}).items():
            target = link[1].target if link and link[0] == name else column(model, name).target
            if target is not None and value is not None:
                yield target, str(value)


def _owner(names: Names, entry: AuditEntry) -> tuple[type[models.Model], str] | None:
    """Whose the record is: its own row says it, or the values of the line when it is gone."""
    subject = subjects.get(entry.model)
    if subject is None or not subject.owner:
        return None
    owner = subject.model._meta.get_field(subject.owner)
    row = names.rows[subject.model].get(entry.object_key)
    key = getattr(row, owner.attname) if row else ({**(entry.before or {}), **(entry.after or {})}).get(owner.attname)  # type: ignore[union-attr]  # a foreign key
    return (owner.related_model, str(key)) if key else None  # type: ignore[return-value]  # a class by now


def _line(entry: AuditEntry, model: type[models.Model] | None, names: Names) -> Line:
    subject = subjects.get(entry.model)
    fallback = str(model._meta.verbose_name) if model else entry.model
    title = subject.title if subject else fallback
    line = Line(entry, entry.model, title[:1].upper() + title[1:], f"n°{NBSP}{entry.object_key}")
    line.verb = entry.get_verb_display()
    if model is None:
        return line
    line.name = names.labels.get((model, entry.object_key)) or _former_name(subject, entry) or line.name
    line.url = names.url(model, entry.object_key)
    owner = _owner(names, entry)
    if owner:
        line.owner, line.owner_url = names.labels.get(owner, ""), names.url(*owner)
    if entry.verb == AuditEntry.Verb.ERASE:
        line.reason = (entry.after or {}).get("reason", "")
        return line
    values = entry.before or entry.after
    if model is User and values and is_sign_in(values):
        line.said, line.verb = sentence(values), str(SignInEvent.Event(values["event"]).label)
        return line
    line.changes = _changes(entry, model, names)
    line.is_erased = not line.changes
    if values and link_of(model, values):
        line.verb = "retrait" if entry.verb == AuditEntry.Verb.DELETE else "ajout"
    return line


def _changes(entry: AuditEntry, model: type[models.Model], names: Names) -> list[Change]:
    before, after = entry.before or {}, entry.after or {}
    link = link_of(model, before or after)
    if link:
        name, far = link
        return [change_of(far, before.get(name), after.get(name), names.labels)]
    order = {name: place for place, name in enumerate(_columns(model))}
    columns = sorted({**before, **after}, key=lambda name: order.get(name, len(order)))
    if entry.verb != AuditEntry.Verb.CHANGE:
        # The record's number is told already.
        columns = [name for name in columns if name != model._meta.pk.column]
    changes = [change_of(column(model, name), before.get(name), after.get(name), names.labels) for name in columns]
    return [one for one in changes if one.before or one.after]


def _columns(model: type[models.Model]) -> list[str]:
    return [str(one.column) for one in model._meta.concrete_fields]


def _former_name(subject: Subject | None, entry: AuditEntry) -> str:
    """The name of a deleted record, from the values of its creation or deletion."""
    values = entry.before or entry.after or {}
    if subject is None or not subject.is_plain or entry.verb not in ("create", "delete"):
        return ""
    known = {one.attname: values[one.column] for one in subject.model._meta.concrete_fields if one.column in values}
    if len(known) < 3:
        return ""
    return subject.name(subject.model(**{name: value for name, value in known.items() if value is not None}))


def may_erase(user: User, subject: Subject) -> bool:
    """Erasing takes the right to set the house up beside the one to read the trail."""
    return user.has_perm("settings_app.change_settings") and reads_all(user, subject)
