"""Nobody gets in without signing in; a fragment's request is told to take the whole page to the door."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from extrabat.lib.navigation import safe_next


class SignedInMiddleware(LoginRequiredMiddleware):
    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:  # type: ignore[override]  # 401 too
        if request.headers.get("HX-Request") != "true":
            return super().handle_no_permission(request, view_func)
        door = urlsplit(resolve_url(self.get_login_url(view_func))).path
        # Back to the page, not to the fragment that happened to ask.
        back = safe_next(request, request.headers.get("HX-Current-URL"))
        return HttpResponse(status=401, headers={"HX-Redirect": f"{door}?{urlencode({'next': back})}"})
