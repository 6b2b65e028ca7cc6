"""What the journal says of the room's records; its lists of values are told with all others."""

from django.urls import reverse

from commerce.models import Article, Document
from settings_app.journal.subjects import Subject, subjects


def register() -> None:
    subjects.add(
        Subject(
            Article,
            lambda _user: Article.objects.all(),
            lambda row: reverse("commerce:article", args=[row.pk]),
            rights=("see_prices",),
        )
    )
    subjects.add(
        Subject(
            Document,
            Document.objects.visible_to,
            lambda row: row.get_absolute_url(),
            ("see_all_clients", "see_restricted_clients", "see_prices"),
            "client",
        )
    )
