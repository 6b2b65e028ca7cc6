"""Questions complémentaires, in the settings: list, order, add, edit, switch off, delete."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.actions.questions import (
    LISTS,
    answered,
    create_question,
    delete_question,
    update_question,
)
from clients.forms.questions import QuestionForm
from clients.models import CustomQuestion
from extrabat.lib.french import plural
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import Conflict
from settings_app.reference.views import put_in_order
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in


def _address(*, at: int | None = None) -> str:
    """The list; `at` its line of this question, so that a page without script comes back where one was."""
    address = reverse("client_questions:questions")
    return f"{address}#ligne-{at}" if at else address


@require_GET
@needs("change_settings")
def list_(request: HttpRequest) -> HttpResponse:
    # Said again: Django drops a model's own order from what it groups.
    questions = CustomQuestion.objects.annotate(answer_count=Count("answers")).order_by("position", "pk")
    return render(request, "clients/question_list.html", {"rows": [(row, _words(row)) for row in questions]})


def _words(question: CustomQuestion) -> list[str]:
    kind = question.get_type_display().lower()
    if question.type in LISTS:
        kind = f"{kind} de {plural(len(question.options), 'option')}"
    told = {
        "obligatoire": question.is_required,
        "sur l’accueil": question.on_home,
        "professionnels aussi": question.for_professionals,
    }
    return [kind, *(word for word, held in told.items() if held)]


@require_POST
@needs("change_settings")
def order(request: HttpRequest) -> HttpResponse:
    return put_in_order(request, CustomQuestion, _address)


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def create(request: HttpRequest) -> HttpResponse:
    form = QuestionForm(request.POST or None)
    token = token_of(request.POST.get("token"))
    show = partial(_show_form, request, form, token=token)
    if request.method == "GET":
        return show()
    if not form.is_valid():
        return show(status=422)
    written = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
    key = create_question(by=signed_in(request), values=written, token=token)
    messages.success(request, f"Ajouté\u00a0: «\u00a0{form.cleaned_data['label']}\u00a0».")
    return redirect(_address(at=key))


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def edit(request: HttpRequest, question: int) -> HttpResponse:
    row = get_object_or_404(CustomQuestion, pk=question)
    label = row.label
    form = QuestionForm(request.POST or None, instance=row)
    show = partial(_show_form, request, form, question=row, label=label)
    if request.method == "GET":
        return show()
    if not form.is_valid():
        return show(status=422)
    try:
        update_question(row.pk, changes=form.changes(), seen=form.seen_values())
    except Conflict as conflict:
        form.show_conflict(conflict.current)
        return show(status=409, conflict=True)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return show(status=409)
    messages.success(request, f"Enregistré\u00a0: «\u00a0{form.cleaned_data['label']}\u00a0».")
    return redirect(_address(at=row.pk))


def _show_form(request: HttpRequest, form: QuestionForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "menu_url": _address()} | more
    return render(request, "clients/question_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def delete(request: HttpRequest, question: int) -> HttpResponse:
    """GET tells what stands in the way, or asks; POST deletes, or with `switch_off` does what is proposed instead."""
    row = get_object_or_404(CustomQuestion, pk=question)
    if request.method == "GET":
        return _show_delete(request, row)
    instead = "switch_off" in request.POST
    try:
        if instead:
            update_question(row.pk, changes={"is_active": False}, seen={"is_active": True})
        else:
            delete_question(row.pk)
    except Refused as refused:
        return _show_delete(request, row, refusal=refused.reason, status=409)
    messages.success(request, f"{'Désactivé' if instead else 'Supprimé'}\u00a0: «\u00a0{row.label}\u00a0».")
    return redirect(_address(at=question if instead else None))


def _show_delete(
    request: HttpRequest, question: CustomQuestion, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    answers = question.answers.count()
    refusal = refusal or (answered(answers) if answers else "")
    context = {"question": question, "menu_url": _address(), "refusal": refusal}
    return render(request, "clients/question_delete.html", context, status=status)
