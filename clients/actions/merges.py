"""Two records of one client made into one, and parted again within thirty days (CLI-32)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.crypto import salted_hmac

from clients.actions.consents import join_for
from clients.actions.statuses import status_entry
from clients.merge_fields import BANK, decide, homeless_emails, homeless_numbers
from clients.merge_fields import PHONES as NUMBERS
from clients.merging import Carried, Settled, Two, carried, has_posted
from clients.models import Client, Contact, HistoryEntry, Merge, MergedRow
from extrabat.lib.refusals import Refused
from settings_app.reference.models import Status
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

CHANGED: Final = (
    "L’une des deux fiches a changé depuis que cette page a été ouverte\u00a0: rien n’a été fusionné. "
    "Vérifiez les valeurs, puis confirmez."
)
SAME: Final = "Une fiche ne se fusionne pas avec elle-même."
TWICE: Final = "L’une des deux fiches a déjà été fusionnée dans une autre."
NO_TRASH: Final = "Aucun statut de la Corbeille n’est en service\u00a0: un administrateur doit en rétablir un."
TWO_CODES: Final = (
    "Les deux fiches ont des factures validées sous des codes différents ({} et {}). Seule une personne qui a le droit "
    "« Passer outre un avertissement légal » peut les fusionner\u00a0: l’autre code restera alors comme alias."
)


@dataclass
class _Move:
    """What one rule carries: the keys, and the other columns to write."""

    rule: Carried
    keys: set[int]
    settled: Settled
    before: dict[int, dict[str, Any]] = field(default_factory=dict)


def two_codes_refusal(two: Two, by: User) -> str:
    """Why these two may not be merged by `by`; empty when they may."""
    kept, absorbed = two.kept, two.absorbed
    if not (kept.code and absorbed.code) or by.has_perm("settings_app.override_legal_warnings"):
        return ""
    return TWO_CODES.format(kept.code, absorbed.code) if has_posted(kept) and has_posted(absorbed) else ""


@transaction.atomic
def merge(
    kept_id: int, absorbed_id: int, *, by: User, choices: Mapping[str, str], seen: tuple[int, int], token: str
) -> int:
    """Merge the second client into the first; give the key of the `Merge`. Sent twice it happens once.

    `choices` says per block of `merge_fields` which value stays; `seen` holds the versions of both records as the
    preview showed them. Raises Refused, and ValidationError when the values chosen do not go together.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    two = _locked(kept_id, absorbed_id)
    if (two.kept.version, two.absorbed.version) != seen:
        raise Refused(CHANGED)
    refusal = two_codes_refusal(two, by)
    if refusal:
        raise Refused(refusal)
    trash = Status.objects.filter(is_trash=True, is_active=True).order_by("position", "pk").first()
    if trash is None:
        raise Refused(NO_TRASH)
    done = Merge.objects.create(
        by=by, kept=two.kept, absorbed=two.absorbed, previous_status=two.absorbed.status, values={}
    )
    made: list[models.Model] = []
    moves = [_prepared(rule, two, made) for rule in carried()]
    done.values = _write_values(two, decide(two.kept, two.absorbed, choices), made)
    _leave(two, trash, by)
    for move in moves:
        _carry(move, done)
    # Once the rows are over: who may be written to is judged on what the kept client has become.
    done.consents = join_for(two.kept, two.absorbed, by=by)
    _told(done, made)
    HistoryEntry.objects.create(client=two.kept, kind="merge", text=f"Fiche absorbée\u00a0: {two.absorbed}", by=by)
    done.save(update_fields=["values", "consents"])
    record_result(token, str(done.pk))
    return done.pk


def _locked(*keys: int) -> Two:
    """Both records, locked in the order of their keys so that two merges never wait for each other."""
    if len(set(keys)) < 2:
        raise Refused(SAME)
    rows = Client.objects.select_for_update(of=("self",)).select_related("status", "civility").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=keys)}
    kept, absorbed = (found[key] for key in keys)
    if kept.merged_into_id or absorbed.merged_into_id:
        raise Refused(TWICE)
    return Two(kept, absorbed)


def _prepared(rule: Carried, two: Two, made: list[models.Model]) -> _Move:
    """Read while both records still hold what they have: nothing is carried yet."""
    settled = rule.settle(two, made.append)
    rows = rule.rows(two.absorbed).exclude(pk__in=rule.left(two))
    if rule.model is Client:
        rows = rows.exclude(pk=two.kept.pk)
    return _Move(rule, set(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)), settled)


