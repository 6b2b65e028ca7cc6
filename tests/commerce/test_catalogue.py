"""The catalogue through its screens: list, form, copies, parts, prices by list."""

import json
import re
import uuid
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from commerce.models import Article, ArticlePrice, AssemblyPart, Kind, MaintenanceArticle
from commerce.pricing import offers_for
from planning.models import SiteTaskType
from settings_app.models import PriceList
from tests.commerce.money import D
from tests.commerce.records import add, make_article, make_assembly, rate
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Browser) -> Browser:
    client.force_login(make_user())
    return client


def text_of(browser: Browser, path: str) -> str:
    html = browser.get(path).content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def opened(browser: Browser, path: str, marker: str = "data-keep=") -> dict[str, str]:
    """The values of the page's form as a browser without script would send them back untouched."""
    form = browser.get(path).content.decode().split(marker)[1].split("</form>")[0]
    values = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or name[1] == "csrfmiddlewaretoken" or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        values[name[1]] = unescape(value[1]) if value else "on" if 'type="checkbox"' in tag else ""
    for name, inside in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        values[name] = unescape(inside).removeprefix("\n")
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        values[name] = chosen[1] if chosen else ""
    return values


# ---- the list -------------------------------------------------------------------------------------------------


def test_the_list_narrows_orders_and_counts(office: Browser) -> None:
    make_article(code="B-2", label="Aspirateur")
    make_article(code="A-1", label="Bonde")
    make_article(code="C-3", label="Cartouche", is_active=False)
    make_assembly(code="N-1", label="Lot")
    order = [("", ["A", "B", "L", "P"]), ("?tri=-libelle", ["P", "L", "B", "A"]), ("?etat=desactives", ["C"])]
    for query, initials in [*order, ("?genre=assembly", ["L"]), ("?q=b-2", ["A"]), ("?etat=tous&q=car", ["C"])]:
        html = office.get(f"/articles/{query}").content.decode()
        found = re.findall(r'class="clip" href="/articles/\d+/" title="(\w)', html)
        assert found == initials, query
    assert "A-1" in text_of(office, "/articles/?tri=code").split("B-2")[0]
    assert "4\u00a0articles" in office.get("/articles/nombre/").content.decode()
    assert "1\u00a0article" in office.get("/articles/nombre/?q=b-2").content.decode()


def test_pages_follow_each_other(office: Browser) -> None:
    for number in range(45):
        make_article(label=f"Article {number:02d}")
    first = office.get("/articles/").content.decode()
    assert "Article 39" in first
    assert "Article 40" not in first
    after = re.search(r'rel="next" href="([^"]+)"', first)
    assert after
    second = office.get(f"/articles/{unescape(after[1])}").content.decode()
    assert "Article 40" in second
    assert "Article 39" not in second
    assert 'rel="prev"' in second


