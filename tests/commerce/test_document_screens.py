"""The screens of documents, through the real door and without JavaScript."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clients.models import Client, Installation
from commerce.actions import document_lines, documents
from commerce.actions.document_chain import convert
from commerce.domain.states import DocumentKind, State
from commerce.models import Assembly, Document, DocumentLine
from commerce.preferences import columns, first_kind
from settings_app.models import Status, User, Warehouse
from settings_app.users.rights import SALES
from tests.commerce.papers import add, issued, make_document, taken_to, token
from tests.commerce.records import make_article, make_assembly, rate
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def user(client: Browser) -> User:
    person = make_user()
    client.force_login(person)
    return person


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def sealed(response: Any) -> str:
    """What the answer to a removal brings for « Annuler »."""
    found = re.search(r'name="ligne" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def sent_back(form: Any) -> dict[str, Any]:
    """What a browser sends when nothing was changed: no box of ours is ticked."""
    texts = {name: form.fields[name].prepare_value(form[name].value()) for name in form.fields if name != "seen"}
    kept = {name: value for name, value in texts.items() if not isinstance(value, bool) and value is not None}
    return kept | {"seen": form.initial["seen"]}


@pytest.mark.req("PAY-02")
def test_an_invoice_asks_for_its_title_then_takes_lines(client: Browser, user: User) -> None:
    fabre, pump = make_client(), make_article(code="PMP-75", label="Pompe 0,75 CV")
    page = client.get(f"/pieces/nouvelle/?genre=invoice&client={fabre.pk}")
    sent = {"genre": "invoice", "client": fabre.pk, "token": page.context["token"]}
    refused = client.post("/pieces/nouvelle/", sent | {"title": ""})
    assert refused.status_code == 422
    assert not Document.objects.exists()
    done = client.post("/pieces/nouvelle/", sent | {"title": "Pompe à chaleur"})
    invoice = Document.objects.get()
    assert done["Location"] == f"/pieces/{invoice.pk}/"
    client.post(f"/pieces/{invoice.pk}/lignes/", {"article": "pmp-75", "quantity": "2,5", "token": token()})
    line = invoice.lines.get()
    assert (line.article, line.quantity, line.unit_price) == (pump, Decimal("2.5"), Decimal(100))
    sheet = text(client.get(f"/pieces/{invoice.pk}/"))
    assert "Pompe à chaleur" in sheet
    assert "300,00 €" in sheet


@pytest.mark.req("PAY-03")
def test_a_code_adds_words_propose_and_the_unknown_is_an_error(client: Browser, user: User) -> None:
    quote = make_document()
    make_article(code="PMP-75", label="Pompe 0,75 CV")
    make_article(code="PMP-99", label="Pompe retirée", is_active=False)
    words = client.post(f"/pieces/{quote.pk}/lignes/", {"article": "pompe"})
    assert words.status_code == 422
    assert [one.code for one in words.context["proposed"]] == ["PMP-75"]
    for typed in ("PMP-99", "zzz"):
        unknown = client.post(f"/pieces/{quote.pk}/lignes/", {"article": typed})
        assert unknown.status_code == 422
        assert "aucun article actif" in text(unknown)
        assert f'value="{typed}"' in text(unknown)
    assert not quote.lines.exists()


@pytest.mark.parametrize(("typed", "why"), [("0", "plus grande que zéro"), ("-2", "plus grande"), ("abc", "pas un")])
def test_a_quantity_is_above_zero(client: Browser, user: User, typed: str, why: str) -> None:
    quote, article = make_document(), make_article()
    refused = client.post(f"/pieces/{quote.pk}/lignes/", {"article": article.code, "quantity": typed})
    assert refused.status_code == 422
    assert why in text(refused)


def test_a_line_is_changed_on_its_page_and_a_stale_page_is_told(client: Browser, user: User) -> None:
    quote = make_document()
    line = add(quote)
    path = f"/pieces/{quote.pk}/lignes/{line.pk}/"
    form = client.get(path).context["form"]
    shown = {
        name: form[name].value() for name in form.fields if name not in ("seen", "is_option", "is_hidden_on_print")
    }
    shown = {name: form.fields[name].prepare_value(value) for name, value in shown.items()}
    shown = {name: "" if value is None else value for name, value in shown.items()} | {"seen": form.initial["seen"]}
    assert client.post(path, shown | {"quantity": "8"}).status_code == 302
    stale = client.post(path, shown | {"quantity": "5"})
    assert stale.status_code == 409
    assert DocumentLine.objects.get(pk=line.pk).quantity == 8
    both = client.post(path, shown | {"discount_percent": "5", "discount_amount": "3,00"})
    assert both.status_code == 422
    assert "pas les deux" in text(both)
    Document.objects.get(pk=quote.pk)
    assert Document.objects.get(pk=quote.pk).net == 800


def test_htmx_gets_the_line_and_the_totals(client: Browser, user: User) -> None:
    quote, article = make_document(), make_article()
    body = text(
        client.post(
            f"/pieces/{quote.pk}/lignes/",
            {"article": article.code, "quantity": "2", "token": token()},
            headers=HTMX,
        )
    )
    assert "<html" not in body
    assert f'id="ligne-{quote.lines.get().pk}"' in body
    assert 'id="totaux"' in body
    assert "240,00 €" in body
    assert "240,00 €" in text(client.get(f"/pieces/{quote.pk}/totaux/", headers=HTMX))
    gone = text(client.post(f"/pieces/{quote.pk}/lignes/{quote.lines.get().pk}/retirer/", headers=HTMX))
    assert 'id="ligne-' not in gone
    assert "0,00 €" in gone
    assert "Annuler" in gone


def test_a_double_click_adds_one_line(client: Browser, user: User) -> None:
    quote, article = make_document(), make_article()
    sent = {"article": article.code, "token": token()}
    for _ in range(2):
        assert client.post(f"/pieces/{quote.pk}/lignes/", sent).status_code == 302
    assert quote.lines.count() == 1


def test_rows_of_a_spreadsheet_become_lines(client: Browser, user: User) -> None:
    quote = make_document()
    make_article(code="PMP-75", label="Pompe")
    rows = "Code\tDésignation\tQuantité\tPrix\r\nPMP-75\t\t2\t1 234,56\r\n"
    rows += "\tDéplacement\t\t45\r\npmp-75\tPompe bis\t0,5\t\r\n"
    done = client.post(f"/pieces/{quote.pk}/coller/", {"rows": rows, "token": token()})
    assert done.status_code == 302
    found = quote.lines.values_list("code", "label", "quantity", "unit_price")
    assert [(code, label, str(quantity), str(price)) for code, label, quantity, price in found] == [
        ("PMP-75", "Pompe", "2.0000", "1234.560000"),
        ("", "Déplacement", "1.0000", "45.000000"),
        ("PMP-75", "Pompe bis", "0.5000", "100.000000"),
    ]
    assert Document.objects.get(pk=quote.pk).net == Decimal("2564.12")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("PMP-75;;2;10\nZZZ;;1;10", "Ligne 2 : aucun article actif n’a le code « ZZZ »."),
        ("PMP-75;;beaucoup;10", "Ligne 1 : « beaucoup » n’est pas un nombre pour la quantité."),
        ("PMP-75;;2;10\n;;1;1", "Ligne 2 : il manque le code ou la désignation."),
        ("PMP-75;;-1;10", "Ligne 1 : la quantité est plus grande que zéro."),
        ("  ", "Collez au moins une ligne."),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(client: Browser, user: User, rows: str, why: str) -> None:
    quote = make_document()
    make_article(code="PMP-75")
    refused = client.post(f"/pieces/{quote.pk}/coller/", {"rows": rows, "token": token()})
    assert refused.status_code == 422
    assert why in text(refused)
    assert not quote.lines.exists()


def test_the_head_is_changed_and_offers_only_the_clients_own(client: Browser, user: User) -> None:
    fabre = make_client()
    pool, stranger = Installation.objects.create(client=fabre, name="Piscine"), make_address()
    quote = make_document(client=fabre)
    path = f"/pieces/{quote.pk}/entete/"
    shown = sent_back(client.get(path).context["form"])
    client.post(path, shown | {"title": "Rénovation", "date": "18/11/2026", "installation": pool.pk})
    quote.refresh_from_db()
    assert (quote.title, quote.installation) == ("Rénovation", pool)
    assert client.post(path, shown | {"site_address": stranger.pk}).status_code == 422


def test_one_cell_sends_itself_alone(client: Browser, user: User) -> None:
    quote = make_document()
    line = add(quote, is_hidden_on_print=True)
    path = f"/pieces/{quote.pk}/lignes/{line.pk}/"
    seen = client.get(path).context["form"].initial["seen"]
    sent = {"champ": "quantity", "quantity": "6", "seen": seen}
    assert "720,00 €" in text(client.post(path, sent, headers=HTMX))
    line.refresh_from_db()
    assert (line.quantity, line.is_hidden_on_print) == (Decimal(6), True)
    seen = client.get(f"/pieces/{quote.pk}/entete/").context["form"].initial["seen"]
    head = client.post(f"/pieces/{quote.pk}/entete/", {"champ": "title", "title": "Liner", "seen": seen}, headers=HTMX)
    assert 'id="entete"' in text(head)
    quote.refresh_from_db()
    assert quote.title == "Liner"


@pytest.mark.parametrize("state", [State.ACCEPTED, State.REFUSED])
def test_what_is_no_draft_changes_no_more(client: Browser, user: User, state: State) -> None:
    quote = make_document()
    line = add(quote)
    taken_to(quote, state)
    page = text(client.get(f"/pieces/{quote.pk}/"))
    assert "Code ou mots de l’article" not in page
    assert client.post(f"/pieces/{quote.pk}/lignes/{line.pk}/retirer/").status_code == 409
    assert client.post(f"/pieces/{quote.pk}/lignes/{line.pk}/retirer/", headers=HTMX).status_code == 409
    assert client.post(f"/pieces/{quote.pk}/lignes/ordre/", {"up": line.pk}).status_code == 409


def test_an_order_is_made_in_part_from_its_page(client: Browser, user: User) -> None:
    quote = make_document()
    line = add(quote, quantity="10")
    taken_to(quote, State.ACCEPTED)
    path = f"/pieces/{quote.pk}/transformer/order/"
    assert client.get(path).context["lines"][0]["typed"] == "10"
    refused = client.post(path, {f"q-{line.pk}": "11", "token": token()})
    assert refused.status_code == 409
    assert "Il reste 10 à transformer" in text(refused)
    assert client.post(path, {f"q-{line.pk}": "abc", "token": token()}).status_code == 422
    done = client.post(path, {f"q-{line.pk}": "2,5", "token": token()})
    order = Document.objects.get(kind="order")
    assert done["Location"] == f"/pieces/{order.pk}/"
    page = text(client.get(f"/pieces/{order.pk}/"))
    assert f'href="/pieces/{quote.pk}/"' in page
    assert client.get(f"/pieces/{quote.pk}/transformer/credit_note/").status_code == 404


def test_a_blocked_client_keeps_his_documents_readable(client: Browser, user: User) -> None:
    quote = make_document()
    add(quote)
    Client.objects.filter(pk=quote.client_id).update(is_blocked=True, finance_comment="Trois impayés")
    assert "Trois impayés" in text(client.get(f"/pieces/{quote.pk}/"))
    tab = text(client.get(f"/pieces/clients/{quote.client_id}/"))
    assert "Trois impayés" in tab
    assert f"client={quote.client_id}" not in tab
    copy = client.post(f"/pieces/{quote.pk}/dupliquer/", {"token": token()})
    assert copy.status_code == 409
    assert "Trois impayés" in text(copy)
    new = client.post("/pieces/nouvelle/", {"genre": "quote", "client": quote.client_id, "token": token()})
    assert new.status_code == 409
    assert "Trois impayés" in text(new)


def test_line_numbers_are_a_persons_choice(client: Browser, user: User) -> None:
    from commerce.preferences import line_numbers

    quote = make_document()
    add(quote)
    assert "N°</th>" in text(client.get(f"/pieces/{quote.pk}/"))
    line_numbers.save(user, "non")
    assert "N°</th>" not in text(client.get(f"/pieces/{quote.pk}/"))


@pytest.mark.req("PRF-08")
def test_a_new_document_takes_the_persons_warehouse(client: Browser, user: User) -> None:
    from commerce.preferences import warehouse

    depot = Warehouse.objects.create(label="Camion 2")
    warehouse.save(user, depot)
    assert make_document(by=user).warehouse == depot


def test_the_list_filters_and_pages(client: Browser, user: User) -> None:
    dupont = make_client(last_name="Dupont")
    make_document(client=dupont)
    make_document(DocumentKind.ORDER, client=make_client(last_name="Fabre"))
    assert [one["row"].client for one in client.get("/pieces/?q=dup").context["rows"]] == [dupont]
    assert [one["row"].kind for one in client.get("/pieces/?genre=order&etat=draft").context["rows"]] == ["order"]
    assert "Aucune pièce ne correspond" in text(client.get("/pieces/?q=zzz"))
    exported = b"".join(client.get("/pieces/export/?q=dup").streaming_content)  # type: ignore[attr-defined]
    assert "DUPONT" in exported.decode("utf-8-sig")
    assert "FABRE" not in exported.decode("utf-8-sig")


def test_the_list_goes_on_where_the_page_ended(client: Browser, user: User) -> None:
    fabre, by = make_client(), make_user()
    for number in range(45):
        make_document(client=fabre, by=by, title=f"Devis {number}")
    first = client.get("/pieces/")
    second = client.get("/pieces/", {"apres": first.context["page"].after})
    titles = [one["row"].title for page in (first, second) for one in page.context["rows"]]
    assert titles == [f"Devis {number}" for number in range(44, -1, -1)]
    assert client.get(f"/pieces/clients/{fabre.pk}/").context["page"].after
    assert (
        client.get("/pieces/", {"avant": second.context["page"].before}).context["rows"][0]["row"].title == "Devis 44"
    )


def test_two_stars_find_documents_of_a_client(client: Browser, user: User) -> None:
    quote = make_document(client=make_client(last_name="Dupont"))
    make_document(client=make_client(last_name="Fabre"))
    found = client.get("/recherche/?q=**dupont")
    assert found["Location"] == f"/pieces/{quote.pk}/"


def test_documents_of_hidden_clients_are_nowhere(client: Browser) -> None:
    hidden = make_client(last_name="Secret", status=Status.objects.create(label="Confidentiel", is_restricted=True))
    make_document(client=hidden, title="Bassin secret")
    client.force_login(make_user(SALES))
    for path in ("/pieces/", "/pieces/?q=secret", "/recherche/?q=**secret", "/pieces/nouvelle/?q=secret"):
        assert "SECRET" not in text(client.get(path))
    assert "0 pièce" in text(client.get("/pieces/nombre/"))
    assert client.get(f"/pieces/nouvelle/?client={hidden.pk}").status_code == 404


def queries(client: Browser, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_the_sheet_asks_as_much_for_fifty_lines_as_for_four(client: Browser, user: User) -> None:
    short, long_, article = make_document(), make_document(), make_article()
    for document, count in ((short, 4), (long_, 50)):
        made = document_lines.new_lines(
            document, [(document_lines.articles_for_lines([article.pk])[article.pk], Decimal(1))] * count
        )
        for place, line in enumerate(made):
            line.position = place
        DocumentLine.objects.bulk_create(made)
    few, many = queries(client, f"/pieces/{short.pk}/"), queries(client, f"/pieces/{long_.pk}/")
    assert few == many


def test_deleting_asks_first(client: Browser, user: User) -> None:
    quote = make_document()
    assert "Supprimer ce brouillon" in text(client.get(f"/pieces/{quote.pk}/supprimer/"))
    assert Document.objects.exists()
    client.post(f"/pieces/{quote.pk}/supprimer/")
    assert not Document.objects.exists()


def test_the_menu_begins_each_kind(client: Browser, user: User) -> None:
    page = text(client.get("/pieces/"))
    for kind in ("quote", "order", "invoice"):
        assert f"/pieces/nouvelle/?genre={kind}" in page
    assert documents.BY_HAND


def test_the_whole_order_is_sent_or_one_line_moves(client: Browser, user: User) -> None:
    quote = make_document()
    first, second, third = (add(quote) for _ in range(3))

    def order() -> list[int]:
        return list(quote.lines.values_list("pk", flat=True))

    path = f"/pieces/{quote.pk}/lignes/ordre/"
    stranger = add(make_document())
    client.post(path, {"key": [third.pk, "x", stranger.pk, first.pk]})
    assert order() == [third.pk, first.pk, second.pk]
    client.post(path, {"down": third.pk})
    assert order() == [first.pk, third.pk, second.pk]
    client.post(path, {"up": second.pk})
    assert order() == [first.pk, second.pk, third.pk]


def test_a_removed_line_comes_back_where_it_was_with_its_parts(client: Browser, user: User) -> None:
    quote = make_document()
    first, assembly = add(quote), make_assembly()[0]
    Assembly.objects.update(is_open_on_print=True)
    line = add(quote, assembly, quantity="2", discount_percent=Decimal(5))
    last = add(quote)
    cost = line.purchase_price
    kept = sealed(client.post(f"/pieces/{quote.pk}/lignes/{line.pk}/retirer/", headers=HTMX))
    assert str(cost) not in kept
    path, sent = f"/pieces/{quote.pk}/lignes/retablir/", {"ligne": kept, "token": token()}
    for _ in range(2):
        assert client.post(path, sent).status_code == 302
    rows = list(quote.lines.filter(parent=None))
    assert [rows[0], rows[2]] == [first, last]
    back = rows[1]
    assert (back.article, back.purchase_price) == (assembly, cost)
    assert (back.quantity, back.discount_percent) == (Decimal(2), Decimal(5))
    assert [part.quantity for part in back.parts.all()] == [2]
    assert Document.objects.get(pk=quote.pk).net == Decimal(580)
    other = make_document()
    for sent_back_ in (kept, "autre chose"):
        assert client.post(f"/pieces/{other.pk}/lignes/retablir/", {"ligne": sent_back_}).status_code == 409
    assert not other.lines.exists()


def test_what_was_taken_meanwhile_does_not_come_back(client: Browser, user: User) -> None:
    quote = make_document()
    source = add(quote, quantity="2")
    quote = taken_to(quote, State.ACCEPTED)
    order = Document.objects.get(pk=convert(quote.pk, DocumentKind.ORDER, by=user, token=token()))
    line = order.lines.get()
    kept = sealed(client.post(f"/pieces/{order.pk}/lignes/{line.pk}/retirer/", headers=HTMX))
    convert(quote.pk, DocumentKind.ORDER, by=user, token=token(), quantities={source.pk: Decimal(1)})
    refused = client.post(f"/pieces/{order.pk}/lignes/retablir/", {"ligne": kept, "token": token()})
    assert refused.status_code == 409
    assert "Il n’en reste que 1" in text(refused)


def test_the_row_at_the_bottom_adds_words_and_a_free_line(client: Browser, user: User) -> None:
    quote = make_document()
    path = f"/pieces/{quote.pk}/lignes/"
    for kind, words in (("section", "Filtration"), ("free", "Déplacement  et\tpose"), ("subtotal", "")):
        assert client.post(path, {"genre": kind, "article": words, "token": token()}).status_code == 302
    assert list(quote.lines.values_list("kind", "label")) == [
        ("section", "Filtration"),
        ("item", "Déplacement et pose"),
        ("subtotal", ""),
    ]
    for kind in ("free", "text", "autre"):
        assert client.post(path, {"genre": kind, "article": " "}).status_code == 409
    assert quote.lines.count() == 3


def test_a_cell_is_told_what_is_wrong_and_what_another_person_wrote(client: Browser, user: User) -> None:
    quote = make_document()
    line = add(quote)
    path = f"/pieces/{quote.pk}/lignes/{line.pk}/"
    seen = {"seen": '{"quantity": "1", "discount_percent": "0", "discount_amount": "0,00"}'}
    wrong = client.post(path, {"champ": "quantity", "quantity": "0"} | seen, headers=HTMX)
    assert (wrong.status_code, list(wrong.json()["problems"])) == (422, ["quantity"])
    client.post(path, {"champ": "quantity", "quantity": "8"} | seen, headers=HTMX)
    stale = client.post(path, {"champ": "quantity", "quantity": "5"} | seen, headers=HTMX)
    assert (stale.status_code, stale.json()) == (409, {"theirs": {"quantity": {"shown": "8", "raw": "8"}}})
    assert client.post(path, {"champ": "discount_percent", "discount_percent": "5"} | seen).status_code == 302
    both = client.post(path, {"champ": "discount_amount", "discount_amount": "3"} | seen, headers=HTMX)
    assert both.status_code == 422
    assert "pas les deux" in both.json()["problems"]["discount_amount"][0]
    head = f"/pieces/{quote.pk}/entete/"
    late = client.post(head, {"champ": "date", "date": "31/02/2026", "seen": "{}"}, headers=HTMX)
    assert (late.status_code, list(late.json()["problems"])) == (422, ["date"])
    title = client.post(head, {"champ": "title", "title": "Bâche", "seen": '{"title": "Liner"}'}, headers=HTMX)
    assert title.json() == {"theirs": {"title": {"shown": "Filtration", "raw": "Filtration"}}}


@pytest.mark.req("PRF-08")
def test_the_list_has_the_columns_and_the_filter_that_the_person_prefers(client: Browser, user: User) -> None:
    make_document(title="Liner du petit bassin", client_reference="BC-77")
    add(make_document(DocumentKind.ORDER, title="Coffret du local"))
    first = text(client.get("/pieces/"))
    assert "BC-77" not in first
    assert "Liner du petit bassin" in first
    client.post("/pieces/colonnes/", {"choix": ["ttc", "reference"]})
    shown = text(client.get("/pieces/"))
    assert shown.index(">Total TTC<") < shown.index(">Référence du client<")
    assert "BC-77" in shown
    assert "Liner du petit bassin" not in shown
    client.post("/pieces/colonnes/", {"choix": ["ttc", "reference"], "up": "reference"})
    assert list(columns.of(User.objects.get(pk=user.pk))) == ["reference", "ttc"]
    client.post("/pieces/colonnes/", {"reset": "1"})
    assert "Liner du petit bassin" in text(client.get("/pieces/"))
    first_kind.save(user, DocumentKind.ORDER.value)
    narrowed = text(client.get("/pieces/"))
    assert "Coffret du local" in narrowed
    assert "Liner du petit bassin" not in narrowed
    assert "Liner du petit bassin" in text(client.get("/pieces/?genre="))


@pytest.mark.req("PAY-04")
def test_a_quantity_is_more_than_nothing_but_on_a_credit_note(client: Browser, user: User) -> None:
    """Price, rate and unit are those of the article."""
    client.force_login(make_user("Administrateur"))
    invoice = make_document(DocumentKind.INVOICE)
    line = add(invoice, quantity="3")
    assert (line.unit_price, line.unit_label, line.vat) == (Decimal(100), "u", rate())
    path = f"/pieces/{invoice.pk}/lignes/{line.pk}/"
    shown = client.get(path).context["form"].initial["seen"]
    for wrong in ("0", "-1"):
        sent = {"champ": "quantity", "quantity": wrong, "seen": shown}
        assert client.post(path, sent, headers=HTMX).status_code == 422
    made = convert(issued(invoice).pk, DocumentKind.CREDIT_NOTE, by=user, token=token())
    note = Document.objects.get(pk=made)
    row = note.lines.get()
    path = f"/pieces/{note.pk}/lignes/{row.pk}/"
    shown = client.get(path).context["form"].initial["seen"]
    assert client.post(path, {"champ": "quantity", "quantity": "-1", "seen": shown}, headers=HTMX).status_code == 200
    row.refresh_from_db()
    assert row.quantity == Decimal(-1)
