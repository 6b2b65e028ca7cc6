"""The parts of a nomenclature: added, counted, ordered, taken out."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from commerce.models import Article, AssemblyPart, Kind
from extrabat.lib.refusals import Refused

CIRCLE: Final = "Une nomenclature ne se contient pas elle-même."
TWICE: Final = "Cet article est déjà dans la nomenclature\u00a0: changez sa quantité."
TOO_DEEP: Final = "Des nomenclatures s’emboîtent sur six niveaux au plus."
GONE: Final = "Ce composant n’est plus dans la nomenclature\u00a0: une autre personne vient de le retirer."
# The words of each constraint and trigger, which hold whatever the door.
_REASONS: Final = {
    "assembly_part_not_itself": CIRCLE,
    "assembly_part_no_circle": CIRCLE,
    "pas elle-même": CIRCLE,
    "six niveaux": TOO_DEEP,
    "assembly_part_once": TWICE,
    "assembly_part_quantity": "Une quantité est plus grande que zéro.",
}


def add_part(assembly: Article, article: Article, *, quantity: Decimal) -> int:
    """Put an active article at the end of the parts. Raises `Refused` with the rule that stands against it."""
    if not article.is_active:
        raise Refused("Cet article est désactivé\u00a0: il n’est plus proposé.")
    try:
        with transaction.atomic():
            _locked(assembly)
            last = AssemblyPart.objects.filter(assembly=assembly.pk).aggregate(last=Max("position"))["last"]
            part = AssemblyPart.objects.create(
                assembly_id=assembly.pk, article=article, quantity=quantity, position=(last or 0) + 1
            )
    except IntegrityError as error:
        raise Refused(_reason(error)) from error
    return part.pk


@transaction.atomic
def change_quantity(assembly: Article, key: int, *, quantity: Decimal) -> None:
    """Raises `Refused` when the part is gone."""
    if quantity <= 0:
        raise Refused(_REASONS["assembly_part_quantity"])
    _locked(assembly)
    part = _part(assembly, key)
    part.quantity = quantity
    part.save(update_fields=["quantity"])


@transaction.atomic
def remove_part(assembly: Article, key: int) -> str:
    """Take a part out and give its label; one that is gone already is `Refused`."""
    _locked(assembly)
    part = _part(assembly, key)
    part.delete()
    return part.article.label


@transaction.atomic
def order_parts(assembly: Article, keys: Sequence[int]) -> None:
    """Number the parts as `keys` says; those that the author did not see yet come last, in their own order."""
    _locked(assembly)
    parts = {part.pk: part for part in AssemblyPart.objects.filter(assembly=assembly.pk)}
    named = [parts[key] for key in dict.fromkeys(keys) if key in parts]
    _number([*named, *(part for key, part in parts.items() if key not in set(keys))])


@transaction.atomic
def move_part(assembly: Article, key: int, *, step: int) -> None:
    """Move one part by `step` places (-1 is up); no further than the ends."""
    _locked(assembly)
    parts = list(AssemblyPart.objects.filter(assembly=assembly.pk))
    here = next((place for place, part in enumerate(parts) if part.pk == key), None)
    if here is not None:
        parts.insert(min(max(here + step, 0), len(parts) - 1), parts.pop(here))
        _number(parts)


def _locked(assembly: Article) -> None:
    """Who changes parts holds the article, so that positions are given one at a time."""
    row = Article.objects.select_for_update(of=("self",)).filter(pk=assembly.pk).first()
    if row is None or row.kind != Kind.ASSEMBLY:
        raise Refused("Cet article n’est pas une nomenclature.")


def _part(assembly: Article, key: int) -> AssemblyPart:
    part = AssemblyPart.objects.select_related("article").filter(assembly=assembly.pk, pk=key).first()
    if part is None:
        raise Refused(GONE)
    return part


def _number(parts: Sequence[AssemblyPart]) -> None:
    moved = [part for place, part in enumerate(parts, start=1) if part.position != place]
    for place, part in enumerate(parts, start=1):
        part.position = place
    AssemblyPart.objects.bulk_update(moved, ["position"])


def _reason(error: IntegrityError) -> str:
    told = str(error)
    return next((reason for name, reason in _REASONS.items() if name in told), CIRCLE)
