"""Files sent to a client's porte-doc: what is taken, what is refused, stored once, told once."""

import io
import struct
import time
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pillow_heif
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.test import Client as Browser
from PIL import Image

from clients.access import own_clients
from clients.actions.previews import make_previews
from clients.models import Client, HistoryEntry, StoredFile
from settings_app.models import User
from settings_app.users.rights import TECHNICIAN
from tests.factories import make_client, make_file, make_user, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def fabre() -> Client:
    return make_client()


@pytest.fixture
def office(client: Browser) -> User:
    user = make_user()
    client.force_login(user)
    return user


@pytest.fixture
def send(client: Browser, fabre: Client, office: User) -> Callable[..., Any]:
    """Send files as upload.js does, by name and bytes; give the answer."""

    def post(*files: tuple[str, bytes], json: bool = True, **more: str) -> Any:
        sent = [SimpleUploadedFile(name, content) for name, content in files]
        headers = {"Accept": "application/json"} if json else {}
        data = {"files": sent, "token": str(uuid.uuid4())} | more
        return client.post(f"/clients/{fabre.pk}/documents/", data, headers=headers)

    return post


def png_of(width: int, height: int) -> bytes:
    """A PNG whose head tells its size and whose body is a few bytes that swell."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 20_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def archive(*names: str, swollen: int = 0, first: tuple[str, bytes] | None = None) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        if first:
            made.writestr(zipfile.ZipInfo(first[0]), first[1])
        for name in names:
            made.writestr(name, b"\x00" * swollen)
    return content.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
ODT = archive("content.xml", first=("mimetype", b"application/vnd.oasis.opendocument.text"))
ODS = archive("content.xml", first=("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"))
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def heic(size: tuple[int, int] = (64, 48)) -> bytes:
    content = io.BytesIO()
    pillow_heif.from_pillow(Image.open(io.BytesIO(picture(size)))).save(content, quality=90)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.jpg", picture(format_="JPEG"), "image/jpeg"),
        ("a.JPEG", picture(format_="JPEG"), "image/jpeg"),
        ("a.png", picture(), "image/png"),
        ("a.webp", picture(format_="WEBP"), "image/webp"),
        ("a.gif", picture(format_="GIF"), "image/gif"),
        ("IMG_0001.HEIC", heic(), "image/heic"),
        ("a.pdf", PDF, "application/pdf"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("a.ods", ODS, "application/vnd.oasis.opendocument.spreadsheet"),
        ("a.txt", "Clé sous le pot, à gauche".encode(), "text/plain"),
        ("a.csv", "nom;ville\nFabre;Pertuis\n".encode("cp1252"), "text/csv"),
    ],
)
def test_what_is_taken(send: Callable[..., Any], name: str, content: bytes, found: str) -> None:
    answer = send((name, content))
    assert (answer.status_code, answer.json()) == (200, {"stored": 1, "failed": []})
    row = StoredFile.objects.get()
    assert (row.name, row.size, row.content_type) == (name, len(content), found)
    assert name not in row.storage_key
    with storages["files"].open(row.storage_key) as kept:
        assert kept.read() == content


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.jpg", SVG, "un dessin SVG"),
        ("a.jpg", HTML, "une page web"),
        ("a.png", picture(format_="JPEG"), "une image JPEG"),
        ("a.jpg", PDF, "un PDF"),
        ("a.pdf", HTML, "une page web"),
        ("a.pdf", b"MZ\x90\x00" + b"\x00" * 200, "un programme"),
        ("a.jpg", b"\x7fELF" + b"\x00" * 200, "un programme"),
        ("a.txt", HTML, "une page web"),
        ("a.txt", b"  \n<svg onload=alert(1)>", "un dessin SVG"),
        ("a.csv", b"nom;ville\n<script>alert(1)</script>", "n’est pas celui d’un fichier .csv"),
        ("a.txt", b"\x00\x01\x02", "n’est pas celui d’un fichier .txt"),
        ("a.svg", SVG, "Ce type de fichier n’est pas accepté"),
        ("a.html", HTML, "Ce type de fichier n’est pas accepté"),
        ("a.exe", b"MZ\x90\x00", "Ce type de fichier n’est pas accepté"),
        ("a.pdf.exe", PDF, "Ce type de fichier n’est pas accepté"),
        ("a", PDF, "Ce type de fichier n’est pas accepté"),
        ("a.docx", archive("a.txt"), "n’est pas celui d’un fichier .docx"),
        ("a.docx", XLSX, "n’est pas celui d’un fichier .docx"),
        ("a.odt", ODS, "n’est pas celui d’un fichier .odt"),
        ("a.heic", b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 99, "n’est pas celui d’un fichier .heic"),
        ("a.png", picture()[:20], "Cette image est abîmée"),
        ("a.pdf", b"", "Il est vide."),
        ("a.pdf", PDF + b"\x00" * (20 * 1024 * 1024), "Il dépasse 20\u00a0Mo."),
    ],
)
def test_what_is_refused_and_why(send: Callable[..., Any], name: str, content: bytes, why: str) -> None:
    answer = send((name, content))
    assert answer.status_code == 422
    told = answer.json()
    assert told["stored"] == 0
    assert told["failed"][0]["name"] == name
    assert why in told["failed"][0]["reason"]
    assert not StoredFile.objects.exists()
    assert not HistoryEntry.objects.exists()


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (9_000, 9_000), (2_000_000_000, 1)])
def test_a_picture_that_swells_is_refused_in_under_two_seconds(
    send: Callable[..., Any], width: int, height: int
) -> None:
    started = time.perf_counter()
    answer = send(("bombe.png", png_of(width, height)))
    assert time.perf_counter() - started < 2
    assert answer.status_code == 422
    assert "trop de pixels" in answer.json()["failed"][0]["reason"]


def test_an_archive_that_swells_is_only_stored(send: Callable[..., Any]) -> None:
    """A document of Word is an archive: whatever it holds, nothing here ever unpacks it."""
    bomb = archive("[Content_Types].xml", "word/document.xml", swollen=300_000_000)
    started = time.perf_counter()
    assert send(("bombe.docx", bomb)).status_code == 200
    assert time.perf_counter() - started < 2
    assert StoredFile.objects.get().preview == "none"
    assert make_previews() == 0


def test_one_bad_file_of_five_does_not_lose_the_other_four(send: Callable[..., Any]) -> None:
    files = [("1.png", picture()), ("2.pdf", PDF), ("3.jpg", SVG), ("4.txt", b"x"), ("5.docx", DOCX)]
    answer = send(*files, folder="photos")
    assert answer.status_code == 200
    assert answer.json()["stored"] == 4
    assert [failed["name"] for failed in answer.json()["failed"]] == ["3.jpg"]
    assert {row.name for row in StoredFile.objects.all()} == {"1.png", "2.pdf", "4.txt", "5.docx"}
    assert {row.folder.name for row in StoredFile.objects.all() if row.folder} == {"Photos"}
    assert HistoryEntry.objects.get().text == "4\u00a0fichiers ajoutés dans Photos"


def test_a_file_sent_twice_is_stored_once(send: Callable[..., Any]) -> None:
    token = str(uuid.uuid4())
    first, second = (send(("a.png", picture()), token=token) for _ in range(2))
    assert first.json() == second.json() == {"stored": 1, "failed": []}
    assert StoredFile.objects.count() == 1
    assert HistoryEntry.objects.get().text == "1\u00a0fichier ajouté"


def test_the_files_of_one_batch_are_one_line_of_the_history(send: Callable[..., Any], office: User) -> None:
    batch = str(uuid.uuid4())
    for number in range(3):
        send((f"{number}.png", picture()), folder="photos", batch=batch)
    send(("plus-tard.png", picture()), folder="photos")
    entries = [(entry.kind, entry.text, entry.by) for entry in HistoryEntry.objects.order_by("pk")]
    assert entries == [
        ("file", "3\u00a0fichiers ajoutés dans Photos", office),
        ("file", "1\u00a0fichier ajouté dans Photos", office),
    ]


def test_without_script_the_form_answers_with_pages(send: Callable[..., Any], client: Browser, fabre: Client) -> None:
    answer = send(("a.png", picture()), ("b.jpg", SVG), json=False, folder="photos")
    assert (answer.status_code, answer["Location"]) == (302, f"/clients/{fabre.pk}/documents/?dossier=photos")
    page = client.get(answer["Location"]).content.decode()
    assert "1\u00a0fichier ajouté." in page
    assert "b.jpg\u00a0: Son nom finit par .jpg, mais c’est un dessin SVG" in page
    refused = send(("b.jpg", SVG), json=False)
    assert refused.status_code == 422
    assert "Rien n’a été ajouté." in refused.content.decode()
    assert "Choisissez au moins un fichier." in send(json=False).content.decode()


def test_a_failed_write_leaves_no_bytes(
    send: Callable[..., Any], client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def note(name: str, *args: Any) -> str:
        written.append(save(name, *args))
        return written[-1]

    def break_off(*args: Any) -> None:
        raise RuntimeError

    save = storages["files"].save
    monkeypatch.setattr(storages["files"], "save", note)
    monkeypatch.setattr("clients.actions.files.record_result", break_off)
    client.raise_request_exception = False
    assert send(("a.png", picture())).status_code == 500
    assert len(written) == 1
    assert not storages["files"].exists(written[0])
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\photos\\bassin.png", "bassin.png"),
        ("facture\u202egnp.png", "facturegnp.png"),
        ("a\x00b\r\nc.png", "abc.png"),
        (f"{'é' * 300}.png", f"{'é' * 146}.png"),
    ],
)
def test_a_name_is_only_a_name(sent: str, shown: str) -> None:
    assert make_file(make_client(), name=sent).name == shown


def test_bytes_are_for_the_program_alone(fabre: Client) -> None:
    storage: Any = storages["files"]
    where = storage.path(make_file(fabre).storage_key)
    from pathlib import Path

    assert Path(where).stat().st_mode & 0o777 == 0o600


@pytest.fixture
def technician(client: Browser, fabre: Client) -> Iterator[User]:
    def source(user: User) -> Q:
        return Q(pk=fabre.pk)

    user = make_user(TECHNICIAN)
    client.force_login(user)
    own_clients.add(source)
    yield user
    own_clients.remove(source.__qualname__)


def test_a_technician_adds_photos_to_the_clients_he_sees_and_nothing_else(
    client: Browser, fabre: Client, technician: User
) -> None:
    files = [SimpleUploadedFile("a.png", picture()), SimpleUploadedFile("b.pdf", PDF)]
    where = f"/clients/{fabre.pk}/documents/"
    answer = client.post(where, {"files": files, "folder": "pieces"}, headers={"Accept": "application/json"})
    assert answer.json() == {
        "stored": 1,
        "failed": [{"name": "b.pdf", "reason": "Vous pouvez ajouter des photos seulement."}],
    }
    row = StoredFile.objects.get()
    assert (row.name, row.folder and row.folder.system, row.uploaded_by) == ("a.png", "photos", technician)
    assert client.post(f"/clients/{make_client().pk}/documents/", {"files": files}).status_code == 404


def test_what_is_far_too_heavy_never_fills_the_disk(send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []

    def note(name: str, file: Any, size: int) -> None:
        kept.append(size)
        raise RuntimeError

    monkeypatch.setattr("clients.views.files.inspect", note)
    with pytest.raises(RuntimeError):
        send(("gros.pdf", PDF + b"\x00" * (60 * 1024 * 1024)))
    assert 20 * 1024 * 1024 < kept[0] < 21 * 1024 * 1024
