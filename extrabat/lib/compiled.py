"""Queries that pages ask again and again, compiled once a process.

Django takes longer to write a statement of several joins than Postgres to answer it, and writes the same one each time.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)

# Stands for the key while the statement is written; no row has it.
_HOLE: Final = -2_026_112_600


class Compiled(Generic[M]):
    """A question for one record by its key: `make(key)` gives the queryset for it, and is called once.

    No answer is kept: what changes in the tables shows at once.
    """

    def __init__(self, make: "Callable[[int], models.QuerySet[M]]") -> None:
        self._make = make

    @cached_property
    def _written(self) -> "_Written":
        return _Written(self._make(_HOLE))

    def first(self, key: int) -> M | None:
        """The first record with its annotations and what it is joined to, as `QuerySet.first` gives it."""
        rows = self._written.rows(key)
        record: M | None = self._written.record(rows[0]) if rows else None
        return record


class _Written:
    """What Django's compiler knows once it has written the statement."""

    def __init__(self, queryset: "models.QuerySet[Any, Any]") -> None:
        compiler: Any = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.params = compiler.as_sql()
        self.annotations = dict(compiler.annotation_col_map or {})
        self._compiler = compiler
        self._converters = compiler.get_converters([column[0] for column in compiler.select])
        told = compiler.klass_info
        self.model = told["model"]
        self.own = slice(told["select_fields"][0], told["select_fields"][-1] + 1)
        self.names = [column[0].target.attname for column in compiler.select[self.own]]
        self.related = get_related_populators(told, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # of 6.0

    def rows(self, key: int) -> list[Any]:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(self.sql, [key if one == _HOLE else one for one in self.params])
            found: Sequence[Any] = cursor.fetchall()
        return list(self._compiler.apply_converters(found, self._converters) if self._converters else found)

    def record(self, row: Sequence[Any]) -> Any:
        record = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.own])
        for related in self.related:
            related.populate(row, record)
        for name, place in self.annotations.items():
            setattr(record, name, row[place])
        return record
