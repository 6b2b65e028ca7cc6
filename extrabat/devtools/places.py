"""A stand-in for the public services of addresses, companies and map tiles: real HTTP, their real shapes.

For the tests and for `make look`: neither asks the network.
"""

import json
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

Mood = Literal["well", "slow", "drip", "broken", "busy", "garbage", "shape", "huge", "elsewhere"]
HUGE: Final = 400_000


def feature(number: str, street: str, town: tuple[str, str, str], longitude: float, latitude: float) -> Any:
    """`town` is (postal code, INSEE's code, name)."""
    postcode, code, city = town
    name = f"{number} {street}".strip()
    properties = {
        "label": f"{name} {postcode} {city}",
        "score": 0.97,
        "id": f"{code}_0001",
        "banId": None,
        "name": name,
        "postcode": postcode,
        "citycode": code,
        "city": city,
        "street": street,
        "context": "84, Vaucluse, Provence-Alpes-Côte d'Azur",
        "x": 910000.1,
        "y": 6290000.2,
        "type": "housenumber" if number else "street",
        "importance": 0.5,
        "_type": "address",
    } | ({"housenumber": number} if number else {})
    geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


FEATURES: Final = [
    feature("210", "Route de Grambois", ("84240", "84133", "La Tour-d'Aigues"), 5.5571234, 43.7304567),
    feature("", "Route de Grambois", ("84240", "84133", "La Tour-d'Aigues"), 5.556, 43.731),
    feature("8", "Rue de la Paix", ("75002", "75102", "Paris"), 2.331544, 48.869093),
]


def establishment(siret: str, **values: Any) -> dict[str, Any]:
    return {
        "siret": siret,
        "adresse": "12 BIS CHEMIN DES LAVANDES 84240 LA TOUR-D'AIGUES",
        "code_postal": "84240",
        "commune": "84133",
        "libelle_commune": "LA TOUR-D'AIGUES",
        "latitude": "43.7281",
        "longitude": "5.5502",
        "etat_administratif": "A",
        "est_siege": False,
        "liste_rge": None,
    } | values


SEAT: Final = establishment(
    "40483304800022",
    numero_voie="12",
    indice_repetition="B",
    type_voie="CHEMIN",
    libelle_voie="DES LAVANDES",
    complement_adresse="ZA LE REVOL",
    est_siege=True,
)
COMPANIES: Final[dict[str, dict[str, Any]]] = {
    "404833048": {"nom_raison_sociale": "PISCINES DU LUBERON", "etat_administratif": "A", "siege": SEAT},
    "552081317": {
        "nom_raison_sociale": None,
        "nom_complet": "JEANNE MARTIN",
        "etat_administratif": "C",
        "siege": establishment("55208131766522", adresse="[ND] 75002 PARIS", code_postal="75002", commune="75102")
        | {"libelle_commune": "PARIS", "latitude": None, "longitude": None, "libelle_voie": "[ND]"},
    },
}
BRANCH: Final = establishment("40483304800014", adresse="3 RUE NEUVE 84120 PERTUIS", code_postal="84120") | {
    "commune": "84089",
    "libelle_commune": "PERTUIS",
    "etat_administratif": "F",
}


def tile(z: int, x: int, y: int) -> bytes:
    """A square of one colour with a border, 256 by 256: a valid PNG without any library."""
    ground = 225 + 12 * ((x + y + z) % 2)
    rows = [bytes([0, *([190] * 256 if line == 0 else [190, *[ground] * 255])]) for line in range(256)]

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 256, 256, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"".join(rows))), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


class PlacesServer(ThreadingHTTPServer):
    """`mood` is how it answers from now on, `asked` the paths it was asked for, `seen` the last headers."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.mood: Mood = "well"
        self.payload: object = None  # answered instead, when given
        self.asked: list[str] = []
        self.seen: dict[str, str] = {}
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What makes the program ask here."""
        return {"GEOCODER_URL": self.geocoder_url, "COMPANIES_URL": self.url, "TILES_URL": self.tiles_url}

    @property
    def geocoder_url(self) -> str:
        return f"{self.url}/geocodage"

    @property
    def tiles_url(self) -> str:
        return f"{self.url}/tiles/{{z}}/{{x}}/{{y}}.png"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that gave up are expected."""


class _Handler(BaseHTTPRequestHandler):
    server: PlacesServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append(self.path)
        self.server.seen = dict(self.headers)
        if parts.path.startswith("/tiles/"):
            z, x, y = (int(part.removesuffix(".png")) for part in parts.path.split("/")[2:5])
            self.answer(tile(z, x, y), kind="image/png")
            return
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/geocodage/search":
            self.in_mood(addresses(query))
        elif parts.path == "/search":
            self.in_mood(companies(query))
        else:
            self.answer(b"{}", status=404)

    def in_mood(self, payload: object) -> None:
        mood = self.server.mood
        body = json.dumps(payload if self.server.payload is None else self.server.payload).encode()
        if mood == "slow":
            self.server.closing.wait(5)
        if mood == "drip":
            self.drip(body)
        elif mood == "broken":
            self.answer(b"oops", status=500)
        elif mood == "busy":
            self.answer(b"{}", status=429, more={"Retry-After": "120"})
        elif mood == "garbage":
            self.answer(b'{"features": [' + b"[" * 50_000)
        elif mood == "shape":
            self.answer(b'["features", "results"]')
        elif mood == "huge":
            self.answer(b'{"features": [], "results": [], "x": "' + b"x" * HUGE + b'"}')
        elif mood == "elsewhere":
            self.answer(b"", status=302, more={"Location": f"{self.server.url}/elsewhere"})
        else:
            self.answer(body)

    def drip(self, body: bytes) -> None:
        """A byte at a time: no single wait is long, the whole is."""
        self.send_response(200)
        self.end_headers()
        until = time.monotonic() + 5
        for byte in body:
            if time.monotonic() > until or self.server.closing.wait(0.05):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def answer(
        self, body: bytes, *, status: int = 200, kind: str = "application/json", more: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name in the base class
        pass


def addresses(query: dict[str, str]) -> object:
    typed, postcode = query.get("q", "").lower(), query.get("postcode")
    found = [
        one
        for one in FEATURES
        if typed in one["properties"]["label"].lower() and postcode in (None, one["properties"]["postcode"])
    ]
    return {"type": "FeatureCollection", "features": found[: int(query.get("limit", "5"))], "query": query.get("q")}


def companies(query: dict[str, str]) -> object:
    number = query.get("q", "")
    siren, values = number[:9], COMPANIES.get(number[:9])
    matching = [one for one in (SEAT, BRANCH) if one["siret"] == number]
    results = [{"siren": siren, "nom_complet": "X", "matching_etablissements": matching} | values] if values else []
    return {"results": results, "total_results": len(results), "page": 1, "per_page": 1, "total_pages": 1}


@contextmanager
def places_server() -> Iterator[PlacesServer]:
    server = PlacesServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
