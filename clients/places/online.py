"""The two public services that help with typing: addresses (Géoplateforme), companies (recherche-entreprises).

They are never needed: whatever they do comes back as an `Answer`, and the form is typed by hand. Nothing that they
send is trusted, and nothing that a person typed is logged or stands in a key of the cache.
"""

import hashlib
import json
import logging
import math
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from functools import cache as once
from typing import Any, Final, Generic, TypeVar

import httpx
from django.conf import settings
from django.core.cache import cache

from clients.places.communes import by_code, by_postcode
from extrabat.lib.identifiers import siren_of, vat_of
from extrabat.lib.text import normalise

T = TypeVar("T")

LIMIT: Final = 2.0  # seconds, all in
LARGEST: Final = 256_000  # bytes
KEPT: Final = 24 * 3600
FAILED_FOR: Final = 30
LONGEST_REST: Final = 600
USER_AGENT: Final = "Extrabat/1.0 (gestion de clients; saisie d'adresses et d'entreprises)"
_HEADERS: Final = {
    "User-Agent": USER_AGENT,
    "Accept": "application/json",
    # As it comes, so that the size that is counted is the size that is read.
    "Accept-Encoding": "identity",
}
_FAILED: Final = "failed"
# A service that hangs holds these threads at most, never those of the web server.
_threads: Final = ThreadPoolExecutor(max_workers=8, thread_name_prefix="places")

logger = logging.getLogger(__name__)
# httpx tells each address that it asks for, and ours hold what a person typed.
logging.getLogger("httpx").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Service:
    """`silent` is told when it does not answer, `off` when the setting is empty (nothing to tell: nothing shown)."""

    name: str
    setting: str
    default: str
    silent: str
    off: str


ADDRESSES: Final = Service(
    "addresses",
    "GEOCODER_URL",
    "https://data.geopf.fr/geocodage",
    "Le service des adresses ne répond pas. Vous pouvez saisir l’adresse à la main.",
    "",
)
COMPANIES: Final = Service(
    "companies",
    "COMPANIES_URL",
    "https://recherche-entreprises.api.gouv.fr",
    "L’annuaire des entreprises ne répond pas. Vous pouvez saisir l’entreprise à la main.",
    "La recherche d’entreprises n’est pas activée.",
)


