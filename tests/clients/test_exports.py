"""Files of clients: what they hold, at once and in the background, for their author alone, gone after a week."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils.timezone import now

from clients.actions import exports
from clients.models import Client, ExportJob, Kind
from settings_app.models import Civility, User
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def claire() -> User:
    return make_user()


@pytest.fixture
def office(client: Browser, claire: User, settings: Any, tmp_path: Path) -> Browser:
    settings.DATA_DIR = tmp_path
    client.force_login(claire)
    return client


def body_of(response: Any) -> bytes:
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return b"".join(response.streaming_content)


def lines_of(body: bytes) -> list[dict[str, str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def sheet_of(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_a_csv_opens_in_a_spreadsheet_and_runs_nothing(office: Browser) -> None:
    make_client(last_name='=HYPERLINK("http://x")', first_name="+33", email="-1@exemple.fr", mobile_1="+33639981427")
    sarl = Civility.objects.get(label="SARL")
    make_address(client=make_client(kind=Kind.PROFESSIONAL, civility=sarl, company_name="Camping ; & Cie"))
    company, person = lines_of(body_of(office.get("/clients/export/", {"colonnes": "toutes"})))
    assert company["Raison sociale"] == "Camping ; & Cie"
    assert (company["Code postal"], company["Commune"]) == ("84240", "La Tour-d’Aigues")
    assert person["Nom"] == '\'=HYPERLINK("http://x")'
    assert person["Prénom"] == "'+33"
    assert person["E-mail"] == "'-1@exemple.fr"
    assert person["Mobile"] == "06\u00a039\u00a098\u00a014\u00a027"
    assert re.fullmatch(r"\d\d/\d\d/\d{4}", person["Créé le"])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_an_excel_file_holds_texts_and_days_and_no_formula(office: Browser, start: str) -> None:
    make_client(last_name="Fabre", first_name="Jo")
    Client.objects.update(code=f"{start}1+1")
    sheet = sheet_of(body_of(office.get("/clients/export/", {"colonnes": "toutes", "format": "xlsx"})))
    assert "<f>" not in sheet
    assert "FABRE Jo" in sheet
    assert f"'{start}1+1".replace("\r", "_x000D_") in sheet.replace("&#13;", "_x000D_") or start in "\t\r"
    assert re.search(r'<c r="\w+" s="\d+"><v>\d{5}</v></c>', sheet)


def test_it_holds_the_filtered_rows_and_the_chosen_columns(office: Browser) -> None:
    make_client(last_name="Isnard", code="C-1")
    make_client(last_name="Autre")
    office.post("/clients/colonnes/", {"choix": ["code", "statut"]})
    rows = lines_of(body_of(office.get("/clients/export/", {"q": "isnard"})))
    assert rows == [{"Client": "ISNARD Hélène", "Code client": "C-1", "Statut": "Prospect"}]


def test_nothing_to_export_is_a_heading_alone(office: Browser) -> None:
    assert lines_of(body_of(office.get("/clients/export/"))) == []
    assert "<f>" not in sheet_of(body_of(office.get("/clients/export/", {"format": "xlsx"})))


def test_past_the_limit_a_worker_makes_it(office: Browser, monkeypatch: pytest.MonkeyPatch, client: Browser) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    monkeypatch.setattr(exports, "BATCH", 2)
    for number in range(5):
        make_client(last_name=f"Nom{number}")
    assert "Préparer le fichier" in office.get("/clients/export/").content.decode()
    sent = {"format": "csv", "filtre": "q=nom&tri=-nom", "token": "0" * 32}
    address = {office.post("/clients/exports/", sent)["Location"] for _ in range(2)}.pop()
    job = ExportJob.objects.get()
    assert (job.state, job.total) == ("waiting", 5)
    page = office.get(address).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert office.get(f"{address}fichier/").status_code == 404
    assert exports.work_one()
    assert not exports.work_one()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 5)
    fragment = office.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "every 2s" not in fragment
    assert "Télécharger" in fragment
    rows = lines_of(body_of(office.get(f"{address}fichier/")))
    assert [row["Client"] for row in rows] == [f"NOM{number} Hélène" for number in (4, 3, 2, 1, 0)]
    assert "CSV du" in office.get("/clients/exports/").content.decode()
    client.force_login(make_user("Administrateur"))
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    assert client.get(f"{address}fichier/").status_code == 404


def test_a_worker_that_dies_leaves_it_due(office: Browser, claire: User) -> None:
    make_client()
    job = ExportJob.objects.create(asked_by=claire, format="xlsx", columns=["code"], total=1)
    assert exports.claim() == job
    assert exports.claim() is None
    ExportJob.objects.update(worked_at=now() - timedelta(minutes=3))
    assert exports.work_one()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == ("done", 2, 1)
    assert [path.name for path in exports.folder().iterdir()] == [job.file]
    assert exports.folder().stat().st_mode & 0o077 == 0


def test_a_broken_one_is_tried_three_times_then_by_hand(
    office: Browser, claire: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_client()
    job = ExportJob.objects.create(asked_by=claire, format="csv", columns=[], total=1)
    whole = exports.write

    def broken(*_args: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(exports, "write", broken)
    assert [exports.work_one() for _ in range(4)] == [True, True, True, False]
    job.refresh_from_db()
    assert job.state == "failed"
    assert list(exports.folder().iterdir()) == []
    monkeypatch.setattr(exports, "write", whole)
    assert "Réessayer" in office.get(f"/clients/exports/{job.pk}/").content.decode()
    office.post(f"/clients/exports/{job.pk}/")
    assert exports.work_one()
    job.refresh_from_db()
    assert job.state == "done"


def test_the_right_is_asked_again_by_the_worker(office: Browser, claire: User) -> None:
    make_client()
    job = ExportJob.objects.create(asked_by=claire, format="csv", columns=[], total=1)
    claire.groups.clear()
    assert exports.work_one()
    job.refresh_from_db()
    assert (job.state, job.file) == ("failed", "")


def test_files_go_after_a_week(office: Browser, claire: User) -> None:
    make_client()
    jobs = [ExportJob.objects.create(asked_by=claire, format="csv", columns=[], total=1) for _ in range(2)]
    while exports.work_one():
        pass
    ExportJob.objects.filter(pk=jobs[0].pk).update(finished_at=now() - timedelta(days=8))
    assert exports.delete_old_files() == 1
    jobs[0].refresh_from_db()
    jobs[1].refresh_from_db()
    assert (jobs[0].state, jobs[1].state) == ("expired", "done")
    assert [path.name for path in exports.folder().iterdir()] == [jobs[1].file]
    assert office.get(f"/clients/exports/{jobs[0].pk}/fichier/").status_code == 404
    assert "a été supprimé" in office.get(f"/clients/exports/{jobs[0].pk}/").content.decode()
