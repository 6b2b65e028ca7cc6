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
    Country("ZA", "Afrique du Sud", "99303"),
    Country("DZ", "Algérie", "99352"),
    Country("DE", "Allemagne", "99109"),
    Country("AD", "Andorre", "99130"),
    Country("AR", "Argentine", "99415"),
    Country("AU", "Australie", "99501"),
    Country("AT", "Autriche", "99110"),
    Country("BE", "Belgique", "99131"),
    Country("BR", "Brésil", "99416"),
    Country("BG", "Bulgarie", "99111"),
    Country("CM", "Cameroun", "99322"),
    Country("CA", "Canada", "99401"),
    Country("CN", "Chine", "99216"),
    Country("CY", "Chypre", "99254"),
    Country("CI", "Côte d’Ivoire", "99326"),
    Country("HR", "Croatie", "99119"),
    Country("DK", "Danemark", "99101"),
    Country("EG", "Égypte", "99301"),
    Country("AE", "Émirats arabes unis", "99247"),
    Country("ES", "Espagne", "99134"),
    Country("EE", "Estonie", "99106"),
    Country("US", "États-Unis", "99404"),
    Country("FI", "Finlande", "99105"),
    Country("GR", "Grèce", "99126"),
    Country("HU", "Hongrie", "99112"),
    Country("IN", "Inde", "99223"),
    Country("IE", "Irlande", "99136"),
    Country("IS", "Islande", "99102"),
    Country("IL", "Israël", "99207"),
    Country("IT", "Italie", "99127"),
    Country("JP", "Japon", "99217"),
    Country("LV", "Lettonie", "99107"),
    Country("LB", "Liban", "99205"),
    Country("LI", "Liechtenstein", "99113"),
    Country("LT", "Lituanie", "99108"),
    Country("LU", "Luxembourg", "99137"),
    Country("MG", "Madagascar", "99333"),
    Country("MT", "Malte", "99144"),
    Country("MA", "Maroc", "99350"),
    Country("MU", "Maurice", "99390"),
    Country("MC", "Monaco", "99138"),
    Country("NO", "Norvège", "99103"),
    Country("NL", "Pays-Bas", "99135"),
    Country("PL", "Pologne", "99122"),
    Country("PT", "Portugal", "99139"),
    Country("RO", "Roumanie", "99114"),
    Country("GB", "Royaume-Uni", "99132"),
    Country("RU", "Russie", "99123"),
    Country("SN", "Sénégal", "99341"),
    Country("RS", "Serbie", "99121"),
    Country("SK", "Slovaquie", "99117"),
    Country("SI", "Slovénie", "99145"),
    Country("SE", "Suède", "99104"),
    Country("CH", "Suisse", "99140"),
    Country("CZ", "Tchéquie", "99116"),
    Country("TN", "Tunisie", "99351"),
    Country("TR", "Turquie", "99208"),
    Country("UA", "Ukraine", "99155"),
    Country("VN", "Viêt Nam", "99243"),
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
