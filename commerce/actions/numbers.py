"""Numbers without gap: one counter row a series and year, counted up in the issuing transaction (N1 to N4)."""

from datetime import date
from typing import Final

from django.db import connection

from commerce.domain.states import DocumentKind
from extrabat.lib.french import day
from extrabat.lib.refusals import Refused

SERIES: Final = {
    DocumentKind.QUOTE: "DV",
    DocumentKind.ORDER: "CO",
    DocumentKind.DELIVERY_NOTE: "BL",
    DocumentKind.INVOICE: "FA",
    DocumentKind.DEPOSIT_INVOICE: "FA",
    DocumentKind.CREDIT_NOTE: "AV",
}
PAYMENTS: Final = "RG"
# ON CONFLICT locks the row until the end of the transaction: the next one waits, and a rollback leaves no gap.
_COUNT: Final = """
INSERT INTO commerce_numberseries (series, year, last, last_on) VALUES (%s, %s, 1, %s)
ON CONFLICT (series, year) DO UPDATE SET last = commerce_numberseries.last + 1, last_on = excluded.last_on
  WHERE commerce_numberseries.last_on <= excluded.last_on
RETURNING last
"""


def next_number(series: str, on: date) -> str:
    """The next number of `series` dated `on`: « FA2026-000123 » (at most 35 characters of BR-FR-02).

    Called last in the caller's transaction: everybody who issues in this series waits until it ends. Raises Refused
    when a later day has a number already: the sequence is chronological (N2).
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [series, on.year, on])
        row = cursor.fetchone()
        # Of another year too: the first number of January closes December.
        cursor.execute("SELECT max(last_on) FROM commerce_numberseries WHERE series = %s", [series])
        latest = cursor.fetchone()[0]
    if row is None or latest > on:
        raise Refused(f"Un numéro daté du {day(latest)} existe déjà\u00a0: rien ne se date d’avant.")
    return f"{series}{on.year}-{row[0]:06d}"
