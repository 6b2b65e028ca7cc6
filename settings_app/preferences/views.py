"""The page behind the gear: the preferences of the person who is signed in, and nobody else's (PRF-01)."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.layout import Cell, Section
from extrabat.lib.navigation import safe_next
from extrabat.lib.pictures import REMADE_TYPES
from extrabat.lib.refusals import Refused
from settings_app.preferences.actions import change_background, change_photo, remove_background, remove_photo
from settings_app.preferences.composing import composed, is_moving, lines_of
from settings_app.preferences.registry import (
    Declared,
    MultiChoicePreference,
    background_picture,
    preferences,
    theme,
)
from settings_app.users.access import signed_in
from settings_app.users.models import User

# What is sent beside the form: how it is taken in, how it is let go, and what is said.
OWN: Final[dict[str, tuple[Callable[..., None], Callable[[User], None], str, str]]] = {
    "photo": (change_photo, remove_photo, "Photo enregistrée.", "Photo retirée."),
    "fond": (change_background, remove_background, "Image de fond enregistrée.", "Image de fond retirée."),
}


def on_page() -> list[Declared[Any]]:
    return [preference for preference in preferences if preference.on_page]


class PreferencesForm(HouseForm):
    """One field per declared preference, in sections."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for preference in on_page():
            self.fields[preference.name] = preference.field()
        self.sections = [
            Section(section, *(Cell(p.name, "c6") for p in on_page() if p.section == section))
            for section in dict.fromkeys(p.section for p in on_page())
        ]
        self.lay_out(*self.sections)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    initial = {preference.name: preference.initial(user) for preference in on_page()}
    section = request.POST.get("reset", "")
    if section:
        return _show(request, _reset(request, section, initial), reset=section)
    form = PreferencesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            for preference in on_page():
                preference.save(user, form.cleaned_data[preference.name])
        messages.success(request, "Préférences enregistrées.")
        return redirect("settings_app:preferences")
    return _show(request, form, status=422 if form.is_bound else 200)


def lists() -> list[MultiChoicePreference]:
    return [one for one in preferences if isinstance(one, MultiChoicePreference) and one.shown_at]


@require_http_methods(["GET", "POST"])
def compose(request: HttpRequest, preference: str) -> HttpResponse:
    """Choose and order what one list shows (PRF-11); an arrow without script comes back here."""
    user = signed_in(request)
    chosen = next((one for one in lists() if one.name == preference), None)
    if chosen is None:
        raise Http404
    if request.method == "POST":
        chosen.save(user, None if "reset" in request.POST else composed(request.POST))
        if is_moving(request.POST):
            return redirect("settings_app:preference_list", chosen.name)
        messages.success(request, f"{chosen.label}\u00a0: choix enregistré.")
        return redirect(chosen.shown_at)
    context = {"preference": chosen, "lines": lines_of(chosen.offered(user), chosen.of(user))}
    return render(request, "settings_app/preference_list.html", context)


def _reset(request: HttpRequest, section: str, initial: dict[str, Any]) -> PreferencesForm:
    """The form as typed, one section back to its beginning. Nothing is written: « Valider » does that."""
    data = request.POST.copy()
    for preference in on_page():
        if preference.section == section:
            original = preference.original
            shown = original if isinstance(original, list | tuple) else [original]
            # A box that is not ticked is not in a form at all.
            data.setlist(preference.name, [str(value) for value in shown if value not in (None, False)])
    return PreferencesForm(data, initial=initial)


def _show(request: HttpRequest, form: PreferencesForm, *, status: int = 200, **more: Any) -> HttpResponse:
    user = signed_in(request)
    context = {
        "form": form,
        "lists": lists(),
        "photo": user.photo_id,
        "background": background_picture.key(user),
        "accept": REMADE_TYPES,
    }
    return render(request, "settings_app/preferences.html", context | more, status=status)


@require_POST
def own_picture(request: HttpRequest, kind: str) -> HttpResponse:
    """Take in one's own photo or background, or with `remove` let it go."""
    if kind not in OWN:
        raise Http404
    user = signed_in(request)
    change, remove, changed, removed = OWN[kind]
    if "remove" in request.POST:
        remove(user)
        messages.success(request, removed)
        return redirect(f"{reverse('settings_app:preferences')}#images")
    try:
        change(user, request.FILES.get("picture"))
    except Refused as refused:
        initial = {preference.name: preference.initial(user) for preference in on_page()}
        return _show(request, PreferencesForm(initial=initial), status=422, **{f"{kind}_error": refused.reason})
    messages.success(request, changed)
    return redirect(f"{reverse('settings_app:preferences')}#images")


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """One click in the avatar's menu, back to the same page."""
    try:
        theme.save(signed_in(request), request.POST.get("theme", ""))
    except ValueError:
        messages.error(request, "Ce thème n’existe pas. Choisissez Auto, Clair ou Sombre.")
    return redirect(safe_next(request, request.headers.get("Referer")))
