"""A big company's clients, to measure with: invented, always the same, spread over France."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from clients.models import Address, Channel, Client, Consent, Contact, HistoryEntry, Kind
from extrabat.lib.copying import Copier
from settings_app.reference.models import AddressType, Civility, Colour, Language, Origin, Status
from settings_app.users.models import User

BATCH: Final = 10_000
SEED: Final = 20261125
# Surnames are syllables put together, some 9,000 of them, and for a third of the people those of everybody.
BEGINNINGS: Final = (
    *("Bar", "Bel", "Ber", "Bou", "Bri", "Cas", "Cha", "Che", "Col", "Cor", "Dal", "Del", "Dou", "Du", "Fau"),
    *("Fer", "Fon", "Gal", "Gar", "Gau", "Gui", "Jou", "La", "Lau", "Le", "Lom", "Mar", "Mer", "Mon", "Mou"),
    *("Pel", "Per", "Pou", "Ra", "Rou", "Sau", "Sé", "Ta", "Thé", "Val", "Ver", "Vil"),
)
MIDDLES: Final = ("ba", "be", "bi", "che", "co", "da", "gé", "la", "li", "man", "na", "ri", "ro", "sè", "ti", "va")
ENDINGS: Final = (
    "card",
    "chet",
    "din",
    "gne",
    "lat",
    "lier",
    "lon",
    "nard",
    "neau",
    "rel",
    "ret",
    "rin",
    "sson",
    "zac",
)
COMMON: Final = (
    *("Martin", "Bernard", "Dupont", "Dubois", "Durand", "Dupuis", "Dupré", "Duval", "Lefèvre", "Lefebvre"),
    *("Moreau", "Petit", "Girard", "Guérin", "Rousseau", "Müller", "Garcia", "Nguyen", "Da Silva", "Le Goff"),
)
FIRST_NAMES: Final = (
    *("Jean", "Marie", "Hélène", "Étienne", "Léa", "Noël", "Zoé", "Françoise", "Rémi", "Anaïs", "Jean-Pierre"),
    *("Marie-Claude", "Yann", "Inès", "Chloé", "Mégane", "Aurélien", "Gaël", "Odile", "Paul", "Sylvie", "Thierry"),
)
FIRMS: Final = ("Camping {}", "Hôtel {}", "SCI {}", "Copropriété {}", "Gîtes {}", "Domaine {}", "Maçonnerie {}")
WAYS: Final = ("rue de la Fontaine", "chemin du Moulin", "avenue de la Gare", "route de la Combe", "impasse des Lilas")
NOTE: Final = "A appelé, veut être rappelé demain\u00a0: {}."


class _Facts:
    """Read once: keys of the company's tables, communes, hours."""

    def __init__(self, using: str) -> None:
        # Late: the table of communes is a large one, and only this command wants all of it.
        from clients.places.communes import largest

        civilities = list(Civility.objects.using(using))
        self.civilities = {flag: [c.pk for c in civilities if c.is_professional is flag] for flag in (False, True)}
        self.statuses = [row.pk for row in Status.objects.using(using).filter(is_trash=False, is_restricted=False)]
        self.origins = list(Origin.objects.using(using).values_list("pk", flat=True))
        self.people: list[int | None] = list(User.objects.using(using).order_by("pk").values_list("pk", flat=True))
        self.people = self.people or [None]
        self.colours = list(Colour.objects.using(using).values_list("pk", flat=True))
        self.types = dict(AddressType.objects.using(using).values_list("code", "pk"))
        self.french = Language.objects.using(using).get(code="fr").pk
        # Some villages that a war destroyed are communes still, and get no post.
        self.communes = [commune for commune in largest(40_000) if commune.postcodes]
        self.now = timezone.now()


def load(copier: Copier, clients: int) -> None:
    """Two contacts and 1.3 addresses a client on average; a third has notes, half a consent."""
    facts = _Facts(copier.using)
    already = Client.objects.using(copier.using).count()
    chance = random.Random(SEED + already)  # noqa: S311  # the same rows every time
    for start in range(0, clients, BATCH):
        with transaction.atomic(using=copier.using):
            _write_batch(copier, facts, chance, range(start, min(start + BATCH, clients)))


