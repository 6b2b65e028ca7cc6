"""Adding to the seal, in the transaction of what is sealed; nothing else writes to it."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from commerce import seal_keys
from commerce.domain.seal import EventType, canonical, link
from commerce.models import SealEvent, SealHead
from settings_app.users.models import User

COMPANY = 1


@transaction.atomic
def record_event(
    type_: EventType,
    *,
    ref: str,
    by: User | None,
    net: Decimal = Decimal(0),
    vat: Decimal = Decimal(0),
    gross: Decimal = Decimal(0),
    payload: Mapping[str, Any] | None = None,
) -> SealEvent:
    """Sign one event after the last one and keep it. The last lock that a transaction takes: all of them wait on it.

    `payload` holds texts and lists of texts; of persons only hashes go in. A change of the signing key is an event of
    its own, signed with the new key.
    """
    # As the owner of the transaction: the head is locked until it ends.
    head = SealHead.objects.select_for_update().get(pk=1)
    key_id, _ = seal_keys.current()
    if head.key_id and head.key_id != key_id:
        _add(head, EventType.NEW_KEY, ref=key_id, by=None, amounts={}, payload={"former": head.key_id})
    amounts = {"amount_net": str(net), "amount_vat": str(vat), "amount_ttc": str(gross)}
    event = _add(head, type_, ref=ref, by=by, amounts=amounts, payload=payload or {})
    # It is done by then: a full disk is logged, and the next event notes what this one could not.
    transaction.on_commit(partial(seal_keys.anchor, event.seq, event.signature), robust=True)
    return event


def _add(
    head: SealHead,
    type_: EventType,
    *,
    ref: str,
    by: User | None,
    amounts: Mapping[str, str],
    payload: Mapping[str, Any],
) -> SealEvent:
    key_id, key = seal_keys.current()
    at = now().replace(microsecond=0)
    content = canonical({"event": type_.value, "ref": ref, "user": str(by.pk) if by else "", **amounts, **payload})
    signature = link(key, company=COMPANY, seq=head.seq + 1, at=at, previous=head.signature, content=content)
    event = SealEvent.objects.create(
        seq=head.seq + 1,
        at=at,
        type=type_.value,
        ref=ref,
        net=Decimal(amounts.get("amount_net", "0")),
        vat=Decimal(amounts.get("amount_vat", "0")),
        gross=Decimal(amounts.get("amount_ttc", "0")),
        by=by,
        content=content,
        previous=head.signature,
        signature=signature,
        key_id=key_id,
    )
    head.seq, head.signature, head.key_id = event.seq, signature, key_id
    head.save(update_fields=["seq", "signature", "key_id"])
    return event
