"""Clients, contacts, addresses, installations, file cabinet, history."""
