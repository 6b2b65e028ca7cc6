"""What an address's and a company's fields propose while they are typed (places.js, addresses.js, company.js)."""

import re
from dataclasses import asdict
from typing import Final

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from clients.places import online
from clients.places.communes import Commune, by_postcode, starting_with
from extrabat.lib.identifiers import parse_siret
from extrabat.lib.text import normalise
from settings_app.users.access import needs

MOST: Final = 20
FEWEST: Final = 3
FEWEST_OF_A_STREET: Final = 5


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


@require_GET
@needs("change_clients")
def addresses(request: HttpRequest) -> JsonResponse:
    """Whole addresses that begin so (?q=), in the town of a postal code (?cp=)."""
    typed = request.GET.get("q", "").strip()[:200]
    postcode = request.GET.get("cp", "").strip()
    if len(normalise(typed)) < FEWEST_OF_A_STREET:
        return JsonResponse({"ok": True, "addresses": []})
    answer = online.addresses(typed, postcode if re.fullmatch("[0-9]{5}", postcode) else "")
    return _answered(answer, "addresses")


@require_GET
@needs("change_clients")
def companies(request: HttpRequest) -> JsonResponse:
    """The company of a SIREN or SIRET (?q=)."""
    try:
        number = parse_siret(request.GET.get("q", "")[:30])
    except ValueError as error:
        return JsonResponse({"ok": False, "reason": str(error)})
    return _answered(online.company(number), "companies")


def _answered(answer: online.Answer[online.Suggestion] | online.Answer[online.Company], name: str) -> JsonResponse:
    if not answer.ok:
        return JsonResponse({"ok": False, "reason": answer.reason})
    return JsonResponse({"ok": True, name: [asdict(one) for one in answer.found]})


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
