"""The ugliest records that a real file holds: whoever draws a screen looks at it with these."""

from collections.abc import Iterator
from typing import Final

from clients.demo import names
from clients.demo.places import AROUND, DIRECTIONS, place
from clients.demo.records import Maker, Record
from clients.models import Channel, Consent

# 120 letters, as many as the column takes, and no place to break a line.
UNBREAKABLE: Final = "Grandchampsurlavieillere" * 5
LONG_EMAIL: Final = (
    "une-adresse-que-personne-ne-recopie-sans-faute-au-telephone"
    "@service.entretien.des.piscines.et.des.poeles.du.grand.luberon.oriental.exemple.fr"
)
LONG_STORY: Final = "\n".join(
    f"{number}. Passage du technicien\u00a0: filtre nettoyé, pH corrigé, électrolyseur contrôlé, niveau refait."
    for number in range(1, 41)
)


def awkward(maker: Maker) -> Iterator[Record]:
    yield from _names(maker)
    yield from _places(maker)
    yield _nothing(maker)
    yield _nine_addresses(maker)
    yield _twelve_contacts(maker)
    yield _long_texts(maker)
    yield from _blocked(maker)
    yield from _namesakes(maker)


def _names(maker: Maker) -> Iterator[Record]:
    """Names that break a line, a tag, a sort or an assumption."""
    home = place("84089")
    for number, (civility, last, first) in enumerate(
        (
            ("M.", UNBREAKABLE, "Anselme"),
            ("Mme", "<b>Gras</b>", "Lucienne"),
            ("M.", "DUPRÉ DE LA TOURRETTE", "JEAN-MARC"),
            ("Mme", "O", "Ly"),
            ("M.", "Ó Súilleabháin", "Pádraig"),
            ("Mme", "Παπαδοπούλου", "Ελένη"),
            ("M.", "d'Aubenas", "Éloi"),
        )
    ):
        record = maker.client(
            civility,
            last_name=last,
            first_name=first,
            email=f"nom{number}@exemple.fr",
            mobile_1=f"+3363998{500 + number:04d}",
        )
        maker.address(record, "correspondance", home, number=str(number + 1), street="place du Marché")
        yield record
    yield maker.client("SARL", company_name='"><script>alert(1)</script> & Fils', phone_1="+33199000500")


def _places(maker: Maker) -> Iterator[Record]:
    """A neighbour of each kind: Corsica, overseas, abroad."""
    far = (
        ("Mme", "Orsini", "Letizia", "2A004", "20000"),
        ("M.", "Casanova-Ferri", "Ange", "2B033", "20200"),
        ("Mme", "Hoareau", "Marie-Lise", "97415", "97460"),
    )
    for number, (civility, last, first, code, postcode) in enumerate(far):
        record = maker.client(civility, last_name=last, first_name=first, mobile_1=f"+3363998{520 + number:04d}")
        maker.address(record, "correspondance", place(code), number="7", street="rue du Port", postcode=postcode)
        yield record
    belgian = maker.client(
        "M. et Mme", last_name="Van den Bossche", first_name="Lieve et Koen", email="lieve@exemple.fr"
    )
    abroad = {"postcode": "4000", "city": "Liège", "country": "BE", "city_code": "", "country_code": "99131"}
    maker.address(belgian, "correspondance", place("84020"), number="12", street="quai de la Batte", **abroad)
    maker.address(belgian, "chantier", place("84020"), street="chemin des Amandiers", directions=DIRECTIONS[1])
    yield belgian


def _nothing(maker: Maker) -> Record:
    """A family name, and not one way to reach it."""
    return maker.client("M.", "Prospect", last_name="Rien")


def _nine_addresses(maker: Maker) -> Record:
    record = maker.client(
        "SCI", company_name="SCI Les Neuf Toits", email="neuf.toits@exemple.fr", phone_1="+33199000501"
    )
    kinds = ("correspondance", "facturation", "livraison", *(["chantier"] * 6))
    for number, kind in enumerate(kinds, start=1):
        town = place(AROUND[number * 3][0])
        latitude, longitude = town.near(maker.chance)
        maker.address(
            record,
            kind,
            town,
            number=str(number),
            street=f"allée du Toit n°{number}",
            latitude=latitude,
            longitude=longitude,
            directions=DIRECTIONS[number % len(DIRECTIONS)],
        )
    return record


def _twelve_contacts(maker: Maker) -> Record:
    record = maker.client("Copropriété", company_name="Copropriété Le Grand Conseil", phone_1="+33199000502")
    maker.address(record, "correspondance", place("04112"), number="1", street="place du Conseil")
    for number in range(12):
        woman = number % 2 == 0
        maker.contact(
            record,
            "Mme" if woman else "M.",
            names.WOMEN[number * 4] if woman else names.MEN[number * 4],
            names.SURNAMES[number * 9],
            job_title=names.JOBS[number % len(names.JOBS)],
            **({"emails": [], "phones": []} if number == 5 else {}),
        )
    # One of them has every address that there is.
    record.contacts[1].emails = [f"conseil.{number}@exemple.fr" for number in range(1, 6)]
    record.contacts[1].phones = [f"+3363998{540 + number:04d}" for number in range(4)]
    return record


def _long_texts(maker: Maker) -> Record:
    record = maker.client(
        "Mme",
        last_name="Longuet",
        first_name="Prudence",
        email=LONG_EMAIL,
        mobile_1="+33639980530",
        mobile_2="+33639980531",
        phone_1="+33199000503",
        phone_2="+33199000504",
        observation=LONG_STORY,
        colour=maker.tables.colours[2],
    )
    maker.address(
        record,
        "correspondance",
        place("84133"),
        number="999 quater",
        street="ancien chemin vicinal ordinaire de la Bastide des Jourdans à Grambois par le Vallon de Roumagoua",
        complement="Bâtiment des Micocouliers, escalier C, quatrième étage gauche, porte après le local à vélos",
        directions=" ".join(DIRECTIONS * 3),
    )
    for channel in Channel:
        maker.consent(record, channel, Consent.State.ACCEPTED, Consent.Source.OFFICE)
    maker.consent(record, Channel.EMAIL, Consent.State.REFUSED, Consent.Source.RECIPIENT)
    for _ in range(30):
        maker.note(record, maker.chance.choice(names.NOTES))
    return record


def _blocked(maker: Maker) -> Iterator[Record]:
    reasons = (
        ("SARL", "", "Camping Roubinolle", "Deux factures impayées depuis mars, chez l’huissier. Rien sans acompte."),
        ("M.", "Tournecoste", "", "Litige sur la margelle, attendre l’expertise."),
    )
    for number, (civility, last, company, reason) in enumerate(reasons):
        record = maker.client(
            civility,
            last_name=last,
            company_name=company,
            mobile_1=f"+3363998{550 + number:04d}",
            is_blocked=True,
            finance_comment=reason,
            code=f"BLOQ-{number + 1}",
        )
        maker.address(record, "correspondance", place("84035"), number="3", street="chemin du Moulin")
        yield record


def _namesakes(maker: Maker) -> Iterator[Record]:
    """Father and son in one house, and a stranger of the same name."""
    for number, code in enumerate(("84003", "84003", "26220")):
        record = maker.client("M.", last_name="Martin", first_name="Jean", mobile_1=f"+3363998{560 + number:04d}")
        maker.address(record, "correspondance", place(code), number="22", street="rue de la Fontaine")
        yield record
