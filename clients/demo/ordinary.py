"""The many: ordinary people and invented companies, each with a likely share of all that a record may hold."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from stdnum import luhn

from clients.demo import names
from clients.demo.places import AROUND, COMPLEMENTS, DIRECTIONS, WAYS, Place, place
from clients.demo.records import Maker, Record
from clients.demo.tables import DOG, FILLED, POOL, POOLS, VOLUME
from clients.models import Channel, Consent
from extrabat.lib.identifiers import vat_of
from extrabat.lib.text import normalise

State, Source = Consent.State, Consent.Source
# Of a hundred clients.
STATUSES: Final = {
    "Prospect": 20,
    "Devis en cours": 18,
    "Client": 40,
    "En cours de chantier": 12,
    "Client archivé": 7,
    "Corbeille": 3,
}


def ordinary(maker: Maker, how_many: int, before: Sequence[Record]) -> Iterator[Record]:
    """One in four is a company; some were sent by one of those `before`."""
    firms = [(trade, nowhere) for nowhere in names.NOWHERE for trade in names.TRADES]
    maker.chance.shuffle(firms)
    for number in range(how_many):
        record = _company(maker, number, *firms[number // 4]) if number % 4 == 3 else _person(maker, number)
        _address_book(maker, record)
        fill(maker, record)
        _commerce(maker, record, number)
        if maker.chance.random() < 0.06:
            _refer(maker, record, before)
        yield record


def _status(maker: Maker) -> str:
    return maker.chance.choices(list(STATUSES), list(STATUSES.values()))[0]


def _person(maker: Maker, number: int) -> Record:
    chance = maker.chance
    civility = chance.choices(("Mme", "M.", "M. et Mme", "Indivision"), (42, 42, 13, 3))[0]
    woman, man = chance.choice(names.WOMEN), chance.choice(names.MEN)
    first = {"Mme": woman, "M.": man, "M. et Mme": f"{woman} et {man}", "Indivision": ""}[civility]
    last = chance.choice(names.SURNAMES)
    if chance.random() < 0.06:
        last = f"{last}-{chance.choice(names.SURNAMES)}"
    mailbox = normalise(f"{first.split(' ')[0]} {last}").strip().replace(" ", ".")
    return maker.client(
        civility,
        _status(maker),
        last_name=last,
        first_name=first,
        email=f"{mailbox}.{number}@exemple.fr" if chance.random() < 0.85 else "",
        mobile_1=f"+3363998{1000 + number:04d}" if chance.random() < 0.9 else "",
        mobile_2=f"+3363998{2000 + number:04d}" if civility == "M. et Mme" else "",
        phone_1=f"+3319900{1000 + number:04d}" if chance.random() < 0.3 else "",
        social_category_id=chance.choice(maker.tables.categories).pk if chance.random() < 0.5 else None,
    )


def _company(maker: Maker, number: int, trade: tuple[str, tuple[str, ...]], nowhere: str) -> Record:
    chance = maker.chance
    title, civilities = trade
    siret = siret_of(number)
    record = maker.client(
        chance.choice(civilities),
        _status(maker),
        company_name=title.format(nowhere),
        email=f"accueil.{number}@{normalise(nowhere).strip()}.exemple.fr" if chance.random() < 0.9 else "",
        mobile_1=f"+3363998{1000 + number:04d}" if chance.random() < 0.6 else "",
        phone_1=f"+3319900{1000 + number:04d}" if chance.random() < 0.85 else "",
        siret=siret,
        vat_number=vat_of(siret) if chance.random() < 0.7 else "",
        client_type_id=maker.tables.client_types["Partenaire" if number % 5 == 0 else "Client"].pk,
    )
    for _ in range(chance.randint(0, 3)):
        _somebody(maker, record, job_title=chance.choice(names.JOBS))
    return record


def siret_of(number: int) -> str:
    """A SIRET with right keys; no company's number begins with three zeros and two nines."""
    siren = f"00099{number:03d}"
    siren += luhn.calc_check_digit(siren)
    office = f"{siren}0001"
    return office + luhn.calc_check_digit(office)


