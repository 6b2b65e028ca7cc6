"""The doors: signing in, being locked out, the one-time link of a new account."""

from typing import Any

from allauth.account.views import LoginView
from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from settings_app.users.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from settings_app.users.forms import FirstPasswordForm
from settings_app.users.links import choose_password, owner_of


@method_decorator(login_not_required, name="dispatch")
class SignInView(LoginView):
    """allauth's sign-in, answering 422 to a wrong password and showing the demo's accounts in the demo."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if response.status_code == 200:
            response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO:
            context["demo_accounts"] = [
                {"username": account.username, "role": account.role, "password": DEMO_PASSWORD}
                for account in DEMO_ACCOUNTS
            ]
        return context


def locked(request: HttpRequest, *_args: Any, what: str = "mots de passe", **_kwargs: Any) -> HttpResponse:
    """What axes answers after too many wrong passwords, to the right one too; codes are counted likewise."""
    pause = get_cool_off(request)
    minutes = round(pause.total_seconds() / 60) if pause else 0
    response = render(request, "account/locked.html", {"minutes": minutes, "what": what}, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response


@login_not_required
def to_the_door(request: HttpRequest) -> HttpResponse:
    """The admin has no door of its own. Whoever is in already, and was sent here, has no right to it."""
    if request.user.is_authenticated:
        raise PermissionDenied
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{resolve_url(settings.LOGIN_URL)}{'?' if query else ''}{query}")


@login_not_required
@require_GET
def forgotten(request: HttpRequest) -> HttpResponse:
    """Whom to ask for another password: accounts are given here, and so are new links."""
    return render(request, "account/forgotten.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Choosing one's password from a one-time link: the link dies with the first password it sets."""
    user = owner_of(uid, token)
    if user is None:
        return render(request, "account/welcome_expired.html", status=404)
    form = FirstPasswordForm(user, request.POST or None)
    if form.is_bound and form.is_valid():
        if not choose_password(user, token, form.cleaned_data["new_password1"]):
            return render(request, "account/welcome_expired.html", status=404)
        messages.success(request, "Mot de passe enregistré. Vous pouvez vous connecter.")
        return redirect("account_login")
    status = 422 if form.is_bound else 200
    return render(request, "account/welcome.html", {"form": form, "new_user": user}, status=status)
