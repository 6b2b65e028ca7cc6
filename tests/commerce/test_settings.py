"""The room's lists under Paramètres: units, families, VAT and its periods, payment methods; planning's tasks."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client as Browser
from django.utils.timezone import localdate

from commerce.models import ArticleFamily, LegalMention, PaymentMethod, Unit, VatPeriod
from planning.models import SiteTaskType
from settings_app.models import CashJournal, Warehouse
from tests.commerce.money import D
from tests.commerce.papers import make_document
from tests.commerce.records import make_article, rate
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Browser) -> Browser:
    client.force_login(make_user("Administrateur"))
    return client


def text_of(browser: Browser, path: str) -> str:
    html = browser.get(path).content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_what_every_company_begins_with() -> None:
    """requirements §16, by hand."""
    assert [unit.label for unit in Unit.objects.all()] == ["u", "m", "m²", "m³", "h", "forfait", "kg", "l"]
    methods = [method.label for method in PaymentMethod.objects.all()]
    assert methods == ["Espèces", "Chèque", "CB", "Virement", "Prélèvement", "Financement"]
    assert [task.label for task in SiteTaskType.objects.all()] == [
        "Implantation",
        "Terrassement",
        "Gros œuvre",
        "Étanchéité",
        "Raccordements",
        "Pose",
        "Mise en eau / mise en service",
        "Réception",
    ]
    assert Warehouse.objects.get().label == "Dépôt principal"
    assert [journal.label for journal in CashJournal.objects.all()] == ["Caisse", "Banque"]


@pytest.mark.parametrize(
    ("slug", "title", "section"),
    [
        ("familles-d-articles", "Familles d’articles", "Articles"),
        ("unites", "Unités", "Articles"),
        ("taux-de-tva", "Taux de TVA", "Articles"),
        ("modes-de-reglement", "Modes de règlement", "Gestion commerciale"),
        ("depots", "Dépôts", "Gestion commerciale"),
        ("journaux-de-caisse", "Journaux de caisse", "Gestion commerciale"),
        ("taches-planning", "Tâches planning", "Planning"),
    ],
)
def test_each_list_is_in_its_section_of_the_menu(admin: Browser, slug: str, title: str, section: str) -> None:
    menu = admin.get(f"/parametres/listes/{slug}/").content.decode().split('class="set-menu"')[1].split("</nav>")[0]
    part = menu.split(f"<h2>{section}</h2>")[1].split("<h2>")[0]
    assert f'href="/parametres/listes/{slug}/" aria-current="page">{title}<' in part
    assert menu.count("<h2>Articles</h2>") == 1


@pytest.mark.req("PAY-15")
def test_a_payment_method_has_its_terms_and_they_make_the_due_date(admin: Browser) -> None:
    sent = {"label": "Virement 30 jours", "means": "30", "days": "30", "end_of_month": "on", "day_of_month": "10"}
    flags = {"is_bankable": "on", "without_reminders": "on", "is_active": "on"}
    assert admin.post("/parametres/listes/modes-de-reglement/ajouter/", sent | flags).status_code == 302
    method = PaymentMethod.objects.get(label="Virement 30 jours")
    assert (method.is_bankable, method.without_reminders) == (True, True)
    assert method.due_on(date(2026, 11, 25)) == date(2027, 1, 10)
    page = text_of(admin, "/parametres/listes/modes-de-reglement/").replace("\u00a0", " ")
    assert "échéance à 30 jours fin de mois le 10, remisable en banque, exclu des relances" in page
    assert "échéance à réception" in page


@pytest.mark.req("PAY-15")
@pytest.mark.parametrize(
    ("field", "value"), [("days", "-1"), ("days", "366"), ("day_of_month", "0"), ("day_of_month", "32")]
)
def test_terms_that_are_none_are_told(admin: Browser, field: str, value: str) -> None:
    sent = {"label": "Faux", "means": "30", "days": "30", "is_active": "on", field: value}
    assert admin.post("/parametres/listes/modes-de-reglement/ajouter/", sent).status_code == 422
    assert not PaymentMethod.objects.filter(label="Faux").exists()


def test_the_last_unit_stays_and_one_in_use_is_merged(admin: Browser) -> None:
    article = make_article()
    unit = article.unit
    assert admin.post(f"/parametres/listes/unites/{unit.pk}/supprimer/").status_code == 409
    piece = Unit.objects.create(label="pièce")
    assert admin.post(f"/parametres/listes/unites/{unit.pk}/fusionner/", {"into": piece.pk}).status_code == 302
    article.refresh_from_db()
    assert article.unit == piece
    response = admin.post("/parametres/listes/unites/ajouter/", {"label": "t", "code": "tonne", "is_active": "on"})
    assert response.status_code == 422


def test_a_family_in_use_is_told(admin: Browser) -> None:
    family = ArticleFamily.objects.create(label="Pompes")
    make_article(family=family)
    assert "1 fiche" in text_of(admin, "/parametres/listes/familles-d-articles/").replace("\u00a0", " ")
    assert admin.post(f"/parametres/listes/familles-d-articles/{family.pk}/supprimer/").status_code == 409


def test_a_task_has_its_alert(admin: Browser) -> None:
    task = SiteTaskType.objects.get(label="Terrassement")
    path = f"/parametres/listes/taches-planning/{task.pk}/modifier/"
    assert (
        admin.post(path, {"label": "Terrassement", "alert_text": "Commander le béton.", "is_active": "on"}).status_code
        == 302
    )
    task.refresh_from_db()
    assert task.alert_text == "Commander le béton."
    assert "alerte : Commander le béton." in text_of(admin, "/parametres/listes/taches-planning/").replace(
        "\u00a0", " "
    )


def test_the_list_of_rates_says_what_they_are_worth(admin: Browser) -> None:
    page = text_of(admin, "/parametres/listes/taux-de-tva/").replace("\u00a0", " ")
    assert "20 %" in page
    assert "5,5 %, attestation requise" in page


def test_a_rate_changes_from_a_day_on_and_its_past_stays(admin: Browser) -> None:
    normal = rate()
    begins = localdate() + timedelta(days=30)
    sent = {f"{normal.pk}-percent": "21", f"{normal.pk}-valid_from": f"{begins:%d/%m/%Y}"}
    assert admin.post(f"/parametres/tva/{normal.pk}/", sent).status_code == 302
    fresh = rate()
    worth = {day: fresh.on(day) for day in (date(2014, 1, 1), begins - timedelta(days=1), begins)}
    assert [str(found.percent) for found in worth.values() if found] == ["20.00", "20.00", "21.00"]
    # A day at or before the last beginning would rewrite what was charged.
    response = admin.post(f"/parametres/tva/{normal.pk}/", sent)
    assert response.status_code == 409
    assert "Un nouveau taux commence après le" in unescape(response.content.decode())
    period = VatPeriod.objects.get(percent=D(21))
    assert admin.post(f"/parametres/tva/periodes/{period.pk}/retirer/").status_code == 302
    assert VatPeriod.objects.get(rate=normal).valid_to is None


@pytest.mark.parametrize(
    ("percent", "begins", "status"),
    [
        ("", "01/01/2030", 422),
        ("21", "", 422),
        ("101", "01/01/2030", 422),
        ("100", "01/01/2030", 409),
        ("0", "01/01/2030", 409),
    ],
)
def test_a_period_that_is_none(admin: Browser, percent: str, begins: str, status: int) -> None:
    normal = rate()
    sent = {f"{normal.pk}-percent": percent, f"{normal.pk}-valid_from": begins}
    assert admin.post(f"/parametres/tva/{normal.pk}/", sent).status_code == status
    assert VatPeriod.objects.filter(rate=normal).count() == 1


def test_a_rate_in_force_is_not_withdrawn(admin: Browser) -> None:
    period = VatPeriod.objects.get(rate=rate())
    assert admin.post(f"/parametres/tva/periodes/{period.pk}/retirer/").status_code == 409
    assert VatPeriod.objects.filter(pk=period.pk).exists()


def test_a_rate_without_vat_needs_its_mention(admin: Browser) -> None:
    sent = {"label": "Autoliquidation", "category": "AE", "reason": "VATEX-EU-AE", "is_active": "on"}
    response = admin.post("/parametres/listes/taux-de-tva/ajouter/", sent)
    assert response.status_code == 422
    assert "la loi veut une mention" in unescape(response.content.decode())
    sent["mention"] = "Autoliquidation"
    assert admin.post("/parametres/listes/taux-de-tva/ajouter/", sent).status_code == 302


def test_a_mention_is_reworded_from_a_day_on_and_what_was_issued_keeps_its_words(client: Browser) -> None:
    client.force_login(make_user("Administrateur"))
    path = "/parametres/conditions/mentions/free_quote/fr/"
    sent = {"free_quote-fr-text": "Devis offert.", "free_quote-fr-valid_from": "01/01/2030"}
    assert client.post(path, sent).status_code == 302
    rows = LegalMention.objects.filter(code="free_quote", language="fr").order_by("valid_from")
    assert [(row.text, row.valid_to) for row in rows] == [
        ("Devis gratuit.", date(2029, 12, 31)),
        ("Devis offert.", None),
    ]
    early = client.post(path, sent | {"free_quote-fr-valid_from": "31/12/2029"})
    assert (early.status_code, client.post(path, {}).status_code) == (409, 422)
    assert client.post(f"/parametres/conditions/textes/{rows[1].pk}/retirer/").status_code == 302
    assert [row.valid_to for row in rows.all()] == [None]
    assert client.post(f"/parametres/conditions/textes/{rows[0].pk}/retirer/").status_code == 409


def test_new_quotes_begin_with_the_terms(client: Browser) -> None:
    client.force_login(make_user("Administrateur"))
    sent = {"quote_days": "45", "waste_sorting": "Tri sur place.", "waste_points": "Déchèterie de Pertuis."}
    assert client.post("/parametres/conditions/", sent).status_code == 302
    quote = make_document()
    assert quote.valid_until == localdate() + timedelta(days=45)
    assert (quote.waste_sorting, quote.waste_points) == ("Tri sur place.", "Déchèterie de Pertuis.")
    assert client.post("/parametres/conditions/", sent | {"quote_days": "0"}).status_code == 422
