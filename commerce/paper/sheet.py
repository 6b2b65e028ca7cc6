"""A frozen copy becomes the sheet that the templates set: every word chosen, every figure written, nothing added up
but what is carried from page to page.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from PIL import Image, UnidentifiedImageError

from commerce.domain.states import INVOICES, DocumentKind
from commerce.paper import notes
from commerce.paper.rows import rows_of
from commerce.paper.words import Writing, writing_of
from extrabat.lib import phones
from extrabat.lib.french import NBSP
from settings_app.company.palette import DEFAULT, ON_PAPER

Content = Mapping[str, Any]
_RUNNING: Final = 60
_TO_PAY: Final = frozenset({DocumentKind.INVOICE, DocumentKind.DEPOSIT_INVOICE})


def sheet_of(content: Content, *, mark: str, logo: bytes | None, numbers: bool) -> dict[str, Any]:
    """What document.typ reads: texts only, in the client's language."""
    writing = writing_of(content["language"])
    priced = content["kind"] != DocumentKind.DELIVERY_NOTE
    lines, options = rows_of(content, writing)
    return {
        "lang": writing.language,
        "mark": writing[mark] if mark else "",
        "priced": priced,
        "numbers": numbers,
        "title": writing[content["kind"]],
        "number": content["number"],
        "running": _short(content["buyer"]["name"]),
        "subject": content["title"],
        "company": _company(content["seller"], logo, writing),
        "client": _client(content["buyer"], writing),
        "facts": _facts(content, writing),
        "addresses": _places(content, writing),
        "words": _heads(content, writing),
        "lines": lines,
        "options": options,
        "totals": _totals(content, writing) if priced else [],
        "vat": _vat(content, writing) if priced else None,
        "deposits": _deposits(content, writing),
        "bank": _bank(content, writing),
        "foot": content["foot"],
        **notes.notes_of(content, writing),
    }


def _heads(content: Content, writing: Writing) -> dict[str, str]:
    side = "gross" if content["prices_with_vat"] else "net"
    same = (
        "no",
        "choice",
        "label",
        "quantity",
        "discount",
        "vat",
        "continued",
        "brought",
        "carried",
        "options",
        "tick",
    )
    return {name: writing[name] for name in same} | {
        "price": writing[f"price_{side}"],
        "amount": writing[f"amount_{side}"],
    }


def _short(name: str) -> str:
    """What fits in one line at the head of the pages that follow."""
    return name if len(name) <= _RUNNING else f"{name[:_RUNNING].rstrip()}…"


def _day(value: str | None, writing: Writing) -> str:
    return writing.day(date.fromisoformat(value)) if value else ""


def _company(seller: Content, logo: bytes | None, writing: Writing) -> dict[str, Any]:
    place = ", ".join(part for part in (seller["street"], f"{seller['postcode']} {seller['city']}".strip()) if part)
    phone = phones.display_phone(seller["phone"]) if seller["phone"] else ""
    reach = " · ".join(part for part in (phone, seller["email"]) if part)
    store = seller["store"] if seller["store"] != seller["name"] else ""
    return {
        "name": seller["name"] or seller["store"],
        "lines": [line for line in (store, place, reach, seller["website"]) if line],
        "legal": _legal(seller, writing),
        "accent": ON_PAPER.get(seller["accent"], ON_PAPER[DEFAULT]),
        "logo": _logo(logo),
        "logo_alt": writing["logo"].format(name=seller["name"]),
    }


