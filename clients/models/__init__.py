"""The tables of the room."""

from clients.models.addresses import Address
from clients.models.clients import Client, Kind

__all__ = ["Address", "Client", "Kind"]
