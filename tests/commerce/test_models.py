"""What Postgres refuses of the catalogue, whatever the door, and the French words that it says so with."""

import threading
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from commerce.domain.vat import Category
from commerce.models import (
    Article,
    ArticlePrice,
    AssemblyPart,
    Kind,
    MaintenanceArticle,
    PaymentMethod,
    VatPeriod,
    VatRate,
)
from commerce.models.assemblies import tree_of
from planning.models import SiteTaskType
from settings_app.audit.queries import trail
from settings_app.models import PriceList
from tests.commerce.money import D
from tests.commerce.records import add, make_article, make_assembly, rate
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db


def refused(word: str, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=word), transaction.atomic():
        make_article(**values)


def test_a_code_is_unique_whatever_its_case() -> None:
    make_article(code="PAC-12")
    refused("article_code_unique", code="pac-12")
    with pytest.raises(ValidationError, match="Ce code article est déjà pris"):
        Article(code="Pac-12", label="Autre").validate_constraints()


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("article_code_given", {"code": "--"}),
        ("article_prices_not_negative", {"sale_price": "-0.000001"}),
        ("article_prices_not_negative", {"purchase_price": "-1"}),
        ("article_planning_has_task", {"kind": Kind.PLANNING}),
    ],
)
def test_what_an_article_must_not_be(word: str, values: dict[str, Any]) -> None:
    refused(word, **values)


def test_only_articles_of_planning_have_a_task() -> None:
    task = SiteTaskType.objects.get(label="Terrassement")
    assert make_article(kind=Kind.PLANNING, site_task_type=task, sale_price="0").has_price is False
    refused("article_planning_has_task", site_task_type=task)
    with pytest.raises(ValidationError, match="Un article de planning a une tâche planning, et lui seul"):
        Article(code="X1", label="X", site_task_type=task).validate_constraints()


def test_the_reduced_rate_is_another_one() -> None:
    refused("article_reduced_vat_differs", reduced_vat=rate())
    article = make_article(reduced_vat=rate("Taux réduit"))
    assert article.vat_for(dwelling_over_two_years=True, is_installed=True) == rate("Taux réduit")
    assert article.vat_for(dwelling_over_two_years=None, is_installed=True) == rate()
    plain = make_article()
    assert plain.vat_for(dwelling_over_two_years=True, is_installed=True) == rate()


def test_a_price_of_a_list_is_written_once_and_not_negative() -> None:
    article, prices = make_article(), PriceList.objects.create(label="Paysagistes")
    ArticlePrice.objects.create(article=article, price_list=prices, price=D("82.5"))
    for word, price in (("article_price_once", "1"), ("article_price_not_negative", "-1")):
        other = article if word == "article_price_once" else make_article()
        with pytest.raises(IntegrityError, match=word), transaction.atomic():
            ArticlePrice.objects.create(article=other, price_list=prices, price=D(price))


def test_a_frequency_is_of_ten_years_at_most() -> None:
    article = make_article(kind=Kind.MAINTENANCE)
    side = MaintenanceArticle.objects.create(article=article)
    assert (side.every_months, side.sms_reminder) == (12, True)
    with pytest.raises(IntegrityError, match="maintenance_frequency"), transaction.atomic():
        MaintenanceArticle.objects.filter(pk=side.pk).update(every_months=121)


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("payment_method_days", {"days": 366}),
        ("payment_method_day_of_month", {"day_of_month": 32}),
        ("payment_method_day_of_month", {"day_of_month": 0}),
    ],
)
def test_terms_that_are_none(word: str, values: dict[str, int]) -> None:
    with pytest.raises(IntegrityError, match=word), transaction.atomic():
        PaymentMethod.objects.create(label="Faux", **values)


# ---- VAT ------------------------------------------------------------------------------------------------------


def test_the_rates_that_every_company_begins_with() -> None:
    day = date(2026, 11, 25)
    worth = {label: rate(label).on(day) for label in ("Taux normal", "Taux intermédiaire", "Taux réduit", "Taux zéro")}
    assert {label: found and str(found.percent) for label, found in worth.items()} == {
        "Taux normal": "20.00",
        "Taux intermédiaire": "10.00",
        "Taux réduit": "5.50",
        "Taux zéro": "0.00",
    }
    zero = worth["Taux zéro"]
    assert zero
    assert zero.category == Category.ZERO
    assert rate("Taux normal").on(date(2013, 12, 31)) is None


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (date(2020, 1, 1), None),
        (date(2000, 1, 1), date(2014, 1, 1)),
        (date(2000, 1, 1), None),
        (date(2026, 1, 1), date(2026, 1, 1)),
    ],
)
def test_two_periods_of_one_rate_never_overlap(begins: date, ends: date | None) -> None:
    period = VatPeriod(rate=rate(), percent=D("19.6"), valid_from=begins, valid_to=ends)
    with pytest.raises(ValidationError, match="Deux périodes d’un même taux se chevauchent"):
        period.validate_constraints()
    with pytest.raises(IntegrityError, match="vat_period_once"), transaction.atomic():
        period.save()


