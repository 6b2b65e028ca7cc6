"""The client's form as a whole: his fields, his addresses, his contacts; made from a record, from what was sent, or
from what was typed and is to be shown on another face.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.http import QueryDict
from django.utils.text import slugify

from clients import preferences
from clients.actions.clients import CHANNELS, ClientEdit, Edit, RowEdit
from clients.actions.consents import current
from clients.domain.urssaf import UrssafAddress, UrssafRecord, fullest_address, missing_fields
from clients.duplicates import Asked
from clients.forms.client import ClientForm
from clients.forms.rows import AddressForm, ContactForm, Offered, row_count
from clients.forms.sheet import SheetForm
from clients.models import Client, CustomQuestion, Enrolment
from clients.places import countries
from clients.sheets import LINES, Sheet
from extrabat.lib.forms.versioned import SEEN
from extrabat.lib.phones import is_mobile
from settings_app.reference.models import Language, Status
from settings_app.users.models import User

Row = TypeVar("Row", AddressForm, ContactForm)


@dataclass(frozen=True)
class Missing:
    """A field that URSSAF asks for and that is empty; `id` is its control's, `section` that of its card."""

    label: str
    id: str
    section: str


@dataclass
class Parts:
    """The form with its rows, either as sent (bound) or as it is to be shown. `gone`: prefixes of removed rows."""

    client: ClientForm
    addresses: list[AddressForm] = field(default_factory=list)
    contacts: list[ContactForm] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    offered: Offered = field(default_factory=Offered)

    @property
    def living(self) -> list[AddressForm | ContactForm]:
        """The rows that count: neither removed nor left blank."""
        rows: list[AddressForm | ContactForm] = [*self.addresses, *self.contacts]
        return [row for row in rows if self.lives(row)]

    def lives(self, row: AddressForm | ContactForm) -> bool:
        return row.prefix not in self.gone and row.says_something

    def all(self) -> list[SheetForm]:
        return [self.client, *self.addresses, *self.contacts]

    def is_valid(self) -> bool:
        """Every part is judged, so that all that is wrong is told at once."""
        judged = [part.is_valid() for part in (self.client, *self.living)]
        return all(judged)

    def mark_missing(self) -> list[Missing]:
        """Mark the fields that URSSAF still asks for, and give them in the form's order (URS-02, URS-08)."""
        if not self.client.sheet.is_urssaf:
            return []
        rows = [row for row in self.addresses if row.prefix not in self.gone]
        record = _record(self.client.held(), [_place(row.held()) for row in rows])
        names = missing_fields(record)
        in_rows = [name.removeprefix("address-") for name in names if name.startswith("address-")]
        self.client.missing = frozenset(name for name in names if not name.startswith("address-"))
        found = [_missing(self.client, line.name, line.section) for line in LINES if line.name in self.client.missing]
        if rows:
            row = rows[record.addresses.index(fullest_address(record))]
            row.missing = frozenset(in_rows)
            found += [_missing(row, name, "adresses") for name in in_rows]
        elif in_rows:
            found.append(Missing("Adresse", "s-adresses", "s-adresses"))
        return found

    def fixed_lines(self) -> list[str]:
        """Labels of the fields for mobiles that now hold another kind of number: a warning, not an error (CLI-15)."""
        names = [name for name in ("mobile_1", "mobile_2") if name in self.client.changed_data]
        numbers = [(str(self.client[name].label), self.client.cleaned_data.get(name)) for name in names]
        return [label for label, number in numbers if number and not is_mobile(number)]

    def asked(self, *, new: bool) -> Asked:
        """What another client might have already; of a stored one, only what was changed here."""
        form = self.client
        names = set(form.fields) if new else set(form.changed_data)
        values = {name: form.cleaned_data.get(name) or "" for name in _WATCHED}
        named = ("company_name",) if form.sheet.is_professional else ("last_name", "first_name")
        is_renamed = new or bool(names & set(named))
        codes = {row.cleaned_data.get("postcode") or "" for row in self.addresses if self.lives(row)}
        return Asked(
            emails=frozenset({str(values["email"]).lower()} - {""}) if "email" in names else frozenset(),
            phones=frozenset(str(values[name]) for name in _PHONES if name in names and values[name]),
            name=" ".join(str(values[name]) for name in named).strip() if is_renamed else "",
            postcodes=frozenset(codes - {""}),
        )

    def edit(self, *, new: bool) -> ClientEdit:
        """What was sent, for the actions: everything of a new client, of another what was changed here."""
        form = self.client
        extras = {"note", *CHANNELS, *(f"question-{q.pk}" for q in form.questions)}
        changed = {n: v for n, v in form.cleaned_data.items() if n != SEEN} if new else form.changes()
        seen = {} if new else form.seen_values()
        added = {n: v for n, v in changed.items() if n in extras}
        if "email" in changed and form.cleaned_data.get("allow_email"):
            # A consent belongs to an address: the tick that was left in place is a yes for the new one.
            added["allow_email"] = True
        return ClientEdit(
            Edit({n: v for n, v in changed.items() if n not in extras}, seen),
            [self._row(row) for row in self.addresses],
            [self._row(row) for row in self.contacts],
            Edit(added, seen),
        )

    def _row(self, row: AddressForm | ContactForm) -> RowEdit:
        key = row.instance.pk
        if not self.lives(row):
            return RowEdit({}, {}, str(row.prefix), key, gone=key is not None)
        values = {name: value for name, value in row.cleaned_data.items() if name != SEEN}
        return RowEdit(row.changes(), row.seen_values(), str(row.prefix), key, values)


