"""What a colleague who leaves holds in this room, and how another takes it over."""

from typing import Final

from clients import preferences
from clients.models import Client, FollowUp
from extrabat.lib.rooms import Handover
from settings_app.preferences.models import Preference
from settings_app.users.models import User

# The trail of each client says who followed him before; thousands of lines of history would say nothing more.


def _followed(person: User) -> int:
    return Client.objects.filter(followed_by=person).count()


def _follow(person: User, to: User | None) -> None:
    """His clients, and the choice of colleagues who begin their new clients with him."""
    Client.objects.filter(followed_by=person).update(followed_by=to)
    if to:
        chosen = Preference.objects.filter(name=preferences.followed_by.name, value=person.pk)
        chosen.exclude(user=person).update(value=to.pk)


def _to_do(person: User) -> int:
    return FollowUp.objects.filter(assigned_to=person, done_at=None).count()


def _do(person: User, to: User | None) -> None:
    """What is done keeps its name; of what is not, he who does it needs no share of it."""
    rows = FollowUp.objects.filter(assigned_to=person, done_at=None)
    FollowUp.shared_with.through.objects.filter(followup__in=rows, user=to).delete()
    rows.update(assigned_to=to)


def _shared(person: User) -> int:
    return FollowUp.objects.filter(shared_with=person, done_at=None).count()


def _share(person: User, to: User | None) -> None:
    shares = FollowUp.shared_with.through.objects.filter(user=person, followup__done_at=None)
    if to:
        seen = shares.exclude(followup__assigned_to=to).values_list("followup_id", flat=True)
        shares.model.objects.bulk_create(
            [shares.model(followup_id=key, user=to) for key in seen], ignore_conflicts=True
        )
    shares.delete()


HANDOVERS: Final = (
    Handover("clients", "client suivi", "clients suivis", _followed, _follow, nobody="Personne", order=10),
    Handover("actions", "action à faire", "actions à faire", _to_do, _do, order=20),
    Handover(
        "shared-actions",
        "action partagée avec lui",
        "actions partagées avec lui",
        _shared,
        _share,
        nobody="Personne",
        order=30,
    ),
)
