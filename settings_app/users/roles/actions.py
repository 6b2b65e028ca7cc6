"""What can be done to roles; the house never locks itself out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction

from extrabat.lib.french import plural
from extrabat.lib.refusals import Refused, reason_of
from settings_app.users.guard import KEYS, LAST, hold_keys
from settings_app.users.models import User
from settings_app.users.rights import ADMINISTRATOR, RIGHTS, Right

# One box of the table: a role's key and a right's code.
Box = tuple[int, str]

TAKEN: Final = "Un autre rôle porte déjà ce nom."
GONE: Final = "Un de ces rôles n’existe plus\u00a0: une autre personne vient de le supprimer. Rien n’a été enregistré."
BUILT_IN: Final = (
    f"Le rôle «\u00a0{ADMINISTRATOR}\u00a0» garde les clés de la maison\u00a0: il ne se renomme ni ne se supprime."
)
KEPT: Final = (
    f"Le rôle «\u00a0{ADMINISTRATOR}\u00a0» garde la gestion des utilisateurs et des paramètres\u00a0: "
    "sans elle, plus personne ne pourrait rien changer. Rien n’a été enregistré."
)


@dataclass(frozen=True)
class Change:
    """How many boxes were ticked and unticked."""

    given: int
    taken: int


def boxes(roles: Sequence[Group]) -> set[Box]:
    """The boxes that are ticked in the database now."""
    held = Group.permissions.through.objects.filter(group__in=roles, permission__content_type__app_label="settings_app")
    codes = {right.code for right in RIGHTS}
    pairs = held.values_list("group_id", "permission__codename")
    return {(role, code) for role, code in pairs if code in codes}


def change_rights(*, ticked: set[Box], seen: set[Box]) -> Change:
    """Give and take what differs between `ticked` and what the page showed, `seen`.

    Only differences travel: two people who change other boxes at once both get what they wanted, and of one box there
    are but two states. Refused when a role is gone, or the keys of the house would be.
    """
    given, taken = ticked - seen, seen - ticked
    with _keys_kept(), transaction.atomic():
        hold_keys()
        named = {role for role, _ in given | taken}
        roles = {role.pk: role for role in Group.objects.select_for_update().filter(pk__in=named).order_by("pk")}
        if named - roles.keys():
            raise Refused(GONE)
        if any(code in KEYS.get(roles[role].name, ()) for role, code in taken):
            raise Refused(KEPT)
        permissions = {
            permission.codename: permission
            for permission in Permission.objects.filter(content_type__app_label="settings_app")
        }
        now = boxes(list(roles.values()))
        given, taken = given - now, taken & now
        for key, role in roles.items():
            role.permissions.add(*(permissions[code] for one, code in given if one == key))
            role.permissions.remove(*(permissions[code] for one, code in taken if one == key))
    return Change(len(given), len(taken))


def create_role(name: str, *, like: Group | None) -> Group:
    """Add a role, with the rights of `like` or none."""
    with _unique(), transaction.atomic():
        role = Group.objects.create(name=name)
        if like:
            role.permissions.set(like.permissions.all())
    return role


def rename_role(key: int, name: str, *, seen: str) -> None:
    """Raises `Refused` over a name that another person gave meanwhile: the role may mean something else by now."""
    with _unique(), transaction.atomic():
        role = _locked(key)
        if role.name == ADMINISTRATOR:
            raise Refused(BUILT_IN)
        if role.name not in (seen, name):
            raise Refused(
                f"Une autre personne vient de nommer ce rôle «\u00a0{role.name}\u00a0». Vérifiez, puis validez."
            )
        if role.name != name:
            role.name = name
            role.save(update_fields=["name"])


def delete_role(key: int) -> None:
    """Delete a role that nobody holds."""
    with transaction.atomic():
        role = _locked(key)
        refusal = why_it_stays(role)
        if refusal:
            raise Refused(refusal)
        role.delete()


def why_it_stays(role: Group) -> str:
    """Why the role cannot be deleted, or nothing. Who left still has his role: he may come back."""
    if role.name == ADMINISTRATOR:
        return BUILT_IN
    count = User.objects.filter(groups=role).count()
    if not count:
        return ""
    gone = User.objects.filter(groups=role, is_active=False).count()
    parted = f", dont {plural(gone, 'partie', 'parties')}" if gone else ""
    return f"{plural(count, 'personne a', 'personnes ont')} ce rôle{parted}. Donnez-leur d’abord un autre rôle."


def lame(held: set[str]) -> Iterator[tuple[Right, list[Right]]]:
    """The rights among `held` that open nothing without another, with the ones of which one is missing."""
    by_code = {right.code: right for right in RIGHTS}
    for right in RIGHTS:
        if right.code in held and right.needs and not held.intersection(right.needs):
            yield right, [by_code[code] for code in right.needs]


def _locked(key: int) -> Group:
    role = Group.objects.select_for_update().filter(pk=key).first()
    if role is None:
        raise Refused(GONE)
    return role


@contextmanager
def _unique() -> Iterator[None]:
    """The form asked already; this is for two people at once."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(TAKEN) from error


@contextmanager
def _keys_kept() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise Refused(reason_of(error) or LAST) from error


def parse(sent: list[str]) -> set[Box]:
    """Boxes as the form writes them, "3:see_prices"; whatever else was sent is passed over."""
    codes = {right.code for right in RIGHTS}
    pairs: list[list[Any]] = [one.split(":", 1) for one in sent]
    return {(int(p[0]), p[1]) for p in pairs if len(p) == 2 and p[0].isascii() and p[0].isdecimal() and p[1] in codes}
