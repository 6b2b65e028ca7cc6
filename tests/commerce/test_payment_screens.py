"""Payments through the pages, without any script: the panel, several invoices, lettrage, reversal, the journal."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils.timezone import localdate

from commerce.domain.states import DocumentKind
from commerce.models import Allocation, Document, DocumentBalance, Payment, PaymentMethod
from settings_app.models import CashJournal, Preference, User
from settings_app.users.rights import ADMINISTRATOR, OFFICE, SALES, TECHNICIAN
from tests.commerce.papers import add, issued, make_document, token
from tests.commerce.test_issuing import whole_company
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Browser) -> User:
    row = make_user(OFFICE)
    client.force_login(row)
    return row


def text(answer: Any) -> str:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return page.replace("\xa0", " ").replace("&nbsp;", " ")


def method(label: str = "Chèque") -> str:
    return str(PaymentMethod.objects.get(label=label).pk)


def billed(holder: Any = None, quantity: str = "1") -> Document:
    row = make_document(DocumentKind.INVOICE, client=holder or make_address().client)
    add(row, quantity=quantity)
    return issued(row)


def due(invoice: Document) -> Decimal:
    return Decimal(DocumentBalance.objects.get(document=invoice).due)


@pytest.mark.req("PAY-07", "PAY-08", "PAY-09")
def test_payments_one_after_another_until_nothing_remains(client: Browser, user: User) -> None:
    invoice = billed()
    path = f"/pieces/{invoice.pk}/reglements/"
    page = client.get(f"/pieces/{invoice.pk}/")
    form = page.context["payment_form"]
    assert {"method", "paid_on", "amount", "reference", "bank", "journal", "comment"} <= set(form.fields)
    assert form["amount"].value() == "120,00"
    sent = {"method": method(), "paid_on": "26/11/2026", "amount": "50", "reference": "4417902", "token": token()}
    sent["paid_on"] = localdate().strftime("%d/%m/%Y")
    first = client.post(path, sent)
    assert (first.status_code, first["Location"]) == (302, f"/pieces/{invoice.pk}/#reglements")
    page = client.get(f"/pieces/{invoice.pk}/")
    assert page.context["payment_form"]["amount"].value() == "70,00"
    assert "partiellement payée" in text(page)
    assert "Chèque 4417902" in text(page)
    client.post(path, sent | {"method": method("CB"), "amount": "70,00", "token": token()})
    page = client.get(f"/pieces/{invoice.pk}/")
    assert "Cette facture est payée." in text(page)
    assert "payment_form" not in page.context
    assert [(row.method.label, row.amount) for row in Payment.objects.order_by("pk")] == [
        ("Chèque", Decimal(50)),
        ("CB", Decimal(70)),
    ]


def test_a_form_filled_wrong_keeps_what_was_typed(client: Browser, user: User) -> None:
    invoice = billed()
    path = f"/pieces/{invoice.pk}/reglements/"
    for wrong in ({"amount": "abc"}, {"amount": "0"}, {"amount": ""}, {"paid_on": "32/13/2026"}, {"method": ""}):
        sent = {"method": method(), "paid_on": "01/11/2026", "amount": "10", "reference": "N° 7"} | wrong
        refused = client.post(path, sent)
        assert refused.status_code == 422, wrong
        assert 'value="N° 7"' in refused.content.decode()
    future = client.post(path, {"method": method(), "paid_on": "01/01/2099", "amount": "10"})
    assert future.status_code == 409
    assert not Payment.objects.exists()


def test_a_surplus_is_asked_once(client: Browser, user: User) -> None:
    invoice = billed()
    path = f"/pieces/{invoice.pk}/reglements/"
    sent = {"method": method(), "paid_on": "01/11/2026", "amount": "150", "token": token()}
    asked = client.post(path, sent)
    assert asked.status_code == 409
    assert "reste en avance client" in text(asked)
    assert client.post(path, sent | {"accept_surplus": "on"}).status_code == 302
    assert Payment.objects.get().balance.left == Decimal(30)


def test_the_same_form_sent_twice_is_one_payment(client: Browser, user: User) -> None:
    invoice = billed()
    sent = {"method": method(), "paid_on": "01/11/2026", "amount": "50", "token": token()}
    for _ in range(2):
        assert client.post(f"/pieces/{invoice.pk}/reglements/", sent).status_code == 302
    assert Payment.objects.count() == 1


def test_drafts_quotes_and_notes_are_not_paid(client: Browser, user: User) -> None:
    draft, quote = make_document(DocumentKind.INVOICE), make_document()
    add(quote)
    for row in (draft, quote, issued(quote)):
        sent = {"method": method(), "paid_on": "01/11/2026", "amount": "50"}
        refused = client.post(f"/pieces/{row.pk}/reglements/", sent)
        assert refused.status_code == 409
        assert "Seule une facture validée se règle" in text(refused)


@pytest.mark.req("PRF-08")
def test_cash_goes_to_the_journal_of_the_preference(client: Browser, user: User) -> None:
    till = CashJournal.objects.get(label="Caisse")
    client.post("/preferences/", {})
    Preference.objects.create(user=user, name="payment-cash-journal", value=str(till.pk))
    invoice = billed()
    for label in ("Espèces", "Chèque"):
        sent = {"method": method(label), "paid_on": "01/11/2026", "amount": "10", "token": token()}
        client.post(f"/pieces/{invoice.pk}/reglements/", sent)
    assert [row.journal for row in Payment.objects.order_by("pk")] == [till, None]


@pytest.mark.req("PAY-13")
def test_several_invoices_are_paid_oldest_first(client: Browser, user: User) -> None:
    first = billed()
    second = billed(first.client, "2")
    page = client.get(f"/reglements/clients/{first.client_id}/nouveau/?facture={first.pk}&facture={second.pk}")
    assert page.context["form"]["amount"].value() == "360,00"
    assert [field.value() for _, field in page.context["shares"].rows] == ["120,00", "240,00"]
    sent: dict[str, Any] = {
        "method": method("Virement"),
        "paid_on": "01/11/2026",
        "amount": "200",
        "facture": [first.pk, second.pk],
        f"part-{first.pk}": "120",
        f"part-{second.pk}": "100",
        "token": token(),
    }
    path = f"/reglements/clients/{first.client_id}/nouveau/"
    too_much = client.post(path, sent)
    assert too_much.status_code == 422
    assert "20,00 € de plus que le règlement" in text(too_much)
    assert client.post(path, sent | {f"part-{second.pk}": "80"}).status_code == 302
    assert (due(first), due(second)) == (Decimal(0), Decimal(160))


def test_lettrage_and_back_by_the_pages(client: Browser, user: User) -> None:
    invoice = billed()
    owner = invoice.client_id
    sent = {"method": method(), "paid_on": "01/11/2026", "amount": "80", "token": token(), "accept_surplus": "on"}
    assert client.post(f"/reglements/clients/{owner}/nouveau/", sent).status_code == 302
    payment = Payment.objects.get()
    path = f"/reglements/clients/{owner}/lettrer/reglement/{payment.pk}/"
    page = client.get(path)
    assert [field.value() for _, field in page.context["shares"].rows] == ["80,00"]
    for wrong, status in (({}, 422), ({f"part-{invoice.pk}": "81"}, 422), ({f"part-{invoice.pk}": "121"}, 422)):
        assert client.post(path, wrong).status_code == status
    assert client.post(path, {f"part-{invoice.pk}": "80", "token": token()}).status_code == 302
    assert due(invoice) == Decimal(40)
    account = client.get(f"/reglements/clients/{owner}/")
    assert "Montant dû : 40,00 €" in text(account)
    row = Allocation.objects.get()
    assert client.post(f"/reglements/lettrages/{row.pk}/delettrer/").status_code == 302
    assert due(invoice) == Decimal(120)
    assert client.post(f"/reglements/lettrages/{row.pk}/delettrer/").status_code == 404


def test_reversing_proposes_both_in_one_step(client: Browser, user: User) -> None:
    invoice = billed()
    sent = {"method": method(), "paid_on": "01/11/2026", "amount": "120", "token": token()}
    client.post(f"/pieces/{invoice.pk}/reglements/", sent)
    payment = Payment.objects.get()
    path = f"/reglements/{payment.pk}/contrepasser/"
    assert client.get(path).status_code == 403
    client.force_login(make_user(ADMINISTRATOR))
    assert "Délettrer et contrepasser" in text(client.get(path))
    assert client.post(path, {}).status_code == 409
    assert client.post(path, {"delettrer": "1", "token": token()}).status_code == 302
    assert (due(invoice), Payment.objects.count()) == (Decimal(120), 2)


@pytest.mark.req("PAY-18")
def test_recording_and_reversing_are_two_rights(client: Browser) -> None:
    invoice = billed()
    sent = {"method": method(), "paid_on": "01/11/2026", "amount": "10", "token": token()}
    for role, pays, reverses in (
        (SALES, 403, 403),
        (OFFICE, 302, 403),
        (ADMINISTRATOR, 302, 200),
        (TECHNICIAN, 403, 403),
    ):
        client.force_login(make_user(role))
        status = client.post(f"/pieces/{invoice.pk}/reglements/", sent | {"token": token()}).status_code
        assert status == pays, role
        if Payment.objects.exists():
            assert client.get(f"/reglements/{Payment.objects.earliest('pk').pk}/contrepasser/").status_code == reverses


def test_another_clients_payment_is_not_lettered(client: Browser, user: User) -> None:
    invoice, stranger = billed(), make_client()
    sent = {"method": method(), "paid_on": "01/11/2026", "amount": "80", "accept_surplus": "on", "token": token()}
    client.post(f"/reglements/clients/{stranger.pk}/nouveau/", sent)
    payment = Payment.objects.get()
    assert client.get(f"/reglements/clients/{invoice.client_id}/lettrer/reglement/{payment.pk}/").status_code == 404
    assert client.get(f"/reglements/clients/{invoice.client_id}/lettrer/avoir/{invoice.pk}/").status_code == 404
    assert client.get(f"/reglements/clients/{invoice.client_id}/lettrer/autre/{invoice.pk}/").status_code == 404


def test_the_journal_adds_up_and_is_exported(client: Browser, user: User) -> None:
    invoice = billed()
    for label, amount, day in (("Espèces", "10", "01/11/2026"), ("CB", "20", "02/11/2026")):
        sent = {"method": method(label), "paid_on": day, "amount": amount, "token": token()}
        client.post(f"/pieces/{invoice.pk}/reglements/", sent)
    page = client.get("/reglements/")
    assert dict(page.context["by_method"]) == {"Espèces": Decimal(10), "CB": Decimal(20)}
    narrowed = client.get("/reglements/?du=02/11/2026&au=rien&journal=x")
    assert [row.amount for row in narrowed.context["rows"]] == [Decimal(20)]
    lines = b"".join(client.get("/reglements/?csv=1").streaming_content).decode()  # type: ignore[attr-defined]
    assert "RG2026-000001" in lines


def test_what_is_owed_stands_on_the_clients_home(client: Browser, user: User) -> None:
    invoice = billed()
    panel = client.get(f"/clients/{invoice.client_id}/panneau/montant-du/")
    assert "120,00 €" in text(panel)
    assert "non payée" in text(panel)


def test_the_fast_path_in_three_pages(client: Browser, user: User) -> None:
    """Validated with its ouvrage, the invoice shows its payments (PAY-05)."""
    whole_company()
    row = make_document(DocumentKind.INVOICE, client=make_address().client)
    add(row)
    done = client.post(f"/pieces/{row.pk}/valider/", {"installation": "sans", "token": token()})
    assert done["Location"] == f"/pieces/{row.pk}/#reglements"
    assert client.get(f"/pieces/{row.pk}/").context["payment_form"]["amount"].value() == "120,00"


@pytest.mark.parametrize("path", ["/reglements/", "/reglements/clients/{}/"])
def test_the_number_of_queries_does_not_grow(
    client: Browser, user: User, path: str, django_assert_max_num_queries: Any
) -> None:
    first = billed()
    url = path.format(first.client_id)

    def ask() -> int:
        with django_assert_max_num_queries(40) as seen:
            client.get(url)
        return len(seen)

    def pay(times: int) -> None:
        for _ in range(times):
            invoice = billed(first.client)
            sent = {"method": method(), "paid_on": "01/11/2026", "amount": "10", "token": token()}
            client.post(f"/pieces/{invoice.pk}/reglements/", sent)

    pay(3)
    ask()
    few = ask()
    pay(12)
    assert ask() == few


def test_hits_of_the_search_bear_the_colour_of_invoices(client: Browser, user: User) -> None:
    invoice = billed()
    page = client.get(f"/recherche/?q=**{invoice.number}", headers={"HX-Request": "true"})
    assert "state-unpaid" in page.content.decode()
    assert "non payée" in text(page)
