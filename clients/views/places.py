"""The communes that an address's fields propose while they are typed (places.js)."""

from typing import Final

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from clients.places.communes import Commune, by_postcode, starting_with
from extrabat.lib.text import normalise
from settings_app.users.access import needs

MOST: Final = 20
FEWEST: Final = 3


@require_GET
@needs("change_clients")
def communes(request: HttpRequest) -> JsonResponse:
    """By postal code (?cp=) or by the beginning of the name (?nom=); with both, the name looks and the code helps."""
    postcode = request.GET.get("cp", "").strip()[:10]
    name = request.GET.get("nom", "").strip()[:100]
    if name:
        found = starting_with(name, MOST) if len(normalise(name)) >= FEWEST else []
    else:
        found = by_postcode(postcode)[:MOST]
    return JsonResponse({"communes": [_line(commune, postcode) for commune in found]})


def _line(commune: Commune, postcode: str) -> dict[str, str]:
    # Of several postal codes none is guessed: Paris is not 75001.
    if postcode not in commune.postcodes:
        postcode = commune.postcodes[0] if len(commune.postcodes) == 1 else ""
    return {
        "code": commune.code,
        "name": commune.name,
        "postcode": postcode,
        "department": commune.department,
    }
