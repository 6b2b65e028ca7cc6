"""What every new company starts with: roles with their rights, a store, civilities, statuses."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import models

from settings_app.company.models import Company, Store
from settings_app.reference.models import (
    AddressType,
    CashJournal,
    Civility,
    ClientType,
    Colour,
    Language,
    Origin,
    ServiceNature,
    SocialCategory,
    Status,
    Warehouse,
)
from settings_app.reference.palette import TINTS
from settings_app.users.rights import RIGHTS, ROLES

CIVILITIES: list[dict[str, Any]] = [
    {"label": label, "is_professional": professional}
    for label, professional in [
        ("M.", False),
        ("Mme", False),
        ("M. et Mme", False),
        ("Indivision", False),
        ("Auto-Entreprise", True),
        ("SARL", True),
        ("SAS", True),
        ("EURL", True),
        ("SASU", True),
        ("SA", True),
        ("SCI", True),
        ("Association", True),
        ("Mairie/Collectivité", True),
        ("Copropriété", True),
    ]
]
STATUSES: list[dict[str, Any]] = [
    {"label": "Prospect", "is_prospect": True},
    {"label": "Devis en cours", "is_prospect": True},
    {"label": "Client"},
    {"label": "En cours de chantier", "on_planning": True},
    {"label": "Client archivé"},
    {"label": "Corbeille", "is_trash": True},
]

ORIGINS = ["Bouche-à-oreille", "Site internet", "Salon", "Parrainage", "Publicité", "Passage en magasin", "Autre"]
SOCIAL_CATEGORIES = [
    "Agriculteurs exploitants",
    "Artisans, commerçants et chefs d’entreprise",
    "Cadres et professions intellectuelles supérieures",
    "Professions intermédiaires",
    "Employés",
    "Ouvriers",
    "Retraités",
    "Autres personnes sans activité professionnelle",
]
CLIENT_TYPES = ["Client", "Partenaire", "Sous-traitant", "Fournisseur", "Prescripteur"]
LANGUAGES: list[dict[str, Any]] = [
    {"label": "Français", "code": "fr"},
    {"label": "Anglais", "code": "en"},
    {"label": "Allemand", "code": "de"},
    {"label": "Néerlandais", "code": "nl"},
    {"label": "Espagnol", "code": "es"},
    {"label": "Italien", "code": "it"},
]
ADDRESS_TYPES: list[dict[str, Any]] = [
    {"label": "Correspondance", "code": "correspondance"},
    {"label": "Chantier", "code": "chantier"},
    {"label": "Facturation", "code": "facturation"},
    {"label": "Livraison", "code": "livraison"},
]
COLOURS: list[dict[str, Any]] = [{"label": name.capitalize(), "tint": tint} for tint, name in TINTS]
SERVICE_NATURES = ["Petits travaux de jardinage", "Petit bricolage"]


def load(using: str) -> None:
    """Fill what is empty; what the company has changed since is left alone."""
    if not Group.objects.using(using).exists():
        _load_roles(using)
    if not Company.objects.using(using).exists():
        Company(name="Mon entreprise").save(using=using)
    if not Store.objects.using(using).exists():
        Store(name="Mon entreprise").save(using=using)
    fill(Civility, CIVILITIES, using)
    fill(Status, STATUSES, using)
    fill(Language, LANGUAGES, using)
    fill(AddressType, ADDRESS_TYPES, using)
    fill(Colour, COLOURS, using)
    for table, labels in (
        (Origin, ORIGINS),
        (SocialCategory, SOCIAL_CATEGORIES),
        (ClientType, CLIENT_TYPES),
        (ServiceNature, SERVICE_NATURES),
        (Warehouse, ["Dépôt principal"]),
        (CashJournal, ["Caisse", "Banque"]),
    ):
        fill(table, [{"label": label} for label in labels], using)


def _load_roles(using: str) -> None:
    permissions = {
        permission.codename: permission
        for permission in Permission.objects.using(using).filter(content_type__app_label="settings_app")
    }
    for role in ROLES:
        group = Group.objects.using(using).create(name=role)
        group.permissions.set([permissions[right.code] for right in RIGHTS if role in right.roles])


def fill(table: type[models.Model], values: list[dict[str, Any]], using: str) -> None:
    """Give an empty table its first values, in their order."""
    rows = table._default_manager.using(using)
    if not rows.exists():
        rows.bulk_create([table(position=position, **value) for position, value in enumerate(values, start=1)])
