"""The tables of the room, gathered from its parts."""

from settings_app.audit.models import AuditEntry
from settings_app.company.models import Company, Store
from settings_app.pictures.models import Picture
from settings_app.preferences.models import Preference
from settings_app.recents import RecentItem
from settings_app.reference.models import (
    AddressType,
    CashJournal,
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
    Warehouse,
)
from settings_app.submissions import Submission
from settings_app.users.models import User, UserSession
from settings_app.users.sign_ins import SignInEvent

__all__ = [
    "AddressType",
    "AuditEntry",
    "CashJournal",
    "Civility",
    "ClientType",
    "Colour",
    "Company",
    "Grouping",
    "Language",
    "Origin",
    "Picture",
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
    "UserSession",
    "Warehouse",
]