def test_forty_rows_cost_as_many_queries_as_three(office: Browser, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        make_assembly(purchase_price="0")
    office.get("/articles/")
    with CaptureQueriesContext(connection) as few:
        office.get("/articles/")
    for _ in range(18):
        make_assembly()
    with django_assert_num_queries(len(few)):
        office.get("/articles/")


def test_an_empty_catalogue_says_what_to_do(office: Browser) -> None:
    assert "Aucun article pour l’instant." in text_of(office, "/articles/")
    assert "Aucun article ne correspond." in text_of(office, "/articles/?q=zzz")


def test_without_the_right_no_page_tells_a_price(client: Browser) -> None:
    room, part = make_assembly()
    client.force_login(make_user("Technicien"))
    for path in ("/articles/", f"/articles/{room.pk}/", f"/articles/{part.article_id}/"):
        page = text_of(client, path)
        assert "€" not in page, path
        assert "HT" not in page, path
        assert "Modifier" not in page
    assert "Pompe" in text_of(client, f"/articles/{room.pk}/")


def test_the_file_of_the_list(office: Browser) -> None:
    make_article(code="A-1", label="=Bonde", sale_price="3.333333", purchase_price="2")
    room, _ = make_assembly(code="N-1", label="Lot")
    body = b"".join(office.get("/articles/export/?q=a-1").streaming_content).decode()  # type: ignore[attr-defined]
    assert body.splitlines()[1] == "A-1;'=Bonde;Marchandise;;u;;;oui;2;3,333333;20,00"
    body = b"".join(office.get("/articles/export/?q=n-1").streaming_content).decode()  # type: ignore[attr-defined]
    assert body.splitlines()[1].endswith(";120;200;20,00")
    assert str(room.pk) not in body


# ---- the form -------------------------------------------------------------------------------------------------


def filled(browser: Browser, kind: str = "goods", **values: str) -> tuple[int, Article | None]:
    sent = opened(browser, f"/articles/nouveau/?genre={kind}") | {"code": "P-1", "label": "Pompe"} | values
    status = browser.post("/articles/nouveau/", sent).status_code
    return status, Article.objects.order_by("pk").last()


def test_an_article_is_created_with_its_prices(office: Browser) -> None:
    status, article = filled(
        office, purchase_price="1,234567", sale_price="1 349,9", reduced_vat=str(rate("Taux réduit").pk)
    )
    assert status == 302
    assert article
    assert (article.purchase_price, article.sale_price) == (D("1.234567"), D("1349.9"))
    assert (article.kind, article.unit.label, article.vat.label) == (Kind.GOODS, "u", "Taux normal")
    page = text_of(office, f"/articles/{article.pk}/")
    for told in ("1\u00a0349,90\u00a0€ / u", "1,234567\u00a0€", "1\u00a0619,88\u00a0€", "1\u00a0348,67\u00a0€"):
        assert told.replace("\u00a0", " ") in page.replace("\u00a0", " "), told


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("code", "", "À remplir."),
        ("code", "---", "Un code a au moins une lettre ou un chiffre."),
        ("code", "b-1", "Ce code article est déjà pris."),
        ("label", "", "À remplir."),
        ("sale_price", "-1", "Ce montant est inférieur à 0."),
        ("sale_price", "1,2345678", "Un prix a 6 décimales au plus."),
        ("sale_price", "100000000", "Ce prix est trop grand."),
        ("sale_price", "douze", "n’est pas un montant"),
    ],
)
def test_what_is_wrong_is_told_and_kept(office: Browser, field: str, value: str, said: str) -> None:
    make_article(code="B-1")
    sent = opened(office, "/articles/nouveau/") | {"code": "P-1", "label": "Pompe de 12 m³", field: value}
    response = office.post("/articles/nouveau/", sent)
    html = unescape(response.content.decode())
    assert response.status_code == 422
    assert said in html
    assert "Pompe de 12 m³" in html or field == "label"
    assert Article.objects.count() == 1


def test_a_form_sent_twice_creates_one(office: Browser) -> None:
    sent = opened(office, "/articles/nouveau/") | {"code": "P-1", "label": "Pompe"}
    first, second = (office.post("/articles/nouveau/", sent) for _ in range(2))
    assert Article.objects.count() == 1
    # The second one is told that the code is taken, or led to the same article: never a second row.
    assert first.status_code == 302
    assert second.status_code in (302, 422)


def test_an_article_of_planning_points_to_its_task_and_has_no_price(office: Browser) -> None:
    status, _ = filled(office, "planning")
    assert status == 422
    task = SiteTaskType.objects.get(label="Terrassement")
    status, article = filled(office, "planning", site_task_type=str(task.pk))
    assert status == 302
    assert article
    assert (article.site_task_type, article.sale_price, article.is_hidden_on_print) == (task, 0, True)
    assert "sans prix" in text_of(office, f"/articles/{article.pk}/")


