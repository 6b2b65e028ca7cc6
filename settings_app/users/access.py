"""Asking for a right: what a view says at its top."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from settings_app.users.models import User
from settings_app.users.rights import RIGHTS

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
CODES = frozenset(right.code for right in RIGHTS)


def signed_in(request: HttpRequest) -> User:
    """The user, whom the middleware has already let in."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def may(user: User, code: str) -> bool:
    """Does the user hold the right `code`? An unknown code is a mistake of ours, not a missing right."""
    if code not in CODES:
        raise LookupError(code)
    return user.has_perm(f"settings_app.{code}")


def needs(
    code: str,
) -> Callable[[Callable[Concatenate[HttpRequest, P], R]], Callable[Concatenate[HttpRequest, P], R]]:
    """Answer 403 without the right. The view keeps `required_right`, which the tests' table reads."""
    if code not in CODES:
        raise LookupError(code)

    def decorate(view: Callable[Concatenate[HttpRequest, P], R]) -> Callable[Concatenate[HttpRequest, P], R]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if not may(signed_in(request), code):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_right = code  # type: ignore[attr-defined]  # read by the tests
        return guarded

    return decorate
