"""Nobody gets in without signing in, no administrator without a second factor; a fragment takes its page along."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse

from extrabat.lib.navigation import safe_next
from settings_app.users.confirming import must_have_factor
from settings_app.users.models import User

V = TypeVar("V", bound=Callable[..., Any])


class SignedInMiddleware(LoginRequiredMiddleware):
    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:  # type: ignore[override]  # 401 too
        if request.headers.get("HX-Request") != "true":
            if request.method in {"GET", "HEAD"}:
                return super().handle_no_permission(request, view_func)
            # Back to the page with the form, where keep.js gives back what was typed: many forms are sent elsewhere.
            return redirect_to_login(safe_next(request, request.headers.get("Referer")))
        door = urlsplit(resolve_url(self.get_login_url(view_func))).path
        # Back to the page, not to the fragment that happened to ask.
        back = safe_next(request, request.headers.get("HX-Current-URL"))
        return HttpResponse(status=401, headers={"HX-Redirect": f"{door}?{urlencode({'next': back})}"})


def without_factor(view: V) -> V:
    """Open to an administrator who has no second factor yet: where he enrols one, and the way out."""
    view.without_factor = True  # type: ignore[attr-defined]  # read below
    return view


class SecondFactorMiddleware:
    """An administrator without a second factor sees no page but those that give him one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_args: Any) -> HttpResponse | None:
        user = request.user
        is_free = getattr(view, "without_factor", False) or not getattr(view, "login_required", True)
        if is_free or not isinstance(user, User) or not must_have_factor(user) or user.has_second_factor:
            return None
        door = reverse("mfa_index")
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401, headers={"HX-Redirect": door})
        return redirect(door)
