"""What URSSAF asks about a client: what is still empty, and what its inscription service would refuse.

Worked examples in docs/rules/urssaf.md. Fields are named as the controls of the client's form; those of the address
begin with "address-".
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from extrabat.lib.identifiers import parse_bic, parse_iban

FRANCE: Final = "99100"
# Labels of the civilities that URSSAF knows, with its codes: it wants one person.
CIVILITIES: Final = {"M.": "1", "Mme": "2"}

LONGEST_NAME: Final = 80
LONGEST_CITY: Final = 50
LONGEST_STREET: Final = 28
LONGEST_COMPLEMENT: Final = 38
LONGEST_HOLDER: Final = 100

_NAME: Final = re.compile(r"[A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u017F '’-]+")
_DEPARTMENT: Final = re.compile(r"0(?:0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5])|97[1-8]|98[4678]")
_COMMUNE: Final = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")
_COUNTRY: Final = re.compile(r"99[0-9]{3}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_MOBILE: Final = re.compile(r"(?:0|\+33)[67][0-9]{8}")
_NUMBER: Final = re.compile(r"(?P<digits>[0-9]{1,4})\s*(?P<letter>|b|t|q|c|bis|ter|quater|quinquies)", re.IGNORECASE)
_BIC: Final = re.compile(r"[A-Z]{6}[0-9A-Z]{2}(?:[0-9A-Z]{3})?")

# Only the words whose code is certain: another first word stays in the name of the street and counts in its length.
_WAYS: Final = {
    **{"allée": "ALL", "allées": "ALL", "avenue": "AV", "bâtiment": "BAT", "boulevard": "BD", "chemin": "CHE"},
    **{"chaussée": "CHS", "clos": "CLOS", "faubourg": "FG", "hameau": "HAM", "immeuble": "IMB", "impasse": "IMP"},
    **{"lotissement": "LOT", "montée": "MTE", "parc": "PAR", "passage": "PAS", "pavillon": "PAV", "place": "PL"},
    **{"quai": "QU", "quartier": "Q", "résidence": "RES", "route": "RTE", "rue": "R", "sentier": "SEN"},
    **{"square": "SQ", "voie": "VO", "av": "AV", "bd": "BD", "rte": "RTE", "che": "CHE", "imp": "IMP", "pl": "PL"},
}

_EMPTY: Final = "À remplir."


@dataclass(frozen=True)
class UrssafAddress:
    """`city_code` is INSEE's code of the commune, `country_code` INSEE's code of the country."""

    number: str = ""
    street: str = ""
    complement: str = ""
    postcode: str = ""
    city: str = ""
    city_code: str = ""
    country_code: str = ""


@dataclass(frozen=True)
class UrssafRecord:
    """A client as URSSAF looks at him. `civility` and `service_nature` are labels, `mobile_1` is E.164."""

    civility: str = ""
    gender: str = ""
    last_name: str = ""
    birth_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    birth_country: str = ""
    birth_country_code: str = ""
    birth_city: str = ""
    birth_department: str = ""
    email: str = ""
    mobile_1: str = ""
    addresses: tuple[UrssafAddress, ...] = ()
    iban: str = ""
    bic: str = ""
    account_holder: str = ""
    wants_advance: bool = False
    service_nature: str = ""
    is_enrolled: bool = False
    enrolment_on: date | None = None

    @property
    def is_born_in_france(self) -> bool:
        return self.birth_country_code == FRANCE


@dataclass(frozen=True)
class Fault:
    """`sentence` is French and shown beside the field."""

    field: str
    sentence: str


def missing_fields(record: UrssafRecord) -> list[str]:
    """Name what URS-02 and the block Éligibilité ask for and that is empty, in the form's order; nothing stops a save.

    Of several addresses the fullest counts. Commune and department of birth are asked for once the code says France;
    nature of service, and the date of an enrolment that was begun, when the immediate advance is wanted.
    """
    names = [name for name in _IDENTITY if _is_empty(getattr(record, name))]
    if record.is_born_in_france:
        names += [name for name in ("birth_city", "birth_department") if _is_empty(getattr(record, name))]
    names += [name for name in ("email", "mobile_1") if _is_empty(getattr(record, name))]
    names += [f"address-{name}" for name in _empty_of(fullest_address(record))]
    if record.wants_advance:
        names += ["service_nature"] if _is_empty(record.service_nature) else []
        names += ["enrolment_on"] if record.is_enrolled and record.enrolment_on is None else []
    return names


def strict_faults(record: UrssafRecord, *, on: date) -> list[Fault]:
    """What « Vérifier le dossier URSSAF » holds against a record on the day `on`, in the form's order.

    It asks for what `missing_fields` names, for the bank account too, and for the formats of the inscription service.
    """
    missing = {*missing_fields(record), *(name for name in _BANK if _is_empty(getattr(record, name)))}
    wrong = dict(_wrong_formats(record, on))
    return [
        Fault(name, _EMPTY if name in missing else wrong[name]) for name in ORDER if name in missing or name in wrong
    ]


def fullest_address(record: UrssafRecord) -> UrssafAddress:
    """The address that lacks least, the first of equals; an empty one when there is none."""
    return min(record.addresses, key=lambda address: len(_empty_of(address)), default=UrssafAddress())


def split_way(street: str) -> tuple[str, str]:
    """Give URSSAF's code of the kind of way and the rest: "route de Grambois" is ("RTE", "de Grambois").

    Without a kind that we are certain of, the code is empty and the street whole.
    """
    first, _, rest = unicodedata.normalize("NFC", street).strip().partition(" ")
    code = _WAYS.get(first.lower().rstrip("."), "")
    return (code, rest.strip()) if code and rest.strip() else ("", " ".join(part for part in (first, rest) if part))


def birth_place_codes(commune: str) -> tuple[str, str]:
    """Give the department (3 signs) and the commune (3 digits) that a birth is told by, from INSEE's code.

    "69123" is ("069", "123"), "2A004" ("02A", "004"), overseas "97101" ("971", "001"). URSSAF asks for the five signs
    in an address and for these two at a birth. Raises ValueError for what is no code of a commune.
    """
    if not _COMMUNE.fullmatch(commune):
        raise ValueError("a commune's code has five signs")
    if commune.startswith(("97", "98")):
        return commune[:3], f"0{commune[3:]}"
    return f"0{commune[:2]}", commune[2:]


_IDENTITY: Final = (
    *("civility", "gender", "last_name", "birth_name", "first_name", "birth_date"),
    *("birth_country", "birth_country_code"),
)
_BANK: Final = ("iban", "bic", "account_holder")
_ADDRESS: Final = ("number", "street", "postcode", "city", "city_code", "country_code")
ORDER: Final = (
    *_IDENTITY,
    *("birth_city", "birth_department", "email", "mobile_1"),
    *("address-number", "address-street", "address-complement", "address-postcode", "address-city"),
    *("address-city_code", "address-country_code"),
    *_BANK,
    *("service_nature", "enrolment_on"),
)


def _is_empty(value: object) -> bool:
    return not value.strip() if isinstance(value, str) else value is None


def _empty_of(address: UrssafAddress) -> list[str]:
    return [name for name in _ADDRESS if _is_empty(getattr(address, name))]


def _wrong_formats(record: UrssafRecord, on: date) -> Iterator[tuple[str, str]]:
    """Faults of fields that hold something, one each."""
    yield from _wrong_person(record, on)
    yield from _wrong_birth_place(record)
    yield from _wrong_reach(record)
    yield from _wrong_address(fullest_address(record))
    yield from _wrong_account(record)
    if record.enrolment_on and record.enrolment_on > on:
        yield "enrolment_on", "Cette date est dans l’avenir."


def _wrong_person(record: UrssafRecord, on: date) -> Iterator[tuple[str, str]]:
    if record.civility and record.civility not in CIVILITIES:
        yield "civility", "L’URSSAF inscrit une seule personne\u00a0: choisissez M. ou Mme."
    for name in ("last_name", "birth_name", "first_name"):
        text = unicodedata.normalize("NFC", getattr(record, name)).strip()
        if text and not _NAME.fullmatch(text):
            yield name, "L’URSSAF n’accepte que des lettres, des espaces, des apostrophes et des traits d’union."
        elif len(text) > LONGEST_NAME:
            yield name, _too_long(text, LONGEST_NAME)
    if record.birth_date and record.birth_date >= on:
        yield "birth_date", "Une date de naissance est dans le passé."


def _wrong_birth_place(record: UrssafRecord) -> Iterator[tuple[str, str]]:
    if record.birth_country_code and not _COUNTRY.fullmatch(record.birth_country_code):
        yield "birth_country_code", "Le code d’un pays a cinq chiffres et commence par 99\u00a0: 99100 pour la France."
    if record.is_born_in_france:
        if len(record.birth_city.strip()) > LONGEST_CITY:
            yield "birth_city", _too_long(record.birth_city.strip(), LONGEST_CITY)
        if record.birth_department and not _DEPARTMENT.fullmatch(record.birth_department):
            yield "birth_department", "Un département a ici trois signes\u00a0: 069, 02A ou 971."
    elif record.birth_country_code and not _is_empty(record.birth_department):
        yield "birth_department", "Né à l’étranger, on n’a pas de département de naissance\u00a0: videz ce champ."


def _wrong_reach(record: UrssafRecord) -> Iterator[tuple[str, str]]:
    if record.email and not _EMAIL.fullmatch(record.email):
        yield "email", "Cette adresse e-mail est incomplète ou mal écrite."
    if record.mobile_1 and not _MOBILE.fullmatch(record.mobile_1):
        yield "mobile_1", "L’URSSAF n’accepte qu’un mobile français, en 06 ou 07."


def _wrong_address(address: UrssafAddress) -> Iterator[tuple[str, str]]:
    if address.number and not _NUMBER.fullmatch(address.number.strip()):
        yield "address-number", "Un numéro a quatre chiffres au plus, suivis s’il le faut de bis, ter ou quater."
    street = split_way(address.street)[1]
    if len(street) > LONGEST_STREET:
        yield "address-street", f"{_too_long(street, LONGEST_STREET)} Abrégez-la sans le type de voie."
    if len(address.complement.strip()) > LONGEST_COMPLEMENT:
        yield "address-complement", _too_long(address.complement.strip(), LONGEST_COMPLEMENT)
    if address.postcode and not re.fullmatch(r"[0-9]{5}", address.postcode):
        yield "address-postcode", "Un code postal a cinq chiffres."
    if len(address.city.strip()) > LONGEST_CITY:
        yield "address-city", _too_long(address.city.strip(), LONGEST_CITY)
    if address.city_code and not _COMMUNE.fullmatch(address.city_code):
        yield "address-city_code", "Le code INSEE d’une commune a cinq signes\u00a0: 69123 ou 2A004."
    if address.country_code and address.country_code != FRANCE:
        yield "address-country_code", "L’URSSAF veut une adresse en France\u00a0: code pays 99100."


def _wrong_account(record: UrssafRecord) -> Iterator[tuple[str, str]]:
    readers: tuple[tuple[str, Callable[[str], str]], ...] = (("iban", parse_iban), ("bic", parse_bic))
    for name, read in readers:
        text = getattr(record, name)
        if _is_empty(text):
            continue
        try:
            bare = read(text)
        except ValueError as error:
            yield name, str(error)
        else:
            # A bank may have digits among its first letters since 2014; URSSAF does not take them.
            if name == "bic" and not _BIC.fullmatch(bare):
                yield name, "L’URSSAF veut un BIC qui commence par six lettres."
    if len(record.account_holder.strip()) > LONGEST_HOLDER:
        yield "account_holder", _too_long(record.account_holder.strip(), LONGEST_HOLDER)


def _too_long(text: str, limit: int) -> str:
    return f"L’URSSAF prend {limit} signes au plus\u00a0; il y en a {len(text)}."
