"""Where each legal mention stands on paper, the boxes that are signed, the form of withdrawal."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from commerce.domain.mentions import Mention
from commerce.domain.states import DocumentKind
from commerce.paper import words
from commerce.paper.words import Writing

# Said of the tax: beside the totals, where they are looked for.
_OF_VAT: Final = frozenset({Mention.FRANCHISE, Mention.REVERSE_CHARGE})
_OF_SALE: Final = frozenset(
    {Mention.CATEGORY_GOODS, Mention.CATEGORY_SERVICES, Mention.CATEGORY_MIXED, Mention.ON_DEBITS}
)
# « Assurance décennale : … »: the words before the colon are set in bold, the text stays as the law wants it.
_LEAD: Final = re.compile(r"([^:.]{3,80}?[\s\u00a0]?:)[\s\u00a0]+(.+)", re.DOTALL)


def notes_of(content: Mapping[str, Any], writing: Writing) -> dict[str, Any]:
    """Mentions, in the order of the copy, each where it belongs; signatures; the form."""
    texts = {one["code"]: one["text"] for one in content["mentions"]}
    elsewhere = {*_OF_VAT, *_OF_SALE}
    kind = content["kind"]
    boxed = kind == DocumentKind.QUOTE and Mention.ATTESTATION in texts
    if boxed:
        elsewhere.add(Mention.ATTESTATION)
    of_rates = [rate["mention"] for rate in content["rates"] if rate["mention"]]
    of_vat = [text for code, text in texts.items() if code in _OF_VAT]
    leads = {Mention.WITHDRAWAL: writing["withdrawal_lead"]}
    return {
        "vat_mentions": list(dict.fromkeys([*of_vat, *of_rates])) if kind != DocumentKind.DELIVERY_NOTE else [],
        "facts_of_sale": [text for code, text in texts.items() if code in _OF_SALE],
        "notes": [_note(text, leads.get(Mention(code), "")) for code, text in texts.items() if code not in elsewhere],
        "attestation": {"title": writing["attestation"], "text": texts[Mention.ATTESTATION]} if boxed else None,
        "signatures": _signatures(content, writing),
        "withdrawal": _form(content) if Mention.WITHDRAWAL in texts else None,
    }


def _note(text: str, lead: str) -> dict[str, str]:
    if lead:
        return {"lead": lead, "text": text}
    found = _LEAD.fullmatch(text)
    return {"lead": found[1], "text": found[2]} if found else {"lead": "", "text": text}


def _signatures(content: Mapping[str, Any], writing: Writing) -> list[dict[str, Any]]:
    """Who signs what: a quote, an order and a delivery note are signed, invoices are not."""
    company = {"title": writing["the_company"], "lines": [content["seller"]["name"]]}
    if content["kind"] == DocumentKind.QUOTE:
        total = writing.euros(Decimal(content["totals"]["gross"]))
        lines = [writing["received"], writing["agreed"].format(total=total), writing["sign"]]
    elif content["kind"] == DocumentKind.ORDER:
        lines = [writing["sign_order"]]
    elif content["kind"] == DocumentKind.DELIVERY_NOTE:
        lines = [writing["sign_delivery"], writing["name_sign"]]
    else:
        return []
    return [{"title": writing["the_client"], "lines": lines}, company]


def _form(content: Mapping[str, Any]) -> dict[str, Any]:
    seller = content["seller"]
    place = f"{seller['postcode']} {seller['city']}".strip()
    return {
        "title": words.WITHDRAWAL_TITLE,
        "how": words.WITHDRAWAL_HOW,
        "to": [line for line in (seller["name"], seller["street"], place, seller["email"]) if line],
        "text": f"{words.WITHDRAWAL_TEXT} {content['number']} {content['title']}".strip(),
        "fields": [*words.WITHDRAWAL_FIELDS],
        "strike": words.WITHDRAWAL_STRIKE,
    }
