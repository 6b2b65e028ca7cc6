"""Creating and editing a client with his addresses, contacts, answers and consents, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model

from clients.actions.consents import record_yes_no
from clients.actions.statuses import refuse_merged, status_entry
from clients.models import Address, Answer, Channel, Client, Contact, HistoryEntry, Kind
from clients.places import countries
from clients.places.communes import by_postcode
from clients.places.countries import FRANCE
from extrabat.lib.text import normalise
from extrabat.lib.versions import Conflict, apply_changes
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

CHANNELS = {"allow_sms": Channel.SMS, "allow_email": Channel.EMAIL, "allow_partners": Channel.PARTNERS}
QUESTION = "question-"


@dataclass(frozen=True)
class Edit:
    """What a form changed, and what it showed of those fields when it was opened."""

    changes: Mapping[str, Any]
    seen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RowEdit(Edit):
    """An address or a contact: `key` of the row or None for a new one, `values` of all its fields, `gone` to delete."""

    prefix: str = ""
    key: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    gone: bool = False


@dataclass(frozen=True)
class ClientEdit:
    """A whole form as sent. `extras` are the fields that are no column: note, consents, answers."""

    client: Edit
    addresses: Sequence[RowEdit] = ()
    contacts: Sequence[RowEdit] = ()
    extras: Edit = field(default_factory=lambda: Edit({}))


@transaction.atomic
def create_client(*, by: User, edit: ClientEdit, token: str) -> int:
    """Write a new client; give his key. Sent twice with one `token`, even at once, it is written once."""
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    row = Client(**edit.client.changes)
    settle(row, set(edit.client.changes))
    row.save()
    _write_rows(row, edit)
    _write_extras(row, edit.extras, by)
    record_result(token, str(row.pk))
    return row.pk


@transaction.atomic
def update_client(client_id: int, *, by: User, edit: ClientEdit) -> None:
    """Write what was changed.

    Raises `Conflict`, with nothing written, when somebody changed the same fields meanwhile: its names carry the
    prefix of their form ("last_name", "address-0-city").
    """
    row = Client.objects.select_for_update(of=("self",)).select_related("civility", "status").get(pk=client_id)
    refuse_merged(row)
    clashes: dict[str, Any] = {}
    status = row.status
    names = _try(row, edit.client, clashes, "")
    if names:
        settle(row, set(names))
        row.save()
        if "status" in names:
            status_entry(row.pk, status, row.status, by=by).save()
    _write_rows(row, edit, clashes)
    clashes |= _answers_changed_meanwhile(row, edit.extras)
    if clashes:
        # Leaving with an exception is what undoes the rows that were already written.
        raise Conflict(clashes)
    _write_extras(row, edit.extras, by)


def settle(row: Client, names: set[str]) -> None:
    """What follows from the rest when `names` were changed.

    The kind from the civility (CLI-08), no referrer without a referral and no client as referrer under another name
    (CLI-23), the code of the country of birth from its name (URS-04).
    """
    row.kind = Kind.PROFESSIONAL if row.civility.is_professional else Kind.INDIVIDUAL
    if row.kind == Kind.PROFESSIONAL:
        row.is_urssaf = False
    if not row.is_referred:
        row.referrer, row.referrer_name, row.referral_amount = None, "", None
    elif row.referrer and not row.referrer_name:
        row.referrer_name = row.referrer.display_name[:120]
    elif row.referrer and normalise(row.referrer_name) != normalise(row.referrer.display_name[:120]):
        row.referrer = None
    if "birth_country" in names and ("birth_country_code" not in names or not row.birth_country_code):
        born_in = countries.by_name(row.birth_country)
        row.birth_country_code = born_in.code if born_in else ""


def _write_rows(client: Client, edit: ClientEdit, clashes: dict[str, Any] | None = None) -> None:
    clashes = {} if clashes is None else clashes
    for address in edit.addresses:
        _write_row(Address, client, address, clashes)
    for contact in edit.contacts:
        _write_row(Contact, client, contact, clashes)
    if not clashes:
        _one_default_per_type(client, edit.addresses)
        _one_main_contact(client, edit.contacts)


def _write_row(table: type[Address] | type[Contact], client: Client, edit: RowEdit, clashes: dict[str, Any]) -> None:
    rows = table._default_manager.select_for_update().filter(client=client)
    row = rows.filter(pk=edit.key).first() if edit.key else None
    if edit.gone:
        if row:
            row.delete()
        return
    if row is None:
        # New, or deleted by somebody else while it was being edited here: what was typed is kept.
        if edit.values and (edit.key is None or edit.changes):
            row = table(client=client, **edit.values)
            _clear_mark(row)
            _fill_codes(row, set(edit.values))
            row.save()
        return
    names = _try(row, edit, clashes, f"{edit.prefix}-")
    _clear_mark(row)
    _fill_codes(row, set(names))
    if names:
        row.save()


def _clear_mark(row: Address | Contact) -> None:
    """Defaults are decided once all rows are written: two at once would meet the unique constraint."""
    if isinstance(row, Address):
        if row._state.adding or not Address.objects.filter(pk=row.pk, is_default=True).exists():
            row.is_default = False
    elif row._state.adding or not Contact.objects.filter(pk=row.pk, is_main=True).exists():
        row.is_main = False


def _fill_codes(row: Address | Contact, names: set[str]) -> None:
    """INSEE's codes follow the commune and the country that were not chosen themselves; a stale code is worse than
    none (ADR-06, URS-02).
    """
    if not isinstance(row, Address):
        return
    row.country = row.country or FRANCE.iso
    if not row.country_code or ("country" in names and "country_code" not in names):
        there = countries.country(row.country)
        row.country_code = there.code if there else ""
    if not row.city_code or (names & {"city", "postcode", "country"} and "city_code" not in names):
        wanted = normalise(row.city)
        served = by_postcode(row.postcode) if row.country == FRANCE.iso else []
        found = [commune for commune in served if normalise(commune.name) == wanted]
        row.city_code = found[0].code if len(found) == 1 else ""


def _one_default_per_type(client: Client, edits: Sequence[RowEdit]) -> None:
    """The one that was ticked, else the one there was, else the first of its type (ADR-03)."""
    rows = list(Address.objects.filter(client=client).order_by("pk"))
    ticked = _ticked(edits, "is_default")
    for type_id in {row.type_id for row in rows}:
        same = [row for row in rows if row.type_id == type_id]
        chosen = next((r for r in same if r.pk in ticked), None) or next((r for r in same if r.is_default), same[0])
        Address.objects.filter(pk__in=[r.pk for r in same if r.is_default and r != chosen]).update(is_default=False)
        if not chosen.is_default:
            Address.objects.filter(pk=chosen.pk).update(is_default=True)


def _one_main_contact(client: Client, edits: Sequence[RowEdit]) -> None:
    rows = list(Contact.objects.filter(client=client).order_by("pk"))
    if not rows:
        return
    ticked = _ticked(edits, "is_main")
    chosen = next((r for r in rows if r.pk in ticked), None) or next((r for r in rows if r.is_main), rows[0])
    Contact.objects.filter(pk__in=[r.pk for r in rows if r.is_main and r != chosen]).update(is_main=False)
    if not chosen.is_main:
        Contact.objects.filter(pk=chosen.pk).update(is_main=True)


def _ticked(edits: Sequence[RowEdit], name: str) -> set[int]:
    return {edit.key for edit in edits if edit.key and edit.changes.get(name)}


def _write_extras(client: Client, extras: Edit, by: User) -> None:
    changes = extras.changes
    if changes.get("note"):
        HistoryEntry.objects.create(client=client, kind="note", text=changes["note"], by=by)
    for name, channel in CHANNELS.items():
        if name in changes:
            record_yes_no(client, channel=channel, yes=bool(changes[name]), by=by)
    for name, value in changes.items():
        if name.startswith(QUESTION):
            _write_answer(client, int(name.removeprefix(QUESTION)), value)


def _write_answer(client: Client, question_id: int, value: Any) -> None:
    stored = _stored(value)
    if stored is None:
        Answer.objects.filter(client=client, question_id=question_id).delete()
    else:
        Answer.objects.update_or_create(client=client, question_id=question_id, defaults={"value": stored})


def _stored(value: Any) -> Any:
    """An answer as its JSON column holds it; None for no answer."""
    if value in (None, "", [], False):
        return None
    return value if isinstance(value, str | bool | list) else str(value)


def _answers_changed_meanwhile(client: Client, extras: Edit) -> dict[str, Any]:
    """What somebody else answered since the form was opened, where it was changed here too."""
    changes = {name: value for name, value in extras.changes.items() if name.startswith(QUESTION)}
    if not changes:
        return {}
    held = {f"{QUESTION}{key}": value for key, value in client.answers.values_list("question_id", "value")}
    return {
        name: held.get(name)
        for name, mine in changes.items()
        if _stored(held.get(name)) not in (_stored(extras.seen.get(name)), _stored(mine))
    }


def _try(row: Model, edit: Edit, clashes: dict[str, Any], prefix: str) -> list[str]:
    try:
        return apply_changes(row, edit.changes, edit.seen)
    except Conflict as conflict:
        clashes |= {prefix + name: value for name, value in conflict.current.items()}
        return []