_PHONES = ("mobile_1", "mobile_2", "phone_1", "phone_2")
_WATCHED = ("last_name", "first_name", "company_name", "email", *_PHONES)


def fresh(user: User, sheet: Sheet, client: Client | None) -> Parts:
    """The form as it opens: a stored client, or a new one with the person's own starting values (CLI-10)."""
    form = ClientForm(
        instance=client,
        user=user,
        sheet=sheet,
        questions=_questions(),
        answers=_answers(client),
        initial=_consents(client) if client else _starting_values(user),
    )
    parts = Parts(form)
    row: dict[str, Any] = {"sheet": sheet, "offered": parts.offered}
    parts.addresses = [
        AddressForm(instance=held, prefix=f"address-{n}", **row)
        for n, held in enumerate(client.addresses.select_related("type") if client else [])
    ] or [AddressForm(prefix="address-0", initial={"country": preferences.country.of(user)}, **row)]
    parts.contacts = [
        ContactForm(instance=held, prefix=f"contact-{n}", **row)
        for n, held in enumerate(client.contacts.select_related("civility") if client else [])
    ]
    return parts


def sent(data: QueryDict, user: User, sheet: Sheet, client: Client | None) -> Parts:
    """The form as it came back."""
    form = ClientForm(
        data,
        instance=client,
        sheet=sheet,
        user=user,
        questions=_questions(),
        answers=_answers(client),
        initial=_consents(client) if client else {},
    )
    parts = Parts(form)
    row: dict[str, Any] = {"sheet": sheet, "offered": parts.offered}
    addresses = {held.pk: held for held in client.addresses.select_related("type")} if client else {}
    contacts = {held.pk: held for held in client.contacts.select_related("civility")} if client else {}
    for prefix in (f"address-{n}" for n in range(row_count(data, "address"))):
        parts.addresses.append(AddressForm(data, instance=addresses.get(_key(data, prefix)), prefix=prefix, **row))
    for prefix in (f"contact-{n}" for n in range(row_count(data, "contact"))):
        parts.contacts.append(ContactForm(data, instance=contacts.get(_key(data, prefix)), prefix=prefix, **row))
    parts.gone = {str(one.prefix) for one in (*parts.addresses, *parts.contacts) if data.get(f"{one.prefix}-gone")}
    return parts


