"""The room's own records in the journal."""

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.urls import reverse

from settings_app.company.models import Company, Store
from settings_app.journal.subjects import Subject, subjects
from settings_app.reference.catalogue import TABLES
from settings_app.reference.models import Status
from settings_app.users.models import User


def _statuses(user: User) -> QuerySet[Status]:
    """The very name of a restricted one is not for everybody."""
    rows = Status.objects.all()
    return rows if user.has_perm("settings_app.see_restricted_clients") else rows.filter(is_restricted=False)


def register() -> None:
    subjects.add(
        Subject(
            User,
            lambda _user: User.objects.all(),
            lambda row: reverse("settings_app:person", args=[row.pk]),
        )
    )
    subjects.add(
        Subject(
            Company,
            lambda _user: Company.objects.defer("iban", "bic"),
            lambda _row: reverse("settings_app:company"),
            label="société",
        )
    )
    subjects.add(
        Subject(
            Store,
            lambda _user: Store.objects.all(),
            lambda row: reverse("settings_app:store_edit", args=[row.pk]),
            label="magasin",
        )
    )
    subjects.add(
        Subject(Group, lambda _user: Group.objects.all(), lambda _row: reverse("settings_app:roles"), label="rôle")
    )
    for table in TABLES.values():
        restricted = table.model is Status
        subjects.add(
            Subject(
                table.model,
                _statuses if restricted else _all_of(table.model),
                _screen_of(table.slug),
                rights=("see_restricted_clients",) if restricted else (),
            )
        )


def _all_of(model: Any) -> Any:
    return lambda _user: model._default_manager.all()


def _screen_of(slug: str) -> Any:
    return lambda row: reverse("settings_app:reference_edit", args=[slug, row.pk])