def test_a_service_of_upkeep_is_reminded_by_default(office: Browser) -> None:
    status, article = filled(office, "maintenance", every_months="24", duration="90")
    assert status == 302
    assert article
    side = MaintenanceArticle.objects.get(article=article)
    assert (side.every_months, side.duration, side.sms_reminder) == (24, 90, True)
    assert "{nom_magasin}" in side.sms_text
    sent = opened(office, f"/articles/{article.pk}/modifier/")
    del sent["sms_reminder"]
    assert (
        office.post(f"/articles/{article.pk}/modifier/", sent | {"printable_info": "Fermez la vanne."}).status_code
        == 302
    )
    side.refresh_from_db()
    assert (side.sms_reminder, side.printable_info, side.every_months) == (False, "Fermez la vanne.", 24)


def test_only_what_was_changed_is_written(office: Browser) -> None:
    article = make_article(label="Vanne", sale_price="12.345678")
    sent = opened(office, f"/articles/{article.pk}/modifier/")
    Article.objects.filter(pk=article.pk).update(purchase_price=D("7"))
    assert office.post(f"/articles/{article.pk}/modifier/", sent | {"label": "Vanne Ø 50"}).status_code == 302
    article.refresh_from_db()
    assert (article.label, article.purchase_price, article.sale_price) == ("Vanne Ø 50", D(7), D("12.345678"))
    assert article.version == 3


def test_a_price_that_somebody_else_changed_is_a_conflict(office: Browser) -> None:
    article = make_article()
    sent = opened(office, f"/articles/{article.pk}/modifier/")
    Article.objects.filter(pk=article.pk).update(sale_price=D("110"))
    response = office.post(f"/articles/{article.pk}/modifier/", sent | {"sale_price": "95"})
    html = unescape(response.content.decode())
    assert response.status_code == 409
    assert "110,00" in html
    article.refresh_from_db()
    assert article.sale_price == D(110)
    seen = re.search(r'name="seen" value="([^"]*)"', response.content.decode())
    assert seen
    assert json.loads(unescape(seen[1]))["sale_price"] == "110,00"


def test_who_sees_no_price_changes_none(client: Browser) -> None:
    role = Group.objects.get(name="Technicien")
    role.permissions.add(Permission.objects.get(codename="change_catalogue"))
    client.force_login(make_user("Technicien"))
    article = make_article()
    assert "sale_price" not in client.get(f"/articles/{article.pk}/modifier/").content.decode()
    sent = opened(client, f"/articles/{article.pk}/modifier/")
    client.post(f"/articles/{article.pk}/modifier/", sent | {"label": "Autre", "sale_price": "1"})
    article.refresh_from_db()
    assert (article.label, article.sale_price) == ("Autre", D(100))
    assert client.post(f"/articles/{article.pk}/tarifs/", {}).status_code == 409


def test_a_copy_takes_everything_but_the_code(office: Browser) -> None:
    room, part = make_assembly(label="Filtration", description="Complète")
    prices = PriceList.objects.create(label="Paysagistes")
    ArticlePrice.objects.create(article=room, price_list=prices, price=D("180"))
    sent = opened(office, f"/articles/nouveau/?modele={room.pk}")
    assert sent["code"] == ""
    assert sent["label"] == "Filtration"
    assert office.post("/articles/nouveau/", sent | {"code": "N-2"}).status_code == 302
    copy = Article.objects.get(code="N-2")
    assert (copy.kind, copy.description) == (Kind.ASSEMBLY, "Complète")
    assert [(p.article_id, p.quantity) for p in AssemblyPart.objects.filter(assembly=copy.pk)] == [
        (part.article_id, D(2))
    ]
    assert copy.prices.get().price == D(180)


