"""Who may do what, as the database says it now."""

from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from settings_app.users.access import needs
from settings_app.users.rights import RIGHTS


@require_GET
@needs("manage_users")
def table(request: HttpRequest) -> HttpResponse:
    groups = list(Group.objects.order_by("pk").prefetch_related("permissions"))
    held = {group.pk: {permission.codename for permission in group.permissions.all()} for group in groups}
    rows = [(right.label, [right.code in held[group.pk] for group in groups]) for right in RIGHTS]
    return render(request, "settings_app/roles.html", {"groups": groups, "rows": rows})
