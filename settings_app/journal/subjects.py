"""What the journal knows of each kind of record that is tracked: its name, its screen, who may read of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model, QuerySet

from extrabat.lib.registry import Registry
from settings_app.audit.models import AuditEntry
from settings_app.users.models import User


def _nowhere(_row: Any) -> str:
    return ""


@dataclass(frozen=True)
class Subject:
    """`rows(user)` are those he may see, ready to be named without another query; `url` is a row's own screen.

    `rights` are what it takes to see every row of the kind, deleted ones too; without them the journal leaves the
    kind out, and only the trails of rows that are seen remain. `owner` is the foreign key to the record it is part of.
    `is_plain`: `name` reads the row's own columns only, so that a deleted row can be named from its last values.
    """

    model: type[Model]
    rows: Callable[[User], QuerySet[Any]]
    url: Callable[[Any], str] = _nowhere
    rights: tuple[str, ...] = ()
    owner: str = ""
    name: Callable[[Any], str] = str
    label: str = ""
    is_plain: bool = True

    @property
    def kind(self) -> str:
        """As the trail writes it: "clients.client"."""
        return self.model._meta.label_lower

    @property
    def title(self) -> str:
        return self.label or str(self.model._meta.verbose_name)


subjects: Registry[Subject] = Registry(key=lambda subject: subject.kind, sort=lambda subject: subject.title)
# How the program says that nobody was behind a line, in an address.
NOBODY: Final = "programme"


def reads_all(user: User, subject: Subject) -> bool:
    return all(user.has_perm(f"settings_app.{right}") for right in subject.rights)


def readable(user: User) -> list[Subject]:
    """The kinds of which he may read every line."""
    return [subject for subject in subjects if reads_all(user, subject)]


def readable_entries(user: User) -> QuerySet[AuditEntry]:
    """Lines of the kinds that he may read whole; for who may read them all, the usual case, without a condition."""
    kinds = readable(user)
    rows = AuditEntry.objects.select_related("actor")
    return rows if len(kinds) == len(subjects) else rows.filter(model__in=[subject.kind for subject in kinds])


def trail_of(user: User, subject: Subject, key: int) -> QuerySet[AuditEntry] | None:
    """The lines of one record, None when it does not exist for this person.

    Of a deleted one only the trail is left: for those who may read of the whole kind.
    """
    lines = AuditEntry.objects.filter(model=subject.kind, object_key=str(key)).select_related("actor")
    if subject.rows(user).filter(pk=key).exists():
        return lines
    gone = not subject.model._base_manager.filter(pk=key).exists()
    return lines if gone and reads_all(user, subject) and lines.exists() else None
