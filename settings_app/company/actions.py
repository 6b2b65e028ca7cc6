"""What can be done to the company and its stores."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from extrabat.lib.refusals import Refused
from extrabat.lib.versions import apply_changes
from settings_app.company.models import ONLY, Company, Store
from settings_app.pictures.actions import Sent, take_in
from settings_app.pictures.models import PictureKind
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User


@transaction.atomic
def update_company(*, changes: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Write what was changed. Raises `Conflict`, with nothing written, over somebody else's newer values."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=ONLY)
    names = apply_changes(company, changes, seen)
    if "siren" in names and company.siren:
        _refuse_strange_stores(company.siren)
    if names:
        company.save(update_fields=names)


def _refuse_strange_stores(siren: str) -> None:
    strange = Store.objects.exclude(siret="").exclude(siret__startswith=siren).first()
    if strange:
        raise Refused(f"Le SIRET du magasin «\u00a0{strange}\u00a0» n’est pas de ce SIREN. Corrigez-le d’abord.")


@transaction.atomic
def change_logo(sent: Sent) -> None:
    """Raises `Refused` for what is not a picture of the house."""
    _set_logo(take_in(PictureKind.LOGO, sent).pk)


@transaction.atomic
def remove_logo() -> None:
    _set_logo(None)


def _set_logo(key: int | None) -> None:
    company = Company.objects.select_for_update(of=("self",)).get(pk=ONLY)
    # The former one stays: what was issued with it is printed with it.
    company.logo_id = key
    company.save(update_fields=["logo"])


@transaction.atomic
def create_store(values: Mapping[str, Any], *, by: User, token: str) -> int:
    """Give the new store's key; the same `token` again gives the one that it made."""
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    _refuse_strange_siret(str(values.get("siret", "")))
    store = Store.objects.create(**values)
    record_result(token, str(store.pk))
    return store.pk


@transaction.atomic
def update_store(store_id: int, *, changes: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Write what was changed. Raises `Conflict`, with nothing written, over somebody else's newer values."""
    if changes.get("siret"):
        _refuse_strange_siret(str(changes["siret"]))
    store = Store.objects.select_for_update(of=("self",)).get(pk=store_id)
    names = apply_changes(store, changes, seen)
    if names:
        store.save(update_fields=names)


def _refuse_strange_siret(siret: str) -> None:
    """The company is locked: its SIREN cannot become another one meanwhile."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=ONLY)
    if siret and company.siren and not siret.startswith(company.siren):
        raise Refused("Ce SIRET n’est pas d’un établissement de la société\u00a0: ses 9 premiers chiffres diffèrent.")


@transaction.atomic
def close_store(store_id: int, *, into: int | None) -> int:
    """Close a store; its active users go to `into`, give how many. Raises `Refused` for the last open one, or for
    one whose users have nowhere to go.
    """
    # All of them, in order: two people closing the last two wait for each other.
    stores = {store.pk: store for store in Store.objects.select_for_update(of=("self",)).order_by("pk")}
    store = stores[store_id]
    if not any(other.is_active for other in stores.values() if other.pk != store_id):
        raise Refused("C’est le dernier magasin ouvert. Ajoutez-en un autre avant de le désactiver.")
    people = list(User.objects.filter(store=store, is_active=True))
    target = stores.get(into) if into else None
    if people and (target is None or not target.is_active or target.pk == store_id):
        raise Refused("Des personnes travaillent dans ce magasin. Choisissez le magasin où elles iront.")
    for person in people:
        person.store = target
        person.save(update_fields=["store"])
    store.is_active = False
    store.save(update_fields=["is_active"])
    return len(people)


@transaction.atomic
def open_store(store_id: int) -> None:
    store = Store.objects.select_for_update(of=("self",)).get(pk=store_id)
    store.is_active = True
    store.save(update_fields=["is_active"])
