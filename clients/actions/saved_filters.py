"""Keeping a filter of the list under a name, for oneself or for all."""

from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from clients.models import SavedFilter
from extrabat.lib.refusals import Refused
from settings_app.submissions import earlier_result, record_result
from settings_app.users.access import may
from settings_app.users.models import User

TAKEN: Final = "Vous avez déjà un filtre de ce nom. Choisissez-en un autre."
# A menu that nobody reads any more helps nobody.
LIMIT: Final = 50


def may_change(user: User, saved: SavedFilter) -> bool:
    """Its author, or who keeps the settings."""
    return saved.user_id == user.pk or may(user, "change_settings")


def save_filter(*, by: User, name: str, query: str, is_shared: bool, token: str) -> None:
    """Keep `query` under `name`."""
    with _named_once(), transaction.atomic():
        if earlier_result(token, by=by):
            return
        own = SavedFilter.objects.filter(user=by)
        if own.count() >= LIMIT:
            raise Refused("Vous avez déjà cinquante filtres enregistrés. Supprimez-en un d’abord.")
        place = (own.aggregate(last=Max("position"))["last"] or 0) + 1
        saved = SavedFilter.objects.create(user=by, name=name, query=query, is_shared=is_shared, position=place)
        record_result(token, str(saved.pk))


def change_filter(saved: SavedFilter, *, name: str, is_shared: bool) -> None:
    """Rename, share or keep to oneself."""
    with _named_once(), transaction.atomic():
        SavedFilter.objects.filter(pk=saved.pk).update(name=name, is_shared=is_shared)


def delete_filter(saved: SavedFilter) -> None:
    SavedFilter.objects.filter(pk=saved.pk).delete()


class _named_once:  # noqa: N801  # read as a word of the `with`
    """The database holds the rule; here it is said in words."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, IntegrityError):
            raise Refused(TAKEN) from error
