"""The list of articles: its page, its count, its file, and what is proposed while a code is typed."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from commerce.listing import FIRST, ORDERS, STATES, Asked
from commerce.models import Article, ArticleQuerySet, Kind
from commerce.pricing import Figures, figures_of
from commerce.search import TooSlowError, find_articles
from extrabat.lib.database import CAP, capped_count
from extrabat.lib.exports import csv_lines
from settings_app.users.access import may, needs, signed_in

PAGE_SIZE = 40
PROPOSED = 8
# A company's whole catalogue is some thousands; read in parts all the same.
EXPORT_BATCH = 1_000


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    sees_prices = may(signed_in(request), "see_prices")
    asked = Asked(request.GET)
    page = asked.page(
        asked.rows().for_lists(), size=PAGE_SIZE, after=request.GET.get("apres"), before=request.GET.get("avant")
    )
    figures = figures_of(page.rows, on=localdate()) if sees_prices else {}
    context = {
        "page": page,
        "rows": [(article, figures.get(article.pk)) for article in page.rows],
        "asked": asked,
        "query": asked.query,
        "kinds": Kind.choices,
        "families": asked.families,
        "states": STATES.items(),
        "headings": {name: _heading(asked, name) for name in ORDERS},
        "sees_prices": sees_prices,
        "is_empty": not page.rows and not asked.is_narrowed and not Article.objects.exists(),
    }
    return render(request, "commerce/article_list.html", context)


def _heading(asked: Asked, name: str) -> dict[str, str]:
    """Where a click on the heading leads, and the direction that is in force."""
    current = asked.sort == name
    direction = "ascending" if current else "descending" if asked.sort == f"-{name}" else ""
    return {"label": ORDERS[name][1], "query": asked.sorted_by(f"-{name}" if current else name), "direction": direction}


@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """How many, in a fragment of its own: the list never waits for it."""
    rows = Asked(request.GET).rows()
    return render(request, "commerce/article_list.html#count", {"total": capped_count(rows), "cap": CAP})


@require_GET
@needs("export")
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered and ordered, prices only for who may see them."""
    asked = Asked(request.GET)
    sees_prices = may(signed_in(request), "see_prices")
    sign = "-" if asked.sort.startswith("-") else ""
    column, _ = ORDERS.get(asked.sort.removeprefix("-"), ORDERS[FIRST])
    rows = asked.rows().for_lists().order_by(f"{sign}{column}", f"{sign}pk")
    header = ["Code", "Libellé", "Genre", "Famille", "Unité", "Référence du fournisseur", "Code-barres", "Actif"]
    header += ["Prix d’achat HT", "Prix de vente HT", "TVA (%)"] if sees_prices else []
    answer = StreamingHttpResponse(csv_lines(header, _lines(rows, sees_prices)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="articles.csv"'
    return answer


def _lines(rows: ArticleQuerySet, sees_prices: bool) -> Iterator[Sequence[object]]:
    day, batch = localdate(), []
    for article in rows.iterator(chunk_size=EXPORT_BATCH):
        batch.append(article)
        if len(batch) == EXPORT_BATCH:
            yield from _batch(batch, day, sees_prices)
            batch = []
    yield from _batch(batch, day, sees_prices)


def _batch(articles: Sequence[Article], day: Any, sees_prices: bool) -> Iterator[Sequence[object]]:
    figures: dict[int, Figures] = figures_of(articles, on=day) if sees_prices else {}
    for one in articles:
        line: list[object] = [one.code, one.label, one.get_kind_display(), one.family, one.unit]
        line += [one.supplier_reference, one.barcode, one.is_active]
        if sees_prices:
            found = figures[one.pk]
            line += [found.cost.normalize(), found.price.normalize(), found.vat_percent]
        yield line


@require_GET
def suggest(request: HttpRequest) -> JsonResponse:
    """Articles whose code or words are being typed, best first (articles.js)."""
    try:
        found = find_articles(request.GET.get("q", ""), PROPOSED)
    except TooSlowError:
        return JsonResponse({"ok": False, "reason": "La recherche est trop longue\u00a0: tapez une lettre de plus."})
    return JsonResponse({"ok": True, "articles": [{"code": one.code, "label": one.label} for one in found]})
