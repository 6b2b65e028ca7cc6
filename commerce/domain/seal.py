"""The chain of the seal: each event is signed over the one before (BOI-TVA-DECLA-30-10-30; docs/rules/seal.md).

Anybody who can write to the database could compute a plain hash anew; an HMAC needs the key, which is not in it.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

GENESIS: Final = "0" * 64


class EventType(StrEnum):
    """What is sealed. The stored words are part of what is signed: they never change."""

    ISSUED = "BILL_VALIDATED"
    PAYMENT = "PAYMENT_CREATED"
    REVERSAL = "PAYMENT_REVERSED"
    REPRINT = "BILL_REPRINTED"
    EXPORT = "DATA_EXPORTED"
    CLOSING = "PERIOD_CLOSED"
    NEW_KEY = "KEY_CHANGED"


def canonical(values: Mapping[str, Any]) -> str:
    """One text for one content: keys sorted, no blanks, letters as they are. Amounts come as texts (no float)."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical text, in hexadecimal: 64 characters."""
    return hashlib.sha256(canonical(values).encode()).hexdigest()


def instant(at: datetime) -> str:
    """ISO 8601 in UTC to the second: what is signed is what any database gives back."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def link(key: bytes, *, company: int, seq: int, at: datetime, previous: str, content: str) -> str:
    """The signature of one event: HMAC-SHA256 over company, place, instant, signature before, canonical content."""
    signed = f"{company}|{seq}|{instant(at)}|{previous}|{content}"
    return hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Sealed:
    """One event as it is kept; `content` is its canonical text."""

    seq: int
    at: datetime
    content: str
    previous: str
    signature: str
    key_id: str


class Chain:
    """Reads events one after another and tells the first that does not fit; it holds two values, however long it is."""

    def __init__(self, keys: Mapping[str, bytes], *, company: int = 1) -> None:
        self.keys = keys
        self.company = company
        self.seq = 0
        self.signature = GENESIS

    def problem(self, event: Sealed) -> str:
        """Why `event` is not the next link, or nothing. The reader stops at the first problem."""
        if event.seq != self.seq + 1:
            return f"event {self.seq + 1} is missing: the next one is {event.seq}"
        if event.previous != self.signature:
            return f"event {event.seq} does not follow the one before it"
        key = self.keys.get(event.key_id)
        if key is None:
            return f"event {event.seq} was signed with the key {event.key_id}, which is not at hand"
        wanted = link(
            key,
            company=self.company,
            seq=event.seq,
            at=event.at,
            previous=event.previous,
            content=event.content,
        )
        if not hmac.compare_digest(wanted, event.signature):
            return f"event {event.seq} was altered"
        self.seq, self.signature = event.seq, event.signature
        return ""