def _write_values(two: Two, changes: dict[str, Any], made: list[models.Model]) -> dict[str, list[Any]]:
    """Give the kept record its new values; what it no longer says of how to reach him becomes a contact."""
    kept, absorbed = two.kept, two.absorbed
    before = {name: getattr(kept, name) for name in changes}
    _trade(two, changes)
    held = {name: changes.get(name, getattr(kept, name)) for name in NUMBERS}
    numbers = homeless_numbers(held, kept, absorbed)
    emails = homeless_emails(changes.get("email", kept.email), kept, absorbed)
    for name, value in changes.items():
        setattr(kept, name, value)
    kept.validate_constraints(exclude={"code"})
    if changes:
        kept.save()
    contact = _contact_for(two, numbers, emails)
    if contact:
        contact.save()
        made.append(contact)
    return {name: [plain(name, was), plain(name, changes[name])] for name, was in before.items()}


def _trade(two: Two, changes: dict[str, Any]) -> None:
    """The absorbed record takes what it gives of the code and of the bank: the one is unique, the other is secret.

    Its code is what keeps the former one findable and taken.
    """
    kept, absorbed = two.kept, two.absorbed
    given = [name for name in ("code", *sorted(BANK)) if name in changes]
    if not given:
        return
    former = {name: getattr(kept, name) for name in given}
    if "code" in given:
        Client.objects.filter(pk=kept.pk).update(code="")
    for name in given:
        if name == "code" or former[name]:
            setattr(absorbed, name, former[name])
    absorbed.save(update_fields=given)


def _contact_for(two: Two, numbers: list[str], emails: list[str]) -> Contact | None:
    """A contact for numbers and addresses that no column has room for, unless a contact has them."""
    held = list(Contact.objects.filter(client__in=(two.kept, two.absorbed)))
    numbers = [one for one in numbers if not any(one in contact.phones for contact in held)]
    emails = [one for one in emails if not any(one in contact.emails for contact in held)]
    if not (numbers or emails):
        return None
    who = two.absorbed
    return Contact(
        client=two.kept,
        civility=None if who.is_professional else who.civility,
        last_name=(who.company_name if who.is_professional else who.last_name)[:120],
        first_name="" if who.is_professional else who.first_name,
        phones=numbers,
        emails=emails,
        is_main=not held,
    )


def _leave(two: Two, trash: Status, by: User) -> None:
    """To the Corbeille. The absorbed record's own lines are written while it still takes any."""
    absorbed = two.absorbed
    status_entry(absorbed.pk, absorbed.status, trash, by=by).save()
    HistoryEntry.objects.create(client=absorbed, kind="merge", text=f"Fusionnée dans {two.kept}", by=by)
    absorbed.status, absorbed.merged_into = trash, two.kept
    absorbed.save(update_fields=["status", "merged_into", "updated_at"])


def _carry(move: _Move, done: Merge) -> None:
    rule, rows = move.rule, move.rule.model._base_manager
    settled = {key: dict(columns) for key, columns in move.settled.items() if key in move.keys}
    before = _columns(rule, settled)
    for key, columns in settled.items():
        rows.filter(pk=key).update(**columns, **{f"{rule.column}_id": done.kept_id})
    rows.filter(pk__in=move.keys - settled.keys()).update(**{f"{rule.column}_id": done.kept_id})
    versions = _versions(rule.model, move.keys) if rule.by_version else {}
    MergedRow.objects.bulk_create(
        [
            MergedRow(
                merge=done,
                model=rule.label,
                key=key,
                column=rule.column,
                before=before.get(key, {}),
                version=versions.get(key),
            )
            for key in sorted(move.keys)
        ],
        batch_size=2000,
    )


def _columns(rule: Carried, settled: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    names = sorted({name for columns in settled.values() for name in columns})
    if not names:
        return {}
    rows = rule.model._base_manager.filter(pk__in=settled).values("pk", *names)
    return {row["pk"]: {name: row[name] for name in settled[row["pk"]]} for row in rows}


def _versions(model: type[models.Model], keys: Iterable[int]) -> dict[int, int]:
    if not any(column.name == "version" for column in model._meta.concrete_fields):
        return {}
    return dict(model._base_manager.filter(pk__in=keys).values_list("pk", "version"))


def _told(done: Merge, made: list[models.Model]) -> None:
    MergedRow.objects.bulk_create(
        [
            MergedRow(
                merge=done,
                model=row._meta.label_lower,
                key=row.pk,
                column="client",
                version=_versions(type(row), [row.pk]).get(row.pk),
                is_made=True,
            )
            for row in made
        ]
    )


def plain(name: str, value: Any) -> Any:
    """As JSON holds it; bank details as a fingerprint, which tells whether they changed and nothing else."""
    if name in BANK:
        return salted_hmac("clients.merge", value).hexdigest() if value else ""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
