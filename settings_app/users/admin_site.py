"""Django's admin opens to whoever holds a right that it asks for, from the moment he holds it."""

from typing import Any, Final

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

ASKED: Final = ("settings_app.change_settings", "settings_app.manage_users", "settings_app.see_audit")


def may_enter(user: Any) -> bool:
    return bool(user.is_active and any(user.has_perm(permission) for permission in ASKED))


class HouseAdminSite(AdminSite):
    """`is_staff` is not read: a flag beside the rights would outlive them."""

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter(request.user)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]  # no page here
        """The house's page, which counts wrong passwords and ends the other sessions."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]  # nor here
        return redirect("account_change_password")
