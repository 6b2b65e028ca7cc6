"""Reference tables in the admin: written by the actions of their screens, which keep what must stay."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from extrabat.lib.forms.fields import PercentField
from settings_app.admin.base import RightAdmin
from settings_app.reference.actions import create_value, update_value
from settings_app.reference.catalogue import TABLES, Table
from settings_app.reference.forms import LanguageCodeField


class ReferenceAdmin(RightAdmin):
    """One of these per table, made by `register`."""

    table: Table
    can_add = True
    ordering = ["position", "label"]
    search_fields = ["label"]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        made = self.table.made()
        if db_field.name in made:
            return made[db_field.name]
        label = str(db_field.verbose_name).capitalize()
        if self.table.slug == "langues" and db_field.name == "code":
            return LanguageCodeField(label=label)
        if db_field.name == "percent":
            return PercentField(label=label)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in self.writable}
        if not change:
            obj.pk = create_value(self.table, values).pk
            return
        changes = {name: value for name, value in values.items() if name in form.changed_data}
        # The form has held the row since it compared it with what its author had seen.
        stored = self.table.model._default_manager.get(pk=obj.pk)
        update_value(self.table, obj.pk, changes=changes, seen={name: getattr(stored, name) for name in changes})


def _flags(model: type[models.Model]) -> list[str]:
    return [one.name for one in model._meta.concrete_fields if isinstance(one, models.BooleanField)]


def register() -> None:
    """One page per table, the rooms' above too: called when all of them have given theirs."""
    for table in TABLES.values():
        names = ("label", *table.fields, "is_active")
        values = {
            "table": table,
            "writable": names,
            "list_display": ["label", *table.fields, "position", "is_active", "links"],
            "list_filter": _flags(table.model),
        }
        admin.site.register(table.model, type(f"{table.model.__name__}Admin", (ReferenceAdmin,), values))
