"""Demo clients: forty invented people and companies of the Luberon, the awkward ones among them."""

import random

from clients.models import Address, Client, Kind
from settings_app.reference.models import AddressType, Civility, Language, Origin, Status
from settings_app.users.models import User

TOWNS = [
    ("84120", "Pertuis"),
    ("84240", "La Tour-d’Aigues"),
    ("84160", "Cucuron"),
    ("84360", "Lauris"),
    ("84480", "Bonnieux"),
    ("84240", "Ansouis"),
    ("84530", "Villelaure"),
    ("84160", "Cadenet"),
    ("04100", "Manosque"),
    ("13100", "Aix-en-Provence"),
]
STREETS = [
    "route de Grambois",
    "chemin des Amandiers",
    "rue de la Fontaine",
    "avenue du Luberon",
    "impasse des Cigales",
]
PEOPLE = [
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
]
COMPANIES = [
    ("SCI", "SCI Les Lavandes"),
    ("Mairie/Collectivité", "Mairie de Villelaure"),
    ("SARL", "Camping La Garrigue"),
    ("Copropriété", "Copropriété Le Parc des Oliviers"),
    ("SAS", "Hôtel du Grand Cèdre"),
    ("Association", "Club nautique du Val de Durance"),
    ("EURL", "Gîtes de l’Aiguebrun"),
    ("SARL", "Domaine viticole de la Bastide Haute et des Terres Rouges du Luberon Oriental"),
]
LONGEST = (
    "Indivision",
    "de Montgolfier-Saint-Exupéry de la Tour du Pin Chambly-Lacharce",
    "Marie-Antoinette Joséphine",
)


def load(using: str) -> None:
    if Client.objects.using(using).exists():
        return
    chance = random.Random(20261124)  # noqa: S311  # the same demo every time
    civilities = {c.label: c for c in Civility.objects.using(using)}
    statuses = {s.label: s for s in Status.objects.using(using)}
    kinds = {kind.code: kind for kind in AddressType.objects.using(using)}
    origins = list(Origin.objects.using(using))
    french = Language.objects.using(using).get(code="fr")
    people = list(User.objects.using(using).filter(is_demo=True))
    living = [statuses[label] for label in ("Prospect", "Devis en cours", "Client", "En cours de chantier")]
    individuals = [(civilities[c], last, first, "") for c, last, first in [*PEOPLE, LONGEST]]
    companies = [(civilities[c], "", "", name) for c, name in COMPANIES]
    for number, (civility, last, first, company) in enumerate([*individuals, *companies]):
        slug = f"client{number + 1:02d}"
        client = Client(
            kind=Kind.PROFESSIONAL if civility.is_professional else Kind.INDIVIDUAL,
            civility_id=civility.pk,
            last_name=last,
            first_name=first,
            company_name=company,
            email="" if number % 9 == 4 else f"{slug}@exemple.fr",
            mobile_1="" if number % 7 == 5 else f"+3363998{100 + number:04d}",
            phone_1=f"+3319900{200 + number:04d}" if number % 3 == 0 else "",
            status_id=chance.choice(living).pk,
            followed_by_id=chance.choice(people).pk,
            origin_id=chance.choice(origins).pk,
            language_id=french.pk,
        )
        client.save(using=using)
        if number % 11 == 10:
            continue
        postcode, city = TOWNS[number % len(TOWNS)]
        Address(
            client_id=client.pk,
            type_id=kinds["correspondance"].pk,
            is_default=True,
            street=f"{chance.randint(1, 240)} {chance.choice(STREETS)}",
            postcode=postcode,
            city=city,
            directions="Portail vert après le canal, code 2580. Chien." if number % 5 == 0 else "",
        ).save(using=using)