def _address_book(maker: Maker, record: Record) -> None:
    """Where to write to, and for some where one builds, sends invoices and delivers."""
    chance = maker.chance
    if chance.random() < 0.04:
        return
    home = place(chance.choice(AROUND)[0])
    _put(maker, record, "correspondance", home)
    for kind, share in (("chantier", 0.25), ("facturation", 0.12), ("livraison", 0.06), ("chantier", 0.04)):
        if chance.random() < share:
            _put(maker, record, kind, place(chance.choice(AROUND)[0]))


def _put(maker: Maker, record: Record, kind: str, town: Place) -> None:
    chance = maker.chance
    address = maker.address(
        record,
        kind,
        town,
        number=str(chance.randint(1, 240)) + (" bis" if chance.random() < 0.05 else ""),
        street=chance.choice(WAYS),
        complement=chance.choice(COMPLEMENTS) if chance.random() < 0.12 else "",
        directions=chance.choice(DIRECTIONS) if chance.random() < 0.15 else "",
    )
    if chance.random() < 0.75:
        address.latitude, address.longitude = town.near(chance)


def _somebody(maker: Maker, record: Record, job_title: str = "") -> None:
    chance = maker.chance
    woman = chance.random() < 0.5
    maker.contact(
        record,
        "Mme" if woman else "M.",
        chance.choice(names.WOMEN if woman else names.MEN),
        chance.choice(names.SURNAMES),
        job_title=job_title,
    )


def fill(maker: Maker, record: Record) -> None:
    """What anybody's record may hold: contacts, answers, consents, notes, a colour."""
    chance = maker.chance
    if not record.client.is_professional and chance.random() < 0.2:
        _somebody(maker, record)
    if chance.random() < 0.4:
        _pool(maker, record)
    _consents(maker, record)
    for _ in range(chance.choices((0, 1, 2, 5), (50, 30, 15, 5))[0]):
        maker.note(record, chance.choice(names.NOTES))
    if chance.random() < 0.2:
        record.client.colour = chance.choice(maker.tables.colours)
    if chance.random() < 0.15:
        record.client.observation = chance.choice(names.OBSERVATIONS)


def _pool(maker: Maker, record: Record) -> None:
    chance = maker.chance
    maker.answer(record, POOL, chance.choice(POOLS))
    maker.answer(record, VOLUME, str(chance.choice(("28", "36", "45", "52.5", "64", "120"))))
    if not record.client.is_professional:
        maker.answer(record, FILLED, str(date(2004, 4, 1) + timedelta(days=chance.randint(0, 7900))))
        if chance.random() < 0.5:
            maker.answer(record, DOG, True)


def _consents(maker: Maker, record: Record) -> None:
    chance = maker.chance
    if chance.random() < 0.5:
        maker.consent(record, Channel.SMS, State.ACCEPTED, Source.OFFICE)
    if record.client.email and chance.random() < 0.5:
        maker.consent(record, Channel.EMAIL, State.ACCEPTED, Source.OFFICE)
    elif record.client.email and chance.random() < 0.1:
        maker.consent(record, Channel.EMAIL, State.REFUSED, Source.RECIPIENT)


def _commerce(maker: Maker, record: Record, number: int) -> None:
    client, chance = record.client, maker.chance
    if chance.random() < 0.25:
        client.code = f"C{number:05d}"
    if chance.random() < 0.15:
        client.grouping_id = chance.choice(maker.tables.groupings).pk
    if client.is_professional and chance.random() < 0.3:
        client.price_list_id = maker.tables.price_lists[0].pk
    elif chance.random() < 0.05:
        client.discount_percent = Decimal(chance.choice(("2.50", "5.00", "10.00")))


def _refer(maker: Maker, record: Record, before: Sequence[Record]) -> None:
    client, chance = record.client, maker.chance
    client.is_referred = True
    client.referral_amount = Decimal(chance.randint(500, 32_000))
    if chance.random() < 0.7:
        record.referrer = chance.choice(before)
    else:
        client.referrer_name = f"{chance.choice(names.MEN)} {chance.choice(names.SURNAMES)}"
