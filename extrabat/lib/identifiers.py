"""What identifies a company, an account and a place: read as people type it, kept bare, shown in groups."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from schwifty import BIC, IBAN
from schwifty.exceptions import InvalidBBANChecksum, InvalidChecksumDigits, SchwiftyException
from stdnum import luhn
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siret as stdnum_siret

_NBSP: Final = "\u00a0"
# What stands for the hidden part of a number.
MASK: Final = "••••"
_INVISIBLE: Final = re.compile(r"[\u200B-\u200F\u202A-\u202E\u2060\uFEFF]")
_PUNCTUATION: Final = re.compile(r"[\s.\-\u2010-\u2015\u2212]")
_DIGITS: Final = re.compile(r"[0-9]+")
_BARE: Final = re.compile(r"[0-9A-Z]+")

_WRONG_SIGN: Final = "Un SIREN ou un SIRET ne contient que des chiffres."
_WRONG_VAT: Final = f"Ce numéro de TVA n’existe pas{_NBSP}: écrivez par exemple FR03552081317."
_WRONG_VAT_KEY: Final = f"Ce numéro de TVA n’existe pas{_NBSP}: sa clé de contrôle est fausse."
_SAP: Final = re.compile(r"SAP/?([0-9]{9})")
_WRONG_SAP: Final = (
    f"Un numéro SAP s’écrit SAP et neuf chiffres, par exemple SAP552081317{_NBSP}; un SIRET convient aussi."
)
_WRONG_IBAN: Final = f"Cet IBAN n’existe pas{_NBSP}: il commence par un pays et deux chiffres, par exemple FR76."
_WRONG_BIC: Final = f"Ce BIC n’existe pas{_NBSP}: il a 8 ou 11 signes, par exemple AGRIFRPP."

_STEP: Final = Decimal("0.000001")
_DECIMAL_DEGREES: Final = re.compile(r"(?P<sign>[+\-−]?)\s*(?P<degrees>[0-9]{1,3}(?:[.,][0-9]{1,15})?)\s*°?")
_SEXAGESIMAL: Final = re.compile(
    r"(?P<sign>[+\-−]?)\s*(?P<degrees>[0-9]{1,3})\s*°"
    r"(?:\s*(?P<minutes>[0-9]{1,2}(?:[.,][0-9]{1,10})?)\s*['’′])?"
    r"(?:\s*(?P<seconds>[0-9]{1,2}(?:[.,][0-9]{1,10})?)\s*(?:[\"”″]|''|’’|′′))?"
)
_SIDE: Final = re.compile(r"\s*(?P<side>[NSEWO])\Z", re.IGNORECASE)
# O is the French West (ouest).
_NEGATIVE_SIDES: Final = frozenset("SWO")


def _bare(text: str) -> str:
    return _PUNCTUATION.sub("", _INVISIBLE.sub("", text)).upper()


def parse_siret(text: str) -> str:
    """Read a SIREN (9 digits) or a SIRET (14) and give its digits; raises ValueError with a French message.

    The establishments of La Poste (356000000) have a key of their own, which python-stdnum knows.
    """
    bare = _bare(text)
    if not bare:
        raise ValueError("Indiquez un SIREN ou un SIRET.")
    if not _DIGITS.fullmatch(bare):
        raise ValueError(_WRONG_SIGN)
    if len(bare) not in {9, 14}:
        raise ValueError(f"Un SIREN a 9 chiffres, un SIRET 14{_NBSP}: celui-ci en a {len(bare)}.")
    right = stdnum_siret.is_valid(bare) if len(bare) == 14 else luhn.is_valid(bare)
    # Zeros alone pass Luhn, and no company has that number.
    if not right or not int(bare[:9]):
        name = "SIRET" if len(bare) == 14 else "SIREN"
        raise ValueError(f"Ce {name} n’existe pas{_NBSP}: sa clé de contrôle est fausse.")
    return bare


def parse_sap(text: str) -> str:
    """Read the number of a provider of services à la personne, as URSSAF takes it: "SAP552081317" or a SIRET.

    Only the form of the first is checked. Raises ValueError with a French message.
    """
    bare = _bare(text)
    if bare.isdecimal() and len(bare) == 14:
        return parse_siret(bare)
    match = _SAP.fullmatch(bare)
    if match is None:
        raise ValueError(_WRONG_SAP)
    return f"SAP{match[1]}"


def siren_of(siret: str) -> str:
    """Give the company of an establishment: the first 9 digits."""
    return siret[:9]


def display_siret(siret: str) -> str:
    """Write "552 081 317 00013" with no-break spaces; what is neither a SIREN nor a SIRET comes back as it is."""
    if not re.fullmatch(r"[0-9]{9}(?:[0-9]{5})?", siret):
        return siret
    return _NBSP.join(part for part in (siret[:3], siret[3:6], siret[6:9], siret[9:]) if part)


def vat_of(siren: str) -> str:
    """Give the French VAT number of a company; a SIRET will do. Raises ValueError for anything shorter."""
    company = siren_of(siren)
    if not re.fullmatch(r"[0-9]{9}", company):
        raise ValueError("a SIREN of 9 digits is needed")
    return f"FR{(12 + 3 * (int(company) % 97)) % 97:02d}{company}"


def parse_vat(text: str) -> str:
    """Read a VAT number of the European Union, its country first; raises ValueError with a French message.

    The key is checked as each country does. Whether the number is in use, only the VIES service can tell.
    """
    bare = _bare(text)
    if not bare:
        raise ValueError("Indiquez un numéro de TVA.")
    if re.fullmatch(r"FR[0-9]{11}", bare) and not vat.is_valid(bare):
        raise ValueError(_WRONG_VAT_KEY)
    if not _BARE.fullmatch(bare):
        raise ValueError(_WRONG_VAT)
    try:
        return vat.validate(bare)
    except ValidationError:
        raise ValueError(_WRONG_VAT) from None


def parse_iban(text: str) -> str:
    """Read an IBAN, its key checked and the one inside a French account too; raises ValueError in French."""
    bare = _bare(text)
    if not bare:
        raise ValueError("Indiquez un IBAN.")
    if re.fullmatch(r"FR[0-9A-Z]+", bare) and len(bare) > 4 and len(bare) != 27:
        raise ValueError(f"Un IBAN FR a 27 signes{_NBSP}: celui-ci en a {len(bare)}.")
    try:
        # Only the French inner key: those of some foreign banks have exceptions that schwifty cannot know.
        return str(IBAN(bare, validate_bban=bare.startswith("FR")))
    except (InvalidChecksumDigits, InvalidBBANChecksum):
        raise ValueError(f"Cet IBAN n’existe pas{_NBSP}: sa clé de contrôle est fausse.") from None
    except SchwiftyException:
        raise ValueError(_WRONG_IBAN) from None


def display_iban(iban: str) -> str:
    """Write an IBAN in groups of four, with no-break spaces."""
    return _NBSP.join(re.findall(".{1,4}", iban))


def mask_iban(iban: str) -> str:
    """Show the country, the key and the last three signs only: "FR76 •••• 189"; short texts are hidden whole."""
    return f"{iban[:4]}{_NBSP}{MASK}{_NBSP}{iban[-3:]}" if len(iban) >= 15 else MASK if iban else ""


def parse_bic(text: str) -> str:
    """Read the BIC of a bank, 8 or 11 signs; raises ValueError with a French message."""
    bare = _bare(text)
    if not bare:
        raise ValueError("Indiquez un BIC.")
    try:
        return str(BIC(bare))
    except SchwiftyException:
        raise ValueError(_WRONG_BIC) from None


def parse_coordinate(text: str) -> Decimal:
    """Read a latitude or a longitude: "43,7123", "-1.5", "43° 42′ 44″ N"; O and W are west, thus negative.

    Six decimals, some ten centimetres. Raises ValueError with a French message, beyond 180 degrees too.
    """
    stripped = _INVISIBLE.sub("", text).strip()
    if not stripped:
        raise ValueError("Indiquez une coordonnée.")
    side = _SIDE.search(stripped)
    number = stripped[: side.start()] if side else stripped
    match = _SEXAGESIMAL.fullmatch(number) or _DECIMAL_DEGREES.fullmatch(number)
    if match is None or (side and match["sign"]):
        raise ValueError(
            f"«{_NBSP}{stripped}{_NBSP}» n’est pas une coordonnée{_NBSP}: écrivez par exemple 43,712345 "
            f"ou 43°{_NBSP}42′{_NBSP}44″{_NBSP}N."
        )
    parts = match.groupdict()
    degrees, minutes, seconds = (
        Decimal((parts.get(name) or "0").replace(",", ".")) for name in ("degrees", "minutes", "seconds")
    )
    if minutes >= 60 or seconds >= 60:
        raise ValueError("Les minutes et les secondes d’une coordonnée vont de 0 à 59.")
    value = (degrees + (minutes * 60 + seconds) / 3600).quantize(_STEP, rounding=ROUND_HALF_UP)
    limit = 90 if side and side["side"].upper() in "NS" else 180
    if value > limit:
        raise ValueError(f"Cette coordonnée dépasse {limit}{_NBSP}degrés.")
    west_or_south = match["sign"] in {"-", "−"} or (side is not None and side["side"].upper() in _NEGATIVE_SIDES)
    return -value if west_or_south and value else value
