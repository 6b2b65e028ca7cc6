"""What can be done to a colleague's account. Nothing is ever deleted: what he did keeps his name."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from extrabat.lib.refusals import Refused, reason_of
from extrabat.lib.rooms import Handover, handovers
from extrabat.lib.versions import Conflict, apply_changes
from settings_app.users.connections import end_sessions
from settings_app.users.guard import hold_keys, refuse_to_take_the_last
from settings_app.users.models import User
from settings_app.users.signals import person_left

TAKEN: Final = "Une autre personne vient de prendre cet identifiant ou cette adresse e-mail, ou de supprimer ce rôle."
NOT_ONESELF: Final = "Votre propre départ se fait par un autre administrateur."
ALREADY_LEFT: Final = "Cette personne est déjà partie."
STILL_HERE: Final = "Cette personne n’est pas partie."
MORE_TO_GIVE: Final = (
    "Entre-temps, d’autres choses ont été confiées à cette personne. Choisissez à qui elles reviennent."
)


@contextmanager
def _unique() -> Iterator[None]:
    """The form asked already; this is for two people at once."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(reason_of(error) or TAKEN) from error


def invite(values: Mapping[str, Any]) -> User:
    """Make an account without a password: its owner chooses one by a one-time link."""
    written = dict(values)
    role: Group = written.pop("role")
    with _unique(), transaction.atomic():
        person = User(**written)
        person.set_unusable_password()
        person.save(force_insert=True)
        person.groups.set([role])
    return person


def update_person(key: int, *, changes: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Write what was changed, the role too. Raises `Conflict`, with nothing written, over somebody else's newer values.

    Refused when nobody else could manage users.
    """
    written = dict(changes)
    role: Group | None = written.pop("role", None)
    with _unique(), transaction.atomic():
        if role:
            hold_keys()
        person = _locked(key)
        held = person.groups.first()
        clashes = {}
        if role and held and held.pk not in (seen.get("role"), role.pk):
            clashes["role"] = held
        try:
            names = apply_changes(person, written, seen)
        except Conflict as conflict:
            clashes |= conflict.current
        if clashes:
            raise Conflict(clashes)
        if names:
            person.save(update_fields=names)
        if role and role != held:
            _give_role(person, role)


def _give_role(person: User, role: Group) -> None:
    if not role.permissions.filter(codename="manage_users").exists():
        refuse_to_take_the_last(person)
    person.groups.set([role])


def held_by(person: User) -> list[tuple[Handover, int]]:
    """What the rooms say that he holds, with how many of each."""
    return [(handover, handover.count(person)) for handover in handovers]


def why_he_stays(person: User, *, by: User) -> str:
    """Why his departure cannot even be prepared, or nothing."""
    if person.pk == by.pk:
        return NOT_ONESELF
    return "" if person.is_active else ALREADY_LEFT


@transaction.atomic
def depart(key: int, *, successors: Mapping[str, User | None], by: User) -> None:
    """Hand over what he holds, close his account and end his sessions, all or nothing.

    `successors`: who takes what, by the name of the handover; None for nobody, where that may be.
    """
    hold_keys()
    person = _locked(key)
    refusal = why_he_stays(person, by=by)
    if refusal:
        raise Refused(refusal)
    refuse_to_take_the_last(person)
    for handover in [one for one, count in held_by(person) if count]:
        to = successors.get(handover.name)
        if to is None and not (handover.nobody and handover.name in successors):
            raise Refused(MORE_TO_GIVE)
        handover.move(person, to)
    person_left.send(sender=User, person=person)
    person.is_active = False
    person.left_at = now()
    person.set_unusable_password()
    person.save(update_fields=["is_active", "left_at", "password"])
    end_sessions(person)


@transaction.atomic
def bring_back(key: int) -> User:
    """Open the account again, with the role it had and no password: the caller makes a link."""
    person = _locked(key)
    if person.is_active:
        raise Refused(STILL_HERE)
    person.is_active = True
    person.left_at = None
    person.set_unusable_password()
    person.save(update_fields=["is_active", "left_at", "password"])
    return person


def _locked(key: int) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=key)