def test_what_is_used_is_switched_off_and_not_deleted(office: Browser) -> None:
    _, part = make_assembly()
    path = f"/articles/{part.article_id}"
    assert "Il est dans 1 nomenclature." in text_of(office, f"{path}/supprimer/").replace("\u00a0", " ")
    assert office.post(f"{path}/supprimer/").status_code == 409
    assert office.post(f"{path}/activer/", {"actif": "0"}).status_code == 302
    assert not Article.objects.get(pk=part.article_id).is_active
    assert office.post(f"{path}/activer/", {"actif": "1"}).status_code == 302
    alone = make_article()
    assert office.post(f"/articles/{alone.pk}/supprimer/").status_code == 302
    assert not Article.objects.filter(pk=alone.pk).exists()


# ---- parts ----------------------------------------------------------------------------------------------------


def test_a_part_is_added_by_its_code(office: Browser) -> None:
    room, _ = make_assembly()
    pipe = make_article(code="TUB-50", label="Tuyau", sale_price="3.333333")
    path = f"/articles/{room.pk}/composants/"
    assert office.post(path, {"article": "tub-50", "quantity": "2,5"}).status_code == 302
    part = AssemblyPart.objects.get(article=pipe)
    assert (part.quantity, part.position) == (D("2.5"), 2)
    assert "208,333333 €" in text_of(office, f"/articles/{room.pk}/").replace("\u00a0", " ")


def test_words_propose_articles_and_the_unknown_is_told(office: Browser) -> None:
    room, _ = make_assembly()
    make_article(code="TUB-50", label="Tuyau souple")
    make_article(code="TUB-63", label="Tuyau souple", is_active=False)
    path = f"/articles/{room.pk}/composants/"
    response = office.post(path, {"article": "tuyau", "quantity": "4"})
    html = response.content.decode()
    assert response.status_code == 422
    assert 'name="article" value="TUB-50"' in html
    assert 'name="quantity" value="4"' in html
    assert "TUB-63" not in html
    response = office.post(path, {"article": "zzz", "quantity": "4"})
    assert response.status_code == 422
    assert "Aucun article actif" in unescape(response.content.decode())


@pytest.mark.parametrize("quantity", ["0", "-1", "1,23456", "", "beaucoup"])
def test_a_quantity_that_is_none(office: Browser, quantity: str) -> None:
    room, part = make_assembly()
    make_article(code="TUB-50")
    sent = {"article": "TUB-50", "quantity": quantity}
    assert office.post(f"/articles/{room.pk}/composants/", sent).status_code == 422
    assert office.post(f"/articles/{room.pk}/composants/{part.pk}/", sent).status_code == 409
    part.refresh_from_db()
    assert part.quantity == D(2)


def test_a_circle_is_refused_in_words(office: Browser) -> None:
    room, part = make_assembly(code="N-1")
    top = make_article(code="N-2", kind=Kind.ASSEMBLY)
    add(top, room)
    for code, reason in (
        ("N-1", "Une nomenclature ne se contient pas elle-même."),
        ("N-2", "Une nomenclature ne se contient pas elle-même."),
        (part.article.code, "Cet article est déjà dans la nomenclature"),
    ):
        response = office.post(f"/articles/{room.pk}/composants/", {"article": code, "quantity": "1"})
        assert response.status_code == 409, code
        assert reason in unescape(response.content.decode())


