"""Closing days, months and years: their totals and those since the beginning, sealed for good (docs/rules/seal.md)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.utils.timezone import localdate

from commerce.actions.seal import record_event
from commerce.domain.closings import Period, due
from commerce.domain.seal import EventType
from commerce.models import Closing, SealEvent, SealHead

_RECEIVED: Final = (EventType.PAYMENT.value, EventType.REVERSAL.value)
_ZERO: Final = Decimal("0.00")


def close_periods(*, before: date) -> int:
    """Close every day, month and year that ended before `before` and is not closed yet; give how many.

    Run each night and when the program starts: what was missed is caught up. Asked twice it closes nothing twice.
    """
    first = SealEvent.objects.order_by("seq").first()
    if first is None:
        return 0
    latest = Closing.objects.filter(kind=Closing.Period.DAY).aggregate(day=Max("begins_on"))["day"]
    since = latest + timedelta(days=1) if latest else localdate(first.at)
    # From the last closed day on: its month may have been missed.
    return sum(_close(period) for period in due(latest or since, before))


@transaction.atomic
def _close(period: Period) -> bool:
    # The head first: two workers that close the same night wait here, and the second finds it done.
    SealHead.objects.select_for_update().get(pk=1)
    if Closing.objects.filter(kind=period.kind, begins_on=period.begins_on).exists():
        return False
    whole = SealEvent.objects.filter(at__lt=_midnight(_next(period.ends_on)))
    events = whole.filter(at__gte=_midnight(period.begins_on))
    found = events.aggregate(first=Min("seq"), last=Max("seq"), events=Count("pk"))
    invoiced = events.filter(type=EventType.ISSUED.value)
    sums = {
        "invoiced_net": _sum(invoiced, "net"),
        "invoiced_vat": _sum(invoiced, "vat"),
        "invoiced_gross": _sum(invoiced, "gross"),
        "received": _sum(events.filter(type__in=_RECEIVED), "gross"),
        "perpetual_gross": _sum(whole.filter(type=EventType.ISSUED.value), "gross"),
        "perpetual_received": _sum(whole.filter(type__in=_RECEIVED), "gross"),
    }
    event = record_event(
        EventType.CLOSING,
        ref=f"{period.kind}{period.begins_on.isoformat()}",
        by=None,
        payload={
            "from": period.begins_on.isoformat(),
            "to": period.ends_on.isoformat(),
            "first": str(found["first"] or 0),
            "last": str(found["last"] or 0),
            "count": str(found["events"]),
            **{name: str(value) for name, value in sums.items()},
        },
    )
    Closing.objects.create(
        kind=period.kind,
        begins_on=period.begins_on,
        ends_on=period.ends_on,
        first_seq=found["first"] or 0,
        last_seq=found["last"] or 0,
        events=found["events"],
        event=event,
        at=event.at,
        **sums,
    )
    return True


def _sum(events: "QuerySet[SealEvent]", column: str) -> Decimal:
    return events.aggregate(total=Sum(column))["total"] or _ZERO


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _midnight(day: date) -> datetime:
    """The beginning of a day in Paris, as an instant: of 23 or 25 hours twice a year."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))
