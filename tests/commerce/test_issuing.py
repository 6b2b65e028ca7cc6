"""Issuing: numbers without gap, the copy, what Postgres refuses afterwards, what must be there before."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client as Browser
from django.utils.timezone import localdate
from pypdf import PdfReader

from clients.models import Installation
from commerce.actions import deposits, document_chain, documents, issuing
from commerce.domain.seal import digest
from commerce.domain.states import DocumentKind, State
from commerce.models import (
    Document,
    DocumentLine,
    IssuedCopy,
    IssuedRate,
    LegalOverride,
    NumberSeries,
    SealEvent,
    VatRate,
)
from commerce.models.frozen import FROZEN, MOVING
from commerce.paper import render
from commerce.verification import Verification
from extrabat.lib.refusals import Refused
from settings_app.models import Company, Store, User
from settings_app.users.rights import ADMINISTRATOR, OFFICE, SALES
from tests.commerce.papers import add, make_document, taken_to, token
from tests.commerce.records import make_article
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db
INVOICE, ORDER, QUOTE = DocumentKind.INVOICE, DocumentKind.ORDER, DocumentKind.QUOTE
DAY = date(2026, 11, 26)


def whole_company() -> Company:
    Company.objects.update_or_create(
        pk=1,
        defaults={
            "name": "Bleu Lubéron Piscines",
            "legal_form": "SARL",
            "capital": Decimal(20_000),
            "siren": "732829320",
            "street": "4 rue du Lavoir",
            "postcode": "84120",
            "city": "Pertuis",
            "vat_number": "FR44732829320",
            "insurer": "Mutuelle du Bâtiment",
            "insurer_contact": "12 quai du Rhône, Lyon",
            "insurance_zone": "France métropolitaine",
            "mediator": "Médiation Conso Sud",
            "mediator_address": "Marseille",
            "mediator_website": "https://mediation.exemple.fr",
            "discount_terms": "Pas d’escompte pour paiement anticipé.",
            "late_terms": "taux de la BCE majoré de 10 points.",
        },
    )
    return Company.objects.get()


def bill(kind: DocumentKind = INVOICE, **values: Any) -> Document:
    client = values.pop("client", None) or make_client()
    if not client.addresses.exists():
        make_address(client=client)
    row = make_document(kind, client=client, **values)
    add(row, quantity="2")
    row.refresh_from_db()
    return row


def do_issue(row: Document, *, on: date = DAY, by: User | None = None, **asked: Any) -> Document:
    issuing.issue(row.pk, by=by or make_user(), on=on, token=token(), **asked)
    return Document.objects.get(pk=row.pk)


@pytest.mark.req("PAY-06")
def test_the_number_comes_with_the_validation_and_nothing_changes_afterwards() -> None:
    whole_company()
    row = bill(title="Filtration")
    assert (row.number, row.state) == ("", "draft")
    row = do_issue(row)
    assert (row.number, row.state, row.date) == ("FA2026-000001", "issued", DAY)
    assert do_issue(bill()).number == "FA2026-000002"
    with pytest.raises(Refused, match="plus un brouillon"):
        documents.change_header(row.pk, changes={"title": "Autre"}, seen={"title": "Filtration"}, by=make_user())


def test_each_series_counts_by_itself_and_anew_each_year() -> None:
    whole_company()
    rows = [bill(QUOTE), bill(ORDER), bill(DocumentKind.DELIVERY_NOTE), bill()]
    numbers = [do_issue(row, on=date(2026, 12, 20), may_override=True, reason="Essai").number for row in rows]
    assert numbers == ["DV2026-000001", "CO2026-000001", "BL2026-000001", "FA2026-000001"]
    assert do_issue(bill(), on=date(2027, 1, 1)).number == "FA2027-000001"


def test_no_number_is_dated_before_another() -> None:
    whole_company()
    do_issue(bill(), on=date(2027, 1, 2))
    for day in (date(2027, 1, 1), date(2026, 12, 31)):
        with pytest.raises(Refused, match="rien ne se date d’avant"):
            do_issue(bill(), on=day)
    assert do_issue(bill(), on=date(2027, 1, 2)).number == "FA2027-000002"


def test_a_failed_validation_leaves_no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    whole_company()
    monkeypatch.setattr(issuing, "_seal", lambda *_: 1 / 0)
    row = bill()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        do_issue(row)
    monkeypatch.undo()
    assert do_issue(bill()).number == "FA2026-000001"


def test_the_same_form_sent_twice_issues_once() -> None:
    whole_company()
    row, by, sent = bill(), make_user(), token()
    for _ in range(2):
        assert issuing.issue(row.pk, by=by, on=DAY, token=sent) == row.pk
    assert (IssuedCopy.objects.count(), SealEvent.objects.count()) == (1, 1)
    with pytest.raises(Refused, match="plus un brouillon"):
        issuing.issue(row.pk, by=by, on=DAY, token=token())


@pytest.mark.req("ADR-05")
def test_the_copy_holds_what_was_true_that_day() -> None:
    """Parties, addresses, lines, totals, mentions: the live tables may change, the copy does not."""
    company = whole_company()
    client = make_client(last_name="Roux", first_name="Paul", code="C00042")
    place = make_address(client=client, street="12 rue des Pins", postcode="84240", city="Ansouis")
    row = do_issue(bill(client=client, title="Filtration"))
    client.last_name, place.street, company.name = "Autre", "Ailleurs", "Nouvelle"
    client.save()
    place.save()
    company.save()
    DocumentLine.objects.filter(document=row)
    copy = IssuedCopy.objects.get(document=row)
    content = copy.content
    assert content["buyer"]["name"] == "M. ROUX Paul"
    assert content["buyer"]["address"] == ["12 rue des Pins", "84240 Ansouis"]
    assert content["seller"]["name"] == "Bleu Lubéron Piscines"
    assert (content["number"], content["date"]) == ("FA2026-000001", "2026-11-26")
    line = content["lines"][0]
    assert (line["quantity"], line["unit_price"], line["rate"], line["net"]) == ("2", "100", "20.00", "200.00")
    totals = {"net": "200.00", "vat": "40.00", "gross": "240.00", "payable": "240.00", "deducted": "0.00"}
    assert {name: content["totals"][name] for name in totals} == totals
    assert copy.content_hash == digest(content)
    assert list(IssuedRate.objects.values_list("percent", "net", "vat")) == [(Decimal(20), Decimal(200), Decimal(40))]
    # The address may go: the document keeps it in its copy.
    place.delete()
    assert Document.objects.get(pk=row.pk).billing_address is None


def codes(row: Document) -> list[str]:
    return [mention["code"] for mention in IssuedCopy.objects.get(document=row).content["mentions"]]


def words(row: Document) -> str:
    return " ".join(mention["text"] for mention in IssuedCopy.objects.get(document=row).content["mentions"])


def test_mentions_of_an_invoice_to_a_consumer_and_to_a_company() -> None:
    whole_company()
    private = do_issue(bill())
    assert codes(private) == ["category_goods", "insurance", "mediator"]
    assert "40" not in words(private)
    company = make_client(kind="professional", siret="73282932000074")
    business = do_issue(bill(client=company))
    assert codes(business) == ["category_goods", "discount_terms", "late_terms", "indemnity", "insurance"]
    assert "Indemnité forfaitaire pour frais de recouvrement en cas de retard\u00a0: 40\u00a0€." in words(business)
    assert "Assurance décennale\u00a0: Mutuelle du Bâtiment (12 quai du Rhône, Lyon)" in words(business)


@pytest.mark.req("URS-07")
def test_the_sap_number_of_who_intervenes_is_printed_on_services_to_individuals() -> None:
    whole_company()
    hugo = make_user(sap_number="SAP983142050")
    helped, other = make_client(is_urssaf=True), make_client()
    row = do_issue(bill(client=helped, followed_by=hugo))
    assert "Services à la personne, numéro SAP983142050." in words(row)
    pdf = PdfReader(io.BytesIO(render(IssuedCopy.objects.get(document=row).content)))
    assert "SAP983142050" in pdf.pages[0].extract_text()
    for usual in (bill(client=other, followed_by=hugo), bill(client=helped, followed_by=make_user())):
        assert "sap" not in codes(do_issue(usual))


def test_a_store_with_its_own_insurance_tells_of_it_while_it_holds() -> None:
    whole_company()
    row, late = bill(), bill()
    own = {"insurer": "Assurances du Verdon", "insurance_from": date(2026, 1, 1), "insurance_to": date(2026, 12, 31)}
    Store.objects.filter(pk=row.store_id).update(**own)
    assert "Assurance décennale\u00a0: Assurances du Verdon." in words(do_issue(row))
    assert "insurance" not in codes(do_issue(late, on=date(2027, 1, 1)))


def test_mentions_of_a_quote_of_works_signed_at_home() -> None:
    whole_company()
    quote = bill(
        QUOTE,
        execution="du 4 au 8 janvier",
        contract_mode="at_home",
        waste_quantity=Decimal("1.5"),
        waste_unit="t",
        waste_sorting="Tri sur place.",
        waste_points="Déchèterie de Pertuis.",
    )
    reduced = VatRate.objects.get(label="Taux réduit")
    add(quote, make_article(kind="labour", vat=reduced))
    quote = do_issue(quote)
    assert codes(quote) == [
        *("free_quote", "execution", "attestation", "waste", "insurance", "guarantees", "withdrawal", "mediator")
    ]
    said = words(quote)
    assert "Exécution\u00a0: du 4 au 8 janvier." in said
    assert "les articles 279-0 bis et 278-0 bis A du CGI" in said
    assert "1,5 t estimés" in said
    documents.change_state(quote.pk, State.ACCEPTED, by=make_user())
    quote.refresh_from_db()
    # Signed, the quote is the attestation.
    assert quote.attested_on == quote.contract_on == localdate()


def test_references_to_the_law_follow_the_date() -> None:
    company = whole_company()
    company.vat_regime = "franchise"
    company.save()
    now, later = do_issue(bill(), on=date(2027, 12, 31)), do_issue(bill(), on=date(2028, 1, 1))
    assert "TVA non applicable, art. 293 B du CGI." in words(now)
    assert "TVA non applicable, art. L. 223-1 et suivants du CIBS." in words(later)
    assert (now.vat, now.gross) == (Decimal(0), Decimal(200))


def test_autoliquidation_is_for_professionals_with_their_number() -> None:
    whole_company()
    with pytest.raises(Refused, match="qu’entre professionnels"):
        do_issue(bill(reverse_charge=True))
    buyer = make_client(kind="professional", siret="73282932000074")
    with pytest.raises(Refused, match="numéro de TVA du client"):
        do_issue(bill(client=buyer, reverse_charge=True))
    buyer.vat_number = "FR44732829320"
    buyer.save()
    row = do_issue(bill(client=buyer, reverse_charge=True))
    assert "Autoliquidation, art. 283, 2 nonies du CGI." in words(row)
    content = IssuedCopy.objects.get(document=row).content
    assert (row.vat, content["rates"][0]["category"]) == (Decimal(0), "AE")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ({"siren": ""}, "identité de la société"),
        ({"mediator": ""}, "médiateur"),
    ],
)
def test_what_the_company_lacks_is_passed_over_with_right_and_reason(spoil: dict[str, str], said: str) -> None:
    whole_company()
    Company.objects.update(**spoil)
    row = bill()
    with pytest.raises(Refused, match=said):
        do_issue(row)
    with pytest.raises(Refused, match="Dites pourquoi"):
        do_issue(row, may_override=True)
    do_issue(row, may_override=True, reason="Immatriculation en cours")
    assert [one.reason for one in LegalOverride.objects.all()] == ["Immatriculation en cours"]


def test_nobody_without_an_address_is_billed() -> None:
    whole_company()
    row = make_document(INVOICE)
    add(row)
    with pytest.raises(Refused, match="adresse"):
        do_issue(row, may_override=True, reason="Pressé")


def test_a_reduced_rate_wants_its_attestation() -> None:
    whole_company()
    row = make_document(INVOICE, client=make_address().client)
    add(row, make_article(kind="labour", vat=VatRate.objects.get(label="Taux intermédiaire")))
    with pytest.raises(Refused, match="attestation"):
        do_issue(row)
    Document.objects.filter(pk=row.pk).update(attested_on=DAY, attested_by="Paul Roux")
    assert "Attesté le 26/11/2026 par Paul Roux." in words(do_issue(row))


def test_every_column_is_frozen_or_moves() -> None:
    columns = {field.column for field in Document._meta.concrete_fields}
    assert set(FROZEN) | set(MOVING) == columns
    assert not set(FROZEN) & set(MOVING)


CHANGED: dict[str, str] = {
    "kind": "'quote'",
    "number": "'FA2026-999999'",
    "title": "'Autre'",
    "date": "date + 1",
    "net": "net + 1",
    "vat": "vat + 1",
    "gross": "gross + 1",
    "state": "'draft'",
    "created_at": "created_at - interval '1 day'",
    "foot": "'x'",
    "discount_percent": "5",
    "prices_with_vat": "true",
    "client_id": "(SELECT max(id) FROM clients_client)",
}


@pytest.mark.parametrize("column", CHANGED)
def test_postgres_refuses_to_change_an_issued_document(column: str) -> None:
    whole_company()
    row = do_issue(bill())
    make_client()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE commerce_document SET {column} = {CHANGED[column]} WHERE id = %s", [row.pk])


@pytest.mark.parametrize(
    "tamper",
    [
        lambda row: Document.objects.filter(pk=row.pk).update(title="x"),
        lambda row: Document.objects.bulk_update([_with(row, title="x")], ["title"]),
        lambda row: _with(row, gross=Decimal(1)).save(),
        lambda row: _with(row, state="draft").save(),
        lambda row: row.delete(),
        lambda row: Document.objects.filter(pk=row.pk).delete(),
        lambda row: row.lines.update(quantity=5),
        lambda row: row.lines.all().delete(),
        lambda row: DocumentLine.objects.create(document=row, position=9, label="x", vat=VatRate.objects.first()),
        lambda row: IssuedCopy.objects.filter(pk=row.pk).update(content={}),
        lambda row: IssuedCopy.objects.filter(pk=row.pk).delete(),
        lambda row: IssuedRate.objects.update(net=1),
        lambda row: IssuedRate.objects.all().delete(),
        lambda row: SealEvent.objects.update(content="x"),
        lambda row: SealEvent.objects.all().delete(),
        lambda row: NumberSeries.objects.update(last=0),
        lambda row: NumberSeries.objects.all().delete(),
        lambda row: LegalOverride.objects.create(document=row, code="x", reason="x", by=make_user()).delete(),
    ],
)
def test_the_ways_to_tamper_are_refused(tamper: Any) -> None:
    whole_company()
    row = do_issue(bill())
    with pytest.raises(DatabaseError), transaction.atomic():
        _now(lambda: tamper(row))


def _now(write: Any) -> None:
    """With the checks that wait for the end of the transaction."""
    write()
    connection.check_constraints()


def _with(row: Document, **values: Any) -> Document:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def test_nothing_leaves_the_draft_past_the_validation() -> None:
    row = bill()
    past = Document.objects.filter(pk=row.pk)
    with pytest.raises(DatabaseError, match="par la validation"), transaction.atomic():
        _now(lambda: past.update(state="issued", number="FA2026-000009"))


def test_links_and_notes_may_still_change() -> None:
    whole_company()
    row = do_issue(bill())
    pool = Installation.objects.create(client=row.client, name="Piscine")
    Document.objects.filter(pk=row.pk).update(installation=pool, note="Payé en deux fois", followed_by=make_user())


def test_deposits_are_deducted_once_with_their_vat() -> None:
    """A deposit of 30 % of 240 € at 20 %: 60 net, 12 of VAT; what is left to pay is 168 € (PAY-17)."""
    whole_company()
    order = bill(ORDER)
    order = taken_to(order, State.CONFIRMED)
    made = deposits.make_deposit(order.pk, by=make_user(), token=token(), percent=Decimal(30))
    deposit = Document.objects.get(pk=made)
    assert (deposit.net, deposit.vat, deposit.gross) == (Decimal(60), Decimal(12), Decimal(72))
    # A draft deducts nothing yet.
    early = document_chain.convert(order.pk, INVOICE, by=make_user(), token=token())
    assert not Document.objects.get(pk=early).deductions.exists()
    documents.delete_draft(early, by=make_user())
    deposit = do_issue(deposit)
    assert deposit.number == "FA2026-000001"
    first = Document.objects.get(pk=document_chain.convert(order.pk, INVOICE, by=make_user(), token=token()))
    assert [one.deposit for one in first.deductions.all()] == [deposit]
    first = do_issue(first)
    content = IssuedCopy.objects.get(document=first).content
    assert content["totals"] | {} == content["totals"]
    assert (content["totals"]["deducted"], content["totals"]["payable"]) == ("72.00", "168.00")
    assert content["deposits"][0]["rates"] == [{"category": "S", "percent": "20.00", "net": "60.00", "vat": "12.00"}]
    with pytest.raises(Refused, match="déjà facturée"):
        deposits.make_deposit(order.pk, by=make_user(), token=token(), percent=Decimal(10))


def test_a_deposit_never_goes_beyond_the_order() -> None:
    order = taken_to(bill(ORDER), State.CONFIRMED)
    by = make_user()
    deposits.make_deposit(order.pk, by=by, token=token(), gross=Decimal(200))
    for wrong in ({"gross": Decimal("40.01")}, {"percent": Decimal(17)}, {"gross": Decimal(0)}):
        with pytest.raises(Refused):
            deposits.make_deposit(order.pk, by=by, token=token(), **wrong)
    made = deposits.make_deposit(order.pk, by=by, token=token(), gross=Decimal(40))
    assert Document.objects.get(pk=made).gross == Decimal(40)


def test_a_credit_note_takes_back_no_more_than_was_billed() -> None:
    whole_company()
    row = do_issue(bill())
    by = make_user()
    note = Document.objects.get(pk=document_chain.convert(row.pk, DocumentKind.CREDIT_NOTE, by=by, token=token()))
    assert note.title == "Avoir sur facture FA2026-000001"
    line = note.lines.get()
    DocumentLine.objects.filter(pk=line.pk).update(unit_price=Decimal(150))
    with pytest.raises(Refused, match="dépasse ce qui a été facturé"):
        do_issue(note)
    DocumentLine.objects.filter(pk=line.pk).update(unit_price=Decimal(100))
    note = do_issue(note)
    assert (note.number, note.gross) == ("AV2026-000001", Decimal(240))
    content = IssuedCopy.objects.get(document=note).content
    assert content["corrects"] == [{"kind": "invoice", "number": "FA2026-000001", "date": "2026-11-26"}]
    with pytest.raises(Refused, match="Tout a déjà été transformé"):
        document_chain.convert(row.pk, DocumentKind.CREDIT_NOTE, by=by, token=token())


# ---- Screens -------------------------------------------------------------------------------------------


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\xa0", " ")


def test_the_page_warns_once_and_leads_on(client: Browser) -> None:
    whole_company()
    client.force_login(make_user(OFFICE))
    row = bill()
    pool = Installation.objects.create(client=row.client, name="Piscine 8 × 4")
    page = client.get(f"/pieces/{row.pk}/valider/")
    assert "devient définitive" in text(page)
    # The only ouvrage is chosen already.
    assert page.context["form"].initial["installation"] == str(pool.pk)
    sent = {"installation": str(pool.pk), "token": page.context["token"]}
    first = client.post(f"/pieces/{row.pk}/valider/", sent)
    again = client.post(f"/pieces/{row.pk}/valider/", sent)
    assert (first.status_code, again.status_code) == (302, 302)
    row.refresh_from_db()
    assert (row.state, row.installation) == ("issued", pool)
    assert client.post(f"/pieces/{row.pk}/valider/", sent | {"token": token()}).status_code == 409
    assert client.get(f"/pieces/{row.pk}/").status_code == 200


def test_who_may_validate_what(client: Browser) -> None:
    whole_company()
    client.force_login(make_user(SALES))
    invoice, quote = bill(), bill(QUOTE)
    assert client.get(f"/pieces/{invoice.pk}/valider/").status_code == 403
    assert client.post(f"/pieces/{invoice.pk}/valider/", {"installation": "sans"}).status_code == 403
    assert f"/pieces/{invoice.pk}/valider/" not in client.get(f"/pieces/{invoice.pk}/").content.decode()
    assert client.post(f"/pieces/{quote.pk}/valider/", {"installation": "sans"}).status_code == 302


def test_a_warning_is_passed_over_by_an_administrator_alone(client: Browser) -> None:
    whole_company()
    Company.objects.update(mediator="")
    row = bill()
    path, sent = f"/pieces/{row.pk}/valider/", {"installation": "sans", "reason": "En cours"}
    client.force_login(make_user(OFFICE))
    assert client.post(path, sent).status_code == 409
    client.force_login(make_user(ADMINISTRATOR))
    refused = client.post(path, {"installation": "sans"})
    assert refused.status_code == 409
    assert "Dites pourquoi" in text(refused)
    assert client.post(path, sent).status_code == 302


def test_an_ouvrage_of_somebody_else_is_refused(client: Browser) -> None:
    whole_company()
    client.force_login(make_user(OFFICE))
    row = bill()
    stranger = Installation.objects.create(client=make_client(), name="Poêle")
    assert client.post(f"/pieces/{row.pk}/valider/", {"installation": str(stranger.pk)}).status_code == 422


def test_a_deposit_by_the_page(client: Browser) -> None:
    client.force_login(make_user(OFFICE))
    order = taken_to(bill(ORDER), State.CONFIRMED)
    path = f"/pieces/{order.pk}/acompte/"
    for wrong in ({}, {"percent": "30", "gross": "10"}, {"percent": "abc"}):
        assert client.post(path, wrong).status_code == 422
    assert client.post(path, {"gross": "9999"}).status_code == 409
    made = client.post(path, {"percent": "30"})
    assert made.status_code == 302
    deposit = Document.objects.get(kind="deposit_invoice")
    assert deposit.gross == Decimal(72)
    assert client.get(made["Location"]).status_code == 200


# ---- Under fire ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_crowded_validations_leave_no_gap_and_no_twin() -> None:
    """Eight sessions, one in five rolled back: numbers 1 to n, each once, the seal whole."""
    whole_company()
    by = make_user()
    rows = [bill() for _ in range(40)]

    def one(place: int) -> bool:
        try:
            with transaction.atomic():
                issuing.issue(rows[place].pk, by=by, on=DAY, token=token())
                # Somebody pulls the plug on one in five.
                transaction.set_rollback(place % 5 == 0)
            return place % 5 != 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        kept = sum(pool.map(one, range(40)))
    numbers = sorted(Document.objects.exclude(number="").values_list("number", flat=True))
    assert kept == 32
    assert numbers == [f"FA2026-{place:06d}" for place in range(1, 33)]
    assert list(Verification().problems()) == []


def test_the_right_is_asked_whatever_the_reason() -> None:
    whole_company()
    Company.objects.update(mediator="")
    row = bill()
    with pytest.raises(Refused, match="médiateur"):
        do_issue(row, reason="Pressé", may_override=False)


def test_postgres_knows_the_steps_of_each_kind() -> None:
    whole_company()
    quote = do_issue(bill(QUOTE), may_override=True, reason="Essai")
    rows = Document.objects.filter(pk=quote.pk)
    with pytest.raises(DatabaseError, match="ne peut pas passer dans cet état"), transaction.atomic():
        rows.update(state="confirmed")
