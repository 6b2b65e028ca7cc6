"""The audit trail in the admin: to be read; the journal says the same in words."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from settings_app.admin.base import RightAdmin
from settings_app.journal.subjects import readable, readable_entries, subjects
from settings_app.models import AuditEntry
from settings_app.users.access import signed_in


class KindFilter(admin.SimpleListFilter):
    """From the list of kinds: asking the trail itself would read every line."""

    title = "objet"
    parameter_name = "model"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(subject.kind, subject.title) for subject in readable(signed_in(request))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(model=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditAdmin(RightAdmin):
    right = "see_audit"
    list_display = ["at", "actor", "source", "model", "object_key", "verb", "links"]
    list_filter = ["verb", KindFilter]
    list_select_related = ["actor"]
    search_fields = ["object_key"]
    search_help_text = "Le numéro d’une fiche"
    ordering = ["-at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        return readable_entries(signed_in(request)).order_by("-at", "-pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        kinds = [subject.kind for subject in readable(signed_in(request))]
        return queryset.filter(model__in=kinds, object_key=search_term.strip()), False

    @admin.display(description="Voir dans l’application")
    def links(self, obj: AuditEntry) -> str:
        if subjects.get(obj.model) is None or not obj.object_key.isdecimal():
            return "—"
        address = reverse("settings_app:audit_record", args=[obj.model, obj.object_key])
        return format_html('<a href="{}">Modifications</a>', address)