def turned(parts: Parts, typed: Mapping[str, Any], user: User, sheet: Sheet, client: Client | None) -> Parts:
    """The same typing on another face: unjudged, whole. `typed` is what the client's own fields are to hold."""
    data = parts.client.data
    form = ClientForm(
        instance=client,
        sheet=sheet,
        user=user,
        questions=_questions(),
        initial={**carried(data), **typed},
        seen=data.get(SEEN, ""),
    )
    again = Parts(form)
    # A stored row that was removed stays, removed, until the form is saved; a new one is forgotten.
    again.gone, again.offered = parts.gone, parts.offered
    shared: dict[str, Any] = {"sheet": sheet, "offered": parts.offered}
    again.addresses = [_again(row, shared) for row in parts.addresses if _stays(row, parts)]
    again.contacts = [_again(row, shared) for row in parts.contacts if _stays(row, parts)]
    if data.get("add") == "address":
        again.addresses.append(AddressForm(prefix=f"address-{len(parts.addresses)}", **shared))
    if data.get("add") == "contact":
        again.contacts.append(ContactForm(prefix=f"contact-{len(parts.contacts)}", **shared))
    return again


def carried(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed for the other kind: it waits in hidden inputs and is not written (CLI-03)."""
    return {line.name: data[line.name] for line in LINES if line.name in data}


# ---- making -------------------------------------------------------------------------------------------------


def _again(row: Row, shared: Mapping[str, Any]) -> Row:
    seen = row.data.get(row.add_prefix(SEEN), "")
    return type(row)(instance=row.instance, prefix=row.prefix, initial=row.typed(), seen=seen, **shared)


def _stays(row: AddressForm | ContactForm, parts: Parts) -> bool:
    return row.prefix not in parts.gone or row.instance.pk is not None


def _starting_values(user: User) -> dict[str, Any]:
    return {
        "status": preferences.status.of(user) or Status.objects.offered_to(user).first(),
        "origin": preferences.origin.of(user),
        "language": preferences.language.of(user) or Language.objects.filter(code="fr").first(),
        "followed_by": preferences.followed_by.of(user) or user,
    }


def _consents(client: Client) -> dict[str, Any]:
    held = current(client)
    return {name: held[channel] for name, channel in CHANNELS.items()}


def _questions() -> list[CustomQuestion]:
    return list(CustomQuestion.objects.filter(is_active=True))


def _answers(client: Client | None) -> dict[int, Any]:
    return dict(client.answers.values_list("question_id", "value")) if client else {}


def _key(data: QueryDict, prefix: str) -> int:
    key = data.get(f"{prefix}-pk", "")
    return int(key) if key.isdecimal() and len(key) < 18 else 0


# ---- URSSAF -------------------------------------------------------------------------------------------------


def _missing(form: SheetForm, name: str, section: str) -> Missing:
    return Missing(str(form[name].label), form[name].id_for_label, f"s-{slugify(section)}")


def _record(held: Mapping[str, Any], addresses: list[UrssafAddress]) -> UrssafRecord:
    """What was typed, well or badly: here only emptiness counts."""
    country = countries.by_name(_text(held, "birth_country"))
    return UrssafRecord(
        **{name: _text(held, name) for name in _TEXTS},
        birth_country_code=_text(held, "birth_country_code") or (country.code if country else ""),
        birth_date=_some_day(held, "birth_date"),
        addresses=tuple(addresses),
        wants_advance=bool(held.get("wants_advance")),
        is_enrolled=_text(held, "enrolment") not in ("", Enrolment.NONE),
        enrolment_on=_some_day(held, "enrolment_on"),
    )


_TEXTS = (
    *("civility", "gender", "last_name", "birth_name", "first_name", "birth_country", "birth_city"),
    *("birth_department", "email", "mobile_1", "service_nature"),
)
_PLACE = ("number", "street", "complement", "postcode", "city", "city_code", "country_code")


def _place(held: Mapping[str, Any]) -> UrssafAddress:
    return UrssafAddress(**{name: _text(held, name) for name in _PLACE})


def _text(held: Mapping[str, Any], name: str) -> str:
    value = held.get(name)
    return "" if value is None else str(value)


def _some_day(held: Mapping[str, Any], name: str) -> date | None:
    return date.min if held.get(name) else None
