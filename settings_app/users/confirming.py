"""Saying again who one is, before keys, passwords and factors are touched."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.internal.auth import begin_authentication
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from extrabat.lib.navigation import safe_next
from extrabat.lib.registry import Registry
from settings_app.users import attempts
from settings_app.users.access import signed_in
from settings_app.users.factors import as_json, factors_of
from settings_app.users.models import User
from settings_app.users.security_forms import ConfirmForm
from settings_app.users.views import locked


@dataclass(frozen=True)
class FactorDemand:
    """Who else asks a second factor of a person; the company's own wish is registered from above."""

    name: str
    asks: Callable[[User], bool]


factor_demands: Registry[FactorDemand] = Registry(key=lambda demand: demand.name)
P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
OURS = frozenset({"csrfmiddlewaretoken", *ConfirmForm.base_fields})


def is_recent(request: HttpRequest) -> bool:
    """Did this person sign in, or say again who he is, within the last five minutes?"""
    records = get_authentication_records(request, signed_in(request))
    return bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def recently_authenticated(
    view: Callable[Concatenate[HttpRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Ask who one is before the view, unless that was said within five minutes. Under @needs, above the view.

    A form that was sent too late is carried by the page that asks: nothing typed is stored, and nothing is lost
    (files excepted). A fragment's request is led to the page that asks; keep.js holds what was typed.
    """

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if is_recent(request):
            return view(request, *args, **kwargs)
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401, headers={"HX-Redirect": _asking(request, "HX-Current-URL")})
        if request.method != "POST":
            return redirect(_asking(request))
        if OURS.isdisjoint(set(request.POST) - {"csrfmiddlewaretoken"}):
            return ask(request, ConfirmForm(user=signed_in(request)), status=401)
        return confirm(request) or view(request, *args, **kwargs)

    return guarded


def _asking(request: HttpRequest, header: str = "") -> str:
    back = safe_next(request, request.headers.get(header)) if header else request.get_full_path()
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"


def confirm(request: HttpRequest) -> HttpResponse | None:
    """Read what was answered; None when it is right, else the page to show instead."""
    user = signed_in(request)
    form = ConfirmForm(request.POST, user=user)
    if form.uses_code and not attempts.take(user):
        return too_many_codes(request)
    if not form.is_valid():
        return ask(request, form, status=422)
    if form.factor is not None:
        attempts.forget(user)
        post_authentication(request, form.factor, reauthenticated=True)
    else:
        forget_wrong_passwords(request, user)
        record_authentication(request, user, method="password", reauthenticated=True)
    return None


def forget_wrong_passwords(request: HttpRequest, user: User) -> None:
    """The right one clears the count of this address, as a sign-in does."""
    AxesProxyHandler.reset_attempts(ip_address=get_client_ip_address(request), username=user.username)


def ask(request: HttpRequest, form: ConfirmForm, *, status: int = 200) -> HttpResponse:
    user = form.user
    factors = factors_of(user)
    context = {
        "form": form,
        "factors": factors,
        "options": as_json(begin_authentication(user)) if factors.passkeys else "",
        "carried": [(name, value) for name, values in request.POST.lists() if name not in OURS for value in values],
        "had_files": bool(request.FILES),
    }
    return render(request, "account/confirm.html", context, status=status)


def too_many_codes(request: HttpRequest) -> HttpResponse:
    """429 with Retry-After, as for passwords."""
    return locked(request, what="codes")


def must_have_factor(user: User) -> bool:
    """Whoever may change the settings or the users' rights, and everybody when the company says so; never the demo."""
    if settings.DEMO:
        return False
    codes = ("settings_app.manage_users", "settings_app.change_settings")
    return any(user.has_perm(code) for code in codes) or any(demand.asks(user) for demand in factor_demands)
