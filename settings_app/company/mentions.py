"""What the company's documents must say about it, and what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from settings_app.company.models import Company, Register, Store, VatRegime


def _is_empty(company: Company, name: str) -> bool:
    return getattr(company, name) in ("", None)


@dataclass(frozen=True)
class Missing:
    """One mention that a quote or an invoice would lack; `url` is the field where it is given."""

    label: str
    url: str


def missing_mentions(company: Company, stores: Sequence[Store]) -> list[Missing]:
    """In the order of the forms; a mention that the law does not ask of this company is not missing."""
    page = reverse("settings_app:company")
    # Stores with a contract of their own do without the company's.
    leans = not stores or any(not store.insurer for store in stores)
    wanted = [
        ("name", "raison sociale", True),
        ("legal_form", "forme juridique", True),
        ("capital", "capital", company.has_capital),
        ("siren", "SIREN", True),
        ("register", "registre (RCS, RM ou RNE)", True),
        ("register_city", "ville du registre", company.register != Register.RNE),
        ("vat_number", "numéro de TVA", company.vat_regime != VatRegime.FRANCHISE),
        ("street", "adresse du siège", True),
        ("postcode", "code postal du siège", True),
        ("city", "commune du siège", True),
        ("insurer", "assureur de la garantie décennale", leans),
        ("insurer_contact", "coordonnées de l’assureur", leans),
        ("insurance_zone", "couverture géographique de l’assurance", leans),
        ("mediator", "médiateur de la consommation", True),
        ("mediator_address", "adresse du médiateur", True),
        ("mediator_website", "site du médiateur", True),
        ("discount_terms", "conditions d’escompte", True),
        ("late_terms", "pénalités de retard", True),
    ]
    missing = [Missing(label, f"{page}#id_{name}") for name, label, due in wanted if due and _is_empty(company, name)]
    for store in stores:
        page = reverse("settings_app:store_edit", args=[store.pk])
        needed = {"siret": "SIRET", "phone": "téléphone", "email": "e-mail", "street": "adresse", "city": "commune"}
        if store.insurer:
            needed |= {"insurer_contact": "coordonnées de l’assureur", "insurance_zone": "couverture de l’assurance"}
        missing += [
            Missing(f"{label} de {store.name}", f"{page}#id_{name}")
            for name, label in needed.items()
            if not getattr(store, name)
        ]
    return missing
