"""Where the demo's clients live: communes by INSEE's code, each with a point near its middle."""

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from clients.places.communes import by_code

# INSEE's code, latitude, longitude. Names and postal codes come from the table of communes.
AROUND: Final = (
    ("84089", 43.694, 5.502),
    ("84133", 43.729, 5.549),
    ("84042", 43.773, 5.438),
    ("84065", 43.748, 5.312),
    ("84020", 43.823, 5.307),
    ("84002", 43.738, 5.464),
    ("84147", 43.711, 5.437),
    ("84026", 43.735, 5.374),
    ("04112", 43.834, 5.786),
    ("13001", 43.529, 5.447),
    ("84007", 43.949, 4.806),
    ("84031", 44.055, 5.048),
    ("84035", 43.837, 5.038),
    ("84054", 43.919, 5.051),
    ("84003", 43.876, 5.396),
    ("84087", 44.137, 4.808),
    ("84137", 44.241, 5.069),
    ("84088", 43.998, 5.059),
    ("04088", 43.960, 5.781),
    ("04143", 43.917, 5.918),
    ("04197", 43.787, 5.769),
    ("04152", 43.811, 5.743),
    ("04094", 43.758, 5.885),
    ("04209", 44.196, 5.944),
    ("04070", 44.092, 6.236),
    ("04230", 43.837, 5.984),
    ("13103", 43.640, 5.097),
    ("13005", 43.293, 5.568),
    ("13055", 43.297, 5.381),
    ("26220", 44.361, 5.140),
    ("26198", 44.558, 4.750),
    ("26324", 44.349, 4.768),
    ("30351", 43.964, 4.797),
    ("30028", 44.162, 4.620),
    ("30334", 44.012, 4.420),
    ("30189", 43.837, 4.360),
)
FAR: Final = (
    ("2A004", 41.919, 8.739),
    ("2B033", 42.697, 9.451),
    ("97415", -21.010, 55.270),
)
WAYS: Final = (
    "route de la Combe",
    "chemin des Amandiers",
    "rue de la Fontaine",
    "avenue du Luberon",
    "impasse des Cigales",
    "chemin du Moulin",
    "rue de l’Église",
    "place du Marché",
    "allée des Micocouliers",
    "montée du Château",
    "chemin de la Bastide Neuve",
    "rue des Écoles",
    "traverse des Jardins",
    "boulevard de la République",
    "chemin du Vallon de l’Eau Vive",
    "lotissement Les Genévriers",
)
COMPLEMENTS: Final = ("Bâtiment B", "Résidence Les Pins, 2e étage", "Lieu-dit La Combe", "Lot 12", "Chez M. Vial")
DIRECTIONS: Final = (
    "Portail vert après le canal, code 2580. Chien.",
    "Deuxième à droite après la cave coopérative, la maison est au bout du chemin de terre.",
    "Le GPS se trompe\u00a0: prendre par la route du haut.",
    "Camion de plus de 3,5 t impossible, décharger sur la place.",
    "Sonner chez la gardienne. Local technique derrière le garage, clé sous contrôle de M. Vial.",
)


@dataclass(frozen=True)
class Place:
    """A commune, as the columns of an address have it."""

    code: str
    name: str
    postcode: str
    latitude: float
    longitude: float

    def near(self, chance: random.Random) -> tuple[Decimal, Decimal]:
        """A point some hundred metres from the middle."""
        return tuple(  # type: ignore[return-value]  # two of them
            Decimal(str(round(middle + chance.uniform(-0.006, 0.006), 6))) for middle in (self.latitude, self.longitude)
        )


def place(code: str) -> Place:
    for known, latitude, longitude in (*AROUND, *FAR):
        if known == code:
            found = by_code(code)
            if found is None:
                break
            return Place(code, found.name, found.postcodes[0], latitude, longitude)
    raise LookupError(f"no commune {code} for the demo")
