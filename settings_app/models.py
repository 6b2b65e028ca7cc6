"""The tables of the room, gathered from its parts."""

from settings_app.audit.models import AuditEntry
from settings_app.company.models import Store
from settings_app.preferences.models import Preference
from settings_app.recents import RecentItem
from settings_app.reference.models import (
    AddressType,
    Civility,
    ClientType,
    Colour,
    Grouping,
    Language,
    Origin,
    PriceList,
    ServiceNature,
    SocialCategory,
    Status,
)
from settings_app.submissions import Submission
from settings_app.users.models import User
from settings_app.users.sign_ins import SignInEvent

__all__ = [
    "AddressType",
    "AuditEntry",
    "Civility",
    "ClientType",
    "Colour",
    "Grouping",
    "Language",
    "Origin",
    "Preference",
    "PriceList",
    "RecentItem",
    "ServiceNature",
    "SignInEvent",
    "SocialCategory",
    "Status",
    "Store",
    "Submission",
    "User",
]
