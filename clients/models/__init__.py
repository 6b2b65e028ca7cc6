"""The tables of the room."""

from clients.models.addresses import Address
from clients.models.clients import Client, Enrolment, Gender, Kind
from clients.models.consents import Channel, Consent
from clients.models.contacts import Contact
from clients.models.files import FileTag, Folder, StoredFile, SystemFolder
from clients.models.followups import FollowUp
from clients.models.history import HistoryEntry
from clients.models.installations import Equipment, Installation
from clients.models.lists import BulkChange, BulkChangeRow, ExportJob, SavedFilter
from clients.models.merges import Merge, MergedRow
from clients.models.questions import Answer, CustomQuestion
from clients.models.search import ClientSearch, SearchWord

__all__ = [
    "Address",
    "Answer",
    "BulkChange",
    "BulkChangeRow",
    "Channel",
    "Client",
    "ClientSearch",
    "Consent",
    "Contact",
    "CustomQuestion",
    "Enrolment",
    "Equipment",
    "ExportJob",
    "FileTag",
    "Folder",
    "FollowUp",
    "Gender",
    "HistoryEntry",
    "Installation",
    "Kind",
    "Merge",
    "MergedRow",
    "SavedFilter",
    "SearchWord",
    "StoredFile",
    "SystemFolder",
]
