"""A client of the demo with all that hangs on him, and how to make one and write many."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

from django.utils import timezone

from clients.demo.places import Place
from clients.demo.tables import Tables
from clients.models import (
    Address,
    Answer,
    Channel,
    Client,
    Consent,
    Contact,
    Equipment,
    FollowUp,
    HistoryEntry,
    Installation,
    Kind,
)
from extrabat.lib.copying import Copier

FRANCE: Final = "99100"


@dataclass
class Record:
    """`referrer` is an earlier record: its client's key is not known before all are written."""

    client: Client
    referrer: "Record | None" = None
    addresses: list[Address] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    notes: list[HistoryEntry] = field(default_factory=list)
    installations: list[tuple[Installation, list[Equipment]]] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)

    @property
    def children(self) -> Iterator[Address | Contact | Answer | Consent | HistoryEntry | Installation | FollowUp]:
        yield from self.addresses
        yield from self.contacts
        yield from self.answers
        yield from self.consents
        yield from self.notes
        yield from (installation for installation, _ in self.installations)
        yield from self.follow_ups


class Maker:
    """Makes records out of one generator: the same demo every time, dated back from today."""

    def __init__(self, tables: Tables, chance: random.Random) -> None:
        self.tables = tables
        self.chance = chance
        self.now = timezone.now()
        self.contact_numbers = count(3000)

    def client(self, civility: str, status: str = "Client", **values: Any) -> Record:
        chosen = self.tables.civilities[civility]
        created = self.now - timedelta(days=self.chance.randint(20, 1200), minutes=self.chance.randint(0, 600))
        client = Client(
            kind=Kind.PROFESSIONAL if chosen.is_professional else Kind.INDIVIDUAL,
            civility_id=chosen.pk,
            status_id=self.tables.statuses[status].pk,
            followed_by_id=self.chance.choice(self.tables.people).pk,
            origin_id=self.chance.choice(self.tables.origins).pk,
            language_id=self.tables.languages["fr"].pk,
            created_at=created,
            updated_at=self.since(created),
            **values,
        )
        return Record(client)

    def since(self, past: datetime) -> datetime:
        return past + (self.now - past) * self.chance.random()

    def address(self, record: Record, kind: str, place: Place, **values: Any) -> Address:
        """Add an address in a commune; the first of its type is that type's default."""
        address = Address(
            type_id=self.tables.address_types[kind].pk,
            **{"postcode": place.postcode, "city": place.name, "city_code": place.code, "country_code": FRANCE}
            | values,
        )
        address.is_default = all(address.type_id != other.type_id for other in record.addresses)
        record.addresses.append(address)
        return address

    def contact(self, record: Record, civility: str, first: str, last: str, **values: Any) -> Contact:
        """Add somebody to speak to; the first is the main one."""
        number = next(self.contact_numbers)
        contact = Contact(
            civility_id=self.tables.civilities[civility].pk,
            first_name=first,
            last_name=last,
            is_main=not record.contacts,
            **{"emails": [f"contact{number}@exemple.fr"], "phones": [f"+3363998{number:04d}"]} | values,
        )
        record.contacts.append(contact)
        return contact

    def answer(self, record: Record, question: str, value: Any) -> None:
        record.answers.append(Answer(question_id=self.tables.questions[question].pk, value=value))

    def consent(self, record: Record, channel: Channel, state: Consent.State, source: Consent.Source) -> None:
        """Add what was said of a channel; what a recipient says himself is nobody's entry."""
        by_office = source == Consent.Source.OFFICE
        consent = Consent(
            channel=channel,
            email=record.client.email.lower() if channel == Channel.EMAIL else "",
            state=state,
            source=source,
            at=self.since(record.client.created_at),
            by_id=record.client.followed_by_id if by_office else None,
        )
        record.consents.append(consent)

    def note(self, record: Record, text: str) -> None:
        when = self.since(record.client.created_at)
        by = self.chance.choice(self.tables.people).pk
        record.notes.append(HistoryEntry(kind="note", text=text, at=when, by_id=by))


def write(records: Sequence[Record], using: str) -> None:
    """Write everything, table by table."""
    copier = Copier(using)
    copier.give_keys([record.client for record in records])
    for record in records:
        if record.referrer:
            record.client.referrer_id = record.referrer.client.pk
            record.client.referrer_name = record.referrer.client.display_name[:120]
        for row in record.children:
            row.client_id = record.client.pk
    copier.write([record.client for record in records])
    copier.write([row for record in records for row in record.addresses])
    copier.write([row for record in records for row in record.contacts])
    copier.write([row for record in records for row in record.answers])
    # The last line of a consent is the one that holds: in the order in which they were told.
    copier.write([row for record in records for row in record.consents])
    copier.write([row for record in records for row in record.notes])
    _write_works(records, copier)


def _write_works(records: Sequence[Record], copier: Copier) -> None:
    built = [work for record in records for work in record.installations]
    for installation, _ in built:
        # Written before, with a key since.
        installation.address_id = installation.address.pk if installation.address else None
    copier.write([installation for installation, _ in built])
    for installation, pieces in built:
        for piece in pieces:
            piece.installation_id = installation.pk
    copier.write([piece for _, pieces in built for piece in pieces])
    copier.write([row for record in records for row in record.follow_ups])
