"""The tables of the room."""

from clients.models.addresses import Address
from clients.models.clients import Client, Enrolment, Gender, Kind
from clients.models.consents import Channel, Consent
from clients.models.contacts import Contact
from clients.models.files import FileTag, Folder, StoredFile, SystemFolder
from clients.models.history import HistoryEntry
from clients.models.questions import Answer, CustomQuestion

__all__ = [
    "Address",
    "Answer",
    "Channel",
    "Client",
    "Consent",
    "Contact",
    "CustomQuestion",
    "Enrolment",
    "FileTag",
    "Folder",
    "Gender",
    "HistoryEntry",
    "Kind",
    "StoredFile",
    "SystemFolder",
]
