"""Who may already be there: the same e-mail, the same phone, or the same name in the same town (CLI-31)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Q

from clients.domain.searching import whole_field
from clients.models import Client
from clients.models.clients import ClientQuerySet
from extrabat.lib.phones import display_phone
from extrabat.lib.text import normalise

MOST: Final = 8


@dataclass(frozen=True)
class Asked:
    """What is being written: e-mails in lower case, phones in E.164, the name as typed, postal codes."""

    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    name: str = ""
    postcodes: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Match:
    """A client who may be the same, and why: what he shares, as people read it."""

    client: Client
    why: tuple[str, ...]


def asked_of(client: Client) -> Asked:
    """What a record that is written already would be asked for."""
    contacts = list(client.contacts.all())
    return Asked(
        emails=frozenset(
            mail for mail in (client.email.lower(), *(mail for one in contacts for mail in one.emails)) if mail
        ),
        phones=frozenset(
            [number for _, number in client.reach] + [number for one in contacts for number in one.phones]
        ),
        name=next(iter(_names(client)), ""),
        postcodes=frozenset(address.postcode for address in client.addresses.all() if address.postcode),
    )


def likely(rows: ClientQuerySet, asked: Asked, *, but: int | None = None) -> list[Match]:
    """Those of `rows` that share something, by name; at most `MOST`. `but` is the client who is being edited."""
    conditions = list(_conditions(asked))
    if not conditions:
        return []
    found = rows.filter(reduce(or_, conditions)).order_by("sort_name", "pk")
    if but is not None:
        found = found.exclude(pk=but)
    # The document forgets punctuation: what is told is compared with what is stored. Twice as many leaves room.
    clients = found.select_related("status").prefetch_related("contacts", "addresses")[: 2 * MOST]
    matches = [Match(client, tuple(_reasons(client, asked))) for client in clients]
    return [match for match in matches if match.why][:MOST]


def _conditions(asked: Asked) -> Iterator[Q]:
    for value in sorted(asked.emails):
        yield _holds(value)
    for number in sorted(asked.phones):
        # As a French number is dialled from abroad: the documents hold both spellings.
        yield _holds(number.removeprefix("+"))
    if asked.name and asked.postcodes:
        towns = reduce(or_, (_holds(code) for code in sorted(asked.postcodes)))
        yield _holds(asked.name) & towns


def _holds(value: str) -> Q:
    return reduce(or_, (Q(search__document__contains=pattern) for pattern in whole_field(value)))


def _reasons(client: Client, asked: Asked) -> Iterator[str]:
    contacts = list(client.contacts.all())
    yield from _shared([client.email.lower(), *(mail for one in contacts for mail in one.emails)], asked.emails)
    numbers = [number for _, number in client.reach] + [number for one in contacts for number in one.phones]
    yield from (display_phone(number) for number in _shared(numbers, asked.phones))
    codes = _shared((address.postcode for address in client.addresses.all()), asked.postcodes)
    if codes and asked.name and normalise(asked.name) in _names(client):
        yield f"même nom, {codes[0]}"


def _names(client: Client) -> Sequence[str]:
    person = normalise(f"{client.last_name} {client.first_name}")
    return [name for name in (person, normalise(client.company_name)) if name]


def _shared(held: Iterable[str], asked: frozenset[str]) -> list[str]:
    return [value for value in dict.fromkeys(held) if value and value in asked]
