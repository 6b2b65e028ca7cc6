"""The 39 of the first hour: pictures and screens know them by their place (1 Hélène Fabre, 31 and 39 the longest)."""

from collections.abc import Iterator
from typing import Final

from clients.demo.ordinary import fill
from clients.demo.places import DIRECTIONS, place
from clients.demo.records import Maker, Record

TOWNS: Final = ("84089", "84133", "84042", "84065", "84020", "84002", "84147", "84026", "04112", "13001")
STREETS: Final = (
    "route de Grambois",
    "chemin des Amandiers",
    "rue de la Fontaine",
    "avenue du Luberon",
    "impasse des Cigales",
)
PEOPLE: Final = (
    ("Mme", "Fabre", "Hélène"),
    ("M.", "Benoît", "Lucas"),
    ("Mme", "Carbonnel", "Inès"),
    ("M.", "Nguyen", "Thierry"),
    ("M. et Mme", "Lefèvre", "Odile et Paul"),
    ("M.", "Da Silva", "Marco"),
    ("Mme", "Guérin", "Sylvie"),
    ("M.", "Barthélemy", "Yves"),
    ("Mme", "Roussel", "Amandine"),
    ("M.", "Pons", "Gabriel"),
    ("Mme", "Ollivier", "Anne"),
    ("M.", "O’Connor", "Liam"),
    ("Mme", "Šimková", "Jana"),
    ("M.", "Œuvrard", "Noël"),
    ("Mme", "El Khatib", "Samira"),
    ("M.", "Le Goff", "Yann"),
    ("Mme", "Dubois-Martin", "Marie-Cécile"),
    ("M.", "Dupont", "Jean"),
    ("Mme", "Dupond", "Jeanne"),
    ("M.", "D’Hérouville", "Aymeric"),
    ("Mme", "Żak", "Agnieszka"),
    ("M.", "Moreau", "Étienne"),
    ("Mme", "Ricard", "Colette"),
    ("M.", "Weiß", "Jürgen"),
    ("Mme", "Arnaud", "Zoé"),
    ("M.", "Chabert", "Rémi"),
    ("Mme", "Blanc", ""),
    ("M.", "Isnard", "Baptiste"),
    ("Mme", "Vidal", "Mégane"),
    ("M.", "Giraud", "Aurélien"),
)
COMPANIES: Final = (
    ("SCI", "SCI Les Lavandes"),
    ("Mairie/Collectivité", "Mairie de Villelaure"),
    ("SARL", "Camping La Garrigue"),
    ("Copropriété", "Copropriété Le Parc des Oliviers"),
    ("SAS", "Hôtel du Grand Cèdre"),
    ("Association", "Club nautique du Val de Durance"),
    ("EURL", "Gîtes de l’Aiguebrun"),
    ("SARL", "Domaine viticole de la Bastide Haute et des Terres Rouges du Luberon Oriental"),
)
LONGEST: Final = (
    "Indivision",
    "de Montgolfier-Saint-Exupéry de la Tour du Pin Chambly-Lacharce",
    "Marie-Antoinette Joséphine",
)
LIVING: Final = ("Prospect", "Devis en cours", "Client", "En cours de chantier")


def known(maker: Maker) -> Iterator[Record]:
    individuals = [(civility, last, first, "") for civility, last, first in (*PEOPLE, LONGEST)]
    companies = [(civility, "", "", name) for civility, name in COMPANIES]
    for number, (civility, last, first, company) in enumerate([*individuals, *companies]):
        record = maker.client(
            civility,
            maker.chance.choice(LIVING),
            last_name=last,
            first_name=first,
            company_name=company,
            email="" if number % 9 == 4 else f"client{number + 1:02d}@exemple.fr",
            mobile_1="" if number % 7 == 5 else f"+3363998{100 + number:04d}",
            phone_1=f"+3319900{200 + number:04d}" if number % 3 == 0 else "",
        )
        if number % 11 != 10:
            town = place(TOWNS[number % len(TOWNS)])
            latitude, longitude = town.near(maker.chance)
            maker.address(
                record,
                "correspondance",
                town,
                street=f"{maker.chance.randint(1, 240)} {maker.chance.choice(STREETS)}",
                directions=DIRECTIONS[0] if number % 5 == 0 else "",
                latitude=latitude,
                longitude=longitude,
            )
        fill(maker, record)
        yield record
