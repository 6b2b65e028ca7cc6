"""The way to a record's trail, for any page that shows the record."""

from django import template
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from settings_app.users.models import User

register = template.Library()


@register.simple_tag
def trail_link(row: Model, user: User, css: str = "link small") -> SafeString | str:
    """« Modifications », for those who may read the trail; nothing for the others and for a row not yet saved."""
    if row.pk is None or not user.has_perm("settings_app.see_audit"):
        return ""
    address = reverse("settings_app:audit_record", args=[row._meta.label_lower, row.pk])
    return format_html('<a class="{}" href="{}">Modifications</a>', css, address)
