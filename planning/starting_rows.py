"""What every new company starts with: the steps of a site."""

from typing import Any, Final

from planning.models import SiteTaskType
from settings_app.starting_rows import fill

STEPS: Final = (
    "Implantation",
    "Terrassement",
    "Gros œuvre",
    "Étanchéité",
    "Raccordements",
    "Pose",
    "Mise en eau / mise en service",
    "Réception",
)


def load(using: str) -> None:
    rows: list[dict[str, Any]] = [{"label": label} for label in STEPS]
    fill(SiteTaskType, rows, using)
