"""The second step of signing in, and signing in by a passkey alone: allauth's views with our pages and limits."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from settings_app.users import attempts
from settings_app.users.confirming import too_many_codes
from settings_app.users.factors import as_json, factors_of


class SecondStepView(AuthenticateView):
    """A code or a passkey, after the right password. Nobody is signed in before."""

    template_name = "account/second_step.html"
    http_method_names = ["get", "post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.stage.login.user
        if "code" in request.POST and not attempts.take(user):
            return too_many_codes(request)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        attempts.forget(self.stage.login.user)
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["factors"] = factors_of(self.stage.login.user)
        context["options"] = as_json(context["js_data"]["request_options"]) if context["factors"].passkeys else ""
        return context


@method_decorator([never_cache, login_not_required], name="dispatch")
class PasskeySignInView(LoginWebAuthnView):
    """What to ask of the browser (GET, for the script alone), and what it answered (POST)."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse(begin_authentication(None))
