"""The demo's catalogue: enough of everything, and nothing twice."""

import pytest
from django.test import override_settings
from django.utils.timezone import localdate

from commerce.demo import load
from commerce.models import Article, Kind
from commerce.pricing import figures_of

pytestmark = pytest.mark.django_db


@override_settings(DEMO=True)
def test_the_demo_has_a_catalogue_of_every_kind() -> None:
    load("default")
    total = Article.objects.count()
    assert 140 <= total <= 190
    kinds = {kind: Article.objects.filter(kind=kind).count() for kind in Kind.values}
    assert kinds["assembly"] == 10
    assert kinds["planning"] == 8
    assert kinds["maintenance"] == 6
    assert min(kinds.values()) > 0
    figures = figures_of(Article.objects.for_lists(), on=localdate())
    assert all(one.price > one.cost for one in figures.values() if one.cost)
    load("default")
    assert Article.objects.count() == total
