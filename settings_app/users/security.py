"""« Sécurité du compte »: one's own password, application, passkeys and recovery codes."""

from typing import Any
from urllib.parse import quote

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from extrabat.lib.navigation import safe_next
from extrabat.lib.qr import qr_path
from extrabat.lib.secrets import seal, unseal
from settings_app.audit.context import acting
from settings_app.users import attempts
from settings_app.users.access import needs, signed_in
from settings_app.users.confirming import (
    ask,
    confirm,
    forget_wrong_passwords,
    is_recent,
    must_have_factor,
    recently_authenticated,
    too_many_codes,
)
from settings_app.users.connections import end_sessions
from settings_app.users.factors import (
    as_json,
    codes_to_show,
    enrol_passkey,
    enrol_totp,
    factors_of,
    remove_factor,
    renew_codes,
    reset_factors,
)
from settings_app.users.middleware import without_factor
from settings_app.users.models import User
from settings_app.users.security_forms import ConfirmForm, NameForm, NewPasskeyForm, PasswordForm, TotpForm

# The secret of an application that is not yet enrolled, sealed: a session lies in the database.
SECRET = "totp-secret"  # noqa: S105  # the name of a key


@without_factor
@require_http_methods(["GET"])
def home(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    factors = factors_of(user)
    must_enrol = must_have_factor(user) and not factors.any
    return render(request, "account/security.html", {"factors": factors, "must_enrol": must_enrol})


@without_factor
@require_http_methods(["GET", "POST"])
@never_cache
def say_again(request: HttpRequest) -> HttpResponse:
    """Who one is, said again, then back to the page that asked."""
    back = safe_next(request, request.GET.get("next"))
    if request.method == "POST":
        return confirm(request) or redirect(back)
    if is_recent(request):
        return redirect(back)
    return ask(request, ConfirmForm(user=signed_in(request)))


@without_factor
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    """The present password is asked in the form itself; the other sessions end with the old one."""
    user = signed_in(request)
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            person = User.objects.get(pk=user.pk)
            person.set_password(form.cleaned_data["chosen"])
            person.save(update_fields=["password"])
        forget_wrong_passwords(request, user)
        update_session_auth_hash(request, person)
        messages.success(request, "Mot de passe changé. Vos autres sessions sont terminées.")
        return redirect("mfa_index")
    return render(request, "account/password.html", {"form": form}, status=422 if form.is_bound else 200)


@without_factor
@require_http_methods(["GET", "POST"])
@recently_authenticated
def add_totp(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if factors_of(user).totp:
        return redirect("mfa_index")
    sealed = request.session.get(SECRET)
    secret = unseal(sealed) if sealed and request.method == "POST" else generate_totp_secret()
    form = TotpForm(request.POST or None, user=user, secret=secret)
    if request.method == "POST":
        if not attempts.take(user):
            return too_many_codes(request)
        if form.is_valid():
            made_codes = enrol_totp(user, secret)
            attempts.forget(user)
            request.session.pop(SECRET, None)
            messages.success(request, "Application enregistrée. Elle sera demandée à chaque connexion.")
            return redirect("mfa_view_recovery_codes" if made_codes else "mfa_index")
    request.session[SECRET] = seal(secret)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    code = qr_path(get_adapter().build_totp_url(user, secret))
    context = {"form": form, "secret": spaced, "qr": code}
    return render(request, "account/totp.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@recently_authenticated
def remove_totp(request: HttpRequest) -> HttpResponse:
    return _remove(request, _mine(request, type=Authenticator.Type.TOTP), "l’application d’authentification")


@without_factor
@require_http_methods(["GET", "POST"])
@recently_authenticated
def add_passkey(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    number = len(factors_of(user).passkeys) + 1
    form = NewPasskeyForm(request.POST or None, initial={"name": "Cet appareil" if number == 1 else f"Clé {number}"})
    if request.method == "POST" and form.is_valid():
        made_codes = enrol_passkey(user, form.cleaned_data["name"], form.cleaned_data["credential"])
        messages.success(request, "Clé d’accès enregistrée.")
        return redirect("mfa_view_recovery_codes" if made_codes else "mfa_index")
    # With a finger, a face or a PIN, and findable without a name: it can sign in alone.
    context = {"form": form, "options": as_json(begin_registration(user, passwordless=True))}
    return render(request, "account/passkey.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@recently_authenticated
def rename_passkey(request: HttpRequest, key: int) -> HttpResponse:
    factor = _mine(request, pk=key, type=Authenticator.Type.WEBAUTHN)
    form = NameForm(request.POST or None, initial={"name": factor.data["name"]})
    if request.method == "POST" and form.is_valid():
        factor.data["name"] = form.cleaned_data["name"]
        factor.save(update_fields=["data"])
        messages.success(request, "Nom enregistré.")
        return redirect("mfa_index")
    return render(request, "account/passkey_name.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@recently_authenticated
def remove_passkey(request: HttpRequest, key: int) -> HttpResponse:
    factor = _mine(request, pk=key, type=Authenticator.Type.WEBAUTHN)
    return _remove(request, factor, f"la clé «\u00a0{factor.data['name']}\u00a0»")


def _mine(request: HttpRequest, **which: Any) -> Any:
    return get_object_or_404(Authenticator, user=signed_in(request), **which)


def _remove(request: HttpRequest, factor: Any, name: str) -> HttpResponse:
    factors = factors_of(factor.user)
    is_last = len(factors.passkeys) + bool(factors.totp) == 1
    if request.method == "POST":
        remove_factor(factor)
        messages.success(request, "Moyen retiré.")
        return redirect("mfa_index")
    must_enrol = is_last and must_have_factor(signed_in(request))
    context = {"name": name, "is_last": is_last, "must_enrol": must_enrol}
    return render(request, "account/factor_remove.html", context)


@without_factor
@require_http_methods(["GET"])
@recently_authenticated
def show_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes, once; then how many are left."""
    user = signed_in(request)
    # A page that is read, and a line to write: that they were shown.
    with acting(by=user.pk, source="écran", request_id=request.META.get("REQUEST_ID", "")):
        codes = [f"{code[:4]} {code[4:]}" for code in codes_to_show(user)]
    text = f"Codes de secours Extrabat de {user.username}\n\n" + "\n".join(codes) + "\n"
    context = {"codes": codes, "file": f"data:text/plain;charset=utf-8,{quote(text)}", "factors": factors_of(user)}
    return render(request, "account/codes.html", context)


@require_http_methods(["GET", "POST"])
@recently_authenticated
def new_codes(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if request.method == "POST":
        renew_codes(user)
        return redirect("mfa_view_recovery_codes")
    return render(request, "account/codes_renew.html", {"factors": factors_of(user)})


@require_POST
@needs("manage_users")
@recently_authenticated
def reset(request: HttpRequest, person: int) -> HttpResponse:
    """A colleague lost his phone: he signs in by his password alone and enrols anew."""
    user = get_object_or_404(User, pk=person)
    count = reset_factors(user, by=signed_in(request))
    # Whoever has the phone may have it signed in.
    end_sessions(user)
    said = (
        f"Moyens de {user} retirés, ses connexions sont fermées." if count else f"{user} n’avait aucun second facteur."
    )
    messages.success(request, said)
    return redirect(safe_next(request, request.POST.get("next") or request.headers.get("Referer")))
