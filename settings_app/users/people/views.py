"""Paramètres, Magasin, Utilisateurs: the list, a colleague's page, his link, his departure and his return."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from extrabat.lib.exports import csv_lines
from extrabat.lib.phones import display_phone
from extrabat.lib.refusals import Refused
from extrabat.lib.rooms import user_sections
from extrabat.lib.versions import Conflict
from settings_app.users.access import may, needs, signed_in
from settings_app.users.connections import end_sessions, open_sessions
from settings_app.users.links import ends_at, one_time_path, send
from settings_app.users.models import User
from settings_app.users.people.actions import bring_back, depart, held_by, invite, update_person, why_he_stays
from settings_app.users.people.forms import DepartureForm, PersonForm
from settings_app.users.people.listing import STANDINGS, AskedPeople

COLUMNS = [
    "Nom",
    "Prénom",
    "Identifiant",
    "Rôle",
    "Magasin",
    "Fonction",
    "Email",
    "Mobile",
    "Dernière connexion",
    "État",
]


def _context(**more: Any) -> dict[str, Any]:
    return {"menu_url": reverse("settings_app:people")} | more


@require_GET
@needs("manage_users")
def list_(request: HttpRequest) -> HttpResponse:
    asked = AskedPeople.of(request.GET)
    context = _context(
        asked=asked, page=asked.page(request.GET), roles=Group.objects.order_by("pk"), standings=STANDINGS
    )
    return render(request, "settings_app/user_list.html", context)


@require_GET
@needs("manage_users")
@needs("export")
def export(request: HttpRequest) -> HttpResponseBase:
    """The people of the list, all pages, as a spreadsheet reads them."""
    people = AskedPeople.of(request.GET).rows().order_by("last_name", "id")
    rows = (
        [
            person.last_name,
            person.first_name,
            person.username,
            person.role,
            person.store,
            person.job,
            person.email,
            display_phone(person.mobile),
            person.last_login,
            person.standing.label,
        ]
        for person in people
    )
    response = StreamingHttpResponse(csv_lines(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="utilisateurs.csv"'
    return response


@never_cache
@require_http_methods(["GET", "POST"])
@needs("manage_users")
def create(request: HttpRequest) -> HttpResponse:
    """The answer to a good form is the page of the link, which is shown this once."""
    form = PersonForm(request.POST or None)
    show = partial(render, request, "settings_app/user_form.html")
    if request.method == "GET":
        return show(_context(form=form))
    if not form.is_valid():
        return show(_context(form=form), status=422)
    written = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
    try:
        person = invite(written)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return show(_context(form=form), status=409)
    return _show_link(request, person, done="invited")


@require_http_methods(["GET", "POST"])
@needs("manage_users")
def edit(request: HttpRequest, person: int) -> HttpResponse:
    row = get_object_or_404(User.objects.with_frame(), pk=person)
    name = str(row)
    form = PersonForm(request.POST or None, instance=row)
    show = partial(_show_person, request, form, person=row, name=name)
    if request.method == "GET":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        update_person(row.pk, changes=form.changes(), seen=form.seen_values())
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return show(status=409, conflict=True)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return show(status=409)
    messages.success(request, f"Enregistré\u00a0: «\u00a0{row}\u00a0».")
    # Whoever took his own right away is no longer welcome here.
    still = may(User.objects.get(pk=signed_in(request).pk), "manage_users")
    return redirect("settings_app:person", row.pk) if still else redirect("home")


def _show_person(
    request: HttpRequest, form: PersonForm, *, person: User, name: str, status: int = 200, **more: Any
) -> HttpResponse:
    # What the form did to it is not his yet.
    stored = User.objects.with_frame().get(pk=person.pk)
    sections = [
        (part, render_to_string(part.template, {"person": stored} | part.context(request, stored), request))
        for part in user_sections
    ]
    context = _context(
        form=form,
        person=stored,
        name=name,
        ends_at=ends_at(stored),
        sessions=open_sessions(stored),
        current=request.session.session_key,
        sections=sections,
        is_me=stored.pk == signed_in(request).pk,
    )
    return render(request, "settings_app/user_home.html", context | more, status=status)


@never_cache
@require_POST
@needs("manage_users")
def link(request: HttpRequest, person: int) -> HttpResponse:
    """A new link, for who never came or forgot his password: the ones before stop working."""
    row = get_object_or_404(User, pk=person)
    if not row.is_active:
        raise Refused("Cette personne est partie\u00a0: faites-la revenir pour lui donner un lien.")
    return _show_link(request, row, done="link")


def _show_link(request: HttpRequest, person: User, *, done: str) -> HttpResponse:
    """Shown in the answer itself: nothing keeps the link, neither the session nor the database."""
    url = request.build_absolute_uri(reverse("welcome", args=one_time_path(person)))
    context = _context(person=person, link=url, ends_at=ends_at(person), done=done, is_sent=send(person, url))
    return render(request, "settings_app/user_link.html", context)


@require_http_methods(["GET", "POST"])
@needs("manage_users")
def leave(request: HttpRequest, person: int) -> HttpResponse:
    """GET tells what he holds; POST hands it over and closes his account."""
    row = get_object_or_404(User, pk=person)
    held = held_by(row)
    form = DepartureForm(request.POST if request.method == "POST" else None, person=row, held=held)
    show = partial(render, request, "settings_app/user_leave.html")
    user = signed_in(request)
    stays = why_he_stays(row, by=user)
    context = _context(form=form, person=row, held=any(count for _, count in held), stays=stays, refusal=stays)
    if request.method == "GET":
        return show(context)
    if stays:
        return show(context, status=409)
    if not form.is_valid():
        return show(context, status=422)
    try:
        depart(row.pk, successors=form.successors(), by=user)
    except Refused as refused:
        return show(context | {"refusal": refused.reason}, status=409)
    messages.success(request, f"Départ enregistré\u00a0: «\u00a0{row}\u00a0» ne peut plus se connecter.")
    return redirect("settings_app:person", row.pk)


@never_cache
@require_POST
@needs("manage_users")
def come_back(request: HttpRequest, person: int) -> HttpResponse:
    row = get_object_or_404(User, pk=person)
    return _show_link(request, bring_back(row.pk), done="back")


@require_POST
@needs("manage_users")
def disconnect(request: HttpRequest, person: int) -> HttpResponse:
    """End his sessions; an administrator on his own page keeps the one that he is using."""
    row = get_object_or_404(User, pk=person)
    end_sessions(row, keep=request.session.session_key)
    messages.success(request, f"Toutes les connexions de «\u00a0{row}\u00a0» sont terminées.")
    return redirect("settings_app:person", row.pk)


@require_http_methods(["GET", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """« Mes connexions »: where I am signed in; POST ends one of them, or all the others."""
    user = signed_in(request)
    current = request.session.session_key
    if request.method == "POST":
        one = request.POST.get("one", "")
        end_sessions(user, keep=current, only=int(one) if one.isdecimal() else None)
        messages.success(request, "Connexion terminée." if one else "Les autres connexions sont terminées.")
        return redirect("settings_app:own_sessions")
    context = {"sessions": open_sessions(user), "current": current}
    return render(request, "settings_app/own_sessions.html", context)
