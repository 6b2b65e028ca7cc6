"""Documents in the journal: their lines are told in their trail."""

from commerce.models import Document
from settings_app.journal.subjects import Subject, subjects


def register() -> None:
    subjects.add(
        Subject(
            Document,
            Document.objects.visible_to,
            lambda row: row.get_absolute_url(),
            ("see_all_clients", "see_restricted_clients", "see_prices"),
            "client",
        )
    )
