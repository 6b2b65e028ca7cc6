"""One screen for all the reference tables: list, order, add, edit, merge, switch off, delete."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from extrabat.lib.french import plural
from extrabat.lib.refusals import Refused
from extrabat.lib.requests import is_fragment
from extrabat.lib.versions import Conflict
from settings_app.reference.actions import (
    BUILT_IN,
    create_value,
    delete_value,
    in_use,
    merge,
    update_value,
)
from settings_app.reference.catalogue import TABLES, Table
from settings_app.reference.forms import MergeForm, ValueForm, value_form
from settings_app.reference.models import ReferenceValue
from settings_app.reference.ordering import move, reorder
from settings_app.reference.usage import Usage, usage_of
from settings_app.users.access import needs


def _table(slug: str) -> Table:
    if slug not in TABLES:
        raise Http404
    return TABLES[slug]


def _address(table: Table, *, at: int | None = None) -> str:
    """The list; `at` its line of this value, so that a page without script comes back where one was."""
    address = reverse("settings_app:reference", args=[table.slug])
    return f"{address}#ligne-{at}" if at else address


def _context(table: Table, value: ReferenceValue | None = None) -> dict[str, Any]:
    return {"table": table, "value": value, "menu_url": _address(table)}


@require_GET
@needs("change_settings")
def list_(request: HttpRequest, table: str) -> HttpResponse:
    chosen = _table(table)
    used = usage_of(chosen.model)
    rows = [(value, chosen.words(value), used.get(value.pk, Usage())) for value in chosen.model._default_manager.all()]
    context = _context(chosen) | {"rows": rows, "has_words": any(words for _, words, _ in rows)}
    return render(request, "settings_app/reference_list.html", context)


@require_POST
@needs("change_settings")
def order(request: HttpRequest, table: str) -> HttpResponse:
    chosen = _table(table)
    return put_in_order(request, chosen.model, partial(_address, chosen))


def put_in_order(request: HttpRequest, model: type[Any], back: Any) -> HttpResponse:
    """Answer both ways of ordering a list: `key` repeated is the whole new order, `up` or `down` moves one row.

    `back(at=key)` gives the list's address. Other rooms answer with this too, for their own lists.
    """
    for name, step in (("up", -1), ("down", 1)):
        sent = request.POST.get(name, "")
        if sent.isdecimal():
            move(model, int(sent), step=step)
            return redirect(back(at=int(sent)))
    reorder(model, [int(key) for key in request.POST.getlist("key") if key.isdecimal()])
    return HttpResponse(status=204) if is_fragment(request) else redirect(back(at=None))


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def create(request: HttpRequest, table: str) -> HttpResponse:
    chosen = _table(table)
    form = value_form(chosen, request.POST or None)
    if request.method == "GET":
        return _show_form(request, chosen, form)
    if not form.is_valid():
        return _show_form(request, chosen, form, status=422)
    written = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
    try:
        value = create_value(chosen, written)
    except Refused as refused:
        form.add_error("label", refused.reason)
        return _show_form(request, chosen, form, status=409)
    messages.success(request, f"Ajouté\u00a0: «\u00a0{value.label}\u00a0».")
    return redirect(_address(chosen, at=value.pk))


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def edit(request: HttpRequest, table: str, value: int) -> HttpResponse:
    chosen = _table(table)
    row = get_object_or_404(chosen.model, pk=value)
    label = row.label
    form = value_form(chosen, request.POST or None, instance=row)
    show = partial(_show_form, request, chosen, form, value=row, label=label)
    if request.method == "GET":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        update_value(chosen, row.pk, changes=form.changes(), seen=form.seen_values())
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return show(status=409, conflict=True)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return show(status=409)
    messages.success(request, f"Enregistré\u00a0: «\u00a0{form.cleaned_data['label']}\u00a0».")
    return redirect(_address(chosen, at=row.pk))


def _show_form(
    request: HttpRequest,
    table: Table,
    form: ValueForm,
    *,
    value: ReferenceValue | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = _context(table, value) | {"form": form} | more
    return render(request, "settings_app/reference_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def merge_(request: HttpRequest, table: str, value: int) -> HttpResponse:
    chosen = _table(table)
    row = get_object_or_404(chosen.model, pk=value)
    alike = {name: getattr(row, name) for name in chosen.alike}
    others = [(other, chosen.words(other)) for other in chosen.model._default_manager.filter(**alike).exclude(pk=value)]
    form = MergeForm(request.POST or None, others=others)
    context = _context(chosen, row) | {
        "form": form,
        "others": others,
        "usage": usage_of(chosen.model, value)[value],
        "refusal": BUILT_IN if getattr(row, "is_builtin", False) else "",
    }
    show = partial(render, request, "settings_app/reference_merge.html")
    if request.method == "GET":
        return show(context)
    if not form.is_valid():
        return show(context, status=422)
    try:
        moved = merge(chosen, value, form.cleaned_data["into"])
    except Refused as refused:
        return show(context | {"refusal": refused.reason}, status=409)
    into = next(other for other, _ in others if other.pk == form.cleaned_data["into"])
    told = plural(moved, "fiche déplacée", "fiches déplacées")
    messages.success(request, f"Fusionné avec «\u00a0{into.label}\u00a0»\u00a0: {told}.")
    return redirect(_address(chosen, at=into.pk))


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def delete(request: HttpRequest, table: str, value: int) -> HttpResponse:
    """GET tells what stands in the way, or asks; POST deletes, or with `switch_off` does what is proposed instead."""
    chosen = _table(table)
    row = get_object_or_404(chosen.model, pk=value)
    if request.method == "GET":
        return _show_delete(request, chosen, row)
    instead = "switch_off" in request.POST
    try:
        if instead:
            update_value(chosen, row.pk, changes={"is_active": False}, seen={"is_active": True})
        else:
            delete_value(chosen, row.pk)
    except Refused as refused:
        return _show_delete(request, chosen, row, refusal=refused.reason, status=409)
    messages.success(request, f"{'Désactivé' if instead else 'Supprimé'}\u00a0: «\u00a0{row.label}\u00a0».")
    return redirect(_address(chosen, at=row.pk if instead else None))


def _show_delete(
    request: HttpRequest, table: Table, value: ReferenceValue, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    usage = usage_of(table.model, value.pk)[value.pk]
    built_in = getattr(value, "is_builtin", False)
    refusal = refusal or (BUILT_IN if built_in else in_use(usage) if usage else "")
    context = _context(table, value) | {"refusal": refusal, "usage": usage, "can_merge": bool(usage) and not built_in}
    return render(request, "settings_app/reference_delete.html", context, status=status)
