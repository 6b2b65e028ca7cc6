"""The company's wish that everybody has a second factor, as the door hears it."""

from settings_app.company.models import ONLY, Company
from settings_app.users.confirming import FactorDemand, factor_demands
from settings_app.users.models import User


def is_asked_of(user: User) -> bool:
    """The company came along with the store; for who has no store it is read."""
    company = user.store.company if user.store else Company.objects.defer("iban", "bic").get(pk=ONLY)
    return company.second_factor_for_all


def register() -> None:
    factor_demands.add(FactorDemand("company", is_asked_of))
