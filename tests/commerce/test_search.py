"""Finding articles: the code first, then words (PAY-03, SEA-02, SEA-04)."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from commerce import search
from commerce.bench import load
from commerce.domain.searching import rank, read
from commerce.models import Article, Kind
from commerce.search import exact, find_articles
from extrabat.lib.copying import Copier
from tests.commerce.records import make_article, make_assembly
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> dict[str, Article]:
    rows = {
        "PMP-1": "Pompe à vitesse variable Ondéa",
        "PMP-10": "Pompe de filtration Ondéa 10 m³/h",
        "FIL-600": "Filtre à sable Ø 600",
        "PAC-12 kW": "Pompe à chaleur 12 kW Thermélio",
        "REC-9": "Circulateur pompe-filtre",
        "OLD-1": "Pompe d’autrefois",
    }
    return {code: make_article(code=code, label=label, is_active=code != "OLD-1") for code, label in rows.items()}


# All at once, and stage by stage, as where hundreds answer.
@pytest.mark.parametrize("at_once", [300, -1])
@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        # The very code, then codes that begin so, whatever signs, case and accents.
        ("pmp-1", ["PMP-1", "PMP-10"]),
        ("PMP1", ["PMP-1", "PMP-10"]),
        ("pac12kw", ["PAC-12 kW"]),
        ("pac-12", ["PAC-12 kW"]),
        # Two letters begin words, three are also inside; the code's own beginning goes first.
        ("fi", ["FIL-600", "REC-9", "PMP-10"]),
        ("il", []),
        ("tre", ["REC-9", "FIL-600"]),
        ("ondea", ["PMP-1", "PMP-10"]),
        # All words, in any order; + is a space.
        ("ondéa pompe", ["PMP-1", "PMP-10"]),
        ("pompe+chaleur", ["PAC-12 kW"]),
        ("filtre 600", ["FIL-600"]),
        ("pompe sable", []),
        ("autrefois", []),
        ("zzz", []),
        ("", []),
        ("+", []),
        ("%", []),
        ("_mp", []),
    ],
)
def test_what_is_found(
    shelf: dict[str, Article], monkeypatch: pytest.MonkeyPatch, typed: str, codes: list[str], at_once: int
) -> None:
    monkeypatch.setattr(search, "TOGETHER", at_once)
    assert [article.code for article in find_articles(typed, 10)] == codes


def test_a_hit_of_the_code_stands_before_words(shelf: dict[str, Article]) -> None:
    make_article(code="POMPE", label="Divers")
    assert find_articles("pompe", 1)[0].code == "POMPE"
    assert len(find_articles("pompe", 2)) == 2


def test_inactive_articles_are_found_where_they_are_asked_for(shelf: dict[str, Article]) -> None:
    assert [one.code for one in find_articles("autrefois", 5, rows=Article.objects.all())] == ["OLD-1"]


@pytest.mark.parametrize(
    ("typed", "code"), [("pmp-1", "PMP-1"), (" PMP-1 ", "PMP-1"), ("pmp", ""), ("OLD-1", ""), ("", "")]
)
def test_the_very_code(shelf: dict[str, Article], typed: str, code: str) -> None:
    found = exact(typed)
    assert (found.code if found else "") == code


def test_supplier_references_and_barcodes_are_found() -> None:
    make_article(code="A", supplier_reference="ON-77821", barcode="3660000000017")
    assert len(find_articles("77821", 5)) == 1
    assert len(find_articles("3660000000017", 5)) == 1


def test_ranks() -> None:
    asked = read("PMP 1")
    assert (asked.code, asked.words) == ("pmp1", ("pmp", "1"))
    assert rank(asked, code_key="pmp1", search_name=" pmp 1") == 0
    assert rank(asked, code_key="pmp10", search_name=" pmp 10") == 1
    assert rank(asked, code_key="x", search_name=" pmp 12") == 2
    assert rank(asked, code_key="x", search_name=" xpmp1") == 3
    assert read("ab").inside == ()
    assert read("ab cde").inside == (" ab", "cde")


def panel(browser: Browser, typed: str, **more: str) -> str:
    return browser.get("/recherche/", {"q": typed, **more}, headers={"HX-Request": "true"}).content.decode()


def test_the_prefixes_of_the_search_field(client: Browser, shelf: dict[str, Article]) -> None:
    room, _ = make_assembly(code="N-POMPE", label="Local avec pompe")
    client.force_login(make_user())
    page = panel(client, "*pmp-1")
    assert f'href="/articles/{shelf["PMP-1"].pk}/"' in page
    assert "100,00\u00a0€ HT" in page
    assert "Nomenclatures" not in page
    page = panel(client, "***pompe")
    assert f'href="/articles/{room.pk}/"' in page
    assert "200,00\u00a0€ HT" in page
    assert "PMP-1" not in page
    assert f'href="/articles/{shelf["PAC-12 kW"].pk}/"' in panel(client, "*pompe+chaleur")
    assert "PMP-1" not in panel(client, "*pompe+chaleur")


def test_without_the_right_there_is_no_price(client: Browser, shelf: dict[str, Article]) -> None:
    client.force_login(make_user("Technicien"))
    page = panel(client, "*pmp-1")
    assert f'href="/articles/{shelf["PMP-1"].pk}/"' in page
    assert "€" not in page


def test_an_article_that_was_opened_is_offered_again(client: Browser, shelf: dict[str, Article]) -> None:
    client.force_login(make_user())
    client.get(f"/articles/{shelf['PMP-1'].pk}/")
    assert f'href="/articles/{shelf["PMP-1"].pk}/"' in panel(client, "")


def test_hits_cost_as_many_queries_with_three_as_with_eight(
    client: Browser, django_assert_max_num_queries: Any, shelf: dict[str, Article]
) -> None:
    client.force_login(make_user())
    panel(client, "*pompe")
    with CaptureQueriesContext(connection) as few:
        panel(client, "*pompe")
    for number in range(8):
        make_article(label=f"Pompe {number}")
    with django_assert_max_num_queries(len(few)):
        panel(client, "*pompe")


def test_proposals_while_typing(client: Browser, shelf: dict[str, Article]) -> None:
    client.force_login(make_user())
    answer = client.get("/articles/propositions/", {"q": "pmp"}).json()
    assert answer["articles"][0] == {"code": "PMP-1", "label": "Pompe à vitesse variable Ondéa"}


def test_the_bench_is_the_same_every_time_and_found_by_code() -> None:
    load(Copier("default"), 40)
    codes = list(Article.objects.order_by("pk").values_list("code", "label", "sale_price"))
    assert len(codes) == 20
    assert len({code for code, _, _ in codes}) == 20
    Article.objects.all().delete()
    load(Copier("default"), 40)
    assert list(Article.objects.order_by("pk").values_list("code", "label", "sale_price")) == codes
    assert find_articles(codes[7][0], 3)[0].code == codes[7][0]
    assert set(Article.objects.values_list("kind", flat=True)) == {Kind.GOODS.value}
