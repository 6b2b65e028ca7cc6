"""One search field for everything: each room gives its hits, grouped by kind (docs/rules/search.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from extrabat.lib.marked import mark
from extrabat.lib.requests import is_fragment
from extrabat.lib.rooms import Hit, Hits, SearchProvider, open_to, search_providers
from extrabat.lib.text import words
from extrabat.preferences import search_entries
from settings_app.preferences.registry import search_mode
from settings_app.recents import recent_items
from settings_app.users.access import signed_in
from settings_app.users.models import User

PER_GROUP = 8
RECENT_SHOWN = 8


@dataclass(frozen=True)
class Line:
    hit: Hit
    label: SafeString
    detail: SafeString


@dataclass(frozen=True)
class Group:
    heading: str
    lines: list[Line]
    all_url: str = ""
    instead: str = ""


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """The panel under the field while typing, a page otherwise; Enter opens the only hit at once (SEA-03)."""
    user, fragment = signed_in(request), is_fragment(request)
    typed = request.GET.get("q", "").strip()[:100]
    providers, sought = asked(user, typed, request.GET.get("dans", ""))
    context: dict[str, Any] = {"q": typed, "searched": bool(words(sought))}
    if context["searched"]:
        answers = [(provider, provider.find(user, sought, PER_GROUP + 1)) for provider in providers]
        groups = [group_of(provider, hits, sought) for provider, hits in answers if hits.rows]
        lines = [line for group in groups for line in group.lines]
        if len(lines) == 1 and not fragment:
            return redirect(lines[0].hit.url)
        context["too_slow"] = any(hits.too_slow for _, hits in answers)
        context["mode"] = dict(search_mode.choices)[search_mode.of(user)]
        context["mode_is_default"] = search_mode.of(user) == search_mode.default
    else:
        groups = recent(user, providers)
    context["groups"] = groups
    return render(request, "extrabat/search.html#results" if fragment else "extrabat/search.html", context)


def offered(user: User) -> list[SearchProvider]:
    """The kinds that this user may look for; « Tout » asks them all."""
    return open_to(user, search_providers)


def entries(user: User, scope: str = "") -> list[SearchProvider]:
    """What the selector left of the field shows (SEA-05): this user's choice, and `scope` while it is in force."""
    kinds = {provider.key: provider for provider in offered(user)}
    return [kinds[key] for key in dict.fromkeys([*search_entries.of(user), scope]) if key in kinds]


def asked(user: User, typed: str, scope: str) -> tuple[list[SearchProvider], str]:
    """Who is asked, and for what: a claimed prefix goes before the selector; an unclaimed one is plain text."""
    providers = offered(user)
    claiming = [provider for provider in providers if provider.prefix and typed.startswith(provider.prefix)]
    if claiming:
        longest = max(claiming, key=lambda provider: len(provider.prefix))
        return [longest], typed.removeprefix(longest.prefix)
    return [provider for provider in providers if provider.key == scope] or providers, typed


def group_of(provider: SearchProvider, hits: Hits, sought: str) -> Group:
    lines = [Line(hit, mark(hit.label, hits.marked), mark(hit.detail, hits.marked)) for hit in hits.rows[:PER_GROUP]]
    all_url = provider.all_url(sought) if len(hits.rows) > PER_GROUP else ""
    return Group(provider.heading, lines, all_url, hits.instead)


def recent(user: User, providers: Sequence[SearchProvider]) -> list[Group]:
    """What the user opened last and may still see, whatever its kind, newest first."""
    opened = recent_items(user)
    found: dict[tuple[str, int], Hit] = {}
    for provider in providers:
        keys = [key for kind, key in opened if kind == provider.key]
        if keys and provider.recent:
            found |= {(provider.key, key): hit for key, hit in provider.recent(user, keys).items()}
    hits = [found[item] for item in opened if item in found][:RECENT_SHOWN]
    lines = [Line(hit, mark(hit.label, ()), mark(hit.detail, ())) for hit in hits]
    return [Group("Ouverts récemment", lines)] if lines else []
