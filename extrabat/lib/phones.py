"""Phone numbers: read in any usual French spelling, kept in E.164, shown in pairs."""

import re
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

_NBSP: Final = "\u00a0"

# Ranges that the regulator keeps for fiction: no one answers there, and demonstration data uses them. They
# are looked at first, since phonenumbers calls the mobile one invalid and 0639 otherwise means Mayotte.
_FICTION: Final = re.compile(r"\+33(?:63998|19900)[0-9]{4}")
_FICTION_MOBILE: Final = "+33639"

# Overseas numbers are dialled like mainland ones, and phonenumbers takes some of them for valid mainland
# numbers (05 96 30 12 34): their prefixes are looked at before France, the other numbers after it.
_OVERSEAS: Final = {
    "GP": ("590", "690", "691"),
    "MQ": ("596", "696", "697"),
    "GF": ("594", "694"),
    "RE": ("262", "263", "692", "693"),
    "YT": ("269", "639"),
}
_FRENCH_COUNTRY_CODES: Final = frozenset({33, 262, 590, 594, 596})

_INVISIBLE: Final = re.compile(r"[\u200B-\u200F\u202A-\u202E\u2060\uFEFF]")
_PUNCTUATION: Final = re.compile(r"[\s./()\-\u2010-\u2015\u2212]")
_DIALLED: Final = re.compile(r"\+?[0-9]+")
_FROM_ABROAD: Final = re.compile(r"\+330?(?P<significant>[1-9][0-9]{8})")
_FROM_FRANCE: Final = re.compile(r"0?(?P<significant>[1-9][0-9]{8})")

_EMPTY: Final = "Indiquez un numéro de téléphone."
_WRONG_SIGN: Final = (
    "Un numéro de téléphone ne contient que des chiffres, des espaces, des points, des barres ou des tirets, "
    "et le signe + au début."
)
_UNKNOWN: Final = (
    f"Ce numéro de téléphone n’existe pas{_NBSP}: écrivez par exemple "
    f"06{_NBSP}12{_NBSP}34{_NBSP}56{_NBSP}78, ou +32… pour l’étranger."
)


def parse_phone(text: str, region: str = "FR") -> str:
    """Read a number in any usual spelling and give it in E.164; `region` is that of national numbers.

    A French national number may be of the mainland, Guadeloupe, Martinique, Guyane, Réunion or Mayotte; the
    zero that a spreadsheet has eaten is given back. Fiction numbers are valid.
    Raises ValueError with a French message, for an empty text too.
    """
    visible = _INVISIBLE.sub("", text).strip()
    if not visible:
        raise ValueError(_EMPTY)
    dialled = _PUNCTUATION.sub("", visible)
    if not _DIALLED.fullmatch(dialled):
        raise ValueError(_WRONG_SIGN)
    dialled = re.sub(r"\A00", "+", dialled)
    french = _FROM_ABROAD.fullmatch(dialled) or (_FROM_FRANCE.fullmatch(dialled) if region == "FR" else None)
    found = _parse_french(french["significant"]) if french else _parse_in(dialled, region)
    if found is None:
        raise ValueError(_UNKNOWN)
    return found


def _parse_french(significant: str) -> str | None:
    if is_fiction(f"+33{significant}"):
        return f"+33{significant}"
    likely = [region for region, prefixes in _OVERSEAS.items() if significant.startswith(prefixes)]
    candidates = (_parse_in(f"0{significant}", region) for region in [*likely, "FR", *_OVERSEAS])
    return next((found for found in candidates if found), None)


def _parse_in(dialled: str, region: str) -> str | None:
    try:
        parsed = phonenumbers.parse(dialled, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def is_fiction(e164: str) -> bool:
    """Tell a number kept for fiction (06 39 98 …, 01 99 00 …): every SMS or call to it is simulated."""
    return _FICTION.fullmatch(e164) is not None


def is_mobile(e164: str) -> bool:
    """Tell whether SMS can reach the number: French 06 and 07, overseas too, and mobiles of other countries.

    Where the number does not tell (+1) it counts as mobile; a text that is not E.164 does not.
    """
    if is_fiction(e164):
        return e164.startswith(_FICTION_MOBILE)
    parsed = _parse_e164(e164)
    mobile = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return parsed is not None and phonenumbers.number_type(parsed) in mobile


def display_phone(e164: str) -> str:
    """Write a French number "06 12 34 56 78" and any other "+32 470 12 34 56", with no-break spaces.

    Overseas numbers are written as dialled from France. A text that is not E.164 comes back as it is.
    """
    parsed = _parse_e164(e164)
    if parsed is None:
        return e164
    national = f"0{parsed.national_number}"
    if parsed.country_code in _FRENCH_COUNTRY_CODES and len(national) == 10:
        return _NBSP.join(re.findall("..", national))
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL).replace(" ", _NBSP)


def _parse_e164(text: str) -> PhoneNumber | None:
    if not re.fullmatch(r"\+[1-9][0-9]{4,14}", text):
        return None
    try:
        parsed = phonenumbers.parse(text, None)
    except NumberParseException:
        return None
    return parsed if phonenumbers.is_possible_number(parsed) else None
