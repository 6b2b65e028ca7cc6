"""What can be done to a reference table; what a rule of the house forbids is `Refused` with its reason."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, UniqueConstraint

from extrabat.lib.refusals import Refused
from extrabat.lib.versions import apply_changes
from settings_app.reference.catalogue import Table
from settings_app.reference.models import ReferenceValue
from settings_app.reference.ordering import next_position
from settings_app.reference.signals import value_merged
from settings_app.reference.usage import Usage, references_to, usage_of

BUILT_IN: Final = "Ce type d’adresse est intégré au programme\u00a0: il se renomme et se désactive, mais reste."
GONE: Final = "Cette valeur n’existe plus\u00a0: une autre personne vient de la supprimer ou de la fusionner."
TAKEN: Final = "Une autre personne vient d’enregistrer ce libellé ou ce code. Choisissez-en un autre."
CANNOT_MOVE: Final = "Une fiche ne peut pas prendre l’autre valeur\u00a0: rien n’a été fusionné."
USED_MEANWHILE: Final = "Cette valeur vient d’être utilisée. Fusionnez-la avec une autre, ou désactivez-la."


def create_value(table: Table, values: Mapping[str, Any]) -> ReferenceValue:
    """Add a value at the end of its list."""
    with _unique(), transaction.atomic():
        value = table.model(**values, position=next_position(table.model))
        value.save(force_insert=True)
    return value


def update_value(table: Table, key: int, *, changes: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Write what was changed. Raises `Conflict`, with nothing written, over somebody else's newer values."""
    with _unique(), transaction.atomic():
        value = _locked(table, key)[key]
        names = apply_changes(value, changes, seen)
        for name in table.frozen.keys() & set(names):
            usage = usage_of(table.model, key)[key]
            if usage:
                raise Refused(f"{table.frozen[name]} Elle est utilisée par {usage.words}\u00a0: créez-en une autre.")
        if names:
            with _keeping_what_must_stay(table):
                value.save(update_fields=names)


def delete_value(table: Table, key: int) -> None:
    """Delete a value that nothing uses."""
    try:
        with transaction.atomic():
            value = _locked(table, key)[key]
            _refuse_built_in(value)
            usage = usage_of(table.model, key)[key]
            if usage:
                raise Refused(in_use(usage))
            with _keeping_what_must_stay(table):
                value.delete()
    except (ProtectedError, IntegrityError) as error:
        # Foreign keys are checked at the end of the transaction: a record that came meanwhile is told only now.
        raise Refused(USED_MEANWHILE) from error


def merge(table: Table, source: int, into: int) -> int:
    """Give every record that has `source` the value `into`, delete `source`, and say how many records moved."""
    moved = 0
    try:
        with transaction.atomic():
            rows = _locked(table, source, into)
            old, new = rows[source], rows[into]
            _refuse_built_in(old)
            if source == into or any(getattr(old, name) != getattr(new, name) for name in table.alike):
                raise Refused(f"«\u00a0{old}\u00a0» ne peut pas être fusionné avec «\u00a0{new}\u00a0».")
            for field in references_to(table.model):
                _give_way(field, old, new)
                # Not through save(): a record that an older rule let in must be able to move too.
                moved += field.model._base_manager.filter(**{field.name: old}).update(**{field.name: new})
            value_merged.send(sender=table.model, old=old, new=new)
            with _keeping_what_must_stay(table):
                old.delete()
    except (ProtectedError, IntegrityError) as error:
        raise Refused(CANNOT_MOVE) from error
    return moved


def in_use(usage: Usage) -> str:
    return f"Cette valeur est utilisée par {usage.words}. Fusionnez-la avec une autre, ou désactivez-la."


def _locked(table: Table, *keys: int) -> dict[int, ReferenceValue]:
    """The rows of the whole table, which is short: what must stay in it depends on all of them.

    Locked in the order of their keys. Raises `Refused` when one of `keys` is gone.
    """
    rows = {row.pk: row for row in table.model._default_manager.select_for_update().order_by("pk")}
    if not rows.keys() >= set(keys):
        raise Refused(GONE)
    return rows


def _refuse_built_in(value: ReferenceValue) -> None:
    if getattr(value, "is_builtin", False):
        raise Refused(BUILT_IN)


@contextmanager
def _keeping_what_must_stay(table: Table) -> Iterator[None]:
    """Refuse the write inside that takes the last one away; one that was missing before is nobody's fault now."""
    rows = table.model._default_manager
    held = [rule for rule in table.must_stay if rows.filter(rule.condition).exists()]
    yield
    for rule in held:
        if not rows.filter(rule.condition).exists():
            raise Refused(rule.reason)


@contextmanager
def _unique() -> Iterator[None]:
    """The form asked already; this is for two people at once."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(TAKEN) from error


def _give_way(field: models.ForeignKey[Any, Any], old: ReferenceValue, new: ReferenceValue) -> None:
    """Where only one record may bear a mark (the default address of a type), the one that is already there keeps it."""
    rows = field.model._base_manager
    for constraint in field.model._meta.constraints:
        if not isinstance(constraint, UniqueConstraint) or field.name not in constraint.fields:
            continue
        marks = constraint.condition.children if constraint.condition else []
        if len(marks) != 1 or not isinstance(marks[0], tuple) or marks[0][1] is not True:
            continue
        mark = marks[0][0]
        others = [name for name in constraint.fields if name != field.name]
        there = rows.filter(constraint.condition, **{field.name: new}, **{n: models.OuterRef(n) for n in others})
        clashing = rows.filter(constraint.condition, models.Exists(there), **{field.name: old})
        clashing.update(**{mark: False})
