"""The demo company: invented people whom everybody may sign in as. Never loaded in production."""

from decimal import Decimal

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from settings_app.company.models import ONLY, Company, Store
from settings_app.users.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD, MANOSQUE, PERTUIS
from settings_app.users.models import User
from settings_app.users.rights import ADMINISTRATOR


def load(using: str) -> None:
    """Two stores and six people; Sophie has neither e-mail nor mobile, as happens."""
    if not settings.DEMO:
        raise RuntimeError("demo data belongs to DEMO=1 only")
    if User.objects.using(using).filter(is_demo=True).exists():
        return
    _company(using)
    stores = _stores(using)
    password = make_password(DEMO_PASSWORD)
    for account in DEMO_ACCOUNTS:
        user = User(
            username=account.username,
            first_name=account.first_name,
            last_name=account.last_name,
            email=f"{account.username}@rivage-foyer.exemple.fr" if account.mobile else "",
            mobile=account.mobile,
            store_id=stores[account.store].pk,
            is_staff=account.role == ADMINISTRATOR,
            is_demo=True,
            password=password,
        )
        user.save(using=using)
        user.groups.set([Group.objects.using(using).get(name=account.role)])


def _company(using: str) -> None:
    """Rivage & Foyer as its documents tell of it, but for the zone of its insurance, which a banner tells."""
    company = Company.objects.using(using).get(pk=ONLY)
    values = {
        "name": "Rivage & Foyer",
        "legal_form": "SARL",
        "capital": Decimal("20000.00"),
        "siren": "983142050",
        "register": "RCS",
        "register_city": "Avignon",
        "ape": "4322B",
        "vat_number": "FR27983142050",
        "street": "14 cours de la République",
        "postcode": "84120",
        "city": "Pertuis",
        "insurer": "Assurances du Luberon",
        "insurer_contact": "8 avenue de Verdun, 84120 Pertuis",
        "insurance_number": "D-2026-0417",
        "mediator": "Médiation Conso Provence",
        "mediator_address": "3 place du Marché, 13100 Aix-en-Provence",
        "mediator_website": "https://mediation.exemple.fr",
    }
    for name, value in values.items():
        setattr(company, name, value)
    company.save(using=using)


def _stores(using: str) -> dict[str, Store]:
    """By name; Pertuis is the one that every new company starts with."""
    pertuis = Store.objects.using(using).earliest("pk")
    Store.objects.using(using).filter(pk=pertuis.pk).update(
        name=PERTUIS,
        phone="+33199000010",
        email="bonjour@rivage-foyer.exemple.fr",
        website="https://rivage-foyer.exemple.fr",
        street="14 cours de la République",
        postcode="84120",
        city="Pertuis",
        siret="98314205000019",
    )
    manosque = Store(
        name=MANOSQUE,
        phone="+33199000011",
        email="manosque@rivage-foyer.exemple.fr",
        street="3 boulevard de la Plaine",
        postcode="04100",
        city="Manosque",
    )
    manosque.save(using=using)
    return {PERTUIS: pertuis, MANOSQUE: manosque}
