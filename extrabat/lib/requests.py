"""Requests: an identifier for each, one log line for each, and small questions asked by views."""

import logging
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("extrabat.request")


class RequestLogMiddleware:
    """Logs method, route (never the path as typed, never the query), status, milliseconds, user's number.

    A failed sign-in, a search and an address all travel in what is left out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = uuid.uuid4().hex[:12]
        request.META["REQUEST_ID"] = request_id
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        match = request.resolver_match
        # Reading request.user here would load it for static files.
        user = request.__dict__.get("_cached_user")
        logger.info(
            "request",
            extra={
                "request_id": request_id,
                "method": request.method,
                "route": match.route if match else None,
                "status": response.status_code,
                "ms": round((time.perf_counter() - started) * 1000, 1),
                "user_id": getattr(user, "pk", None),
            },
        )
        return response


def is_fragment(request: HttpRequest) -> bool:
    """Does htmx ask for a part of the page? (Not when it restores history or boosts a link.)"""
    headers = request.headers
    return headers.get("HX-Request") == "true" and not (
        headers.get("HX-Boosted") or headers.get("HX-History-Restore-Request")
    )
