"""Ouvrages of the demo, the equipment in them, and what is still to do about their owners."""

from datetime import date, timedelta
from typing import Final

from django.utils.timezone import localdate

from clients.demo.records import Maker, Record
from clients.models import Equipment, FollowUp, Installation

WORKS: Final = (
    ("Piscine 8 × 4 m", ("Pompe de filtration", "Électrolyseur", "Volet roulant")),
    ("Piscine 10 × 5 m à débordement", ("Pompe de filtration", "Pompe à chaleur", "Régulation pH", "Robot")),
    ("Spa de nage", ("Pompe de circulation", "Réchauffeur")),
    ("Poêle à granulés du salon", ("Poêle", "Conduit", "Silo")),
    ("Pompe à chaleur air/eau", ("Unité extérieure", "Ballon")),
    ("Climatisation de l’étage", ("Unité extérieure", "Unité murale", "Unité murale")),
)
# Nobody's marks.
BRANDS: Final = ("Thermeau", "Aquavive", "Braséa", "Nordflux", "Clairbassin")
TO_DO: Final = (
    "Rappeler pour le devis de l’abri",
    "Envoyer l’attestation d’entretien",
    "Demander les plans à l’architecte",
    "Confirmer la date de remise en route",
    "Vérifier l’accès de la pelle",
)


def works(maker: Maker, record: Record) -> None:
    """One ouvrage or two, with its equipment; now and then something to do."""
    chance = maker.chance
    for name, pieces in chance.sample(WORKS, chance.choice((1, 1, 1, 2))):
        built = Installation(name=name, address=record.addresses[-1] if record.addresses else None)
        record.installations.append((built, [_piece(maker, label) for label in pieces]))
    if chance.random() < 0.3:
        person = chance.choice(maker.tables.people)
        day = localdate() + timedelta(days=chance.randint(-12, 40))
        record.follow_ups.append(
            FollowUp(text=chance.choice(TO_DO), alert_on=day, assigned_to=person, created_by=person)
        )


def _piece(maker: Maker, label: str) -> Equipment:
    chance = maker.chance
    since = date(2014, 3, 1) + timedelta(days=chance.randint(0, 4500))
    brand = chance.choice(BRANDS)
    return Equipment(
        label=label,
        brand=brand,
        model=f"{brand[:2].upper()}-{chance.randint(2, 99)}",
        serial=f"{chance.randint(10, 99)}{brand[:1].upper()}{chance.randint(100_000, 999_999)}",
        commissioned_on=since,
        warranty_end_on=since + timedelta(days=730 if chance.random() < 0.6 else 1825),
    )
