"""The countries that an address or a birth usually names: ISO's two letters, the French name, INSEE's code.

A code that is not certain stays empty: URSSAF would take a wrong one for an answer.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from extrabat.lib.text import normalise


@dataclass(frozen=True, slots=True)
class Country:
    """`code` is INSEE's (99xxx), empty when we do not know it."""

    iso: str
    name: str
    code: str = ""


FRANCE: Final = Country("FR", "France", "99100")
COUNTRIES: Final = (
    FRANCE,
    Country("ZA", "Afrique du Sud"),
    Country("DZ", "Algérie", "99352"),
    Country("DE", "Allemagne", "99109"),
    Country("AD", "Andorre"),
    Country("AR", "Argentine"),
    Country("AU", "Australie"),
    Country("AT", "Autriche"),
    Country("BE", "Belgique", "99131"),
    Country("BR", "Brésil"),
    Country("BG", "Bulgarie"),
    Country("CM", "Cameroun"),
    Country("CA", "Canada"),
    Country("CN", "Chine"),
    Country("CY", "Chypre"),
    Country("CI", "Côte d’Ivoire"),
    Country("HR", "Croatie"),
    Country("DK", "Danemark"),
    Country("EG", "Égypte"),
    Country("AE", "Émirats arabes unis"),
    Country("ES", "Espagne", "99134"),
    Country("EE", "Estonie"),
    Country("US", "États-Unis", "99404"),
    Country("FI", "Finlande"),
    Country("GR", "Grèce"),
    Country("HU", "Hongrie"),
    Country("IN", "Inde"),
    Country("IE", "Irlande"),
    Country("IS", "Islande"),
    Country("IL", "Israël"),
    Country("IT", "Italie", "99127"),
    Country("JP", "Japon"),
    Country("LV", "Lettonie"),
    Country("LB", "Liban"),
    Country("LI", "Liechtenstein"),
    Country("LT", "Lituanie"),
    Country("LU", "Luxembourg"),
    Country("MG", "Madagascar"),
    Country("MT", "Malte"),
    Country("MA", "Maroc", "99350"),
    Country("MU", "Maurice"),
    Country("MC", "Monaco"),
    Country("NO", "Norvège"),
    Country("NL", "Pays-Bas"),
    Country("PL", "Pologne"),
    Country("PT", "Portugal", "99139"),
    Country("RO", "Roumanie"),
    Country("GB", "Royaume-Uni"),
    Country("RU", "Russie"),
    Country("SN", "Sénégal"),
    Country("RS", "Serbie"),
    Country("SK", "Slovaquie"),
    Country("SI", "Slovénie"),
    Country("SE", "Suède"),
    Country("CH", "Suisse", "99140"),
    Country("CZ", "Tchéquie"),
    Country("TN", "Tunisie", "99351"),
    Country("TR", "Turquie"),
    Country("UA", "Ukraine"),
    Country("VN", "Viêt Nam"),
)


def country(iso: str) -> Country | None:
    """The country of ISO's two letters, in either case."""
    return _by_iso().get(iso.strip().upper())


def by_name(text: str) -> Country | None:
    """The country of a French name, whatever its accents, case and signs."""
    return _by_name().get(normalise(text))


def choices() -> list[tuple[str, str]]:
    """For a list of choices: France first, then by name, É among the E."""
    others = sorted((one for one in COUNTRIES if one is not FRANCE), key=lambda one: normalise(one.name))
    return [(one.iso, one.name) for one in (FRANCE, *others)]


@cache
def _by_iso() -> dict[str, Country]:
    return {one.iso: one for one in COUNTRIES}


@cache
def _by_name() -> dict[str, Country]:
    return {normalise(one.name): one for one in COUNTRIES}