def _legal(seller: Content, writing: Writing) -> list[str]:
    """Who the seller is before the law (D2, F3): at the foot of every page."""
    form = seller["legal_form"]
    if seller["capital"]:
        form = f"{form} {writing['capital']} {_capital(seller['capital'], writing)}".strip()
    registered = f"{seller['register']} {seller['register_city']}".strip() if seller["register"] else ""
    identity = f"SIRET {_spaced(seller['siret'])}" if seller["siret"] else ""
    siren = _spaced(seller["siren"])
    register = f"{registered} {siren}" if registered and siren else (f"SIREN {siren}" if siren else "")
    vat = f"{writing['vat_number']} {seller['vat_number']}" if seller["vat_number"] else ""
    ape = f"{writing['ape']} {seller['ape']}" if seller["ape"] else ""
    who = ", ".join(part for part in (seller["name"], form) if part)
    return [
        line
        for line in (" · ".join(p for p in parts if p) for parts in ((who, identity), (register, vat, ape)))
        if line
    ]


def _capital(value: str, writing: Writing) -> str:
    capital = Decimal(value)
    if writing.language == "fr":
        return f"{writing.number(capital)}{NBSP}€"
    return f"€{writing.number(capital)}"


def _spaced(digits: str) -> str:
    """« 732 829 320 », « 732 829 320 00074 »: as registers write them."""
    groups = [digits[:3], digits[3:6], digits[6:9], digits[9:]]
    return NBSP.join(group for group in groups if group)


def _logo(content: bytes | None) -> str:
    """The picture inside an SVG, the one kind of picture that goes in as text; "" for none or for no picture."""
    if not content:
        return ""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
            kind = Image.MIME.get(picture.format or "", "")
    except (UnidentifiedImageError, OSError):
        return ""
    data = base64.b64encode(content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image href="data:{kind};base64,{data}" width="{width}" height="{height}"/></svg>'
    )


def _client(buyer: Content, writing: Writing) -> dict[str, Any]:
    siren = f"SIREN{NBSP}{_spaced(buyer['siren'])}" if buyer["siren"] else ""
    vat = f"{writing['vat_number']}{NBSP}{buyer['vat_number']}" if buyer["vat_number"] else ""
    ids = " · ".join(part for part in (siren, vat) if part)
    return {"role": writing["buyer"], "name": buyer["name"], "lines": buyer["address"], "ids": [ids] if ids else []}


def _facts(content: Content, writing: Writing) -> list[list[str]]:
    """The labelled facts beside the recipient; those that are empty are not printed."""
    kind = content["kind"]
    last = f"{content['due_on']}" if kind in _TO_PAY and content["due_on"] else None
    return [
        [writing["date"], _day(content["date"], writing)],
        [writing["valid_until"], _day(content["valid_until"], writing) if kind == DocumentKind.QUOTE else ""],
        [writing["service_on"], _day(content["service_on"], writing)],
        [writing["due_on"], _day(last, writing)],
        [writing["payment"], content["payment"] if kind != DocumentKind.DELIVERY_NOTE else ""],
        [writing["corrects"], "\n".join(_named(one, writing) for one in content["corrects"])],
        [writing["made_of"], "\n".join(f"{writing[one['kind']]} {_named(one, writing)}" for one in _numbered(content))],
        [writing["reference"], content["client_reference"]],
        [writing["client_code"], content["buyer"]["code"]],
        [writing["installation"], content["installation"]],
    ]


def _numbered(content: Content) -> list[Content]:
    return [one for one in content["made_of"] if one["number"]]


def _named(one: Content, writing: Writing) -> str:
    return f"{one['number']} {writing['of']} {_day(one['date'], writing)}"


def _places(content: Content, writing: Writing) -> list[dict[str, Any]]:
    """Where it goes and where the works are, when that is not where the invoice goes."""
    written: list[Sequence[str]] = [content["buyer"]["address"]]
    places = []
    for name in ("site", "delivery"):
        if content[name] and content[name] not in written:
            written.append(content[name])
            places.append({"role": writing[name], "lines": content[name]})
    return places


