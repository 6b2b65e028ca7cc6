"""Tells the audit trail who is behind a request that may write."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from settings_app.audit.context import acting

READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class AuditMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in READING:
            return self.get_response(request)
        source = "admin" if request.path.startswith("/admin/") else "écran"
        with acting(by=request.user.pk, source=source, request_id=request.META.get("REQUEST_ID", "")):
            return self.get_response(request)
