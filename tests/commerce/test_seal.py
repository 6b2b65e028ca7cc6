"""The seal: signatures of the specification's vector, an alteration that is found and named, closings, the anchor."""

import json
import os
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from commerce.actions import seal
from commerce.actions.closings import close_periods
from commerce.actions.document_chain import convert
from commerce.actions.seal import record_event
from commerce.domain.closings import due
from commerce.domain.seal import GENESIS, Chain, EventType, Sealed, canonical, link
from commerce.domain.states import DocumentKind
from commerce.models import Closing, Document, SealEvent
from commerce.verification import Verification
from extrabat.lib.refusals import Refused
from tests.commerce.papers import add, issued, make_document, token
from tests.factories import make_user

# Computed apart from the program, with openssl (docs/rules/seal.md).
FIRST = "34d4938048cb1e1a2e629085d2ff312fd44a536453b9bbb0b286e44149c2fce5"
SECOND = "900c91095b906d53d1acc15880c75c1bb638b2ae101a77fa2e513a6319c4670d"


@pytest.fixture(autouse=True)
def _anchor(settings: Any, tmp_path: Path) -> None:
    settings.SEAL_ANCHOR = str(tmp_path / "anchor")


Clock = Callable[[datetime], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Seal as if it were then."""
    return lambda instant: monkeypatch.setattr(seal, "now", lambda: instant)


def invoice(on: date, quantity: str = "1") -> Document:
    row = make_document(DocumentKind.INVOICE)
    add(row, quantity=quantity)
    return issued(row, on=on)


def problems() -> list[str]:
    return list(Verification().problems())


def test_the_vector_of_the_rules() -> None:
    first = canonical({"ref": "FA2026-000001", "amount_ttc": "1200.00", "event": "BILL_VALIDATED"})
    assert first == '{"amount_ttc":"1200.00","event":"BILL_VALIDATED","ref":"FA2026-000001"}'
    second = canonical({"ref": "RG2026-000001", "amount_ttc": "1200.00", "event": "PAYMENT_CREATED"})
    key = b"test-key"
    at = [datetime(2026, 11, 22, 9, 0, second, 999_999, tzinfo=UTC) for second in (1, 2)]
    assert link(key, company=1, seq=1, at=at[0], previous=GENESIS, content=first) == FIRST
    assert link(key, company=1, seq=2, at=at[1], previous=FIRST, content=second) == SECOND


def test_every_way_to_spoil_a_chain_is_told() -> None:
    key, content = b"test-key", canonical({"event": "X", "ref": "1"})
    at = datetime(2026, 11, 22, 9, 0, 1, tzinfo=UTC)
    links, previous = [], GENESIS
    for seq in (1, 2, 3):
        signature = link(key, company=1, seq=seq, at=at, previous=previous, content=content)
        links.append(Sealed(seq, at, content, previous, signature, "k"))
        previous = signature

    def first_problem(events: list[Sealed], keys: dict[str, bytes] | None = None) -> str:
        chain = Chain({"k": key} if keys is None else keys)
        return next((problem for event in events if (problem := chain.problem(event))), "")

    assert first_problem(links) == ""
    assert "event 1 is missing" in first_problem(links[1:])
    assert "event 2 is missing" in first_problem([links[0], links[2]])
    assert "event 2 is missing" in first_problem([links[0], links[2], links[1]])
    altered = Sealed(2, at, content.replace("1", "2"), links[1].previous, links[1].signature, "k")
    assert first_problem([links[0], altered]) == "event 2 was altered"
    assert "does not follow" in first_problem([links[0], Sealed(2, at, content, GENESIS, links[1].signature, "k")])
    assert "not at hand" in first_problem(links, {})


@pytest.mark.django_db
def test_an_invoice_is_sealed_and_a_quote_is_not() -> None:
    quote = make_document()
    add(quote)
    issued(quote)
    assert not SealEvent.objects.exists()
    billed = invoice(date(2026, 1, 30), "2")
    event = SealEvent.objects.get()
    signed = json.loads(event.content)
    assert (event.seq, event.ref, event.gross) == (1, billed.number, Decimal("240.00"))
    assert signed["rates"] == [["S", "20.00", "200.00", "40.00"]]
    # Of persons only the hash of the copy goes in.
    assert billed.client.last_name not in event.content
    assert problems() == []


@pytest.mark.django_db
def test_a_credit_note_takes_away_what_it_credits() -> None:
    billed = invoice(date(2026, 1, 30))
    made = convert(billed.pk, DocumentKind.CREDIT_NOTE, by=make_user(), token=token())
    note = issued(Document.objects.get(pk=made))
    assert [event.gross for event in SealEvent.objects.order_by("seq")] == [Decimal(120), Decimal(-120)]
    assert note.number.startswith("AV")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE commerce_sealevent SET content = content",
        "DELETE FROM commerce_sealevent",
        "UPDATE commerce_sealhead SET seq = seq + 1",
        "DELETE FROM commerce_sealhead",
        "TRUNCATE commerce_sealevent CASCADE",
        "UPDATE commerce_closing SET events = 0",
        "DELETE FROM commerce_closing",
    ],
)
def test_the_program_cannot_rewrite_the_chain(statement: str, at: Clock) -> None:
    at(datetime(2026, 3, 3, 12, tzinfo=UTC))
    record_event(EventType.EXPORT, ref="essai", by=None)
    close_periods(before=date(2026, 3, 4))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_a_new_key_signs_from_its_own_event_on(settings: Any) -> None:
    record_event(EventType.EXPORT, ref="avant", by=None)
    settings.SEAL_KEYS = ["next:0123456789abcdef0123456789", *settings.SEAL_KEYS]
    record_event(EventType.EXPORT, ref="après", by=None)
    events = SealEvent.objects.order_by("seq").values_list("type", "key_id")
    assert list(events) == [("DATA_EXPORTED", "tests"), ("KEY_CHANGED", "next"), ("DATA_EXPORTED", "next")]
    assert problems() == []
    settings.SEAL_KEYS = settings.SEAL_KEYS[:1]
    assert "not at hand" in problems()[0]


def test_periods_that_are_due() -> None:
    found = [f"{one.kind}{one.begins_on:%d/%m}" for one in due(date(2026, 12, 30), date(2027, 1, 2))]
    assert found == ["D30/12", "D31/12", "M01/12", "Y01/01", "D01/01"]
    assert [one.ends_on for one in due(date(2028, 2, 29), date(2028, 3, 1))] == [date(2028, 2, 29)] * 2
    assert list(due(date(2026, 1, 1), date(2026, 1, 1))) == []


@pytest.mark.django_db
def test_closings_catch_up_once_and_add_up_for_ever(at: Clock) -> None:
    at(datetime(2026, 1, 30, 12, tzinfo=UTC))
    invoice(date(2026, 1, 30))
    # 00:30 in Paris on the first of February is 23:30 of January in UTC.
    at(datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
    invoice(date(2026, 2, 1), "2")
    at(datetime(2026, 2, 3, 12, tzinfo=UTC))
    # 30 and 31 January, January, 1 and 2 February.
    assert close_periods(before=date(2026, 2, 3)) == 5
    assert close_periods(before=date(2026, 2, 3)) == 0
    rows = {f"{row.kind}{row.begins_on:%d/%m}": row for row in Closing.objects.all()}
    totals = {name: (row.invoiced_net, row.invoiced_gross, row.perpetual_gross) for name, row in rows.items()}
    assert totals == {
        "D30/01": (Decimal(100), Decimal(120), Decimal(120)),
        "D31/01": (Decimal(0), Decimal(0), Decimal(120)),
        "M01/01": (Decimal(100), Decimal(120), Decimal(120)),
        "D01/02": (Decimal(200), Decimal(240), Decimal(360)),
        "D02/02": (Decimal(0), Decimal(0), Decimal(360)),
    }
    assert problems() == []


@pytest.mark.django_db
def test_nothing_is_added_to_a_closed_day(at: Clock) -> None:
    at(datetime(2026, 1, 30, 12, tzinfo=UTC))
    invoice(date(2026, 1, 30))
    close_periods(before=date(2026, 1, 31))
    with pytest.raises(Refused, match="clôturée"):
        invoice(date(2026, 1, 30))


COLUMNS = (
    *(("commerce_sealevent", "seq", name) for name in ("content", "signature", "previous", "ref", "type", "key_id")),
    *(("commerce_sealevent", "seq", name) for name in ("gross", "net", "vat")),
    *(("commerce_issuedcopy", "document_id", name) for name in ("content_hash", "content")),
    *(("commerce_document", "id", name) for name in ("title", "net", "vat", "gross", "number")),
    *(("commerce_closing", "id", name) for name in ("invoiced_gross", "perpetual_gross", "events", "last_seq")),
)


def as_superuser() -> psycopg.Connection[Any]:
    """Who may do anything, triggers asleep: what the seal is there for."""
    owner = psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=connection.settings_dict["NAME"], autocommit=True)
    owner.execute("SET session_replication_role = replica")
    return owner


def spoil(
    owner: "psycopg.Connection[Any]", table: str, key: str, column: str, dice: random.Random
) -> tuple[str, list[Any]]:
    """Change one character of one column of one row; the statement that mends it is given back."""
    where = " WHERE kind = 'invoice'" if table == "commerce_document" else ""
    rows = owner.execute(f"SELECT {key}, {column}::text FROM {table}{where} ORDER BY 1").fetchall()
    row, value = dice.choice(rows)
    digits = [place for place, letter in enumerate(value) if letter.isdigit()]
    place = dice.choice(digits or range(len(value)))
    other = dice.choice([letter for letter in "123456789" if letter != value[place]])
    write = f"UPDATE {table} SET {column} = %s WHERE {key} = %s"
    try:
        owner.execute(write, [value[:place] + other + value[place + 1 :], row])
    except psycopg.IntegrityError:
        # Another row bears it: Postgres refuses a twin even to the superuser.
        return spoil(owner, table, key, column, dice)
    return write, [value, row]


@pytest.mark.django_db(transaction=True)
def test_each_character_that_is_altered_is_found(at: Clock) -> None:
    """Small here, a thousand in `make torture` (quality.md: one byte in 1,000 places)."""
    at(datetime(2026, 1, 30, 12, tzinfo=UTC))
    for quantity in ("1", "2", "3"):
        row = make_document(DocumentKind.INVOICE, title=f"Chantier {quantity}")
        add(row, quantity=quantity)
        issued(row, on=date(2026, 1, 30))
    close_periods(before=date(2026, 1, 31))
    assert problems() == []
    dice = random.Random(20260130)
    with as_superuser() as owner:
        for place in range(int(os.environ.get("ALTERATIONS", "60"))):
            column = COLUMNS[place % len(COLUMNS)]
            mend = spoil(owner, *column, dice)
            assert problems(), column
            owner.execute(*mend)
        assert problems() == []
        owner.execute("UPDATE commerce_sealevent SET at = at + interval '1 second' WHERE seq = 2")
        assert problems() == ["event 2 was altered"]


@pytest.mark.django_db(transaction=True)
def test_a_tail_that_is_cut_off_a_row_that_is_swapped(at: Clock) -> None:
    at(datetime(2026, 1, 30, 12, tzinfo=UTC))
    for _ in range(3):
        record_event(EventType.EXPORT, ref="essai", by=None)
    kept = SealEvent.objects.get(seq=2)
    with as_superuser() as owner:
        owner.execute("DELETE FROM commerce_sealevent WHERE seq = 3")
        assert "its head says 3" in problems()[0]
        # The head too: only what was noted outside the database still knows.
        owner.execute("UPDATE commerce_sealhead SET seq = 2, signature = %s", [kept.signature])
        assert problems() == ["the chain ends at event 2, and 3 was noted outside the database: its tail was cut off"]
        for was, becomes in ((1, 9), (2, 1), (9, 2)):
            owner.execute("UPDATE commerce_sealevent SET seq = %s WHERE seq = %s", [becomes, was])
        assert "event 1" in problems()[0]
    out = StringIO()
    with pytest.raises(CommandError, match="event 1"):
        call_command("verify_seal", stdout=out)
    assert "event 1" in out.getvalue()


@pytest.mark.django_db
def test_the_command_says_that_the_seal_is_whole(at: Clock) -> None:
    at(datetime(2026, 1, 30, 12, tzinfo=UTC))
    invoice(date(2026, 1, 30))
    out = StringIO()
    call_command("close_periods", stdout=out)
    call_command("verify_seal", stdout=out)
    assert "The seal is whole" in out.getvalue()
    assert "1 documents" in out.getvalue()
