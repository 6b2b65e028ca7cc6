"""Lists of the room that the company manages under Paramètres: units, families, VAT, payment methods."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.utils.timezone import localdate

from commerce.models import ArticleFamily, PaymentMethod, Unit, VatRate
from extrabat.lib.french import percent, plural
from settings_app.reference.catalogue import TRADE, MustStay, Table

ARTICLES: Final = "Articles"
_IN_USE = Q(is_active=True)


def _unit_fields() -> Mapping[str, Any]:
    return {
        "code": forms.RegexField(
            r"^[A-Z0-9]{2,3}$",
            label="Code facture électronique",
            initial="C62",
            help_text="Recommandation 20 des Nations unies\u00a0: C62 pour une pièce, MTR, MTK, HUR…",
            error_messages={"invalid": "Ce code a deux ou trois signes, par exemple MTK."},
        )
    }


def _payment_fields() -> Mapping[str, Any]:
    return {
        "days": forms.IntegerField(label="Délai (jours)", min_value=0, max_value=365, initial=0),
        "end_of_month": forms.BooleanField(
            label="Fin de mois", required=False, help_text="Après le délai, on va à la fin du mois."
        ),
        "day_of_month": forms.IntegerField(
            label="Le jour du mois",
            required=False,
            min_value=1,
            max_value=31,
            help_text="Puis au premier de ces jours, par exemple le 10.",
        ),
    }


def _payment_words(method: PaymentMethod) -> list[str]:
    said = [f"échéance {terms_in_words(method)}"]
    said += ["remisable en banque"] if method.is_bankable else []
    return [*said, "exclu des relances"] if method.without_reminders else said


def terms_in_words(method: PaymentMethod) -> str:
    """« à 30 jours fin de mois le 10 », « à réception »."""
    said = f"à {plural(method.days, 'jour')}" if method.days else ""
    if method.end_of_month:
        said = f"{said} fin de mois".strip()
    if method.day_of_month:
        said = f"{said} le {'1er' if method.day_of_month == 1 else method.day_of_month}".strip()
    return said or "à réception"


def _vat_words(rate: VatRate) -> list[str]:
    found = rate.on(localdate())
    said = [percent(found.percent) if found else "sans période en cours"]
    return [*said, "attestation requise"] if rate.needs_attestation else said


TABLES: Final = (
    Table(
        slug="familles-d-articles",
        title="Familles d’articles",
        new="Nouvelle famille",
        model=ArticleFamily,
        help="Pour retrouver et compter les articles.",
        section=ARTICLES,
    ),
    Table(
        slug="unites",
        title="Unités",
        new="Nouvelle unité",
        model=Unit,
        help="Ce que compte une quantité.",
        section=ARTICLES,
        fields=("code",),
        words=lambda unit: [f"code {unit.code}"],
        must_stay=(MustStay(_IN_USE, "Il doit rester une unité active\u00a0: chaque article en a une."),),
        made=_unit_fields,
    ),
    Table(
        slug="taux-de-tva",
        title="Taux de TVA",
        new="Nouveau taux",
        model=VatRate,
        help="Les taux par leur nom. Ce que vaut chacun, et depuis quand, est sous «\u00a0Périodes de TVA\u00a0».",
        section=ARTICLES,
        fields=("category", "reason", "mention", "needs_attestation"),
        words=_vat_words,
        must_stay=(MustStay(_IN_USE, "Il doit rester un taux actif\u00a0: chaque article en a un."),),
        widths={"category": "c6", "mention": "c12"},
    ),
    Table(
        slug="modes-de-reglement",
        title="Modes de règlement",
        new="Nouveau mode de règlement",
        model=PaymentMethod,
        help="Comment vos clients paient, et quand une facture est à payer.",
        section=TRADE,
        fields=("means", "days", "end_of_month", "day_of_month", "is_bankable", "without_reminders"),
        words=_payment_words,
        must_stay=(MustStay(_IN_USE, "Il doit rester un mode de règlement actif."),),
        made=_payment_fields,
    ),
)
