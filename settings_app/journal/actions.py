"""Erasing what the trail says of a person (GDPR, article 17): who, when and what stay, and a line says why."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction

from extrabat.lib.refusals import Refused
from settings_app.audit.queries import erase_all
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

NOTHING: Final = "Ce journal ne contient plus aucune valeur\u00a0: il n’y a rien à effacer."


@transaction.atomic
def erase(records: Iterable[tuple[str, str]], *, reason: str, by: User, token: str, kept: Sequence[str] = ()) -> int:
    """Empty the values of the records' lines, (model, key) each, and say how many lines; sent twice, erases once.

    `kept` names columns that stay, the keys that say whose a record was. Raises `Refused` when nothing is left.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    erased = erase_all(records, reason=reason, kept=kept)
    if not erased:
        raise Refused(NOTHING)
    record_result(token, str(erased))
    return erased