def test_periods_that_touch_do_not_overlap_and_two_rates_may() -> None:
    VatPeriod.objects.create(rate=rate(), percent=D("19.6"), valid_from=date(2000, 4, 1), valid_to=date(2013, 12, 31))
    found = rate().on(date(2013, 12, 31))
    assert found
    assert str(found.percent) == "19.60"
    VatPeriod.objects.create(
        rate=rate("Taux réduit"), percent=D("5.5"), valid_from=date(1980, 1, 1), valid_to=date(1982, 6, 30)
    )


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("vat_period_percent", {"percent": D("-1")}),
        ("vat_period_percent", {"percent": D("100")}),
        ("vat_period_days", {"valid_to": date(1999, 12, 31)}),
        ("vat_period_days|lower bound", {"valid_to": date(1990, 12, 31)}),
    ],
)
def test_a_period_that_is_none(word: str, values: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=word), transaction.atomic():
        VatPeriod.objects.create(**{"rate": rate(), "percent": D(20), "valid_from": date(2000, 1, 1)} | values)


def test_a_rate_without_vat_needs_its_mention() -> None:
    with pytest.raises(IntegrityError, match="vat_rate_mention"), transaction.atomic():
        VatRate.objects.create(label="Autoliquidation", category=Category.REVERSE_CHARGE.value)
    VatRate.objects.create(
        label="Autoliquidation",
        category=Category.REVERSE_CHARGE.value,
        reason="VATEX-EU-AE",
        mention="Autoliquidation",
    )


# ---- nomenclatures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_a_quantity_is_above_zero(quantity: str) -> None:
    room, _ = make_assembly()
    with pytest.raises(IntegrityError, match="assembly_part_quantity"), transaction.atomic():
        add(room, make_article(), quantity)


def test_an_article_is_in_an_assembly_once() -> None:
    room, part = make_assembly()
    with pytest.raises(IntegrityError, match="assembly_part_once"), transaction.atomic():
        add(room, part.article)


def test_an_assembly_is_no_part_of_itself() -> None:
    room, part = make_assembly()
    with pytest.raises(IntegrityError, match="assembly_part_not_itself"), transaction.atomic():
        add(room, room)
    middle = make_article(kind=Kind.ASSEMBLY)
    top = make_article(kind=Kind.ASSEMBLY)
    add(middle, room)
    add(top, middle)
    for below in (top, middle):
        with (
            pytest.raises(IntegrityError, match="Une nomenclature ne se contient pas elle-même"),
            transaction.atomic(),
        ):
            add(room, below)
    with pytest.raises(IntegrityError, match="pas elle-même"), transaction.atomic():
        AssemblyPart.objects.filter(pk=part.pk).update(article=top)


def test_six_floors_and_no_more() -> None:
    rows = [make_article(kind=Kind.ASSEMBLY) for _ in range(7)]
    for upper, lower in pairwise(rows):
        add(upper, lower)
    ground = make_article(kind=Kind.ASSEMBLY)
    with pytest.raises(IntegrityError, match="six niveaux"), transaction.atomic():
        add(rows[-1], ground)
    with pytest.raises(IntegrityError, match="six niveaux"), transaction.atomic():
        add(ground, rows[0])
    add(ground, rows[1])


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_each_add_half_of_a_circle() -> None:
    one, other = make_article(kind=Kind.ASSEMBLY), make_article(kind=Kind.ASSEMBLY)
    told: list[str] = []

    def second() -> None:
        try:
            add(other, one)
        except IntegrityError as error:
            told.append(str(error))
        finally:
            connection.close()

    with transaction.atomic():
        add(one, other)
        thread = threading.Thread(target=second)
        thread.start()
        wait_for(_somebody_waits, seconds=10)
    thread.join(timeout=10)
    assert len(told) == 1
    assert "pas elle-même" in told[0]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        (waiting,) = cursor.fetchone()
    return bool(waiting)


def test_a_tree_is_read_in_one_query(django_assert_num_queries: Any) -> None:
    """The table of docs/rules/prices.md, through the database."""
    pump = make_article(purchase_price="210", sale_price="349")
    filter_ = make_article(purchase_price="180.50", sale_price="289.90")
    pipe = make_article(purchase_price="1.234567", sale_price="3.333333")
    hour = make_article(purchase_price="22", sale_price="48")
    filtration, room, three = (make_article(kind=Kind.ASSEMBLY, sale_price="790") for _ in range(3))
    for assembly, article, quantity in (
        (filtration, pump, "1"),
        (filtration, filter_, "1"),
        (filtration, pipe, "2.5"),
        (room, filtration, "1"),
        (room, hour, "4"),
        (three, room, "3"),
    ):
        add(assembly, article, quantity)
    with django_assert_num_queries(1):
        tree = tree_of([filtration.pk, room.pk, three.pk, pipe.pk])
    values = [tree.value(one.pk) for one in (filtration, room, three, pipe)]
    assert [(str(one.cost), str(one.price)) for one in values] == [
        ("393.586418", "647.233333"),
        ("481.586418", "839.233333"),
        ("1444.759253", "2517.699998"),
        ("1.234567", "3.333333"),
    ]
    room.assembly.has_fixed_price = True
    room.assembly.save()
    assert tree_of([three.pk]).value(three.pk).price == Decimal(2370)


def test_an_article_s_trail_tells_its_prices_and_parts() -> None:
    room, part = make_assembly()
    part.quantity = Decimal(3)
    part.save()
    told = [(entry.verb, set(entry.after or {})) for entry in trail(room)]
    assert ("change", {"quantity"}) in told
