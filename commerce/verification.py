"""Reading the seal again: every link, what it says of documents and payments, closings, the end of the chain."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from django.db.models import F

from commerce import seal_keys
from commerce.actions.payments import payment_content
from commerce.domain.seal import Chain, EventType, Sealed, digest
from commerce.models import Closing, IssuedCopy, Payment, SealEvent, SealHead

_BATCH: Final = 2_000


class Verification:
    """`problems()` yields what is wrong, the first broken link first; nothing means that all is as it was sealed."""

    def __init__(self) -> None:
        self.links = 0
        self.documents = 0

    def problems(self) -> Iterator[str]:
        chain = Chain(seal_keys.keys())
        for event in SealEvent.objects.order_by("seq").iterator(chunk_size=_BATCH):
            self.links += 1
            problem = chain.problem(_sealed(event)) or _columns(event)
            if problem:
                # Whatever follows a broken link is not vouched for by it.
                yield problem
                return
        yield from _end(chain)
        yield from self._documents()
        yield from _payments()
        yield from _closings()

    def _documents(self) -> Iterator[str]:
        """Each sealed invoice has its copy, the copy says what the seal says, and so does the document."""
        events = SealEvent.objects.filter(type=EventType.ISSUED.value).order_by("seq")
        for page in _pages(events):
            copies = {
                copy.document.number: copy
                for copy in IssuedCopy.objects.select_related("document").filter(
                    document__number__in=[event.ref for event in page],
                    document__kind__in=("invoice", "deposit_invoice", "credit_note"),
                )
            }
            for event in page:
                self.documents += 1
                problem = _document(event, copies.get(event.ref))
                if problem:
                    yield problem
        numbers = SealEvent.objects.filter(type=EventType.ISSUED.value).values("ref")
        strays = IssuedCopy.objects.filter(document__kind__in=("invoice", "deposit_invoice", "credit_note")).exclude(
            document__number__in=numbers
        )
        for number in strays.values_list("document__number", flat=True)[:20]:
            yield f"{number} is issued and was never sealed"


def _pages(events: Any) -> Iterator[list[SealEvent]]:
    last = 0
    while page := list(events.filter(seq__gt=last)[:_BATCH]):
        yield page
        last = page[-1].seq


def _sealed(event: SealEvent) -> Sealed:
    return Sealed(event.seq, event.at, event.content, event.previous, event.signature, event.key_id)


def _columns(event: SealEvent) -> str:
    """The columns beside the signed text say the same."""
    signed = json.loads(event.content)
    shown = {
        "event": event.type,
        "ref": event.ref,
        "user": str(event.by_id or ""),
        "amount_net": event.net,
        "amount_vat": event.vat,
        "amount_ttc": event.gross,
    }
    for name, value in shown.items():
        wanted = Decimal(signed.get(name, "0")) if isinstance(value, Decimal) else signed.get(name)
        if value != wanted:
            return f"event {event.seq}: {name} is not what was signed"
    return ""


def _end(chain: Chain) -> Iterator[str]:
    head = SealHead.objects.filter(pk=1).first()
    if head is None or (head.seq, head.signature) != (chain.seq, chain.signature):
        yield f"the chain ends at event {chain.seq}, and its head says {head.seq if head else 'nothing'}"
    seq, signature = seal_keys.anchored()
    if seq > chain.seq:
        yield f"the chain ends at event {chain.seq}, and {seq} was noted outside the database: its tail was cut off"
    elif seq and not SealEvent.objects.filter(seq=seq, signature=signature).exists():
        yield f"event {seq} is not the one that was noted outside the database"


def _document(event: SealEvent, copy: IssuedCopy | None) -> str:
    if copy is None:
        return f"event {event.seq}: {event.ref} is sealed and is not there"
    document, signed = copy.document, json.loads(event.content)
    if not digest(copy.content) == copy.content_hash == signed["content"]:
        return f"event {event.seq}: the copy of {event.ref} was altered"
    totals, sign = copy.content["totals"], -1 if document.kind == "credit_note" else 1
    same = (
        (document.date.isoformat(), copy.content["date"]),
        (document.title, copy.content["title"]),
        (document.kind, signed["kind"]),
        *((getattr(document, name), Decimal(totals[name])) for name in ("net", "vat", "gross")),
        (sign * document.gross, event.gross),
    )
    if any(one != other for one, other in same):
        return f"event {event.seq}: the document {event.ref} is not as it was sealed"
    return ""


def _payments() -> Iterator[str]:
    """Each sealed payment is there as it was sealed, and none is there that was not."""
    types = (EventType.PAYMENT.value, EventType.REVERSAL.value)
    events = SealEvent.objects.filter(type__in=types).order_by("seq")
    for page in _pages(events):
        payments = {row.number: row for row in Payment.objects.filter(number__in=[event.ref for event in page])}
        for event in page:
            row = payments.get(event.ref)
            if row is None:
                yield f"event {event.seq}: {event.ref} is sealed and is not there"
            elif digest(payment_content(row)) != json.loads(event.content)["content"]:
                yield f"event {event.seq}: the payment {event.ref} is not as it was sealed"
    strays = Payment.objects.exclude(number__in=events.order_by().values("ref"))
    for number in strays.values_list("number", flat=True)[:20]:
        yield f"{number} is recorded and was never sealed"


def _closings() -> Iterator[str]:
    for closing in Closing.objects.select_related("event").order_by("event"):
        signed = json.loads(closing.event.content)
        shown = {
            "from": closing.begins_on.isoformat(),
            "to": closing.ends_on.isoformat(),
            "first": str(closing.first_seq),
            "last": str(closing.last_seq),
            "count": str(closing.events),
            **{name: str(getattr(closing, name)) for name in _SUMS},
        }
        if closing.event.ref != f"{closing.kind}{closing.begins_on}" or any(
            signed.get(name) != value for name, value in shown.items()
        ):
            yield f"event {closing.event_id}: the closing {closing} is not as it was sealed"
    kept = Closing.objects.values("event")
    for seq in SealEvent.objects.filter(type=EventType.CLOSING.value).exclude(seq__in=kept).values_list(F("seq"))[:20]:
        yield f"event {seq[0]}: a closing is sealed and is not there"


_SUMS: Final = (
    *("invoiced_net", "invoiced_vat", "invoiced_gross", "received"),
    *("perpetual_gross", "perpetual_received"),
)
