"""Filters kept under a name."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from clients.actions import saved_filters as actions
from clients.listing import Asked
from clients.models import SavedFilter
from clients.views.lists import back, query_of
from extrabat.lib.refusals import Refused
from settings_app.submissions import token_of
from settings_app.users.access import signed_in

NAMELESS = "Donnez un nom à ce filtre, de soixante signes au plus."


@require_http_methods(["GET", "POST"])
def list_(request: HttpRequest) -> HttpResponse:
    """GET: one's own and the shared ones. POST: keep the list's present address under a name."""
    user = signed_in(request)
    if request.method == "POST":
        query = Asked(user, query_of(request)).query
        try:
            name = _name(request)
            token = token_of(request.POST.get("token"))
            shared = "partage" in request.POST
            actions.save_filter(by=user, name=name, query=query, is_shared=shared, token=token)
            messages.success(request, f"Filtre enregistré\u00a0: «\u00a0{name}\u00a0».")
        except Refused as refused:
            messages.error(request, refused.reason)
        return redirect(back(user, query))
    rows = [
        (saved, actions.may_change(user, saved), Asked.stored(user, saved.query))
        for saved in SavedFilter.objects.visible_to(user).select_related("user")
    ]
    return render(request, "clients/saved_filters.html", {"rows": rows, "token": str(uuid4())})


@require_POST
def change(request: HttpRequest, saved: int) -> HttpResponse:
    """Rename, share, or delete."""
    user = signed_in(request)
    row = get_object_or_404(SavedFilter.objects.visible_to(user), pk=saved)
    if not actions.may_change(user, row):
        raise PermissionDenied
    if "supprimer" in request.POST:
        actions.delete_filter(row)
        messages.success(request, f"Filtre supprimé\u00a0: «\u00a0{row.name}\u00a0».")
        return redirect("clients:saved_filters")
    try:
        name = _name(request)
        actions.change_filter(row, name=name, is_shared="partage" in request.POST)
        messages.success(request, f"Filtre enregistré\u00a0: «\u00a0{name}\u00a0».")
    except Refused as refused:
        messages.error(request, refused.reason)
    return redirect("clients:saved_filters")


def _name(request: HttpRequest) -> str:
    name = request.POST.get("nom", "").replace("\x00", "").strip()
    if not 1 <= len(name) <= 60:
        raise Refused(NAMELESS)
    return name
