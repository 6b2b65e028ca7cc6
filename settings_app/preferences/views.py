"""The page behind the gear: the preferences of the person who is signed in, and nobody else's (PRF-01)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.layout import Cell, Section
from extrabat.lib.navigation import safe_next
from settings_app.preferences.registry import Declared, preferences, theme
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
    return render(request, "settings_app/preferences.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """One click in the avatar's menu, back to the same page."""
    try:
        theme.save(signed_in(request), request.POST.get("theme", ""))
    except ValueError:
        messages.error(request, "Ce thème n’existe pas. Choisissez Auto, Clair ou Sombre.")
    return redirect(safe_next(request, request.headers.get("Referer")))
