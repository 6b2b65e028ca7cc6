"""What an address of the list of articles asks for: rows, order, and the address again."""

from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from commerce.models import Article, ArticleFamily, ArticleQuerySet, Kind
from commerce.search import matching
from extrabat.lib.database import Page, keyset_page

ORDERS: Final = {"libelle": ("sort_name", "Libellé"), "code": ("code_key", "Code")}
FIRST: Final = "libelle"
STATES: Final = {"": "Actifs", "tous": "Tous", "desactives": "Désactivés"}


class Asked:
    """What was understood of a query; what was not is as if it were not there."""

    def __init__(self, query: QueryDict) -> None:
        self.families = list(ArticleFamily.objects.values_list("pk", "label"))
        self.q = query.get("q", "").strip()[:100]
        self.kind = query.get("genre", "") if query.get("genre", "") in Kind.values else ""
        family = query.get("famille", "")
        self.family = family if family in {str(key) for key, _ in self.families} else ""
        self.state = query.get("etat", "") if query.get("etat", "") in STATES else ""
        sort = query.get("tri", "")
        self.sort = sort if sort.removeprefix("-") in ORDERS else FIRST

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.kind or self.family or self.state)

    def rows(self) -> ArticleQuerySet:
        rows = matching(Article.objects.all(), self.q)
        if self.state != "tous":
            rows = rows.filter(is_active=self.state != "desactives")
        if self.kind:
            rows = rows.filter(kind=self.kind)
        return rows.filter(family=int(self.family)) if self.family else rows

    def page(self, rows: ArticleQuerySet, *, size: int, after: str | None, before: str | None) -> Page[Article]:
        sign = "-" if self.sort.startswith("-") else ""
        column, _ = ORDERS[self.sort.removeprefix("-")]
        return keyset_page(rows, order=(f"{sign}{column}", f"{sign}pk"), size=size, after=after, before=before)

    @property
    def query(self) -> str:
        return self.sorted_by(self.sort)

    def sorted_by(self, sort: str) -> str:
        values = {
            "q": self.q,
            "genre": self.kind,
            "famille": self.family,
            "etat": self.state,
            "tri": sort if sort != FIRST else "",
        }
        return urlencode({name: value for name, value in values.items() if value})
