"""What each rate of VAT is worth, and since when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST

from commerce.actions.vat import change_percent, withdraw_period
from commerce.forms import PeriodForm
from commerce.models import VatPeriod, VatRate
from extrabat.lib.refusals import Refused
from settings_app.users.access import needs


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def periods(request: HttpRequest, rate: int | None = None) -> HttpResponse:
    """GET: all rates with their periods. POST to a rate: what it is worth from a day on."""
    form = PeriodForm(request.POST or None, prefix=str(rate)) if rate else None
    chosen = get_object_or_404(VatRate, pk=rate) if rate else None
    if form is None or chosen is None or request.method == "GET":
        return _show(request)
    if not form.is_valid():
        return _show(request, rate, form, status=422)
    try:
        change_percent(chosen.pk, percent=form.cleaned_data["percent"], valid_from=form.cleaned_data["valid_from"])
    except Refused as refused:
        form.add_error("valid_from", refused.reason)
        return _show(request, rate, form, status=409)
    messages.success(request, f"Enregistré\u00a0: «\u00a0{chosen.label}\u00a0».")
    return redirect("vat:periods")


def _show(
    request: HttpRequest, rate: int | None = None, form: PeriodForm | None = None, *, status: int = 200
) -> HttpResponse:
    rows = [
        (one, list(one.periods.all()), form if form and one.pk == rate else PeriodForm(prefix=str(one.pk)))
        for one in VatRate.objects.all()
    ]
    context = {"rows": rows, "today": localdate(), "sent": form}
    return render(request, "commerce/vat.html", context, status=status)


@require_POST
@needs("change_settings")
def withdraw(request: HttpRequest, period: int) -> HttpResponse:
    row = get_object_or_404(VatPeriod, pk=period)
    withdraw_period(row.pk, on=localdate())
    messages.success(request, "Période retirée\u00a0: le taux d’avant continue.")
    return redirect("vat:periods")
