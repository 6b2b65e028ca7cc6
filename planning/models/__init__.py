"""Tables of the room."""

from planning.models.tasks import SiteTaskType

__all__ = ["SiteTaskType"]
