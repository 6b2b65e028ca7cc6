"""Paramètres: its first page, the company, its logo, its stores."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from extrabat.lib.french import plural
from extrabat.lib.identifiers import parse_siret, vat_of
from extrabat.lib.pictures import REMADE_TYPES
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import Conflict
from settings_app.company.actions import (
    change_logo,
    close_store,
    create_store,
    open_store,
    remove_logo,
    update_company,
    update_store,
)
from settings_app.company.forms import CloseForm, CompanyForm, StoreForm
from settings_app.company.mentions import missing_mentions
from settings_app.company.models import ONLY, Company, Store
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in
from settings_app.users.models import User


@require_GET
@needs("change_settings")
def index(request: HttpRequest) -> HttpResponse:
    return redirect("settings_app:company")


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def edit_company(request: HttpRequest) -> HttpResponse:
    company = Company.objects.get(pk=ONLY)
    if request.POST.get("propose"):
        return _show_company(request, _proposed(request, company))
    form = CompanyForm(request.POST or None, instance=company)
    if request.method == "GET":
        return _show_company(request, form)
    if not form.is_valid():
        return _show_company(request, form, status=422)
    try:
        update_company(changes=form.changes(), seen=form.seen_values())
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return _show_company(request, form, status=409, conflict=True)
    except Refused as refused:
        form.add_error("siren", refused.reason)
        return _show_company(request, form, status=409)
    messages.success(request, "Société enregistrée.")
    return redirect("settings_app:company")


def _proposed(request: HttpRequest, company: Company) -> CompanyForm:
    """The form as typed, with what was asked for filled in; nothing is written."""
    data = request.POST.copy()
    if data["propose"] == "iban":
        data["iban"] = company.iban
    else:
        try:
            data["vat_number"] = vat_of(parse_siret(data.get("siren", "")))
        except ValueError as error:
            form = CompanyForm(data, instance=company)
            form.add_error("siren", str(error))
            return form
    return CompanyForm(data, instance=company)


def _show_company(request: HttpRequest, form: CompanyForm, *, status: int = 200, **more: Any) -> HttpResponse:
    # Read anew: a form that was refused has already written on its own instance.
    company = Company.objects.get(pk=ONLY)
    missing = missing_mentions(company, list(Store.objects.filter(is_active=True)))
    context = {"form": form, "company": company, "missing": missing, "accept": REMADE_TYPES}
    return render(request, "settings_app/company.html", context | more, status=status)


@require_POST
@needs("change_settings")
def logo(request: HttpRequest) -> HttpResponse:
    """Take the picture in, or with `remove` let it go."""
    if "remove" in request.POST:
        remove_logo()
        messages.success(request, "Logo retiré.")
        return redirect(f"{reverse('settings_app:company')}#logo")
    try:
        change_logo(request.FILES.get("logo"))
    except Refused as refused:
        form = CompanyForm(instance=Company.objects.get(pk=ONLY))
        return _show_company(request, form, status=422, logo_error=refused.reason)
    messages.success(request, "Logo enregistré.")
    return redirect(f"{reverse('settings_app:company')}#logo")


@require_GET
@needs("change_settings")
def stores(request: HttpRequest) -> HttpResponse:
    rows = Store.objects.annotate(people=Count("users", filter=Q(users__is_active=True))).order_by("-is_active", "pk")
    return render(request, "settings_app/stores.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def add_store(request: HttpRequest) -> HttpResponse:
    form = StoreForm(request.POST or None)
    token = token_of(request.POST.get("token"))
    if request.method == "GET":
        return _show_store(request, form, token=token)
    if not form.is_valid():
        return _show_store(request, form, token=token, status=422)
    values = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
    try:
        create_store(values, by=signed_in(request), token=token)
    except Refused as refused:
        form.add_error("siret", refused.reason)
        return _show_store(request, form, token=str(uuid.uuid4()), status=409)
    messages.success(request, f"Ajouté\u00a0: «\u00a0{values['name']}\u00a0».")
    return redirect("settings_app:stores")


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def edit_store(request: HttpRequest, store: int | None = None) -> HttpResponse:
    """One store; without a number, the one where the person works."""
    key = store or signed_in(request).store_id
    row = get_object_or_404(Store, pk=key) if key else Store.objects.earliest("pk")
    name = row.name
    form = StoreForm(request.POST or None, instance=row)
    context: dict[str, Any] = {"row": row, "name": name}
    if request.method == "GET":
        return _show_store(request, form, **context)
    if not form.is_valid():
        return _show_store(request, form, status=422, **context)
    try:
        update_store(row.pk, changes=form.changes(), seen=form.seen_values())
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return _show_store(request, form, status=409, conflict=True, **context)
    except Refused as refused:
        form.add_error("siret", refused.reason)
        return _show_store(request, form, status=409, **context)
    messages.success(request, "Magasin enregistré.")
    return redirect("settings_app:stores")


def _show_store(request: HttpRequest, form: StoreForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "menu_url": reverse("settings_app:stores")} | more
    return render(request, "settings_app/store.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def close(request: HttpRequest, store: int) -> HttpResponse:
    """GET tells who works there and asks where they go; POST closes."""
    row = get_object_or_404(Store, pk=store)
    people = list(User.objects.filter(store=row, is_active=True))
    others = list(Store.objects.filter(is_active=True).exclude(pk=store))
    form = CloseForm(request.POST if request.method == "POST" and people else None, others=others)
    context = {"row": row, "people": people, "others": others, "form": form, "menu_url": reverse("settings_app:stores")}
    if request.method == "GET":
        return render(request, "settings_app/store_close.html", context)
    if people and others and not form.is_valid():
        return render(request, "settings_app/store_close.html", context, status=422)
    try:
        moved = close_store(store, into=form.cleaned_data["into"] if people and others else None)
    except Refused as refused:
        return render(request, "settings_app/store_close.html", context | {"refusal": refused.reason}, status=409)
    told = f" {plural(moved, 'personne déplacée', 'personnes déplacées')}." if moved else ""
    messages.success(request, f"Désactivé\u00a0: «\u00a0{row.name}\u00a0».{told}")
    return redirect("settings_app:stores")


@require_POST
@needs("change_settings")
def reopen(request: HttpRequest, store: int) -> HttpResponse:
    row = get_object_or_404(Store, pk=store)
    open_store(row.pk)
    messages.success(request, f"Rouvert\u00a0: «\u00a0{row.name}\u00a0».")
    return redirect("settings_app:stores")
