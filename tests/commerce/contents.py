"""Frozen copies as issuing writes them, invented: what paper is printed from, without a database."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Content = dict[str, Any]
NASTY = (
    "#let x = 1 * _em_ $a^2$ @ref <lab> [cont] \\n \\ \"guillemets\" 'simple' `code` // fin /* c */ = titre - liste "
    "+ num -- tiret --- ... ~ 50x30 -> <= fi ffi #emoji {{ tag }} %s &amp; <b>gras</b>"
)
LONG = (
    "Fourniture et pose d’un ensemble complet comprenant la préparation du support, le ragréage, la mise en place de "
    "la membrane, les soudures, les essais d’étanchéité à l’air et à l’eau, ainsi que la remise d’un procès-verbal. "
)
SELLER = {
    "name": "Bleu Lubéron Piscines",
    "legal_form": "SARL",
    "capital": "20000.00",
    "siren": "732829320",
    "siret": "73282932000074",
    "register": "RCS",
    "register_city": "Aix-en-Provence",
    "ape": "4322B",
    "vat_number": "FR44732829320",
    "store": "Pertuis",
    "street": "4 rue du Lavoir",
    "postcode": "84120",
    "city": "Pertuis",
    "phone": "+33199000012",
    "email": "contact@exemple.fr",
    "website": "https://www.exemple.fr",
    "iban": "FR7630004000031234567890143",
    "bic": "BNPAFRPPXXX",
    "accent": "eau",
    "logo": None,
}
BUYER = {
    "name": "Mme Hélène Fabre",
    "kind": "individual",
    "code": "C00042",
    "siren": "",
    "siret": "",
    "vat_number": "",
    "address": ["12 rue du Port", "84240 Ansouis"],
}
PROFESSIONAL = BUYER | {
    "name": "Résidence Les Grands Cèdres SAS",
    "kind": "professional",
    "siren": "732829320",
    "siret": "73282932000074",
    "vat_number": "FR44732829320",
    "address": ["128 avenue Maréchal-de-Saxe", "Service comptabilité", "69003 Lyon"],
}


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def item(label: str, quantity: str = "1", price: str = "100", rate: str = "20.00", **more: Any) -> Content:
    percent = Decimal(more.get("discount_percent", "0"))
    less = Decimal(more.get("discount_amount", "0.00"))
    total = cents(Decimal(quantity) * Decimal(price) * (1 - percent / 100)) - less
    return {
        "kind": "item",
        "code": "",
        "label": label,
        "description": "",
        "quantity": quantity,
        "unit": "u",
        "unit_code": "C62",
        "unit_price": price,
        "discount_percent": str(percent),
        "discount_amount": str(less),
        "rate": rate,
        "category": "S",
        "net": str(total),
        "total": str(total),
        "is_option": False,
        "is_hidden": False,
        "parts": [],
    } | more


def other(kind: str, label: str, **more: Any) -> Content:
    nothing = {"quantity": "0", "unit": "", "unit_code": "", "unit_price": "0", "rate": "", "category": ""}
    return item(label, "0", "0") | nothing | {"kind": kind, "net": "0.00", "total": "0.00"} | more


def section(label: str, **more: Any) -> Content:
    return other("section", label, **more)


def content(kind: str = "invoice", lines: Sequence[Content] = (), **more: Any) -> Content:
    """Numbered, subtotalled and added up by rate, VAT once per rate."""
    made, number, running, inside = [], 0, Decimal(0), False
    base: dict[str, Decimal] = {}
    for given in lines or [item("Vanne six voies")]:
        line = dict(given)
        if line["kind"] == "section":
            running, inside = Decimal(0), line["is_option"]
        elif line["kind"] == "subtotal":
            line["total"] = line["net"] = str(running)
            running = Decimal(0)
        elif line["kind"] == "item":
            number += 1
            if not (inside or line["is_option"]):
                running += Decimal(line["total"])
                base[line["rate"]] = base.get(line["rate"], Decimal(0)) + Decimal(line["net"])
        made.append(line | {"number": str(number) if line["kind"] == "item" else ""})
    rates = [
        {
            "category": "S",
            "percent": percent,
            "reason": "",
            "mention": "",
            "lines_net": str(net),
            "discount": "0.00",
            "net": str(net),
            "vat": str(cents(net * Decimal(percent) / 100)),
            "gross": str(net + cents(net * Decimal(percent) / 100)),
        }
        for percent, net in base.items()
    ]
    net, vat = sum(base.values(), Decimal(0)), sum((Decimal(one["vat"]) for one in rates), Decimal(0))
    deducted = sum((Decimal(one["gross"]) for one in more.get("deposits", [])), Decimal(0))
    series = {"quote": "DV", "order": "CO", "delivery_note": "BL", "credit_note": "AV"}.get(kind, "FA")
    return {
        "version": 1,
        "kind": kind,
        "number": f"{series}2026-000042",
        "date": "2026-11-26",
        "title": "Filtration",
        "language": "fr",
        "valid_until": "2026-12-26" if kind == "quote" else None,
        "due_on": "2026-12-26" if kind in {"invoice", "deposit_invoice"} else None,
        "payment": "Virement à 30 jours",
        "client_reference": "",
        "category": "mixed",
        "prices_with_vat": False,
        "execution": "",
        "service_on": None,
        "seller": SELLER,
        "buyer": BUYER,
        "delivery": [],
        "site": [],
        "installation": "",
        "lines": made,
        "rates": rates,
        "totals": {
            "lines_net": str(net),
            "discount": "0.00",
            "net": str(net),
            "vat": str(vat),
            "gross": str(net + vat),
            "deducted": str(deducted),
            "payable": str(net + vat - deducted),
        },
        "deposits": [],
        "corrects": [],
        "made_of": [],
        "foot": "",
        "mentions": [],
    } | more
