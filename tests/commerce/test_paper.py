"""Paper, without a database: what every kind says in both languages, how the file is built, what may be typed."""

import io
import os
import random
import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from commerce.domain.states import DocumentKind
from commerce.paper import Mark, engine, render
from commerce.paper.words import ENGLISH, FRENCH
from settings_app.company.palette import ACCENTS, ON_PAPER
from tests.commerce.contents import (
    BUYER,
    LONG,
    NASTY,
    PROFESSIONAL,
    SELLER,
    Content,
    content,
    item,
    other,
    section,
)

NB = "\u00a0"
# Left as they are by the reader of the tests: a line that is broken is no other text.
SPACES = re.compile(r"[ \u00a0\u202f\n]+")


def words_of(pdf: bytes) -> str:
    """All that is printed, in the order of reading, blanks made one."""
    return SPACES.sub(" ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def printed(kind: str = "invoice", *lines: Content, mark: Mark = "", numbers: bool = True, **more: Any) -> str:
    return words_of(render(content(kind, lines, **more), mark=mark, numbers=numbers))


def logo(size: tuple[int, int] = (400, 200)) -> bytes:
    written = io.BytesIO()
    Image.new("RGBA", size, (10, 88, 120, 200)).save(written, "PNG")
    return written.getvalue()


FOUR = (
    item("Filtre à sable", code="FIL-600", price="1245"),
    item("Pompe", "2", "684", discount_percent="10"),
    item("Verre filtrant", "8", "32.5", unit="sac"),
    item("Main-d’œuvre", "18.25", "54.5", unit="h", discount_amount="4.63"),
)


def test_a_quote_says_who_what_how_much_and_where_to_sign() -> None:
    said = printed("quote", *FOUR, site=["3 impasse du Château", "84120 Pertuis"], installation="Piscine 8 × 4")
    for text in (
        "Devis DV2026-000042",
        "Date 26/11/2026",
        "Valable jusqu’au 26/12/2026",
        "Mme Hélène Fabre 12 rue du Port 84240 Ansouis",
        "Lieu d’exécution 3 impasse du Château 84120 Pertuis",
        "Piscine 8 × 4",
        "1 Filtre à sable FIL-600 1 u 1 245,00 20 % 1 245,00",
        "2 Pompe 2 u 684,00 10 % 20 % 1 231,20",
        "8 sac 32,50 20 % 260,00",
        "18,25 h 54,50 −4,63 20 % 990,00",
        "Total HT 3 726,20 €",
        "TVA 20 % 745,24 €",
        "Total TTC 4 471,44 €",
        "Devis reçu avant l’exécution des travaux. Bon pour accord sur 4 471,44 €, le",
        "SARL au capital de 20 000 € · SIRET 732 829 320 00074",
        "RCS Aix-en-Provence 732 829 320 · TVA FR44732829320 · APE 4322B",
        "1 / 1",
    ):
        assert text in said, text
    assert "Net à payer" not in said
    assert "IBAN" not in said


def test_an_invoice_says_what_is_due_when_and_how() -> None:
    said = printed(
        "invoice",
        *FOUR,
        buyer=PROFESSIONAL,
        client_reference="BC 118",
        service_on="2026-11-24",
        delivery=["3 impasse du Château", "84120 Pertuis"],
        made_of=[{"kind": "order", "number": "CO2026-000009", "date": "2026-10-12"}],
        mentions=[
            {"code": "category_mixed", "text": "Catégorie de l’opération : livraison de biens et prestation."},
            {"code": "on_debits", "text": "Option pour le paiement de la taxe d’après les débits."},
            {"code": "late_terms", "text": "Pénalités de retard : taux de la BCE majoré de 10 points."},
            {"code": "indemnity", "text": "Indemnité forfaitaire pour frais de recouvrement : 40 €."},
            {"code": "insurance", "text": "Assurance décennale : Mutuelle du Bâtiment."},
        ],
        foot="Merci de votre confiance.",
    )
    for text in (
        "Facture FA2026-000042",
        "Livré ou exécuté le 24/11/2026",
        "Échéance 26/12/2026",
        "Règlement Virement à 30 jours",
        "Suite à Commande CO2026-000009 du 12/10/2026",
        "Votre référence BC 118",
        "Livraison 3 impasse du Château",
        "SIREN 732 829 320 · TVA FR44732829320",
        "Total TTC 4 471,44 €",
        "Net à payer 4 471,44 €",
        "À régler au plus tard le 26/12/2026",
        "IBAN FR76 3000 4000 0312 3456 7890 143",
        "Référence à rappeler FA2026-000042",
        "Catégorie de l’opération : livraison de biens et prestation.",
        "Option pour le paiement de la taxe d’après les débits.",
        "Pénalités de retard : taux de la BCE majoré de 10 points.",
        "Indemnité forfaitaire pour frais de recouvrement : 40 €.",
        "Assurance décennale : Mutuelle du Bâtiment.",
        "Merci de votre confiance.",
    ):
        assert text in said, text
    assert "Bon pour accord" not in said


def test_a_deposit_is_deducted_rate_by_rate() -> None:
    deposit = {
        "number": "FA2026-000011",
        "date": "2026-09-10",
        "net": "300.00",
        "vat": "45.00",
        "gross": "345.00",
        "rates": [
            {"category": "S", "percent": "20.00", "net": "150.00", "vat": "30.00"},
            {"category": "S", "percent": "10.00", "net": "150.00", "vat": "15.00"},
        ],
    }
    said = printed("invoice", item("Poêle", price="1000"), item("Pose", price="500", rate="10.00"), deposits=[deposit])
    for text in (
        "Taux Base HT TVA TVA déjà facturée TVA restante",
        "20 % 1 000,00 200,00 30,00 170,00",
        "10 % 500,00 50,00 15,00 35,00",
        "Total TTC 1 750,00 €",
        "Acompte FA2026-000011 −345,00 €",
        "Net à payer 1 405,00 €",
        "Acomptes déduits Facture Date Taux HT TVA TTC",
        "FA2026-000011 10/09/2026 20 % 150,00 30,00 180,00",
        "10 % 150,00 15,00 165,00",
    ):
        assert text in said, text


def test_a_credit_note_names_its_invoice_and_asks_nothing() -> None:
    said = printed("credit_note", item("Pompe reprise"), corrects=[{"number": "FA2026-000031", "date": "2026-11-22"}])
    for text in ("Avoir AV2026-000042", "Facture corrigée FA2026-000031 du 22/11/2026", "Net à votre crédit 120,00 €"):
        assert text in said, text
    assert "IBAN" not in said
    assert "Net à payer" not in said


def test_an_order_is_signed_and_a_deposit_invoice_names_its_order() -> None:
    assert "Commande CO2026-000042" in (order := printed("order"))
    assert "Le client Date, nom, signature :" in order
    made_of = [{"kind": "order", "number": "CO2026-000009", "date": "2026-10-12"}]
    deposit = printed("deposit_invoice", item("Acompte de 30 %"), made_of=made_of)
    assert "Facture d’acompte FA2026-000042" in deposit
    assert "Commande CO2026-000009 du 12/10/2026" in deposit


def test_a_delivery_note_has_no_price() -> None:
    lines = [section("Fournitures"), *FOUR, other("subtotal", "Sous-total Fournitures")]
    said = printed("delivery_note", *lines)
    assert "Bon de livraison BL2026-000042" in said
    assert "4 Main-d’œuvre 18,25 h" in said
    assert "Reçu en bon état le" in said
    assert not re.search(r"\d,\d\d\b(?! h)", said.replace("18,25 h", ""))
    for word in ("Prix", "Montant", "TVA 20", "Total", "Règlement"):
        assert word not in said, word


def test_english_for_who_reads_it() -> None:
    said = printed("invoice", *FOUR, language="en", service_on="2026-03-04")
    for text in (
        "Invoice FA2026-000042",
        "Supplied on 4 Mar 2026",
        "Due date 26 Dec 2026",
        "No. Description Quantity Unit price excl. VAT Discount VAT Amount excl. VAT",
        "2 Pompe 2 u 684.00 10% 20% 1,231.20",
        "18.25 h 54.50 −4.63 20% 990.00",
        "Total excl. VAT €3,726.20",
        "Amount due €4,471.44",
        "To pay by bank transfer",
    ):
        assert text in said, text
    assert not re.search("Total HT|Échéance|Désignation", said)
    for kind, title in zip(DocumentKind, ("Quote", "Order", "Delivery note", "Invoice"), strict=False):
        assert f"{title} " in printed(kind, language="en")
    assert "Quote received before the works are carried out. Agreed for €120.00, on" in printed("quote", language="en")
    assert set(ENGLISH.words) == set(FRENCH.words)


def test_numbers_of_lines_are_printed_or_not() -> None:
    lines = (item("Pompe"), item("Vanne"))
    assert "N° Désignation" in printed("quote", *lines)
    assert "2 Vanne 1 u" in printed("quote", *lines)
    without = printed("quote", *lines, numbers=False)
    table = without.partition("Montant HT ")[2]
    assert table.startswith("Pompe 1 u 100,00 20 % 100,00 Vanne 1 u 100,00 20 % 100,00 Total HT")
    assert "N°" not in without


def test_prices_with_vat_say_so() -> None:
    said = printed("quote", item("Pompe", price="120", net="100.00"), prices_with_vat=True)
    assert "Prix unit. TTC TVA Montant TTC" in said
    assert "1 u 120,00 20 % 120,00" in said
    assert "Total HT 100,00 €" in said


def test_options_stand_apart_and_so_do_those_of_their_section() -> None:
    said = printed(
        "quote",
        item("Poêle"),
        item("Habillage", price="640", is_option=True),
        section("Confort", is_option=True),
        item("Télécommande", price="89"),
        section("Pose"),
        item("Main-d’œuvre", price="50"),
    )
    counted, options = said.split("Options, non comprises dans le total")
    assert "Total TTC 180,00 €" in counted
    assert all(word in counted for word in ("Poêle", "Pose", "Main-d’œuvre"))
    assert all(word in options for word in ("Habillage 1 u 640,00", "Confort", "Télécommande 1 u 89,00"))


def test_a_nomenclature_is_open_or_folded() -> None:
    parts = [{"code": "", "label": "Bride de jonction", "quantity": "2.5", "unit": "u"}]
    assert "– Bride de jonction 2,5 u" in printed("quote", item("Conduit", parts=parts))
    assert "Bride" not in printed("quote", item("Conduit"))


def test_what_is_hidden_is_in_one_row_that_the_sums_need() -> None:
    lines = (item("Pompe"), item("Petit matériel", price="12.5", is_hidden=True), item("Rien", "0", is_hidden=True))
    said = printed("quote", *lines)
    assert "Petit matériel" not in said
    assert "Autres fournitures et prestations 12,50" in said
    assert "Autres" not in printed("quote", item("Pompe"), item("Rien", "0", is_hidden=True))


def test_sums_are_carried_from_page_to_page() -> None:
    lines = [item(f"Ligne {number}", price="10.01") for number in range(1, 71)]
    pages = [
        SPACES.sub(" ", page.extract_text()) for page in PdfReader(io.BytesIO(render(content("invoice", lines)))).pages
    ]
    assert len(pages) == 3
    for number, (page, after) in enumerate(pairwise(pages), start=1):
        carried = re.search(r"À reporter ([\d ]+,\d\d)", page)
        brought = re.search(rf"Report de la page {number} ([\d ]+,\d\d)", after)
        assert carried
        assert brought
        lines_so_far = max(int(found) for found in re.findall(r"Ligne (\d+)", page))
        assert carried[1] == brought[1] == f"{10.01 * lines_so_far:.2f}".replace(".", ",")
    assert "À reporter" not in pages[-1]
    assert "3 / 3" in pages[-1]


def test_a_discount_on_the_whole_and_a_company_without_vat() -> None:
    totals = dict.fromkeys(("lines_net", "net", "gross", "payable"), "90.00") | {"lines_net": "100.00"}
    said = printed(
        "invoice",
        item("Diagnostic", rate="0.00"),
        totals=totals | {"discount": "10.00", "vat": "0.00", "deducted": "0.00"},
        mentions=[{"code": "franchise", "text": "TVA non applicable, art. 293 B du CGI."}],
        seller=SELLER | {"legal_form": "EI", "capital": "", "register": "", "vat_number": ""},
    )
    assert "Total HT avant remise 100,00 €" in said
    assert "Remise −10,00 €" in said
    assert "TVA non applicable, art. 293 B du CGI." in said
    assert "Net à payer 90,00 €" in said
    assert "Total TTC" not in said
    assert "EI · SIRET" in said


def test_what_a_consumer_signs_at_home() -> None:
    said = printed(
        "quote",
        mentions=[
            {"code": "attestation", "text": "J’atteste que les travaux portent sur une habitation."},
            {"code": "withdrawal", "text": "Vous disposez de quatorze jours."},
            {"code": "mediator", "text": "Médiateur de la consommation : Médiation Conso Sud."},
        ],
    )
    for text in (
        "Attestation du client pour le taux réduit de TVA J’atteste que les travaux portent sur une habitation.",
        "Droit de rétractation : Vous disposez de quatorze jours.",
        "Médiateur de la consommation : Médiation Conso Sud.",
        "Formulaire de rétractation Veuillez compléter et renvoyer le présent formulaire",
        "2 / 2",
    ):
        assert text in said, text
    assert said.count("J’atteste") == 1


@pytest.mark.parametrize(
    ("mark", "language", "word"), [("BROUILLON", "fr", "BROUILLON"), ("DUPLICATA", "en", "DUPLICATE")]
)
def test_a_mark_is_read_and_heard(mark: Mark, language: str, word: str) -> None:
    pdf = render(content("quote", FOUR, language=language), mark=mark)
    assert words_of(pdf).count(word) == 2
    assert word in str(dict(PdfReader(io.BytesIO(pdf)).metadata or {}).get("/Title"))


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_file_is_archived_and_accessible(kind: str) -> None:
    with pikepdf.open(io.BytesIO(render(content(kind, [section("Lot"), *FOUR]), logo=logo()))) as pdf:
        root = pdf.Root
        assert str(root.Lang) == "fr-FR"
        assert root.MarkInfo.Marked
        assert root.StructTreeRoot is not None
        assert root.ViewerPreferences.DisplayDocTitle
        assert str(root.OutputIntents[0].S) == "/GTS_PDFA1"
        assert root.OutputIntents[0].DestOutputProfile is not None
        with pdf.open_metadata() as found:
            assert (found["pdfaid:part"], found["pdfaid:conformance"], found["pdfuaid:part"]) == ("3", "A", "1")
            assert content(kind)["number"] in found["dc:title"]
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
            assert "/ToUnicode" in font
        tags = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/P" in one]
        named = {str(tag.S) for tag in tags}
        assert {"/H1", "/Table", "/TR", "/TH", "/TD", "/Figure"} <= named
        assert [str(tag.Alt) for tag in tags if str(tag.S) == "/Figure"] == ["Logo de Bleu Lubéron Piscines"]


def test_english_is_told_to_who_listens() -> None:
    with pikepdf.open(io.BytesIO(render(content("quote", language="en")))) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"


def test_the_same_sheet_is_the_same_file() -> None:
    at = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    one, again = (render(content("invoice", FOUR), logo=logo(), at=at) for _ in range(2))
    assert one == again
    assert b"2026-11-26T09:30:00" in one
    assert render(content("invoice", FOUR), logo=logo(), at=at, mark="DUPLICATA") != one


def test_no_letter_is_smaller_than_the_law_can_be_read() -> None:
    mentions = [{"code": "insurance", "text": f"Assurance décennale : {LONG}"}]
    sizes: list[float] = []
    reader = PdfReader(io.BytesIO(render(content("quote", FOUR, mentions=mentions))))

    def note(text: str, _cm: Any, matrix: list[float], _font: Any, size: float) -> None:
        if text.strip():
            sizes.append(abs(size * matrix[3]))

    for page in reader.pages:
        page.extract_text(visitor_text=note)
    assert min(sizes) >= 7.5


def test_the_colour_is_the_companys_and_the_screens() -> None:
    sheets = Path("static/css/accents.css").read_text()
    light = dict(re.findall(r"html\.accent-(\w+) \{\s+--accent: light-dark\((#\w{6}),", sheets))
    assert light == ON_PAPER
    assert set(ON_PAPER) == {name for name, _ in ACCENTS}
    seen = {render(content("quote", seller=SELLER | {"accent": name})) for name in ("eau", "prune")}
    assert len(seen) == 2


def test_what_is_no_picture_is_no_logo() -> None:
    assert render(content(), logo=b"<svg onload='x'/>") == render(content())


def test_markup_prints_as_it_was_typed() -> None:
    text = NASTY.replace("'", "’").replace("\\n", "n")
    said = printed(
        "quote", section(text), item(text, description=text), title=text, foot=text, buyer=BUYER | {"name": text}
    )
    assert said.count(SPACES.sub(" ", text)) >= 5


def test_a_letter_without_glyph_is_a_box_and_others_stay() -> None:
    said = printed("quote", item("Pompe 🏊 漢 ⌀ 40 → \x07bien\x00"))
    assert "Pompe □ □ ⌀ 40 → bien" in said


@pytest.mark.parametrize("name", ["letters", "words", "lines", "boxes", "names"])
def test_a_bomb_is_paper(name: str) -> None:
    """Long texts and many lines take their pages, and nothing leaves them."""
    bombs: dict[str, dict[str, Any]] = {
        "letters": {"lines": [item("W" * 5_000, description="x" * 5_000)]},
        "words": {"lines": [item("Pose", description=LONG * 24), other("subtotal", LONG)], "foot": LONG * 24},
        "lines": {"lines": [item(f"Ligne {number}") for number in range(500)]},
        "boxes": {"lines": [item("".join(chr(0x1F600 + number) for number in range(80)) * 20)]},
        "names": {"buyer": BUYER | {"name": "Résidence " * 40, "address": ["rue " * 60] * 3}, "title": "T" * 160},
    }
    given = {"lines": [], **bombs[name]}
    reader = PdfReader(io.BytesIO(render(content("quote", given.pop("lines"), **given))))
    width = float(reader.pages[0].mediabox.width)
    # A letter that would leave the page begins past its margin.
    ends: list[float] = []
    reader.pages[0].extract_text(
        visitor_text=lambda text, _cm, matrix, *_: ends.append(matrix[4]) if text.strip() else None
    )
    assert max(ends) < width
    assert len(reader.pages) < 40


MARKUP = "#*_$@<>[]{}()\\/`~=+-.'\"%&^|;:,!?"
BLANKS = ["\n", "\n\n", "\t", "\u200b", "\u202e", "\ufeff", "\x01"]
PIECES = ["//", "/*", "*/", "```", "é", "œ", "€", "«", "漢", "🏊", "mot", "#let x = 1", '#import "a"', "https://e.fr/a"]
ALPHABET = [*MARKUP, *BLANKS, *PIECES]


def test_whatever_is_typed_prints() -> None:
    chance = random.Random(8)
    for _ in range(int(os.environ.get("FUZZ", "100")) // 10):
        # Ten texts to a document.
        texts = ["".join(chance.choices(ALPHABET, k=chance.randint(1, 60))) for _ in range(10)]
        lines = [section(texts[0]), item(texts[1], description=texts[2], code=texts[3][:30], unit=texts[4][:8])]
        lines += [other("text", texts[5], description=texts[6]), other("subtotal", texts[7])]
        pdf = render(content(chance.choice(list(DocumentKind)), lines, title=texts[8], foot=texts[9]))
        assert pdf.startswith(b"%PDF-1.7")


def test_a_fault_of_the_templates_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "sheet_of", lambda *_, **__: {"lang": "fr"})
    with pytest.raises(engine.PaperError):
        render(content())
