"""Django's admin, for administrators: it asks for the same rights as the screens."""

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from settings_app.models import AuditEntry, Civility, Status, User


class RightAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Seen and changed with `right`. Nothing is deleted here: what is in use must not vanish."""

    right: ClassVar[str] = "change_settings"

    def _may(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"settings_app.{self.right}")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Civility)
class CivilityAdmin(RightAdmin):
    list_display = ["label", "is_professional", "position", "is_active"]
    list_filter = ["is_professional", "is_active"]


@admin.register(Status)
class StatusAdmin(RightAdmin):
    list_display = ["label", "position", "is_prospect", "on_planning", "is_trash", "is_restricted", "is_active"]
    list_filter = ["is_active"]


@admin.register(User)
class UserAdmin(RightAdmin):
    right = "manage_users"
    list_display = ["username", "first_name", "last_name", "email", "role", "is_active", "last_login"]
    list_filter = ["groups", "is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    fields = ["username", "first_name", "last_name", "email", "mobile", "store", "groups", "is_active"]
    filter_horizontal = ["groups"]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(AuditEntry)
class AuditAdmin(RightAdmin):
    right = "see_audit"
    list_display = ["at", "actor", "source", "model", "object_key", "verb"]
    list_filter = ["verb", "model"]
    list_select_related = ["actor"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# Roles have a screen of their own; e-mail addresses are the users' own column.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
