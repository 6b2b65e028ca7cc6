"""The texts of legal mentions: dated rows, filled in with what the document and the company say."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from commerce.domain.mentions import Mention
from commerce.models import Document, LegalMention
from commerce.parties import sap_number_of
from extrabat.lib.french import amount, day
from extrabat.lib.french import number as figure

_NAME: Final = re.compile(r"\{(\w+)\}")


def texts_of(wanted: Iterable[Mention], document: Document, *, language: str = "fr") -> dict[Mention, str]:
    """The text of each mention on the document's date, in its language where there is one, else in French."""
    codes = list(wanted)
    rows = LegalMention.objects.filter(code__in=codes, language__in={language, "fr"}, valid_from__lte=document.date)
    valid = [row for row in rows if row.valid_to is None or document.date <= row.valid_to]
    texts = {(row.code, row.language): row.text for row in valid}
    values = _values(document)
    found = {}
    for code in codes:
        text = texts.get((code.value, language)) or texts.get((code.value, "fr"), "")
        filled = fill(text, values)
        if filled:
            found[code] = filled
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values where names stand in braces, and nothing where there is no such value; nothing of it is evaluated."""
    return _NAME.sub(lambda match: values.get(match[1], ""), text).strip()


def _values(document: Document) -> dict[str, str]:
    company = document.store.company
    held = document.store.insurance
    contact = f" ({held.insurer_contact})" if held.insurer_contact else ""
    contract = f", contrat n° {held.insurance_number}" if held.insurance_number else ""
    zone = f", couverture\u00a0: {held.insurance_zone}" if held.insurance_zone else ""
    return {
        "execution": document.execution or (day(document.service_on) if document.service_on else ""),
        "valid_until": day(document.valid_until) if document.valid_until else "",
        "discount_terms": company.discount_terms,
        "late_terms": company.late_terms,
        "insurance": f"{held.insurer}{contact}{contract}{zone}",
        "mediator": ", ".join(
            part for part in (company.mediator, company.mediator_address, company.mediator_website) if part
        ),
        "sap_number": sap_number_of(document),
        "waste_quantity": _waste(document),
        "waste_cost": amount(document.waste_cost) if document.waste_cost is not None else "0,00\u00a0€",
        "waste_sorting": document.waste_sorting,
        "waste_points": document.waste_points,
        "attested": f"Attesté le {day(document.attested_on)} par {document.attested_by}."
        if document.attested_on and document.attested_by
        else "",
    }


def _waste(document: Document) -> str:
    if document.waste_quantity is None:
        return ""
    return f"{figure(document.waste_quantity)} {document.get_waste_unit_display()}".strip()
