"""The page behind the gear: the preferences of the person who is signed in, and nobody else's (PRF-01)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.layout import Cell, Section
from extrabat.lib.navigation import safe_next
from settings_app.preferences.composing import composed, is_moving, lines_of
from settings_app.preferences.registry import Declared, MultiChoicePreference, preferences, theme
from settings_app.users.access import signed_in


def on_page() -> list[Declared[Any]]:
    return [preference for preference in preferences if preference.on_page]


class PreferencesForm(HouseForm):
    """One field per declared preference, in sections."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for preference in on_page():
            self.fields[preference.name] = preference.field()
        self.lay_out(
            *(
                Section(section, *(Cell(p.name, "c6") for p in on_page() if p.section == section))
                for section in dict.fromkeys(p.section for p in on_page())
            )
        )


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    initial = {preference.name: preference.initial(user) for preference in on_page()}
    form = PreferencesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        for preference in on_page():
            preference.save(user, form.cleaned_data[preference.name])
        messages.success(request, "Préférences enregistrées.")
        return redirect("settings_app:preferences")
    context = {"form": form, "lists": lists()}
    return render(request, "settings_app/preferences.html", context, status=422 if form.is_bound else 200)


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


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """One click in the avatar's menu, back to the same page."""
    try:
        theme.save(signed_in(request), request.POST.get("theme", ""))
    except ValueError:
        messages.error(request, "Ce thème n’existe pas. Choisissez Auto, Clair ou Sombre.")
    return redirect(safe_next(request, request.headers.get("Referer")))
