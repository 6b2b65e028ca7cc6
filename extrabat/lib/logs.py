"""Logs: one JSON object a line, without personal data."""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType

STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", None, None).__dict__) | {"message", "asctime"}


class JsonFormatter(logging.Formatter):
    """`extra=` becomes keys of the object. An exception is told by its type and its frames only: its message may
    hold what a client typed (a unique violation quotes the e-mail).
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            # Django's own message of a failed request quotes the path, which may be a one-time link.
            "event": "unhandled exception" if record.exc_info else record.getMessage(),
        }
        request = record.__dict__.get("request")
        if request is not None:
            match = getattr(request, "resolver_match", None)
            line |= {"request_id": request.META.get("REQUEST_ID"), "route": match.route if match else None}
        line |= {
            key: value
            for key, value in record.__dict__.items()
            if key not in STANDARD and isinstance(value, str | int | float | bool | None)
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["frames"] = frames(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def frames(trace: TracebackType | None) -> list[str]:
    """The last eight frames as `file:line function`, innermost last."""
    return [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)[-8:]]
