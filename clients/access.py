"""Which clients a person without « Voir tous les clients » may see: rooms above say it, one condition each."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from extrabat.lib.registry import Registry

# A source takes the user and gives a condition on Client (planning: those of his appointments).
own_clients: Registry[Callable[[Any], Q]] = Registry(key=lambda source: source.__qualname__)


def reachable_by(user: Any) -> Q:
    """Clients that are the user's own business; nothing when no source speaks for him."""
    condition = Q(pk__in=[])
    for source in own_clients:
        condition |= source(user)
    return condition
