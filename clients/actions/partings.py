"""The undo of a merge: what it moved and nobody changed since goes back, the rest is listed (CLI-32)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.timezone import now

from clients.actions.consents import take_back
from clients.actions.merges import plain
from clients.actions.statuses import status_entry
from clients.merge_fields import BANK, attname
from clients.merging import Carried, carried
from clients.models import Client, Folder, HistoryEntry, Merge, MergedRow
from extrabat.lib.refusals import Refused
from settings_app.users.models import User

TOO_LATE: Final = "Cette fusion a plus de trente jours\u00a0: elle ne peut plus être annulée."
MERGED_SINCE: Final = "La fiche gardée a été fusionnée dans une autre depuis\u00a0: annulez d’abord cette fusion-là."

Keys = dict[tuple[str, str], set[int]]


@transaction.atomic
def undo(merge_id: int, *, by: User) -> Merge:
    """Part two records again; a second call changes nothing. Raises Refused past thirty days."""
    done = Merge.objects.select_for_update(of=("self",)).get(pk=merge_id)
    if done.undone_at:
        return done
    if not done.can_be_undone:
        raise Refused(TOO_LATE)
    kept, absorbed = _both(done)
    moved = list(done.rows.filter(is_made=False))
    staying = _staying(done, moved)
    for rule in carried():
        _give_back(rule, done, [row for row in moved if _rule_key(row) == (rule.label, rule.column)], staying)
    left_made = _take_away(done)
    sentences = [*_restore_values(done, kept, absorbed), *_restore_consents(done, kept, by)]
    Client.objects.filter(pk=absorbed.pk).update(merged_into=None, status=done.previous_status, updated_at=now())
    status_entry(absorbed.pk, absorbed.status, done.previous_status, by=by).save()
    for one, other in ((kept, absorbed), (absorbed, kept)):
        HistoryEntry.objects.create(client=one, kind="merge", text=f"Fusion annulée avec {other}", by=by)
    left = [row.pk for row in moved if row.key in staying[_rule_key(row)]]
    done.rows.filter(pk__in=[*left, *left_made]).update(is_left=True)
    done.undone_at, done.undone_by, done.left = now(), by, sentences
    done.save(update_fields=["undone_at", "undone_by", "left"])
    return done


def _both(done: Merge) -> tuple[Client, Client]:
    rows = Client.objects.select_for_update(of=("self",)).select_related("status").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=(done.kept_id, done.absorbed_id))}
    kept, absorbed = found[done.kept_id], found[done.absorbed_id]
    if kept.merged_into_id:
        raise Refused(MERGED_SINCE)
    return kept, absorbed


def _rule_key(row: MergedRow) -> tuple[str, str]:
    return row.model, row.column


def _staying(done: Merge, moved: list[MergedRow]) -> Keys:
    """Keys that stay with the kept client, by rule: what was changed or deleted since, and what hangs on it."""
    staying: Keys = defaultdict(set)
    carried_keys: Keys = defaultdict(set)
    for row in moved:
        carried_keys[_rule_key(row)].add(row.key)
    for rule in carried():
        here = rule.label, rule.column
        mine = [row for row in moved if _rule_key(row) == here]
        unchanged = _unchanged(rule, done, mine)
        staying[here] = carried_keys[here] - unchanged
    ends = list(_ties(carried_keys, staying))
    while True:
        more = [(a, b) for a, b in ends if (a[1] in staying[a[0]]) != (b[1] in staying[b[0]])]
        if not more:
            return staying
        for a, b in more:
            staying[a[0]].add(a[1])
            staying[b[0]].add(b[1])


def _unchanged(rule: Carried, done: Merge, mine: list[MergedRow]) -> set[int]:
    rows = rule.model._base_manager.filter(pk__in=[row.key for row in mine], **{rule.column: done.kept_id})
    rows = rows.select_for_update(of=("self",))
    versions = {row.key: row.version for row in mine}
    if all(version is None for version in versions.values()):
        return set(rows.values_list("pk", flat=True))
    return {key for key, version in rows.values_list("pk", "version") if version == versions[key]}


End = tuple[tuple[str, str], int]


def _ties(carried_keys: Keys, staying: Keys) -> Iterator[tuple[End, End]]:
    """Pairs of carried rows of which one names the other. A row made since that names one keeps it here."""
    rules = {rule.model: rule for rule in carried() if rule.column == "client"}
    for rule in carried():
        here = rule.label, rule.column
        for name in rule.ties:
            target = rules[rule.model._meta.get_field(name).related_model]  # type: ignore[index]  # a carried model
            there = target.label, target.column
            naming = rule.model._base_manager.filter(**{f"{name}__in": carried_keys[there]})
            for key, named in naming.values_list("pk", name):
                if key in carried_keys[here]:
                    yield (here, key), (there, named)
                else:
                    staying[there].add(named)


def _give_back(rule: Carried, done: Merge, mine: list[MergedRow], staying: Keys) -> None:
    back = [row for row in mine if row.key not in staying[_rule_key(row)]]
    rows, home = rule.model._base_manager, {f"{rule.column}_id": done.absorbed_id}
    rows.filter(pk__in=[row.key for row in back if not row.before]).update(**home)
    for row in back:
        if row.before:
            rows.filter(pk=row.key).update(**home, **_still_there(rule.model, row.before))


def _still_there(model: type[models.Model], before: dict[str, Any]) -> dict[str, Any]:
    """Former values, without a foreign key to a row that was deleted since."""
    found = dict(before)
    for column in model._meta.concrete_fields:
        if isinstance(column, models.ForeignKey) and found.get(column.attname) is not None:
            related = column.related_model._base_manager
            if not related.filter(pk=found[column.attname]).exists():
                found[column.attname] = None
    return found


def _take_away(done: Merge) -> list[int]:
    """Delete what the merge made, unless somebody made something of it; give the rows that stay."""
    left = []
    tables = {rule.label: rule.model for rule in carried()} | {Folder._meta.label_lower: Folder}
    # The last made first: an inner folder before the one around it.
    for row in done.rows.filter(is_made=True).order_by("-pk"):
        rows = tables[row.model]._base_manager.filter(pk=row.key, version=row.version)
        if row.model == Folder._meta.label_lower:
            rows = rows.filter(files=None, children=None)
        if not rows.exists():
            left.append(row.pk)
        else:
            rows.delete()
    return left


def _restore_values(done: Merge, kept: Client, absorbed: Client) -> list[str]:
    """Give the kept record its former values back where they are still those of the merge."""
    same = {name for name, (_, after) in done.values.items() if plain(name, getattr(kept, name)) == after}
    left = [name for name in done.values if name not in same]
    former = {name: _former(name, done.values[name][0], absorbed) for name in same}
    left += [name for name, value in former.items() if value is _GONE]
    former = {name: value for name, value in former.items() if value is not _GONE}
    given = {name: getattr(kept, name) for name in former}
    for name, value in former.items():
        setattr(kept, name, value)
    try:
        kept.validate_constraints(exclude={"code"})
    except ValidationError:
        # Some were changed since in a way that does not go with the others: all stay, and are told.
        return _left_values(done.values)
    _write_back(kept, absorbed, former, given)
    return _left_values(left)


def _write_back(kept: Client, absorbed: Client, former: dict[str, Any], given: dict[str, Any]) -> None:
    """What the absorbed record took in exchange goes back too; the code is unique, so it is nobody's in between."""
    traded = [name for name in former if name == "code" or (name in BANK and former[name])]
    if traded:
        Client.objects.filter(pk=absorbed.pk).update(**dict.fromkeys(traded, ""))
    if former:
        kept.save(update_fields=[*former, "updated_at"])
    if traded:
        Client.objects.filter(pk=absorbed.pk).update(**{name: given[name] for name in traded})


def _left_values(names: Iterable[str]) -> list[str]:
    return [f"{label}\u00a0: changé depuis la fusion" for label in sorted(_label(name) for name in names)]


_GONE: Final = object()


def _former(name: str, value: Any, absorbed: Client) -> Any:
    if name in BANK:
        return getattr(absorbed, name) if value else ""
    column = next(one for one in Client._meta.concrete_fields if one.attname == name)
    if isinstance(column, models.ForeignKey):
        related = column.related_model._base_manager
        return value if value is None or related.filter(pk=value).exists() else _GONE
    return column.to_python(value)


def _label(name: str) -> str:
    column = next(one for one in Client._meta.concrete_fields if name in (one.name, attname(one.name)))
    return str(column.verbose_name).capitalize()


def _restore_consents(done: Merge, kept: Client, by: User) -> list[str]:
    return [
        f"{line.get_channel_display()}{f' ({line.email})' if line.email else ''}\u00a0: refusé par le destinataire"
        for line in take_back(kept, done.consents, by=by)
    ]
