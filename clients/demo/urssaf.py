"""Clients concerned by URSSAF: six whose record is whole, three that lack something or break a rule."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from clients.demo.places import place
from clients.demo.records import FRANCE, Maker, Record
from clients.models import Enrolment

BIC: Final = "RIVAFRPP"
# Civility, name, first name, name at birth, day, town and department of birth, commune.
WHOLE: Final = (
    ("Mme", "Sauvan", "Mireille", "Gros", date(1951, 3, 8), "Apt", "084", "84003"),
    ("M.", "Tamisier", "Roger", "Tamisier", date(1948, 11, 2), "Digne-les-Bains", "004", "04070"),
    ("Mme", "Peironne", "Annie", "Lèbre", date(1960, 7, 14), "Ajaccio", "02A", "84089"),
    ("M.", "Vassal", "Étienne", "Vassal", date(1975, 1, 30), "Saint-Denis", "974", "84026"),
    ("Mme", "Chauvet-Rey", "Hélène", "Rey", date(1983, 9, 21), "Manosque", "004", "04112"),
    ("M.", "Delcourt", "Benoît", "Delcourt", date(1956, 5, 5), "", "", "84065"),
)
# Accounts of bank 99999, which is no bank's; their keys are right.
IBANS: Final = (
    "FR7699999841200000000137167",
    "FR7699999841200000000274228",
    "FR7699999841200000000411386",
    "FR7699999841200000000548447",
    "FR7699999841200000000685508",
    "FR7699999841200000000822666",
)
ADVANCES: Final = (Enrolment.ACCEPTED, Enrolment.PENDING, Enrolment.REFUSED, Enrolment.NONE)


def urssaf(maker: Maker) -> Iterator[Record]:
    yield from _whole(maker)
    yield from _incomplete(maker)


def _whole(maker: Maker) -> Iterator[Record]:
    for number, (civility, last, first, birth_name, born, town, department, commune) in enumerate(WHOLE):
        abroad = not town
        record = maker.client(
            civility,
            last_name=last,
            first_name=first,
            email=f"urssaf{number}@exemple.fr",
            mobile_1=f"+3363998{600 + number:04d}",
            is_urssaf=True,
            gender="F" if civility == "Mme" else "M",
            birth_name=birth_name,
            birth_date=born,
            birth_country="Belgique" if abroad else "France",
            birth_country_code="99131" if abroad else FRANCE,
            birth_city=town,
            birth_department=department,
            iban=IBANS[number],
            bic=BIC,
            account_holder=f"{first} {last}",
        )
        if number < len(ADVANCES):
            _advance(maker, record, ADVANCES[number])
        maker.address(record, "correspondance", place(commune), number=str(10 + number), street="rue de la Fontaine")
        yield record


def _advance(maker: Maker, record: Record, enrolment: Enrolment) -> None:
    client = record.client
    client.wants_advance = True
    client.service_nature_id = maker.tables.natures["Petit bricolage"].pk
    client.enrolment = enrolment
    if enrolment != Enrolment.NONE:
        client.enrolment_on = (maker.now - timedelta(days=30)).date()


def _incomplete(maker: Maker) -> Iterator[Record]:
    """Nothing but the box ticked; a couple, whom URSSAF cannot enrol; one without IBAN nor address."""
    yield maker.client("Mme", last_name="Coutelier", first_name="Suzanne", is_urssaf=True)
    couple = maker.client(
        "M. et Mme",
        last_name="Ollier",
        first_name="Josiane et Marcel",
        email="ollier@exemple.fr",
        mobile_1="+33639980610",
        is_urssaf=True,
        birth_name="Ollier",
        birth_country="France",
        birth_country_code=FRANCE,
    )
    maker.address(couple, "correspondance", place("84042"), street="4 rue des Écoles")
    yield couple
    yield maker.client(
        "M.",
        last_name="Pascalis",
        first_name="Norbert",
        mobile_1="+33639980611",
        is_urssaf=True,
        gender="M",
        birth_name="Pascalis",
        birth_date=date(1944, 8, 15),
        wants_advance=True,
        enrolment=Enrolment.PENDING,
    )
