"""The home page: a sentence, then the tiles that the rooms offer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from extrabat.lib.french import long_day
from extrabat.lib.rooms import tiles
from settings_app.users.access import signed_in


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    shown = [
        {"name": tile.name, "template": tile.template, **tile.context(request)}
        for tile in tiles
        if not tile.right or user.has_perm(tile.right)
    ]
    today = long_day(localdate())
    return render(request, "extrabat/home.html", {"tiles": shown, "today": today[0].upper() + today[1:]})