def _totals(content: Content, writing: Writing) -> list[dict[str, str]]:
    totals = {name: Decimal(value) for name, value in content["totals"].items()}
    kind, rates = content["kind"], content["rates"]
    found = []

    def row(label: str, value: Decimal, style: str = "plain") -> None:
        found.append({"label": label, "value": writing.euros(value), "style": style})

    if totals["discount"]:
        row(writing["lines_net"], totals["lines_net"])
        row(writing["discount"], -totals["discount"])
    row(writing["net"], totals["net"], "strong")
    taxed = any(Decimal(rate["percent"]) for rate in rates)
    if taxed and len(rates) == 1:
        row(f"{writing['vat']} {writing.percent(Decimal(rates[0]['percent']))}", totals["vat"])
    elif taxed:
        row(writing["total_vat"], totals["vat"])
    whole = writing["gross"] if taxed else writing["untaxed"]
    if kind not in INVOICES:
        row(whole, totals["gross"], "grand")
        return found
    if taxed or totals["deducted"]:
        row(whole, totals["gross"], "strong")
    for deposit in content["deposits"]:
        row(f"{writing['deposit']} {deposit['number']}", -Decimal(deposit["gross"]), "minor")
    row(writing["credit" if kind == DocumentKind.CREDIT_NOTE else "payable"], totals["payable"], "grand")
    if kind in _TO_PAY and content["due_on"] and totals["payable"] > 0:
        found.append({"label": writing["pay_before"], "value": _day(content["due_on"], writing), "style": "strong"})
    return found


def _vat(content: Content, writing: Writing) -> dict[str, Any] | None:
    """VAT by rate (F6), and by rate what deposits already billed of it; none when one rate says it all."""
    billed: dict[tuple[str, str], Decimal] = {}
    for deposit in content["deposits"]:
        for rate in deposit["rates"]:
            key = (rate["category"], rate["percent"])
            billed[key] = billed.get(key, Decimal(0)) + Decimal(rate["vat"])
    if len(content["rates"]) < 2 and not billed:
        return None
    head = [writing["rate"], writing["base"], writing["vat"]]
    head += [writing["billed_vat"], writing["left_vat"]] if billed else [writing["with_vat"]]
    rows = []
    for rate in content["rates"]:
        vat = Decimal(rate["vat"])
        row = [writing.percent(Decimal(rate["percent"])), writing.amount(Decimal(rate["net"])), writing.amount(vat)]
        already = billed.get((rate["category"], rate["percent"]), Decimal(0))
        last = [already, vat - already] if billed else [Decimal(rate["gross"])]
        rows.append(row + [writing.amount(value) for value in last])
    return {"head": head, "rows": rows}


def _deposits(content: Content, writing: Writing) -> dict[str, Any] | None:
    """Each deposit by rate: net, VAT and total that this invoice deducts (PAY-17)."""
    if not content["deposits"]:
        return None
    rows = []
    for deposit in content["deposits"]:
        for place, rate in enumerate(deposit["rates"]):
            net, vat = Decimal(rate["net"]), Decimal(rate["vat"])
            named = [deposit["number"], _day(deposit["date"], writing)] if place == 0 else ["", ""]
            percent = writing.percent(Decimal(rate["percent"]))
            rows.append([*named, percent, *(writing.amount(value) for value in (net, vat, net + vat))])
    names = ("invoice_number", "date", "rate", "net_short", "vat", "with_vat")
    return {"title": writing["deposits"], "head": [writing[name] for name in names], "rows": rows}


def _bank(content: Content, writing: Writing) -> dict[str, Any] | None:
    seller = content["seller"]
    if content["kind"] not in _TO_PAY or not seller["iban"] or Decimal(content["totals"]["payable"]) <= 0:
        return None
    account = "".join(seller["iban"].split())
    iban = NBSP.join(account[place : place + 4] for place in range(0, len(account), 4))
    rows = [
        ["IBAN", iban],
        ["BIC", seller["bic"]],
        [writing["holder"], seller["name"]],
        [writing["quoted"], content["number"]],
    ]
    return {"title": writing["transfer"], "rows": [row for row in rows if row[1]]}
