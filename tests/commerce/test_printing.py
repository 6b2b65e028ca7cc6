"""Printing over HTTP: drafts, originals kept once, duplicates told to the seal, many by the worker."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connections, transaction
from django.test import Client as Browser
from django.utils.timezone import now

from clients.actions.files import delete_files, store
from clients.models import StoredFile
from commerce.actions import print_jobs
from commerce.actions.printing import original_of, printed
from commerce.domain.states import DocumentKind
from commerce.models import Document, PrintedCopy, PrintJob, SealEvent
from commerce.verification import Verification
from extrabat.lib.refusals import reason_of
from settings_app.company import actions as company_actions
from settings_app.models import User
from settings_app.preferences.models import Preference
from settings_app.users.rights import ADMINISTRATOR, SALES
from tests.commerce.papers import add, issued, make_document
from tests.commerce.test_paper import words_of
from tests.factories import make_client, make_user, picture

pytestmark = pytest.mark.django_db
INVOICE, QUOTE = DocumentKind.INVOICE, DocumentKind.QUOTE


@pytest.fixture
def claire(settings: Any, tmp_path: Path) -> User:
    settings.DATA_DIR = tmp_path
    return make_user()


@pytest.fixture
def office(client: Browser, claire: User) -> Browser:
    client.force_login(claire)
    return client


def draft(kind: DocumentKind = INVOICE, **values: Any) -> Document:
    row = make_document(kind, **values)
    add(row, quantity="2")
    return row


def pages_of(answer: Any) -> str:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return words_of(answer.content)


def reprints() -> int:
    return SealEvent.objects.filter(type="BILL_REPRINTED").count()


def test_a_draft_prints_as_a_draft_and_is_not_kept(office: Browser) -> None:
    row = draft(QUOTE)
    said = pages_of(office.get(f"/pieces/{row.pk}/pdf/"))
    assert "BROUILLON" in said
    assert "Total TTC 240,00 €" in said
    assert not StoredFile.objects.exists()
    add(row, quantity="1")
    assert "Total TTC 360,00 €" in pages_of(office.get(f"/pieces/{row.pk}/pdf/"))


@pytest.mark.parametrize("kind", [QUOTE, DocumentKind.ORDER])
def test_an_issued_one_is_kept_once_and_given_again(office: Browser, claire: User, kind: DocumentKind) -> None:
    row = issued(draft(kind))
    first = office.get(f"/pieces/{row.pk}/pdf/")
    assert row.number in pages_of(first)
    assert "BROUILLON" not in words_of(first.content)
    file = StoredFile.objects.get()
    assert (file.client, file.folder and file.folder.system, file.uploaded_by) == (row.client, "pieces", claire)
    assert file.name == f"{row.get_kind_display()} {row.number}.pdf"
    with store().open(file.storage_key) as kept:
        assert kept.read() == first.content
    assert office.get(f"/pieces/{row.pk}/pdf/").content == first.content
    assert office.post(f"/pieces/{row.pk}/pdf/").content == first.content
    assert StoredFile.objects.count() == 1
    assert reprints() == 0


def test_the_answer_runs_nothing_and_is_kept_by_no_proxy(office: Browser) -> None:
    row = issued(draft())
    answer = office.get(f"/pieces/{row.pk}/pdf/")
    assert answer["Content-Disposition"] == f'inline; filename="Facture {row.number}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_later_print_of_an_invoice_is_a_duplicate_told_to_the_seal(office: Browser, claire: User) -> None:
    row = issued(draft())
    original = pages_of(office.get(f"/pieces/{row.pk}/pdf/"))
    assert "DUPLICATA" not in original
    asked = office.get(f"/pieces/{row.pk}/pdf/")
    assert "Imprimer le duplicata" in asked.content.decode()
    assert reprints() == 0
    again = office.post(f"/pieces/{row.pk}/pdf/")
    assert "DUPLICATA" in pages_of(again)
    assert words_of(again.content).replace("DUPLICATA", "").split() == original.split()
    assert office.post(f"/pieces/{row.pk}/pdf/").content == again.content
    assert StoredFile.objects.count() == 1
    events = SealEvent.objects.filter(type="BILL_REPRINTED")
    assert [(event.ref, event.by) for event in events] == [(row.number, claire)] * 2
    assert list(Verification().problems()) == []
    sheet = office.get(f"/pieces/{row.pk}/").content.decode()
    assert f'method="post" action="/pieces/{row.pk}/pdf/"' in sheet


def test_the_original_is_printed_from_the_copy(office: Browser) -> None:
    row = issued(draft(client=make_client(last_name="Fabre")))
    row.client.last_name = "Autrenom"
    row.client.save()
    said = pages_of(office.get(f"/pieces/{row.pk}/pdf/"))
    assert "FABRE" in said.upper()
    assert "AUTRENOM" not in said.upper()


def test_it_bears_the_logo_of_the_day_it_was_issued(office: Browser) -> None:
    company_actions.change_logo(SimpleUploadedFile("logo.png", picture((60, 40))))
    row = issued(draft())
    company_actions.remove_logo()
    for answer in (office.get(f"/pieces/{row.pk}/pdf/"), office.post(f"/pieces/{row.pk}/pdf/")):
        with pikepdf.open(io.BytesIO(answer.content)) as pdf:
            assert [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]


@pytest.mark.req("PRF-09")
def test_numbers_of_lines_are_on_screen_and_on_paper_or_on_neither(office: Browser, claire: User) -> None:
    shown, heading = issued(draft(QUOTE)), 'class="r keep">N°</th>'
    assert heading in office.get(f"/pieces/{shown.pk}/").content.decode()
    assert "N° Désignation" in pages_of(office.get(f"/pieces/{shown.pk}/pdf/"))
    Preference.objects.create(user=claire, name="document-line-numbers", value="non")
    row = issued(draft())
    assert heading not in office.get(f"/pieces/{row.pk}/").content.decode()
    assert "N° Désignation" not in pages_of(office.get(f"/pieces/{row.pk}/pdf/"))
    # The duplicate has what the original has, whoever prints it.
    Preference.objects.all().delete()
    assert "N° Désignation" not in pages_of(office.post(f"/pieces/{row.pk}/pdf/"))


def test_who_may_not_see_it_prints_nothing(client: Browser, claire: User) -> None:
    row = issued(draft())
    client.force_login(make_user("Technicien"))
    assert {
        client.get(f"/pieces/{row.pk}/pdf/").status_code,
        client.post("/pieces/imprimer/", {"c": row.pk}).status_code,
    } == {403}
    client.force_login(claire)
    assert client.get("/pieces/999999/pdf/").status_code == 404
    assert not PrintedCopy.objects.exists()


TAMPERED: dict[str, Any] = {
    "deleted": lambda file, by: delete_files(file.client, [file], by=by),
    "row": lambda file, by: StoredFile.objects.filter(pk=file.pk).delete(),
    "other bytes": lambda file, by: StoredFile.objects.filter(pk=file.pk).update(storage_key="zz/other"),
    "other size": lambda file, by: StoredFile.objects.filter(pk=file.pk).update(size=1),
    "forgotten": lambda file, by: PrintedCopy.objects.all().delete(),
}


@pytest.mark.parametrize("way", TAMPERED)
def test_the_original_stays(claire: User, way: str) -> None:
    file = original_of(issued(draft()).pk, by=claire)
    assert file
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        TAMPERED[way](file, claire)
    assert reason_of(refused.value) or "permission denied" in str(refused.value)
    StoredFile.objects.filter(pk=file.pk).update(description="Envoyée", on_home=True)


def test_a_person_who_deletes_it_is_told_why(office: Browser, claire: User) -> None:
    file = original_of(issued(draft()).pk, by=claire)
    assert file
    sent = {"geste": "supprimer", "files": file.pk}
    answer = office.post(f"/clients/{file.client_id}/documents/selection/", sent)
    assert answer.status_code == 409
    assert "reste dans le porte-doc" in answer.content.decode()


def test_what_is_sent_is_the_original_and_no_reprint(claire: User) -> None:
    row = issued(draft())
    file = original_of(row.pk, by=claire)
    assert file == original_of(row.pk, by=claire)
    assert reprints() == 0
    assert original_of(draft().pk, by=claire) is None


@pytest.mark.django_db(transaction=True)
def test_two_who_print_at_once_make_one_original(claire: User) -> None:
    row = issued(draft(QUOTE))

    def one(_number: int) -> bytes:
        try:
            return printed(row.pk, by=claire).content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(one, range(4)))) == 1
    assert StoredFile.objects.count() == 1


def ask(office: Browser, *rows: Document, format_: str = "pdf") -> PrintJob:
    answer = office.post("/pieces/imprimer/", {"c": [row.pk for row in rows], "format": format_})
    assert answer.status_code == 302
    return PrintJob.objects.latest("pk")


def test_the_worker_prints_what_was_ticked_into_one_file(office: Browser, client: Browser) -> None:
    rows = [issued(draft(QUOTE)), draft(QUOTE), issued(draft())]
    job = ask(office, *rows)
    address = f"/pieces/impressions/{job.pk}/"
    assert 'hx-trigger="every 2s"' in office.get(address).content.decode()
    assert office.get(f"{address}fichier/").status_code == 404
    assert print_jobs.work_one()
    assert not print_jobs.work_one()
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    fragment = office.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "Télécharger" in fragment
    answer = office.get(f"{address}fichier/")
    assert "attachment" in answer["Content-Disposition"]
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with pikepdf.open(io.BytesIO(body)) as whole:
        assert len(whole.pages) == 3
    said = words_of(body)
    assert said.index(rows[0].number) < said.index("BROUILLON") < said.index(rows[2].number)
    assert "PDF" in office.get("/pieces/impressions/").content.decode()
    client.force_login(make_user(ADMINISTRATOR))
    assert {client.get(address).status_code, client.get(f"{address}fichier/").status_code} == {404}


def test_an_archive_holds_each_as_it_is_kept(office: Browser, claire: User) -> None:
    rows = [issued(draft(QUOTE)), draft(QUOTE), draft(QUOTE)]
    job = ask(office, *rows, format_="zip")
    assert print_jobs.work_one()
    job.refresh_from_db()
    with zipfile.ZipFile(print_jobs.folder() / job.file) as archive:
        assert archive.namelist() == [f"Devis {rows[0].number}.pdf", "Devis brouillon.pdf", "Devis brouillon (2).pdf"]
        assert archive.read(archive.namelist()[0]) == printed(rows[0].pk, by=claire).content
    assert print_jobs.folder().stat().st_mode & 0o077 == 0


def test_a_second_attempt_prints_the_same_and_tells_the_seal_once(
    office: Browser, claire: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, known = issued(draft()), issued(draft())
    printed(known.pk, by=claire)
    job = ask(office, fresh, known, format_="zip")
    whole = print_jobs._write_archive

    def dies(_path: Path, printouts: Any) -> None:
        assert len(list(printouts)) == 2
        raise OSError("disk full")

    monkeypatch.setattr(print_jobs, "_write_archive", dies)
    assert [print_jobs.work_one() for _ in range(4)] == [True, True, True, False]
    job.refresh_from_db()
    assert job.state == "failed"
    assert list(print_jobs.folder().iterdir()) == []
    monkeypatch.setattr(print_jobs, "_write_archive", whole)
    assert "Réessayer" in office.get(f"/pieces/impressions/{job.pk}/").content.decode()
    office.post(f"/pieces/impressions/{job.pk}/")
    assert print_jobs.work_one()
    job.refresh_from_db()
    with zipfile.ZipFile(print_jobs.folder() / job.file) as archive:
        assert archive.namelist() == [f"Facture {fresh.number}.pdf", f"Facture {known.number} duplicata.pdf"]
    assert reprints() == 1


def test_a_worker_that_dies_leaves_it_due(office: Browser) -> None:
    job = ask(office, draft(QUOTE))
    assert print_jobs.claim() == job
    assert print_jobs.claim() is None
    PrintJob.objects.update(worked_at=now() - timedelta(minutes=3))
    assert print_jobs.work_one()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_only_what_may_be_seen_is_printed_and_asked_again(office: Browser, claire: User, client: Browser) -> None:
    row = draft(QUOTE)
    for sent in ([], ["x"], ["999999"], [str(number) for number in range(501)]):
        assert office.post("/pieces/imprimer/", {"c": sent}).status_code == 409
    job = ask(office, row)
    claire.groups.clear()
    assert print_jobs.work_one()
    job.refresh_from_db()
    assert (job.state, job.marks) == ("done", {})


def test_the_same_form_asks_once(office: Browser) -> None:
    sent = {"c": draft(QUOTE).pk, "token": "0" * 32}
    assert len({office.post("/pieces/imprimer/", sent)["Location"] for _ in range(2)}) == 1
    assert PrintJob.objects.count() == 1


def test_files_go_after_a_week(office: Browser) -> None:
    job = ask(office, draft(QUOTE))
    assert print_jobs.work_one()
    PrintJob.objects.update(finished_at=now() - timedelta(days=8))
    assert print_jobs.delete_old_files() == 1
    assert list(print_jobs.folder().iterdir()) == []
    assert "supprimé" in office.get(f"/pieces/impressions/{job.pk}/").content.decode()
    assert office.get(f"/pieces/impressions/{job.pk}/fichier/").status_code == 404


def test_as_many_queries_for_three_lines_as_for_thirty(
    office: Browser, django_assert_max_num_queries: Any, claire: User
) -> None:
    counts = []
    for lines in (3, 30):
        row = make_document(QUOTE)
        for _ in range(lines):
            add(row)
        row = issued(row)
        with django_assert_max_num_queries(60) as captured:
            # As in a request of its own: what the other asked is not remembered.
            printed(row.pk, by=User.objects.get(pk=claire.pk))
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1]


def test_the_list_offers_to_print_to_all_who_see_prices(client: Browser) -> None:
    draft(QUOTE)
    client.force_login(make_user(SALES))
    page = client.get("/pieces/").content.decode()
    assert 'action="/pieces/imprimer/"' in page
    assert "data-pick" in page
