"""A line of a draft taken away, and put back where it was by who took it away."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from commerce.actions.document_lines import locked_line, next_position, refuse_too_much
from commerce.actions.documents import COPIED, draft
from commerce.models import Document, DocumentLine
from commerce.sums import write_totals
from extrabat.lib.refusals import Refused
from extrabat.lib.secrets import SealError, seal, unseal
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

UNKNOWN: Final = "Cette ligne ne peut plus être remise\u00a0: ajoutez-la de nouveau."
_KEPT: Final = (*COPIED, "source_id")
_NUMBERS: Final = ("quantity", "unit_price", "discount_percent", "discount_amount", "purchase_price")


@dataclass(frozen=True)
class Removed:
    """`kept` is what puts the line back, sealed: it holds a purchase price, and nobody may write one of his own."""

    label: str
    kept: str


@transaction.atomic
def remove_line(key: int, line_key: int, *, by: User) -> Removed:
    """Take a line away with its parts."""
    document = draft(key)
    line = locked_line(document, line_key)
    if line.parent_id:
        raise Refused("Un composant va avec sa nomenclature\u00a0: retirez-la.")
    rows = [line, *line.parts.all()]
    removed = Removed(str(line), seal(json.dumps({"document": key, "rows": [_written(row) for row in rows]})))
    line.delete()
    write_totals(document)
    return removed


@transaction.atomic
def restore_line(key: int, kept: str, *, by: User, token: str) -> int:
    """Put back a line that `remove_line` took from the same draft, and give its key. Sent twice it comes back once.

    Raises Refused when what it was converted from has less left of it by now.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    document = draft(key)
    line, *parts = _read(document, kept)
    if line.source_id:
        refuse_too_much(document, line, Decimal(0))
    line.position = min(line.position, next_position(document))
    document.lines.filter(position__gte=line.position).update(position=F("position") + 1)
    line.save()
    for part in parts:
        part.parent, part.position = line, line.position
    DocumentLine.objects.bulk_create(parts)
    write_totals(document)
    record_result(token, str(line.pk))
    return line.pk


def _written(row: DocumentLine) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _KEPT}
    return values | {name: str(values[name]) for name in _NUMBERS}


def _read(document: Document, kept: str) -> list[DocumentLine]:
    try:
        found = json.loads(unseal(kept))
    except (SealError, ValueError) as error:
        raise Refused(UNKNOWN) from error
    if found["document"] != document.pk:
        raise Refused(UNKNOWN)
    return [
        DocumentLine(document=document, **row | {name: Decimal(row[name]) for name in _NUMBERS})
        for row in found["rows"]
    ]
