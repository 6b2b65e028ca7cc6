"""Conditions de vente: what new quotes begin with, and the texts of legal mentions with their days."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST

from commerce.actions.legal import change_terms, reword, withdraw_text
from commerce.domain.mentions import Mention
from commerce.forms.legal import MentionForm, TermsForm
from commerce.models import LegalMention, SellingTerms
from extrabat.lib.refusals import Refused
from settings_app.users.access import needs

LABELS: Final = {
    Mention.FREE_QUOTE: "Devis gratuit",
    Mention.EXECUTION: "Exécution",
    Mention.CATEGORY_GOODS: "Catégorie : biens",
    Mention.CATEGORY_SERVICES: "Catégorie : services",
    Mention.CATEGORY_MIXED: "Catégorie : mixte",
    Mention.ON_DEBITS: "TVA d’après les débits",
    Mention.FRANCHISE: "Franchise en base",
    Mention.REVERSE_CHARGE: "Autoliquidation",
    Mention.ATTESTATION: "Attestation de taux réduit",
    Mention.WASTE: "Déchets du chantier",
    Mention.DISCOUNT_TERMS: "Escompte",
    Mention.LATE_TERMS: "Pénalités de retard",
    Mention.INDEMNITY: "Indemnité de recouvrement",
    Mention.SAP: "Services à la personne",
    Mention.INSURANCE: "Assurance décennale",
    Mention.GUARANTEES: "Garanties légales",
    Mention.WITHDRAWAL: "Rétractation",
    Mention.MEDIATOR: "Médiateur",
}
LANGUAGES: Final = (("fr", "français"), ("en", "anglais"))


@require_http_methods(["GET", "POST"])
@needs("change_settings")
def terms(request: HttpRequest) -> HttpResponse:
    form = TermsForm(request.POST or None, terms=SellingTerms.objects.get(pk=1))
    if request.method == "GET":
        return _show(request, form)
    if not form.is_valid():
        return _show(request, form, status=422)
    change_terms(form.cleaned_data)
    messages.success(request, "Conditions de vente enregistrées.")
    return redirect("legal:terms")


@require_POST
@needs("change_settings")
def mention(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """A new text of one mention, from a day on."""
    if code not in list(Mention) or language not in dict(LANGUAGES):
        raise Http404
    form = MentionForm(request.POST, prefix=f"{code}-{language}")
    shown = TermsForm(terms=SellingTerms.objects.get(pk=1))
    if not form.is_valid():
        return _show(request, shown, (code, language, form), status=422)
    try:
        reword(code, language=language, **form.cleaned_data)
    except Refused as refused:
        form.add_error("valid_from", refused.reason)
        return _show(request, shown, (code, language, form), status=409)
    messages.success(request, f"Mention enregistrée\u00a0: «\u00a0{LABELS[Mention(code)]}\u00a0».")
    return redirect("legal:terms")


@require_POST
@needs("change_settings")
def withdraw(request: HttpRequest, text: int) -> HttpResponse:
    row = get_object_or_404(LegalMention, pk=text)
    withdraw_text(row.pk, on=localdate())
    messages.success(request, "Texte retiré\u00a0: celui d’avant continue.")
    return redirect("legal:terms")


def _show(
    request: HttpRequest, form: TermsForm, sent: tuple[str, str, MentionForm] | None = None, *, status: int = 200
) -> HttpResponse:
    rows: dict[tuple[str, str], list[LegalMention]] = {}
    for row in LegalMention.objects.all():
        rows.setdefault((row.code, row.language), []).append(row)
    shown: list[dict[str, Any]] = []
    for one in Mention:
        for language, word in LANGUAGES:
            is_sent = sent is not None and sent[:2] == (one.value, language)
            shown.append(
                {
                    "code": one.value,
                    "language": language,
                    "label": LABELS[one] if language == "fr" else f"{LABELS[one]} ({word})",
                    "texts": rows.get((one.value, language), []),
                    "form": sent[2] if sent and is_sent else MentionForm(prefix=f"{one.value}-{language}"),
                }
            )
    context = {"form": form, "rows": shown, "today": localdate(), "sent": sent[2] if sent else None}
    return render(request, "commerce/legal.html", context, status=status)
