"""One search field for everything: each room gives its hits, grouped by kind."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from extrabat.lib.requests import is_fragment
from extrabat.lib.rooms import Hit, search_providers
from extrabat.lib.text import normalise, words
from settings_app.users.access import signed_in

PER_GROUP = 8


@dataclass(frozen=True)
class Group:
    heading: str
    hits: list[tuple[Hit, SafeString]]
    all_url: str
    has_more: bool


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """The panel under the field while typing, a page otherwise; Enter opens the only hit at once (SEA-03)."""
    typed = request.GET.get("q", "").strip()[:100]
    groups = _groups(signed_in(request), typed) if words(typed) else []
    found = [hit for group in groups for hit, _ in group.hits]
    fragment = is_fragment(request)
    if len(found) == 1 and not fragment:
        return redirect(found[0].url)
    context: dict[str, Any] = {"q": typed, "groups": groups, "searched": bool(words(typed))}
    return render(request, "extrabat/search.html#results" if fragment else "extrabat/search.html", context)


def _groups(user: Any, typed: str) -> list[Group]:
    groups = []
    for provider in search_providers:
        hits = provider.find(user, typed, PER_GROUP + 1)
        if hits:
            marked = [(hit, mark(hit.label, typed)) for hit in hits[:PER_GROUP]]
            groups.append(Group(provider.heading, marked, provider.all_url(typed), len(hits) > PER_GROUP))
    return groups


def mark(label: str, typed: str) -> SafeString:
    """`label` escaped, with the first occurrence of what was typed in a <mark>, accents and case forgiven."""
    for word in words(typed):
        for start in range(len(label)):
            for end in range(start + 1, len(label) + 1):
                if normalise(label[start:end]) == word:
                    return format_html("{}<mark>{}</mark>{}", label[:start], label[start:end], label[end:])
    return format_html("{}", label)
