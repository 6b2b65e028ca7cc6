"""One value given to many clients at once, told beforehand, undone within thirty days."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import models, transaction
from django.db.models import Count
from django.utils.timezone import now

from clients.actions.statuses import status_entry
from clients.models import BulkChange, BulkChangeRow, Client, HistoryEntry
from clients.models.clients import ClientQuerySet
from extrabat.lib.french import plural
from extrabat.lib.refusals import Refused
from settings_app.reference.models import Grouping, Status
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

Field = BulkChange.Field
TABLES: Final[dict[str, type[models.Model]]] = {
    Field.STATUS: Status,
    Field.FOLLOWED_BY: User,
    Field.GROUPING: Grouping,
}
# One transaction, one answer: beyond, the person is asked to narrow his filter.
LIMIT: Final = 20_000
MOVED: Final = (
    "La sélection a changé depuis que cette page l’a comptée\u00a0: rien n’a été modifié. "
    "Vérifiez les nouveaux nombres, puis confirmez."
)
TOO_MANY: Final = f"Une modification en lot porte sur {plural(LIMIT, 'fiche')} au plus. Précisez le filtre."
TOO_LATE: Final = "Cette modification a plus de trente jours\u00a0: elle ne peut plus être annulée."


@dataclass(frozen=True)
class Change:
    """The `value` (a row, or None where a client may have none) to give to `field`."""

    field: str
    value: Any

    @property
    def key(self) -> int | None:
        return self.value.pk if self.value else None

    @property
    def label(self) -> str:
        return str(self.value) if self.value else "aucun"

    @property
    def column(self) -> str:
        return f"{self.field}_id"

    @property
    def is_trash(self) -> bool:
        return isinstance(self.value, Status) and self.value.is_trash

    def touched(self, rows: ClientQuerySet) -> ClientQuerySet:
        """The rows of `rows` that do not hold the value yet; a record that was merged changes no more."""
        same = {f"{self.column}__isnull": True} if self.value is None else {self.column: self.key}
        return rows.filter(merged_into=None).exclude(**same)


@dataclass(frozen=True)
class Forecast:
    """What would happen: `asked` clients, of whom `moving` by their present value; `missing` are out of reach."""

    asked: int
    moving: list[tuple[str, int]]
    missing: int

    @property
    def total(self) -> int:
        return sum(count for _, count in self.moving)

    @property
    def already(self) -> int:
        return self.asked - self.total


def forecast(rows: ClientQuerySet, change: Change, *, named: int | None = None) -> Forecast:
    """Count what `apply` would do, and change nothing. `named`: how many clients were ticked one by one."""
    asked = rows.order_by().count()
    held = change.touched(rows).order_by().values_list(change.column).annotate(total=Count("pk"))
    counts = dict(held)
    names = {row.pk: str(row) for row in TABLES[change.field]._default_manager.filter(pk__in=[k for k in counts if k])}
    moving = [(names.get(key, "aucun") if key else "aucun", total) for key, total in counts.items()]
    moving.sort(key=lambda pair: (-pair[1], pair[0]))
    return Forecast(asked=asked, moving=moving, missing=max(0, (named or 0) - asked))


@transaction.atomic
def apply(rows: ClientQuerySet, change: Change, *, by: User, token: str, expected: int) -> int:
    """Give the value to the rows that do not hold it; give the key of the `BulkChange`.

    Refused, with nothing written, when they are not as many as the person was told. Sent twice it happens once.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    found = change.touched(rows).order_by("pk").select_for_update(of=("self",))
    held = dict(found.values_list("pk", change.column)[: LIMIT + 1])
    if len(held) > LIMIT:
        raise Refused(TOO_MANY)
    if len(held) != expected:
        raise Refused(MOVED)
    done = BulkChange.objects.create(
        by=by, field=change.field, value=change.key, value_label=change.label, total=len(held)
    )
    BulkChangeRow.objects.bulk_create(
        [BulkChangeRow(change=done, client_id=pk, previous=previous) for pk, previous in held.items()],
        batch_size=5000,
    )
    _give(held, change.field, change.key, by=by)
    record_result(token, str(done.pk))
    return done.pk


@transaction.atomic
def undo(change_id: int, *, by: User) -> BulkChange:
    """Give each client back what he had, where he still holds what the change gave him; mark the others as kept.

    Only among the clients whom `by` may see. Once undone, a second call changes nothing.
    """
    change = BulkChange.objects.select_for_update().get(pk=change_id)
    if change.undone_at:
        return change
    if not change.can_be_undone:
        raise Refused(TOO_LATE)
    previous = dict(change.rows.values_list("client_id", "previous"))
    table = TABLES[change.field]
    known = set(table._default_manager.filter(pk__in=set(previous.values()) - {None}).values_list("pk", flat=True))
    rows = (
        Client.objects.visible_to(by)
        .filter(pk__in=previous, merged_into=None)
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    still = rows.filter(**_holding(f"{change.field}_id", change.value)).values_list("pk", flat=True)
    back: dict[int | None, dict[int, int | None]] = {}
    for pk in still:
        value = previous[pk]
        if value in known or (value is None and change.field != Field.STATUS):
            back.setdefault(value, {})[pk] = change.value
    for value, held in back.items():
        _give(held, change.field, value, by=by)
    restored = [pk for held in back.values() for pk in held]
    change.rows.exclude(client__in=restored).update(is_kept=True)
    change.undone_at, change.undone_by = now(), by
    change.save(update_fields=["undone_at", "undone_by"])
    return change


def _holding(column: str, key: int | None) -> dict[str, Any]:
    return {f"{column}__isnull": True} if key is None else {column: key}


def _give(held: dict[int, int | None], field: str, key: int | None, *, by: User) -> None:
    """Write `key` on the clients of `held` (client: present value), with a line of history for a status."""
    Client.objects.filter(pk__in=list(held)).update(**{f"{field}_id": key, "updated_at": now()})
    if field == Field.STATUS:
        rows = Status.objects.in_bulk([pk for pk in {key, *held.values()} if pk])
        HistoryEntry.objects.bulk_create(_entries(held, rows, key, by), batch_size=5000)


def _entries(
    held: dict[int, int | None], statuses: dict[int, Status], key: int | None, by: User
) -> Iterable[HistoryEntry]:
    for pk, was in held.items():
        yield status_entry(pk, statuses[was or 0], statuses[key or 0], by=by)
