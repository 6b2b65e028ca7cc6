"""Putting the rows of a short list in order: the whole of it at once, or one row by one step."""

from collections.abc import Sequence

from django.db import models, transaction


@transaction.atomic
def reorder(table: type[models.Model], keys: Sequence[int]) -> None:
    """Number the rows of `table` as `keys` says, in one statement; those whose position stays are not touched.

    Rows that the author did not see yet come last, in their own order; those that vanished meanwhile are passed over.
    """
    rows = _locked(table)
    named = [rows[key] for key in dict.fromkeys(keys) if key in rows]
    others = [row for key, row in rows.items() if key not in set(keys)]
    _number(table, [*named, *others])


@transaction.atomic
def move(table: type[models.Model], key: int, *, step: int) -> None:
    """Move one row by `step` places (-1 is up); no further than the ends of the list."""
    rows = list(_locked(table).values())
    here = next((place for place, row in enumerate(rows) if row.pk == key), None)
    if here is None:
        return
    rows.insert(min(max(here + step, 0), len(rows) - 1), rows.pop(here))
    _number(table, rows)


def next_position(table: type[models.Model]) -> int:
    last = table._default_manager.aggregate(last=models.Max("position"))["last"]
    return (last or 0) + 1


def _locked(table: type[models.Model]) -> dict[int, models.Model]:
    """The rows in their order. Locked in the order of their keys, so that two people wait instead of blocking."""
    keys = table._default_manager.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
    list(keys)
    return {row.pk: row for row in table._default_manager.all()}


def _number(table: type[models.Model], rows: Sequence[models.Model]) -> None:
    moved = []
    for position, row in enumerate(rows, start=1):
        if row.position != position:  # type: ignore[attr-defined]  # every ordered table has it
            row.position = position  # type: ignore[attr-defined]
            moved.append(row)
    if moved:
        table._default_manager.bulk_update(moved, ["position"])
