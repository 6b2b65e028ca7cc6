"""Nobody overwrites silently: what a form changed is written only over what its author had seen."""

from collections.abc import Mapping
from typing import Any

from django.db import models


class Conflict(Exception):  # noqa: N818  # read as a sentence
    """Somebody wrote other values meanwhile. `current` holds them by field name."""

    def __init__(self, current: Mapping[str, Any]) -> None:
        super().__init__(", ".join(current))
        self.current = dict(current)


def apply_changes(row: models.Model, changes: Mapping[str, Any], seen: Mapping[str, Any]) -> list[str]:
    """Set `changes` on `row` (read under a lock) and give the names that really change; the caller saves.

    `seen` holds what the author's form showed when it was opened. A field that another person changed since, to
    something else than the author's own value, raises `Conflict`; fields that only the other person changed are
    left as they are now.
    """
    current = {name: _value(row, name) for name in changes}
    clashes = {
        name: getattr(row, name)
        for name, mine in changes.items()
        if current[name] != _plain(seen.get(name)) and current[name] != _plain(mine)
    }
    if clashes:
        raise Conflict(clashes)
    names = [name for name, mine in changes.items() if current[name] != _plain(mine)]
    for name in names:
        setattr(row, name, changes[name])
    return names


def _value(row: models.Model, name: str) -> Any:
    return _plain(getattr(row, row._meta.get_field(name).attname))  # type: ignore[union-attr]  # concrete columns


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
