"""The demo's and the benchmark's documents: enough of everything, true totals, nothing twice."""

import pytest
from django.test import override_settings

from commerce.demo import papers
from commerce.document_bench import load as load_bench
from commerce.models import Document
from commerce.sums import totals_of
from extrabat.lib.copying import Copier
from extrabat.lib.rooms import demo_rows
from tests.commerce.records import make_article
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


@override_settings(DEMO=True)
def test_the_demo_has_documents_of_every_kind_that_can_be_drafted() -> None:
    for rows in demo_rows:
        rows.load("default")
    found = {
        kind: Document.objects.filter(kind=kind).count() for kind in ("quote", "order", "delivery_note", "invoice")
    }
    assert min(found.values()) >= 5
    total = sum(found.values())
    assert 60 <= total <= 85
    for document in Document.objects.all()[::9]:
        whole = totals_of(document).whole
        assert (document.net, document.vat, document.gross) == (whole.net, whole.vat, whole.gross)
    papers.load("default")
    assert Document.objects.count() == total


def test_the_bench_writes_short_and_long_documents_with_true_totals() -> None:
    make_user()
    make_article()
    for _ in range(8):
        make_client()
    load_bench(Copier("default"), 8)
    rows = list(Document.objects.order_by("pk"))
    assert [row.lines.count() for row in rows] == [50, 4]
    for row in rows:
        assert row.gross == totals_of(row).whole.gross