@dataclass(frozen=True)
class Answer(Generic[T]):
    ok: bool
    found: tuple[T, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Place:
    """Fit for the fields of an address: no longer than they are, coordinates both or none."""

    number: str
    street: str
    complement: str
    postcode: str
    city: str
    city_code: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Suggestion(Place):
    label: str


@dataclass(frozen=True)
class Company(Place):
    siren: str
    siret: str
    name: str
    vat_number: str
    is_closed: bool


def addresses(text: str, postcode: str = "") -> Answer[Suggestion]:
    """Addresses that begin like the text, those of the postal code if one is given."""
    typed = " ".join(text.split())[:200]
    params = {"q": typed, "limit": "5", "autocomplete": "1"} | ({"postcode": postcode} if postcode else {})
    return _ask(ADDRESSES, f"{normalise(typed)}|{postcode}", params, _suggestions)


def company(number: str) -> Answer[Company]:
    """The company of a SIREN or of a SIRET, which were checked; none when the public list does not show it."""
    params = {
        "q": number,
        "per_page": "1",
        # Without the people who run it: nobody asked for them.
        "minimal": "true",
        "include": "siege,matching_etablissements",
        "limite_matching_etablissements": "1",
    }
    return _ask(COMPANIES, number, params, lambda payload: _companies(payload, number))


class _Failed(Exception):  # noqa: N818  # never leaves this module
    """`rest`: seconds during which the whole service is left alone; else only this question."""

    def __init__(self, cause: str, *, rest: int = 0) -> None:
        super().__init__(cause)
        self.cause = cause
        self.rest = rest


def _ask(
    service: Service, question: str, params: Mapping[str, str], read: Callable[[object], Iterator[T]]
) -> Answer[T]:
    base = str(getattr(settings, service.setting, service.default)).rstrip("/")
    if not base:
        return Answer(ok=False, reason=service.off)
    key = f"places:{service.name}:" + hashlib.sha256(f"{base}|{question}".encode()).hexdigest()
    rest = f"places:{service.name}:rest"
    known = cache.get_many([key, rest])
    if known.get(key, _FAILED) != _FAILED:
        return Answer(ok=True, found=known[key])
    if known:
        return Answer(ok=False, reason=service.silent)
    try:
        found = tuple(read(_json(f"{base}/search", params)))
    except _Failed as failure:
        logger.warning("a service of places failed", extra={"service": service.name, "cause": failure.cause})
        cache.set(rest if failure.rest else key, _FAILED, failure.rest or FAILED_FOR)
        return Answer(ok=False, reason=service.silent)
    cache.set(key, found, KEPT)
    return Answer(ok=True, found=found)


def _json(url: str, params: Mapping[str, str]) -> object:
    deadline = time.monotonic() + LIMIT
    asked = _threads.submit(_fetch, url, params, deadline)
    try:
        # The time-outs of a client begin again at each byte; and looking a name up has none.
        body = asked.result(timeout=LIMIT)
    except TooLate:
        asked.cancel()
        raise _Failed("too late", rest=FAILED_FOR) from None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise _Failed("not JSON") from None


def _fetch(url: str, params: Mapping[str, str], deadline: float) -> bytes:
    if time.monotonic() > deadline:
        raise _Failed("too late", rest=FAILED_FOR)
    body = bytearray()
    try:
        with (
            httpx.Client(headers=_HEADERS, timeout=LIMIT, follow_redirects=False, verify=_trust()) as client,
            client.stream("GET", url, params=params) as response,
        ):
            _judge(response)
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > LARGEST:
                    raise _Failed("too large")
                if time.monotonic() > deadline:
                    raise _Failed("too late", rest=FAILED_FOR)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _Failed(type(error).__name__, rest=FAILED_FOR) from None
    return bytes(body)


def _judge(response: httpx.Response) -> None:
    """A redirect is a failure too: nobody is sent to another host."""
    status = response.status_code
    if status == httpx.codes.OK:
        return
    rest = 0
    if status == httpx.codes.TOO_MANY_REQUESTS:
        asked = response.headers.get("Retry-After", "")
        rest = min(max(int(asked), FAILED_FOR), LONGEST_REST) if re.fullmatch("[0-9]{1,6}", asked) else FAILED_FOR
    elif status >= httpx.codes.INTERNAL_SERVER_ERROR:
        rest = FAILED_FOR
    raise _Failed(f"status {status}", rest=rest)


@once
def _trust() -> ssl.SSLContext:
    """Reading the certificates takes longer than most answers."""
    return httpx.create_ssl_context()


# ---- Reading: field by field; what is odd is empty, an item without the least is left out ----------------


def _suggestions(payload: object) -> Iterator[Suggestion]:
    for feature in _items(payload, "features"):
        values = _object(feature, "properties")
        label = _text(values, "label", 250)
        postcode, code = _matched(values, "postcode", _POSTCODE), _matched(values, "citycode", _CITY_CODE)
        city = _city(_text(values, "city", 120), postcode, code)
        if not (label and city):
            continue
        street = _text(values, "street", 200)
        if not street and _text(values, "type", 20) != "municipality":
            street = _text(values, "name", 200)
        points = _object(feature, "geometry").get("coordinates")
        longitude, latitude = points[:2] if isinstance(points, list) and len(points) >= 2 else (None, None)
        yield Suggestion(
            _text(values, "housenumber", 10), street, "", postcode, city, code, *_both(latitude, longitude), label
        )


def _companies(payload: object, number: str) -> Iterator[Company]:
    siren = siren_of(number)
    for item in _items(payload, "results"):
        values: Mapping[str, Any] = item if isinstance(item, dict) else {}
        name = _text(values, "nom_raison_sociale", 120) or _text(values, "nom_complet", 120)
        if _text(values, "siren", 9) != siren or not name:
            continue
        seat = _object(values, "siege")
        others = values.get("matching_etablissements")
        shops = [seat, *(one for one in others if isinstance(one, dict))] if isinstance(others, list) else [seat]
        wanted = number if len(number) == 14 else _text(seat, "siret", 14)
        shop = next((one for one in shops if _text(one, "siret", 14) == wanted), {})
        place = _place(shop)
        yield Company(
            **vars(place),
            siren=siren,
            siret=wanted if re.fullmatch(f"{siren}[0-9]{{5}}", wanted) else "",
            name=name,
            vat_number=vat_of(siren),
            is_closed=values.get("etat_administratif") == "C" or shop.get("etat_administratif") == "F",
        )
        return


def _place(shop: Mapping[str, Any]) -> Place:
    postcode, code = _matched(shop, "code_postal", _POSTCODE), _matched(shop, "commune", _CITY_CODE)
    number = f"{_text(shop, 'numero_voie', 10)} {_text(shop, 'indice_repetition', 10)}".strip()[:10]
    street = f"{_text(shop, 'type_voie', 30)} {_text(shop, 'libelle_voie', 160)}".strip()
    if not street and postcode:
        # An establishment that is not the seat has its address in one line only.
        way = _text(shop, "adresse", 200).partition(f" {postcode}")[0]
        split = _NUMBERED.fullmatch(way)
        number, street = (split[1], split[2]) if split else ("", way)
    return Place(
        number,
        street,
        _text(shop, "complement_adresse", 200),
        postcode,
        _city(_text(shop, "libelle_commune", 120), postcode, code),
        code,
        *_both(shop.get("latitude"), shop.get("longitude")),
    )


_POSTCODE: Final = re.compile(r"[0-9]{5}")
_CITY_CODE: Final = re.compile(r"(?:2[AB]|[0-9]{2})[0-9]{3}")
_NUMBERED: Final = re.compile(r"([0-9]{1,4}(?: (?:BIS|TER|QUATER))?) (.+)", re.IGNORECASE)


def _items(payload: object, name: str) -> list[object]:
    items = payload.get(name) if isinstance(payload, dict) else None
    if not isinstance(items, list):
        raise _Failed("unknown shape")
    return items[:10]


def _object(holder: object, name: str) -> Mapping[str, Any]:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def _text(values: Mapping[str, Any], name: str, longest: int) -> str:
    value = values.get(name)
    if not isinstance(value, str):
        return ""
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in value[:1000]).split())
    # « [ND] », « [NON-DIFFUSIBLE] »: the company asked that it be hidden.
    return "" if shown.startswith("[N") else shown[:longest].strip()


def _matched(values: Mapping[str, Any], name: str, shape: re.Pattern[str]) -> str:
    value = _text(values, name, 10)
    return value if shape.fullmatch(value) else ""


def _both(latitude: object, longitude: object) -> tuple[float | None, float | None]:
    north, east = _degrees(latitude, 90), _degrees(longitude, 180)
    return (None, None) if north is None or east is None else (north, east)


def _degrees(value: object, limit: int) -> float | None:
    """One service writes numbers, the other writes them as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return round(number, 6) if math.isfinite(number) and abs(number) <= limit else None


def _city(given: str, postcode: str, code: str) -> str:
    """As our own list spells it: the services write LA TOUR-D'AIGUES, or Paris for its arrondissement."""
    served = by_postcode(postcode)
    known = next((commune.name for commune in served if commune.code == code), "")
    if not known and len(served) == 1 and by_code(code):
        known = served[0].name
    return known or given
