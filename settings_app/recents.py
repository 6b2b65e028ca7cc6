"""What each person opened last, offered by the search before anything is typed."""

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import models
from django.utils.timezone import now

if TYPE_CHECKING:
    from settings_app.users.models import User

KEPT: Final = 20


class RecentItem(models.Model):
    """`kind` is the key of a search provider, which alone knows whether the person may still see record `key`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recent_items")
    kind = models.SlugField(max_length=20)
    key = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "page ouverte récemment"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "kind", "key"], name="recent_item_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


def recent_items(user: "User") -> list[tuple[str, int]]:
    """(kind, key), newest first."""
    rows = RecentItem.objects.filter(user=user).order_by("-at", "-pk")
    return list(rows.values_list("kind", "key")[:KEPT])


def remember(user: "User", kind: str, key: int) -> None:
    """Put a record on top of the user's list. Opened twice in a row, it writes nothing."""
    rows = list(RecentItem.objects.filter(user=user).order_by("-at", "-pk").values_list("kind", "key", "pk"))
    if rows and rows[0][:2] == (kind, key):
        return
    RecentItem.objects.bulk_create(
        [RecentItem(user=user, kind=kind, key=key, at=now())],
        update_conflicts=True,
        unique_fields=["user", "kind", "key"],
        update_fields=["at"],
    )
    others = [pk for other_kind, other_key, pk in rows if (other_kind, other_key) != (kind, key)]
    if len(others) >= KEPT:
        RecentItem.objects.filter(pk__in=others[KEPT - 1 :]).delete()
