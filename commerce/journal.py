"""What the journal says of the room's records; its lists of values are told with all others."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse

from clients.journal import kept_above
from commerce.models import Article, Document, LegalMention, SellingTerms
from settings_app.journal.subjects import Subject, subjects
from settings_app.users.models import User


def _all_of(model: type[Model]) -> Callable[[User], QuerySet[Any]]:
    return lambda _user: model._default_manager.all()


def register() -> None:
    subjects.add(
        Subject(
            Article,
            lambda _user: Article.objects.all(),
            lambda row: reverse("commerce:article", args=[row.pk]),
            rights=("see_prices",),
        )
    )
    documents = Subject(
        Document,
        Document.objects.visible_to,
        lambda row: row.get_absolute_url(),
        ("see_all_clients", "see_restricted_clients", "see_prices"),
        "client",
    )
    subjects.add(documents)
    # Its lines and deductions stand in its own trail.
    kept_above.add(documents)
    for model in (LegalMention, SellingTerms):
        subjects.add(Subject(model, _all_of(model), rights=("change_settings",)))
