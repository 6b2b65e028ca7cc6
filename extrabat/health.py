"""/sante/: does everything that must live live, and how long has the oldest work been waiting."""

import json
import time
from datetime import datetime
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from extrabat.lib.rooms import queued_work

QUEUE = "celery"
# A heart beats every 10 s; three missed beats and a little are silence.
SILENT_AFTER_S = 35


def _broker() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def beat_heart(who: str) -> None:
    """Leave the instant (seconds since 1970) at which `who` was alive. A broker that is down is told elsewhere."""
    try:
        _broker().set(f"extrabat:alive:{who}", time.time(), ex=3600)
    except redis.RedisError:
        return


@login_not_required
@never_cache
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 when all is well, else 503; the same keys in both. Ages and waits in seconds, null when unknown."""
    parts = {"database": _database(), **_broker_and_hearts()}
    oldest = _oldest_row()
    well = all(part["ok"] for part in parts.values())
    body = {"ok": well, **parts, "oldest_queued_s": oldest}
    return JsonResponse(body, status=200 if well else 503)


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"ok": False}
    return {"ok": True}


def _broker_and_hearts() -> dict[str, dict[str, Any]]:
    try:
        broker = _broker()
        beats = broker.mget("extrabat:alive:worker", "extrabat:alive:beat")
        waiting = int(broker.llen(QUEUE))
        oldest = broker.lindex(QUEUE, -1)
    except redis.RedisError:
        dead = {"ok": False, "age_s": None}
        return {"broker": {"ok": False}, "worker": dead, "beat": dead}
    return {
        "broker": {"ok": True, "waiting": waiting, "oldest_s": _message_age(oldest)},
        "worker": _heart(beats[0]),
        "beat": _heart(beats[1]),
    }


def _heart(beat: Any) -> dict[str, Any]:
    if beat is None:
        return {"ok": False, "age_s": None}
    age = max(0.0, time.time() - float(beat))
    return {"ok": age < SILENT_AFTER_S, "age_s": round(age, 1)}


def _message_age(message: Any) -> float | None:
    try:
        queued_at = json.loads(message)["headers"]["queued_at"]
        return round(max(0.0, time.time() - float(queued_at)), 1)
    except (TypeError, ValueError, KeyError):
        return None


def _oldest_row() -> float | None:
    """Seconds since the oldest row that a room says is waiting to be done."""
    waits: list[datetime] = []
    for work in queued_work:
        try:
            since = work.oldest()
        except DatabaseError:
            return None
        if since:
            waits.append(since)
    return round((now() - min(waits)).total_seconds(), 1) if waits else None
