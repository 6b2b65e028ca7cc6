"""The room in Django's admin: found, read, and corrected only where no rule hangs on the value."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from clients import search
from clients.models import (
    Address,
    BulkChange,
    Client,
    Consent,
    Contact,
    CustomQuestion,
    Equipment,
    ExportJob,
    FileTag,
    Folder,
    FollowUp,
    HistoryEntry,
    Installation,
    Merge,
    SavedFilter,
    StoredFile,
)
from settings_app.admin.base import ReadOnlyInline, RightAdmin
from settings_app.users.access import signed_in

SEALED = ("iban", "bic", "account_holder")


class AddressInline(ReadOnlyInline):
    model = Address
    fields = ["type", "is_default", "number", "street", "postcode", "city"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("type")


class ContactInline(ReadOnlyInline):
    model = Contact
    fields = ["last_name", "first_name", "job_title", "is_main"]


@admin.register(Client)
class ClientAdmin(RightAdmin):
    """Status, kind, phones, finance and URSSAF have rules: they change on the client's own pages."""

    change_right = "change_clients"
    writable = (
        *("last_name", "first_name", "company_name", "job_title", "code", "followed_by", "client_type", "grouping"),
        *("social_category", "colour", "observation"),
    )
    hidden = (*SEALED, "search_name", "sort_name")
    list_display = ["display", "kind", "status", "followed_by", "email", "code", "updated_at", "links"]
    list_filter = ["kind", "status", "followed_by", "is_urssaf", "is_blocked"]
    list_select_related = ["status", "followed_by"]
    search_fields = ["last_name"]
    search_help_text = "Nom, téléphone, e-mail ou commune"
    ordering = ["-pk"]
    autocomplete_fields = ["followed_by", "client_type", "grouping", "social_category", "colour"]
    inlines = [AddressInline, ContactInline]

    @admin.display(description="client", ordering="sort_name")
    def display(self, obj: Client) -> str:
        return obj.display_name

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One who was merged into another record changes no more."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_merged)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return search.matching(queryset, search_term, "contient"), False  # type: ignore[arg-type]  # of clients


class PartAdmin(RightAdmin):
    """What belongs to a client, found by him."""

    change_right = "change_clients"
    search_fields = ["client__last_name"]
    search_help_text = "Le client\u00a0: nom, téléphone, e-mail ou commune"
    list_select_related = ["client"]
    ordering = ["-pk"]
    owner: ClassVar[str] = "client"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        sealed = [f"{self.owner}__{name}" for name in SEALED]
        return super().get_queryset(request).select_related(*list(self.list_select_related)).defer(*sealed)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        found = search.matching(Client.objects.visible_to(signed_in(request)), search_term, "contient")
        return queryset.filter(**{f"{self.owner}__in": found.order_by().values("pk")}), False


@admin.register(Address)
class AddressAdmin(PartAdmin):
    """Street, town and their codes go together: the form looks them up."""

    writable = ("complement", "directions")
    list_display = ["__str__", "client", "type", "is_default", "links"]
    list_filter = ["type", "is_default"]
    list_select_related = ["client", "type"]


@admin.register(Contact)
class ContactAdmin(PartAdmin):
    writable = ("last_name", "first_name", "job_title")
    list_display = ["__str__", "client", "job_title", "is_main", "links"]
    list_filter = ["is_main"]


@admin.register(Consent)
class ConsentAdmin(PartAdmin):
    """Added to on its screen, never changed."""

    list_display = ["client", "channel", "email", "state", "source", "at", "by", "links"]
    list_filter = ["channel", "state", "source"]
    list_select_related = ["client", "by"]


@admin.register(StoredFile)
class StoredFileAdmin(PartAdmin):
    hidden = ("storage_key", "sha256", "batch", "entry", "tries")
    list_display = ["name", "client", "folder", "size", "content_type", "uploaded_at", "uploaded_by", "links"]
    list_filter = ["is_restricted", "preview"]
    list_select_related = ["client", "folder", "uploaded_by"]


@admin.register(Folder)
class FolderAdmin(PartAdmin):
    list_display = ["name", "client", "parent", "system", "links"]
    list_filter = ["system"]
    list_select_related = ["client", "parent"]


@admin.register(FollowUp)
class FollowUpAdmin(PartAdmin):
    list_display = ["text", "client", "alert_on", "assigned_to", "done_at", "links"]
    list_filter = ["assigned_to"]
    list_select_related = ["client", "assigned_to"]


@admin.register(HistoryEntry)
class HistoryAdmin(PartAdmin):
    list_display = ["at", "client", "kind", "text", "by", "links"]
    list_select_related = ["client", "by"]


@admin.register(Installation)
class InstallationAdmin(PartAdmin):
    writable = ("notes",)
    list_display = ["name", "client", "address", "created_at", "links"]
    list_select_related = ["client", "address"]


@admin.register(Equipment)
class EquipmentAdmin(PartAdmin):
    writable = ("label", "brand", "model", "serial", "commissioned_on", "warranty_end_on", "notes")
    owner = "installation__client"
    search_fields = ["label"]
    list_display = ["label", "brand", "model", "serial", "installation", "warranty_end_on", "links"]
    list_select_related = ["installation", "installation__client"]


@admin.register(CustomQuestion)
class CustomQuestionAdmin(RightAdmin):
    """Type and options hang together with the answers: they change on the screen."""

    writable = ("label", "is_required", "on_home", "for_professionals", "is_active")
    list_display = ["label", "type", "is_required", "on_home", "for_professionals", "is_active", "links"]
    list_filter = ["type", "is_active"]
    search_fields = ["label"]
    ordering = ["position", "pk"]


@admin.register(FileTag)
class FileTagAdmin(RightAdmin):
    list_display = ["label", "links"]
    search_fields = ["label"]
    ordering = ["label"]


@admin.register(SavedFilter)
class SavedFilterAdmin(RightAdmin):
    writable = ("name", "is_shared")
    list_display = ["name", "user", "is_shared", "query", "links"]
    list_filter = ["is_shared"]
    list_select_related = ["user"]
    search_fields = ["name"]
    ordering = ["user", "position", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user")


@admin.register(ExportJob)
class ExportJobAdmin(RightAdmin):
    """Who took which clients out of the house."""

    hidden = ("file",)
    list_display = ["asked_at", "asked_by", "format", "state", "total", "query"]
    list_filter = ["state", "format"]
    list_select_related = ["asked_by"]
    search_fields = ["query"]
    ordering = ["-pk"]
    date_hierarchy = "asked_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("asked_by")


@admin.register(BulkChange)
class BulkChangeAdmin(RightAdmin):
    list_display = ["at", "by", "field", "value_label", "total", "undone_at", "links"]
    list_filter = ["field"]
    search_fields = ["value_label"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("by")


@admin.register(Merge)
class MergeAdmin(RightAdmin):
    """`values` may hold what people typed: the merge's own page tells it."""

    hidden = ("values", "consents", "left")
    list_display = ["at", "kept", "absorbed", "by", "undone_at", "links"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("by")
