"""The home page: a sentence, then the tiles that the rooms offer, as this person chose and ordered them (PRF-11)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from extrabat.lib.french import long_day
from extrabat.lib.rooms import open_to, tiles
from extrabat.preferences import home_tiles
from settings_app.users.access import signed_in


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    offered = {tile.name: tile for tile in open_to(user, tiles)}
    chosen = [offered[name] for name in home_tiles.of(user) if name in offered]
    shown = [{"name": tile.name, "template": tile.template, **tile.context(request)} for tile in chosen]
    today = long_day(localdate())
    context = {"tiles": shown, "today": today[0].upper() + today[1:], "choice": home_tiles.name}
    return render(request, "extrabat/home.html", context)