def _write_batch(copier: Copier, facts: _Facts, chance: random.Random, numbers: Sequence[int]) -> None:
    clients: list[Client] = []
    children: dict[type, list[Any]] = {Address: [], Contact: [], HistoryEntry: [], Consent: []}
    for number in numbers:
        client = _client(facts, chance, number)
        clients.append(client)
        for row in _children(facts, chance, client, number):
            children[type(row)].append((client, row))
    copier.give_keys(clients)
    copier.write(clients)
    for pairs in children.values():
        for client, row in pairs:
            row.client_id = client.pk
        copier.write([row for _, row in pairs])


def _surname(chance: random.Random) -> str:
    if chance.random() < 0.35:
        return chance.choice(COMMON)
    name = chance.choice(BEGINNINGS) + chance.choice(MIDDLES) + chance.choice(ENDINGS)
    draw = chance.random()
    if draw < 0.04:
        return f"{name}-{chance.choice(COMMON)}"
    return f"de {name}" if draw < 0.06 else name


def _mobile(number: int) -> str:
    # Ten thousand numbers are nobody's; the company's clients share them.
    return f"+3363998{number % 10_000:04d}"


def _client(facts: _Facts, chance: random.Random, number: int) -> Client:
    firm = chance.random() < 0.2
    surname = _surname(chance)
    created = facts.now - timedelta(minutes=chance.randint(1000, 5_000_000))
    return Client(
        kind=Kind.PROFESSIONAL if firm else Kind.INDIVIDUAL,
        civility_id=chance.choice(facts.civilities[firm]),
        last_name="" if firm else surname,
        first_name="" if firm else chance.choice(FIRST_NAMES),
        company_name=chance.choice(FIRMS).format(surname) if firm else "",
        email=f"client.{number}@exemple.fr" if chance.random() < 0.8 else "",
        mobile_1=_mobile(number) if chance.random() < 0.85 else "",
        phone_1=f"+3319900{number % 10_000:04d}" if chance.random() < 0.4 else "",
        status_id=chance.choice(facts.statuses),
        followed_by_id=chance.choice(facts.people),
        origin_id=chance.choice(facts.origins),
        language_id=facts.french,
        colour_id=chance.choice(facts.colours) if chance.random() < 0.2 else None,
        created_at=created,
        updated_at=_since(facts, chance, created),
    )


def _since(facts: _Facts, chance: random.Random, past: datetime) -> datetime:
    return past + (facts.now - past) * chance.random()


def _children(
    facts: _Facts, chance: random.Random, client: Client, number: int
) -> Iterator[Address | Contact | HistoryEntry | Consent]:
    for kind, share in (("correspondance", 0.97), ("chantier", 0.25), ("facturation", 0.08)):
        if chance.random() < share:
            yield _address(facts, chance, kind)
    since = partial(_since, facts, chance, client.created_at)
    for rank in range(chance.choices((0, 1, 2, 3, 4, 6), (10, 30, 30, 18, 8, 4))[0]):
        yield Contact(
            last_name=_surname(chance),
            first_name=chance.choice(FIRST_NAMES),
            emails=[f"contact.{number}.{rank}@exemple.fr"],
            phones=[_mobile(number * 7 + rank)],
            is_main=rank == 0,
        )
    if chance.random() < 0.3:
        for _ in range(chance.randint(1, 3)):
            text = NOTE.format(chance.choice(WAYS))
            yield HistoryEntry(kind="note", text=text, at=since(), by_id=chance.choice(facts.people))
    if chance.random() < 0.5:
        said = {"state": Consent.State.ACCEPTED, "source": Consent.Source.OFFICE}
        yield Consent(channel=Channel.SMS, at=since(), by_id=client.followed_by_id, **said)


def _address(facts: _Facts, chance: random.Random, kind: str) -> Address:
    # The table begins with the most populated: most clients live in one of its first thousands.
    commune = facts.communes[int(len(facts.communes) * chance.random() ** 3)]
    return Address(
        type_id=facts.types[kind],
        is_default=True,
        number=str(chance.randint(1, 250)),
        street=chance.choice(WAYS),
        postcode=chance.choice(commune.postcodes),
        city=commune.name,
        city_code=commune.code,
        country_code="99100",
    )
