"""Users and stores in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from settings_app.admin.base import GuardedForm, RightAdmin
from settings_app.models import Store, User
from settings_app.users.guard import LAST

MANAGE = "manage_users"


class UserAdminForm(GuardedForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk is None or not {"is_active", "groups"} & set(self.changed_data):
            return cleaned
        groups = cleaned.get("groups")
        keeps = groups is not None and groups.filter(permissions__codename=MANAGE).exists()
        managers = User.objects.filter(is_active=True, groups__permissions__codename=MANAGE)
        others = managers.exclude(pk=self.instance.pk).exists()
        if not others and not (cleaned.get("is_active") and keeps):
            raise forms.ValidationError(LAST)
        return cleaned


@admin.register(User)
class UserAdmin(RightAdmin):
    right = MANAGE
    form = UserAdminForm
    can_add = True
    writable = ("username", "first_name", "last_name", "email", "mobile", "store", "groups", "is_active")
    hidden = ("password", "is_demo")
    list_display = ["username", "first_name", "last_name", "email", "framed_role", "is_active", "last_login", "links"]
    list_filter = ["groups", "is_active", "store"]
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["last_name", "first_name", "username"]
    filter_horizontal = ["groups"]
    autocomplete_fields = ["store"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return User.objects.with_frame().order_by(*self.ordering)

    @admin.display(description="rôle")
    def framed_role(self, obj: User) -> str:
        return obj.role

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Store)
class StoreAdmin(RightAdmin):
    """Read here, whatever columns a store has; written on its screen."""

    list_display = ["name", "phone", "email", "city", "links"]
    search_fields = ["name", "city"]
    ordering = ["pk"]
