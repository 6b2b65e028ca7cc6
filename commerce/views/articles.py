"""One article: its page, its form, its prices by list; copied, switched off, deleted."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commerce.actions import articles as actions
from commerce.forms import ArticleForm, PartForm, PricesForm, article_form
from commerce.models import Article, AssemblyPart, Kind, VatRate
from commerce.models.reference import Unit
from commerce.panels import ASSEMBLIES, KIND
from commerce.pricing import figures_of
from extrabat.lib.forms.versioned import SEEN
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import Conflict
from settings_app.models import PriceList
from settings_app.recents import remember
from settings_app.submissions import token_of
from settings_app.users.access import may, needs, signed_in

COPIED = (
    *("label", "description", "family", "unit", "purchase_price", "sale_price", "vat", "reduced_vat"),
    *("site_task_type", "is_hidden_on_print", "supplier_reference"),
)


def found(key: int) -> Article:
    rows = Article.objects.for_lists().select_related("reduced_vat", "site_task_type", "maintenance", "assembly")
    return get_object_or_404(rows, pk=key)


@require_GET
def home(request: HttpRequest, article: int) -> HttpResponse:
    row = found(article)
    remember(signed_in(request), ASSEMBLIES if row.is_assembly else KIND, row.pk)
    return show(request, row)


def show(
    request: HttpRequest,
    row: Article,
    *,
    part_form: PartForm | None = None,
    prices_form: PricesForm | None = None,
    proposed: list[Article] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an article, with the form that was sent in vain when there is one."""
    user = signed_in(request)
    sees_prices, day = may(user, "see_prices"), localdate()
    parts = list(
        AssemblyPart.objects.filter(assembly=row.pk).prefetch_related(Prefetch("article", Article.objects.for_lists()))
    )
    figures = figures_of([row, *(part.article for part in parts)], on=day) if sees_prices else {}
    users = AssemblyPart.objects.filter(article=row.pk).select_related("assembly__article").order_by("assembly")
    context = {
        "article": row,
        "figures": figures.get(row.pk),
        "reduced": row.reduced_vat.on(day) if row.reduced_vat else None,
        "parts": [(part, figures.get(part.article_id)) for part in parts],
        "used_in": list(users[:20]),
        "sees_prices": sees_prices,
        "part_form": part_form or PartForm(),
        "prices_form": prices_form or _prices_form(row) if sees_prices else None,
        "proposed": proposed or [],
    }
    return render(request, "commerce/article_home.html", context, status=status)


def _prices_form(row: Article, data: Any = None) -> PricesForm:
    lists = PriceList.objects.filter(is_active=True)
    return PricesForm(data, lists=lists, prices=dict(row.prices.values_list("price_list", "price")))


@require_http_methods(["GET", "POST"])
@needs("change_catalogue")
def create(request: HttpRequest) -> HttpResponse:
    """`genre` says which form; `modele` is the article that it begins as a copy of."""
    sent = request.POST if request.method == "POST" else request.GET
    model = Article.objects.filter(pk=_number(sent.get("modele"))).first()
    kind = model.kind if model else sent.get("genre", Kind.GOODS)
    kind = Kind(kind) if kind in Kind.values else Kind.GOODS
    sees_prices = may(signed_in(request), "see_prices")
    form = article_form(request.POST or None, kind=kind, with_prices=sees_prices, initial=_initial(model, kind))
    token = token_of(request.POST.get("token"))
    display = partial(_show_form, request, form, token=token, model=model)
    if request.method == "GET":
        return display()
    if not form.is_valid():
        return display(status=422)
    values = {name: value for name, value in form.cleaned_data.items() if name != SEEN} | {"kind": kind}
    try:
        key = actions.create_article(by=signed_in(request), values=values, token=token, copy_of=model)
    except Refused as refused:
        form.add_error("code", refused.reason)
        return display(status=409)
    messages.success(request, f"Ajouté\u00a0: «\u00a0{form.cleaned_data['label']}\u00a0».")
    return redirect("commerce:article", article=key)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _initial(model: Article | None, kind: Kind) -> dict[str, Any]:
    """What a new form shows: the model's values, or the first unit and rate of their lists."""
    if model is None:
        unit = Unit.objects.filter(is_active=True).first()
        rate = VatRate.objects.filter(is_active=True).first()
        return {"unit": unit and unit.pk, "vat": rate and rate.pk, "is_hidden_on_print": kind == Kind.PLANNING}
    values = {name: getattr(model, f"{name}_id", None) or getattr(model, name) for name in COPIED}
    for side, names in (("maintenance", actions.MAINTENANCE), ("assembly", actions.ASSEMBLY)):
        row = getattr(model, side, None)
        if row:
            values |= {name: getattr(row, name) for name in names}
    return values


@require_http_methods(["GET", "POST"])
@needs("change_catalogue")
def edit(request: HttpRequest, article: int) -> HttpResponse:
    row = found(article)
    title = str(row)
    sees_prices = may(signed_in(request), "see_prices")
    form = article_form(request.POST or None, kind=Kind(row.kind), with_prices=sees_prices, instance=row)
    display = partial(_show_form, request, form, article=row, title=title)
    if request.method == "GET":
        return display()
    if not form.is_valid():
        return display(status=422)
    try:
        actions.update_article(row.pk, changes=form.changes(), seen=form.seen_values())
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return display(status=409, conflict=True)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return display(status=409)
    messages.success(request, f"Enregistré\u00a0: «\u00a0{form.cleaned_data['label']}\u00a0».")
    return redirect("commerce:article", article=row.pk)


def _show_form(request: HttpRequest, form: ArticleForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "kind": form.kind, "kinds": Kind.choices} | more
    return render(request, "commerce/article_form.html", context, status=status)


@require_POST
@needs("change_catalogue")
def switch(request: HttpRequest, article: int) -> HttpResponse:
    """`actif` 1 offers it for new lines, 0 no more."""
    row = found(article)
    is_active = request.POST.get("actif") == "1"
    actions.switch_article(row.pk, is_active=is_active)
    messages.success(request, f"{'Activé' if is_active else 'Désactivé'}\u00a0: «\u00a0{row.label}\u00a0».")
    return redirect("commerce:article", article=row.pk)


@require_http_methods(["GET", "POST"])
@needs("change_catalogue")
def delete(request: HttpRequest, article: int) -> HttpResponse:
    """GET tells what stands in the way, or asks; POST deletes."""
    row = found(article)
    display = partial(render, request, "commerce/article_delete.html")
    if request.method == "GET":
        return display({"article": row, "refusal": actions.in_use(row.pk)})
    try:
        actions.delete_article(row.pk)
    except Refused as refused:
        return display({"article": row, "refusal": refused.reason}, status=409)
    messages.success(request, f"Supprimé\u00a0: «\u00a0{row.label}\u00a0».")
    return redirect(reverse("commerce:articles"))


@require_POST
@needs("change_catalogue")
def prices(request: HttpRequest, article: int) -> HttpResponse:
    """Write the prices by list that were changed; an emptied one follows its list's percent again."""
    row = found(article)
    if not may(signed_in(request), "see_prices"):
        raise Refused("Il faut le droit de voir les prix pour les changer.")
    form = _prices_form(row, request.POST)
    if not form.is_valid():
        return show(request, row, prices_form=form, status=422)
    try:
        changed = actions.set_prices(row.pk, form.given("list"), form.given("seen"))
    except Refused as refused:
        form.add_error(None, refused.reason)
        return show(request, row, prices_form=form, status=409)
    if changed:
        messages.success(request, "Prix par tarif enregistrés.")
    return redirect("commerce:article", article=row.pk)
