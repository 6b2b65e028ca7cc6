"""Who sells and who buys, as a document copies them when it is issued (EN 16931: BG-4, BG-7)."""

from typing import Any

from clients.models import Address, Client
from commerce.models import Document

_SIREN = 9


def seller_of(document: Document) -> dict[str, Any]:
    """The company, and the store in whose name it sells: its address where it has one."""
    store, company = document.store, document.store.company
    place = store if store.street or store.city else company
    return {
        "name": company.name,
        "legal_form": company.legal_form,
        "capital": str(company.capital) if company.capital is not None else "",
        "siren": company.siren,
        "siret": store.siret,
        "register": company.register,
        "register_city": company.register_city,
        "ape": company.ape,
        "vat_number": company.vat_number,
        "store": store.name,
        "street": place.street,
        "postcode": place.postcode,
        "city": place.city,
        "phone": store.phone,
        "email": store.email,
        "website": store.website,
        "iban": company.iban,
        "bic": company.bic,
        "accent": store.accent or company.accent,
        "logo": company.logo_id,
    }


def sap_number_of(document: Document) -> str:
    """The number of who intervenes, on invoices of services to individuals; empty on any other."""
    if not document.client.is_urssaf or document.followed_by is None:
        return ""
    return document.followed_by.sap_number


def buyer_of(document: Document) -> dict[str, Any]:
    client: Client = document.client
    number = client.siret.strip()
    civility = "" if client.is_professional else client.civility.label
    return {
        "name": f"{civility} {client.display_name}".strip() if client.display_name else "",
        "kind": client.kind,
        "code": client.code,
        "siren": number[:_SIREN],
        "siret": number if len(number) > _SIREN else "",
        "vat_number": client.vat_number,
        "address": address_lines(document.billing_address),
    }


def address_lines(address: Address | None) -> list[str]:
    """As an envelope has them, without the client's name; none for an address without town."""
    if address is None or not address.town:
        return []
    return [part for part in (address.way, address.complement, address.town) if part]
