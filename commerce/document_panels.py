"""What documents show elsewhere: hits of `**name`, the client's tab."""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from clients.models import Client
from clients.tabs import ClientTab
from commerce.document_listing import ORDER, matching
from commerce.models import Document, DocumentQuerySet
from extrabat.lib.database import TooSlowError, patience
from extrabat.lib.french import amount, day
from extrabat.lib.rooms import Hit, Hits, SearchProvider
from extrabat.lib.text import words
from settings_app.users.models import User

KIND: Final = "pieces"
PATIENCE_MS: Final = 250


def find(user: User, typed: str, limit: int) -> Hits:
    """The latest documents whose client, title or number hold every word (SEA-02)."""
    rows = _told(matching(Document.objects.visible_to(user), typed)).order_by(*ORDER)
    try:
        with patience(PATIENCE_MS):
            found = list(rows[:limit])
    except TooSlowError:
        return Hits(too_slow=True)
    return Hits(list(_hits(found).values()), words(typed))


def opened(user: User, keys: Sequence[int]) -> dict[int, Hit]:
    return _hits(_told(Document.objects.visible_to(user).filter(pk__in=keys)))


def _told(rows: DocumentQuerySet) -> DocumentQuerySet:
    """With the columns that a hit tells, of eighty."""
    own = ("kind", "state", "number", "title", "date", "gross")
    named = (f"client__{name}" for name in ("kind", "company_name", "last_name", "first_name"))
    paid = (f"balance__{name}" for name in ("payable", "settled", "is_credit"))
    return rows.select_related("client", "balance").only(*own, *named, *paid)


def _hits(rows: Iterable[Document]) -> dict[int, Hit]:
    return {
        row.pk: Hit(
            label=f"{row} – {row.client.display_name}",
            detail=", ".join(part for part in (row.title, day(row.date)) if part),
            url=row.get_absolute_url(),
            icon="file-invoice",
            end=f"{amount(row.gross)} TTC",
            state=(row.settlement, row.balance.label) if row.settlement else None,
        )
        for row in rows
    }


def _count(client: Client, user: User) -> int:
    return Document.objects.visible_to(user).filter(client=client).count()


search = SearchProvider(
    key=KIND,
    heading="Pièces",
    find=find,
    all_url=lambda typed: f"{reverse('documents:list')}?{urlencode({'q': typed})}",
    order=20,
    prefix="**",
    recent=opened,
    right="settings_app.see_prices",
)
tab = ClientTab("GEST. COM.", "documents:client", 30, _count, right="see_prices")
