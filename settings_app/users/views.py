"""The doors: signing in, being locked out, the one-time link of a new account."""

from typing import Any

from allauth.account.views import LoginView
from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from settings_app.users.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from settings_app.users.forms import FirstPasswordForm
from settings_app.users.models import User


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


def one_time_path(user: User) -> tuple[str, str]:
    """The two parts of a link that lets `user` choose a password, once, within PASSWORD_RESET_TIMEOUT."""
    return urlsafe_base64_encode(str(user.pk).encode()), default_token_generator.make_token(user)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Choosing one's password from a one-time link: the link dies with the first password it sets."""
    user = _user_of(uid)
    if user is None or not default_token_generator.check_token(user, token):
        return render(request, "account/welcome_expired.html", status=404)
    form = FirstPasswordForm(user, request.POST or None)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, "Mot de passe enregistré. Vous pouvez vous connecter.")
        return redirect("account_login")
    status = 422 if form.is_bound else 200
    return render(request, "account/welcome.html", {"form": form, "new_user": user}, status=status)


def _user_of(uid: str) -> User | None:
    try:
        key = int(urlsafe_base64_decode(uid).decode())
    except (ValueError, OverflowError):
        return None
    return User.objects.filter(pk=key, is_active=True).first()
