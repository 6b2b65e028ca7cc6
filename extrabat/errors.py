"""Pages for what went wrong: what happened, why, what to do."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from extrabat.lib.navigation import safe_next
from extrabat.lib.refusals import reason_of


class RefusalMiddleware:
    """A refusal that no view answered, ours or the database's, becomes the 409 page with its reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        reason = reason_of(exception)
        if reason:
            context = {"reason": reason, "back_url": safe_next(request, request.headers.get("Referer"))}
            return render(request, "409.html", context, status=409)
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page stayed open while the session changed: told as such, with the way back."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest, *_args: Any) -> HttpResponse:
    """Made without a context: whatever broke may be what the context needs."""
    return HttpResponse(loader.get_template("500.html").template.source, status=500)  # type: ignore[attr-defined]
