"""The tables of the room."""

from clients.models.addresses import Address
from clients.models.clients import Client, Enrolment, Gender, Kind
from clients.models.consents import Channel, Consent
from clients.models.contacts import Contact
from clients.models.history import HistoryEntry
from clients.models.lists import BulkChange, BulkChangeRow, ExportJob, SavedFilter
from clients.models.questions import Answer, CustomQuestion

__all__ = [
    "Address",
    "Answer",
    "BulkChange",
    "BulkChangeRow",
    "Channel",
    "Client",
    "Consent",
    "Contact",
    "CustomQuestion",
    "Enrolment",
    "ExportJob",
    "Gender",
    "HistoryEntry",
    "Kind",
    "SavedFilter",
]
