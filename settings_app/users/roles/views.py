"""Paramètres, Magasin, Rôles et droits: the table of who may do what, and the roles themselves."""

from functools import partial
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from extrabat.lib.french import plural
from extrabat.lib.refusals import Refused
from settings_app.users.access import may, needs, signed_in
from settings_app.users.guard import KEYS
from settings_app.users.models import User
from settings_app.users.rights import ADMINISTRATOR, RIGHTS
from settings_app.users.roles.actions import (
    BUILT_IN,
    Box,
    Change,
    boxes,
    change_rights,
    create_role,
    delete_role,
    lame,
    parse,
    rename_role,
    why_it_stays,
)
from settings_app.users.roles.forms import RoleForm


def _context(**more: Any) -> dict[str, Any]:
    return {"menu_url": reverse("settings_app:roles")} | more


@require_http_methods(["GET", "POST"])
@needs("manage_users")
def table(request: HttpRequest) -> HttpResponse:
    """What travels is what differs from what the page showed, so that two open pages never undo one another."""
    if request.method == "GET":
        return _show_table(request)
    ticked, seen = parse(request.POST.getlist("right")), parse(request.POST.getlist("seen"))
    try:
        change = change_rights(ticked=ticked, seen=seen)
    except Refused as refused:
        return _show_table(request, asked=(ticked, seen), refusal=refused.reason, status=409)
    messages.success(request, _words(change))
    still = may(User.objects.get(pk=signed_in(request).pk), "manage_users")
    return redirect("settings_app:roles" if still else "home")


def _words(change: Change) -> str:
    if not change.given and not change.taken:
        return "Aucun droit n’a changé."
    given = plural(change.given, "droit donné", "droits donnés") if change.given else ""
    taken = plural(change.taken, "droit retiré", "droits retirés") if change.taken else ""
    return f"Enregistré\u00a0: {' et '.join(filter(None, (given, taken)))}."


def _show_table(
    request: HttpRequest, *, asked: tuple[set[Box], set[Box]] | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    roles = list(Group.objects.order_by("pk").annotate(people=Count("user")))
    stored = boxes(roles)
    # What was asked for in vain stays ticked, on top of what is stored by now.
    shown = (stored | (asked[0] - asked[1])) - (asked[1] - asked[0]) if asked else stored
    groups = [
        (
            heading,
            [(right, [_cell(role, right.code, stored, shown) for role in roles]) for right in rights],
        )
        for heading, rights in groupby(RIGHTS, key=lambda right: right.group)
    ]
    remarks = [(role, list(lame({code for key, code in stored if key == role.pk}))) for role in roles]
    context = _context(
        roles=roles,
        groups=groups,
        refusal=refusal,
        remarks=[pair for pair in remarks if pair[1]],
        columns=len(roles) + 1,
    )
    return render(request, "settings_app/roles.html", context, status=status)


def _cell(role: Group, code: str, stored: set[Box], shown: set[Box]) -> dict[str, Any]:
    box = (role.pk, code)
    return {
        "role": role,
        "value": f"{role.pk}:{code}",
        "seen": box in stored,
        "ticked": box in shown or (box in stored and code in KEYS.get(role.name, ())),
        "fixed": code in KEYS.get(role.name, ()) and box in stored,
    }


@require_http_methods(["GET", "POST"])
@needs("manage_users")
def create(request: HttpRequest) -> HttpResponse:
    form = RoleForm(request.POST or None)
    show = partial(render, request, "settings_app/role_form.html", _context(form=form))
    if request.method == "GET":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        role = create_role(form.cleaned_data["name"], like=form.cleaned_data["like"])
    except Refused as refused:
        form.add_error("name", refused.reason)
        return show(status=409)
    messages.success(request, f"Ajouté\u00a0: «\u00a0{role.name}\u00a0».")
    return redirect("settings_app:roles")


@require_http_methods(["GET", "POST"])
@needs("manage_users")
def edit(request: HttpRequest, role: int) -> HttpResponse:
    """Another name, and the way to delete it."""
    row = get_object_or_404(Group, pk=role)
    form = RoleForm(request.POST or None, role=row, initial={"name": row.name})
    people = User.objects.with_frame().filter(groups=row)
    context = _context(form=form, role=row, people=people, is_built_in=row.name == ADMINISTRATOR, reason=BUILT_IN)
    show = partial(render, request, "settings_app/role_form.html")
    if request.method == "GET":
        return show(context)
    if not form.is_valid():
        return show(context, status=422)
    try:
        rename_role(row.pk, form.cleaned_data["name"], seen=request.POST.get("seen", row.name))
    except Refused as refused:
        form.add_error("name", refused.reason)
        return show(context, status=409)
    messages.success(request, f"Enregistré\u00a0: «\u00a0{form.cleaned_data['name']}\u00a0».")
    return redirect("settings_app:roles")


@require_http_methods(["GET", "POST"])
@needs("manage_users")
def delete(request: HttpRequest, role: int) -> HttpResponse:
    row = get_object_or_404(Group, pk=role)
    show = partial(render, request, "settings_app/role_delete.html")
    if request.method == "GET":
        return show(_context(role=row, refusal=why_it_stays(row)))
    try:
        delete_role(row.pk)
    except Refused as refused:
        return show(_context(role=row, refusal=refused.reason), status=409)
    messages.success(request, f"Supprimé\u00a0: «\u00a0{row.name}\u00a0».")
    return redirect("settings_app:roles")