def test_parts_are_counted_ordered_and_taken_out(office: Browser) -> None:
    room, first = make_assembly()
    second = add(room, make_article(label="Filtre"), position=2)
    path = f"/articles/{room.pk}/composants/"
    assert office.post(f"{path}{first.pk}/", {"quantity": "3,25"}).status_code == 302
    first.refresh_from_db()
    assert first.quantity == D("3.25")
    assert office.post(f"{path}ordre/", {"down": first.pk}).status_code == 302
    assert list(AssemblyPart.objects.filter(assembly=room.pk)) == [second, first]
    answer = office.post(f"{path}ordre/", {"key": [first.pk, second.pk, 999]}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert list(AssemblyPart.objects.filter(assembly=room.pk)) == [first, second]
    assert office.post(f"{path}{second.pk}/retirer/").status_code == 302
    assert office.post(f"{path}{second.pk}/retirer/").status_code == 409
    assert list(AssemblyPart.objects.filter(assembly=room.pk)) == [first]


def test_parts_of_another_assembly_are_not_reached(office: Browser) -> None:
    room, _ = make_assembly()
    _, foreign = make_assembly()
    assert office.post(f"/articles/{room.pk}/composants/{foreign.pk}/", {"quantity": "9"}).status_code == 409
    assert office.post(f"/articles/{room.pk}/composants/{foreign.pk}/retirer/").status_code == 409
    plain = make_article()
    assert office.post(f"/articles/{plain.pk}/composants/", {"article": "x", "quantity": "1"}).status_code == 404


def test_thirty_parts_cost_as_many_queries_as_three(office: Browser, django_assert_num_queries: Any) -> None:
    room, _ = make_assembly()
    for _ in range(2):
        add(room, make_assembly()[0])
    office.get(f"/articles/{room.pk}/")
    with CaptureQueriesContext(connection) as few:
        office.get(f"/articles/{room.pk}/")
    for _ in range(27):
        add(room, make_assembly()[0])
    with django_assert_num_queries(len(few)):
        office.get(f"/articles/{room.pk}/")


# ---- prices by list -------------------------------------------------------------------------------------------


def test_prices_by_list_are_written_changed_and_taken_away(office: Browser) -> None:
    article = make_article()
    one, other = (PriceList.objects.create(label=label) for label in ("Paysagistes", "Campings"))
    page = f"/articles/{article.pk}/"
    sent = opened(office, page, f'action="/articles/{article.pk}/tarifs/"')
    assert office.post(f"{page}tarifs/", sent | {f"list-{one.pk}": "82,5", f"list-{other.pk}": "0"}).status_code == 302
    assert dict(article.prices.values_list("price_list", "price")) == {one.pk: D("82.5"), other.pk: D(0)}
    sent = opened(office, page, f'action="/articles/{article.pk}/tarifs/"')
    assert sent[f"list-{one.pk}"] == "82,50"
    ArticlePrice.objects.filter(price_list=other).update(price=D(5))
    assert office.post(f"{page}tarifs/", sent | {f"list-{one.pk}": ""}).status_code == 302
    assert dict(article.prices.values_list("price_list", "price")) == {other.pk: D(5)}
    # What was seen is 0, what is there is 5: who writes 4 has not read it.
    assert office.post(f"{page}tarifs/", sent | {f"list-{other.pk}": "4"}).status_code == 409
    assert office.post(f"{page}tarifs/", sent | {f"list-{other.pk}": "-4"}).status_code == 422
    assert article.prices.get(price_list=other).price == D(5)


def test_the_offer_of_a_list_reaches_a_line() -> None:
    """docs/rules/prices.md, from the tables."""
    article, plain = make_article(), make_article()
    prices = PriceList.objects.create(label="Paysagistes", percent=D(10))
    ArticlePrice.objects.create(article=article, price_list=prices, price=D("82.5"))
    found = offers_for([article, plain], prices, on=date(2026, 11, 25))
    assert [(found[one.pk].unit_price, found[one.pk].percent) for one in (article, plain)] == [
        (D("82.5"), D(0)),
        (D(100), D(10)),
    ]
    none = offers_for([plain], None, on=date(2026, 11, 25), client_percent=D(5))
    assert (none[plain.pk].unit_price, none[plain.pk].percent) == (D(100), D(5))


def test_a_meddled_token_is_a_new_form(office: Browser) -> None:
    sent = opened(office, "/articles/nouveau/") | {"code": "P-9", "label": "Pompe", "token": "x"}
    assert office.post("/articles/nouveau/", sent).status_code == 302
    assert office.post("/articles/nouveau/", sent | {"code": "P-10", "token": str(uuid.uuid4())}).status_code == 302
    assert Article.objects.count() == 2
