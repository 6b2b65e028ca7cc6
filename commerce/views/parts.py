"""The parts of a nomenclature, edited in place on its page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from commerce.actions import assemblies as actions
from commerce.forms import PartForm
from commerce.forms.fields import QuantityField
from commerce.models import Article
from commerce.search import TooSlowError, exact, find_articles
from commerce.views.articles import found, show
from extrabat.lib.refusals import Refused
from extrabat.lib.requests import is_fragment
from settings_app.users.access import needs

PROPOSED = 8


def _assembly(key: int) -> Article:
    row = found(key)
    if not row.is_assembly:
        raise Http404
    return row


def _back(row: Article, *, at: int | str = "composants") -> HttpResponse:
    anchor = f"ligne-{at}" if isinstance(at, int) else at
    return redirect(f"{reverse('commerce:article', args=[row.pk])}#{anchor}")


@require_POST
@needs("change_catalogue")
def add(request: HttpRequest, article: int) -> HttpResponse:
    """An exact code adds; otherwise the articles that may be meant are proposed (PAY-03)."""
    row = _assembly(article)
    form = PartForm(request.POST)
    if not form.is_valid():
        return show(request, row, part_form=form, status=422)
    typed = form.cleaned_data["article"]
    part = exact(typed)
    if part is None:
        proposed = _proposed(typed)
        form.add_error(
            "article",
            "Choisissez l’article\u00a0:" if proposed else f"Aucun article actif\u00a0: «\u00a0{typed}\u00a0».",
        )
        return show(request, row, part_form=form, proposed=proposed, status=422)
    try:
        key = actions.add_part(row, part, quantity=form.cleaned_data["quantity"])
    except Refused as refused:
        form.add_error("article", refused.reason)
        return show(request, row, part_form=form, status=409)
    messages.success(request, f"Ajouté à la nomenclature\u00a0: «\u00a0{part.label}\u00a0».")
    return _back(row, at=key)


def _proposed(typed: str) -> list[Article]:
    try:
        return find_articles(typed, PROPOSED)
    except TooSlowError:
        return []


@require_POST
@needs("change_catalogue")
def change(request: HttpRequest, article: int, part: int) -> HttpResponse:
    row = _assembly(article)
    try:
        quantity = QuantityField(error_messages={"required": "Donnez une quantité."}).clean(
            request.POST.get("quantity")
        )
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    actions.change_quantity(row, part, quantity=quantity)
    return _back(row, at=part)


@require_POST
@needs("change_catalogue")
def remove(request: HttpRequest, article: int, part: int) -> HttpResponse:
    row = _assembly(article)
    label = actions.remove_part(row, part)
    messages.success(request, f"Retiré de la nomenclature\u00a0: «\u00a0{label}\u00a0».")
    return _back(row)


@require_POST
@needs("change_catalogue")
def order(request: HttpRequest, article: int) -> HttpResponse:
    """`key` repeated is the whole new order, `up` or `down` moves one part."""
    row = _assembly(article)
    for name, step in (("up", -1), ("down", 1)):
        sent = request.POST.get(name, "")
        if sent.isdecimal():
            actions.move_part(row, int(sent), step=step)
            return _back(row, at=int(sent))
    actions.order_parts(row, [int(key) for key in request.POST.getlist("key") if key.isdecimal()])
    return HttpResponse(status=204) if is_fragment(request) else _back(row)
