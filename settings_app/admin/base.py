"""What every page of the admin shares: rights, rows that one may see, writes that no rule of ours forbids."""

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import IntegrityError, models
from django.db.models import ProtectedError, QuerySet
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html

from extrabat.lib.database import Versioned, capped_count
from extrabat.lib.refusals import Refused, reason_of
from extrabat.lib.versions import Conflict
from settings_app.journal.subjects import subjects
from settings_app.users.access import signed_in

STALE: Final = "Une autre personne a modifié cette fiche entre-temps. Rechargez la page, puis recommencez."
IMPOSSIBLE: Final = "Cet enregistrement n’est pas possible\u00a0: une règle du programme s’y oppose."
SEEN: Final = "seen"
# They follow from the rest, or change without anybody editing the record.
UNSEEN: Final = frozenset({"last_login", "updated_at", "password"})


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """Counts no further than the house's lists do: a count over a big table costs more than its page."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        return capped_count(rows) if isinstance(rows, QuerySet) else len(rows)


def state_of(row: models.Model) -> str:
    """What tells that a row was changed: its version, or a print of its columns where it has none."""
    if isinstance(row, Versioned):
        return str(row.version)
    values = [str(getattr(row, one.attname)) for one in row._meta.concrete_fields if one.name not in UNSEEN]
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()


class AdminForm(forms.ModelForm):  # type: ignore[type-arg]  # any model
    """Drawn by Django's templates: the house's renderer knows none of the admin's widgets."""

    default_renderer = DjangoTemplates


class GuardedForm(AdminForm):
    """Refuses to write over what its author has not seen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial[SEEN] = state_of(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk is not None:
            # The page's transaction keeps the row locked until it is written.
            stored = type(self.instance)._base_manager.select_for_update().filter(pk=self.instance.pk).first()
            if stored is None or cleaned.get(SEEN) != state_of(stored):
                raise forms.ValidationError(STALE)
        return cleaned


class RightAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Seen with `right`, changed with `change_right` in the fields of `writable` only.

    Nothing is deleted here: what is in use must not vanish. The trail is the audit trail: the admin's own log would be
    a second one, which an erasure would forget.
    """

    right: ClassVar[str] = "change_settings"
    change_right: ClassVar[str] = ""
    writable: ClassVar[Sequence[str]] = ()
    hidden: ClassVar[Sequence[str]] = ()
    can_add: ClassVar[bool] = False
    form = GuardedForm
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    paginator = CappedPaginator
    actions = None
    view_on_site = False

    def _may(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"settings_app.{self.right}")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.can_add and self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        changes = not self.change_right or request.user.has_perm(f"settings_app.{self.change_right}")
        return bool(self.writable) and changes and self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those that the person may see, as the journal knows them."""
        subject = subjects.get(self.model._meta.label_lower)
        rows = subject.rows(signed_in(request)) if subject else super().get_queryset(request)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is None:
            return list(self.writable)
        shown = [
            one.name for one in self.model._meta.concrete_fields if one.name not in ("id", "version", *self.hidden)
        ]
        shown += [one.name for one in self.model._meta.many_to_many if one.name in self.writable]
        # What can be written stands first.
        shown.sort(key=lambda name: name not in self.writable)
        return [*shown, "links", *([SEEN] if self.has_change_permission(request, obj) else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in self.get_fields(request, obj) if name not in self.writable and name != SEEN]

    @admin.display(description="Voir dans l’application")
    def links(self, obj: Any) -> str:
        """The record's own screen, and its trail."""
        subject = subjects.get(obj._meta.label_lower)
        if subject is None or obj.pk is None:
            return "—"
        trail = reverse("settings_app:audit_record", args=[subject.kind, obj.pk])
        screen = subject.url(obj)
        if not screen or screen.startswith("/admin/"):
            return format_html('<a href="{}">Modifications</a>', trail)
        return format_html('<a href="{}">Ouvrir</a> · <a href="{}">Modifications</a>', screen, trail)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.save(force_insert=True)
            return
        columns = {one.name for one in obj._meta.concrete_fields}
        names = [name for name in form.changed_data if name in columns]
        if names:
            obj.save(update_fields=[*names, *({"updated_at"} & columns)])

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """What a rule or the database refuses comes back as a French sentence, with nothing written."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refused, Conflict, ProtectedError, IntegrityError) as error:
            self.message_user(request, refusal(error, self.model), messages.ERROR)
            return redirect(request.get_full_path())

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        kind = self.model._meta.label_lower
        if not object_id.isdecimal() or subjects.get(kind) is None:
            return redirect("settings_app:audit")
        return redirect("settings_app:audit_record", kind, int(object_id))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None


def refusal(error: Exception, model: type[models.Model]) -> str:
    """Why a write was refused, in French."""
    if isinstance(error, Refused):
        return error.reason
    if isinstance(error, Conflict):
        return STALE
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    told = [str(one.violation_error_message) for one in model._meta.constraints if one.name == name]
    return reason_of(error) or next(iter(told), IMPOSSIBLE)


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    """Rows shown beside their record, written on their own screen."""

    form = AdminForm
    extra = 0
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True
