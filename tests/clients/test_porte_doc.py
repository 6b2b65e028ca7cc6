"""The porte-doc itself: who gets a file and how, previews, folders, tags, changes, deletion."""

import io
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from PIL import Image

from clients.actions.files import tag_of
from clients.actions.folders import create_folder, folder_of
from clients.actions.previews import make_previews
from clients.models import Client, FileTag, Folder, HistoryEntry, StoredFile
from extrabat.lib.refusals import Refused
from settings_app.audit.queries import trail
from settings_app.models import Status, User
from settings_app.users.rights import SALES, TECHNICIAN
from tests.clients.test_files import DOCX, PDF, heic
from tests.factories import make_client, make_file, make_user, picture
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db
Commit = Callable[..., Any]


@pytest.fixture
def fabre() -> Client:
    return make_client()


@pytest.fixture
def office(client: Browser) -> User:
    user = make_user()
    client.force_login(user)
    return user


def look(row: StoredFile) -> Image.Image:
    with storages["files"].open(row.preview_key) as content:
        return Image.open(io.BytesIO(content.read()))


def colour(image: Image.Image, x: int, y: int) -> str:
    red, _, blue = image.convert("RGB").getpixel((x, y))  # type: ignore[misc]  # three bands
    return "red" if red > 180 and blue < 90 else "blue" if blue > 180 and red < 90 else "other"


# ---- served -----------------------------------------------------------------------------------------------


@pytest.mark.req("DOC-03")
@pytest.mark.parametrize(
    ("name", "content", "how"),
    [
        ("plan.pdf", PDF, "inline"),
        ("bassin.png", picture(), "attachment"),
        ("devis.docx", DOCX, "attachment"),
        ("note.txt", b"bonjour", "attachment"),
    ],
)
def test_a_file_is_served_so_that_nothing_in_it_runs(
    client: Browser, fabre: Client, office: User, name: str, content: bytes, how: str
) -> None:
    row = make_file(fabre, name=name, content=content)
    answer: Any = client.get(f"/clients/{fabre.pk}/documents/{row.pk}/")
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"] == f'{how}; filename="{name}"'
    assert answer["Content-Type"] == row.content_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-cache"
    policy = answer["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


@pytest.mark.req("DOC-03")
def test_another_client_s_file_does_not_exist_here(client: Browser, fabre: Client, office: User) -> None:
    row, other = make_file(fabre), make_client()
    make_previews()
    for tail in ("", "apercu/", "vignette/", "modifier/"):
        assert client.get(f"/clients/{other.pk}/documents/{row.pk}/{tail}").status_code == 404
        assert client.get(f"/clients/{fabre.pk}/documents/{row.pk}/{tail}").status_code == 200
    client.post(f"/clients/{other.pk}/documents/selection/", {"files": row.pk, "geste": "supprimer"})
    assert StoredFile.objects.count() == 1


@pytest.mark.req("DOC-03")
def test_a_restricted_file_exists_only_for_who_has_the_right(client: Browser, fabre: Client) -> None:
    row = make_file(fabre, name="secret.png", is_restricted=True)
    row.tags.add(tag_of("Litige"))
    make_previews()
    paths = [f"/clients/{fabre.pk}/documents/{row.pk}/{tail}" for tail in ("", "apercu/", "vignette/", "modifier/")]
    pages = [f"/clients/{fabre.pk}/documents/", f"/documents/?tag={row.tags.get().pk}"]
    client.force_login(make_user(SALES))
    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert all("secret.png" not in client.get(page).content.decode() for page in pages)
    client.force_login(make_user())
    assert [client.get(path).status_code for path in paths] == [200] * 4
    assert all("secret.png" in client.get(page).content.decode() for page in pages)


@pytest.mark.req("DOC-03")
def test_pieces_are_hidden_from_who_may_not_see_prices(fabre: Client) -> None:
    inner = create_folder(fabre, name="2026", within="pieces")
    hidden = [make_file(fabre, folder="pieces"), make_file(fabre, folder=inner.key)]
    shown = [make_file(fabre, folder="photos"), make_file(fabre)]
    rows = StoredFile.objects.filter(client=fabre)
    assert set(rows.allowed_to(make_user(TECHNICIAN))) == set(shown)
    assert set(rows.allowed_to(make_user())) == {*hidden, *shown}


def tab_count(page: str) -> str:
    return page.split('aria-label="Fiche client"')[1].split("Documents")[1].split("</a>", maxsplit=1)[0].strip()


def test_the_documents_are_a_tab_that_counts_what_one_may_see(client: Browser, fabre: Client) -> None:
    for values in ({"folder": "pieces"}, {"is_restricted": True}, {}, {}):
        make_file(fabre, **values)
    counts = {}
    for role in ("Bureau", SALES, TECHNICIAN):
        user = make_user(role)
        user.groups.get().permissions.add(Permission.objects.get(codename="see_all_clients"))
        client.force_login(user)
        page = client.get(f"/clients/{fabre.pk}/documents/").content.decode()
        assert f'href="/clients/{fabre.pk}/documents/" aria-current="page"' in page
        assert "Coordonnées" in page
        counts[role] = tab_count(page)
    assert counts == {
        "Bureau": '<span class="count">4</span>',
        SALES: '<span class="count">3</span>',
        TECHNICIAN: '<span class="count">2</span>',
    }
    client.force_login(make_user())
    assert tab_count(client.get(f"/clients/{make_client().pk}/").content.decode()) == ""


def test_bytes_that_are_missing_are_not_found(client: Browser, fabre: Client, office: User) -> None:
    row = make_file(fabre)
    storages["files"].delete(row.storage_key)
    assert client.get(f"/clients/{fabre.pk}/documents/{row.pk}/").status_code == 404


# ---- previews ---------------------------------------------------------------------------------------------


def test_a_preview_stands_upright_and_says_nothing_of_where(client: Browser, fabre: Client, office: User) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held on its side: what is left in the file is on top
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8769).update({0x9003: "2026:07:14 10:30:00", 0x9011: "+02:00"})
    row = make_file(fabre, name="IMG.jpg", content=picture((400, 200), "JPEG", exif=exif, quality=95))
    assert (row.width, row.height) == (200, 400)
    assert row.taken_at == datetime(2026, 7, 14, 8, 30, tzinfo=UTC)
    assert make_previews() == 1
    seen = look(row)
    assert seen.size == (200, 400)
    assert (colour(seen, 100, 40), colour(seen, 100, 360)) == ("red", "blue")
    assert not seen.getexif()
    answer: Any = client.get(f"/clients/{fabre.pk}/documents/{row.pk}/apercu/")
    assert answer["Content-Disposition"] == 'inline; filename="IMG.jpg"'
    assert b"Exif" not in b"".join(answer.streaming_content)
    original: Any = client.get(f"/clients/{fabre.pk}/documents/{row.pk}/")
    assert b"Exif" in b"".join(original.streaming_content)


def test_a_picture_of_an_iphone_is_shown_as_jpeg(fabre: Client) -> None:
    row = make_file(fabre, name="IMG_0001.HEIC", content=heic((4000, 3000)))
    assert (row.width, row.height) == (4000, 3000)
    assert make_previews() == 1
    seen = look(row)
    assert (seen.format, seen.size) == ("JPEG", (1600, 1200))
    assert (colour(seen, 100, 600), colour(seen, 1500, 600)) == ("red", "blue")


def test_a_picture_that_does_not_open_is_kept_without_preview(client: Browser, fabre: Client, office: User) -> None:
    whole = picture((900, 900))
    row = make_file(fabre, content=whole[: len(whole) // 2])
    assert make_previews() == 0
    row.refresh_from_db()
    assert row.preview == "failed"
    assert "Pas d’aperçu" in client.get(f"/clients/{fabre.pk}/documents/").content.decode()
    assert client.get(f"/clients/{fabre.pk}/documents/{row.pk}/apercu/")["Content-Disposition"].startswith("attachment")
    assert client.get(f"/clients/{fabre.pk}/documents/{row.pk}/vignette/").status_code == 404


def test_a_picture_that_kills_the_worker_is_given_up(fabre: Client) -> None:
    row = make_file(fabre, tries=3)
    assert make_previews() == 0
    row.refresh_from_db()
    assert row.preview == "failed"


def test_a_store_that_is_down_is_tried_again(fabre: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    row = make_file(fabre)

    def down(*args: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(storages["files"], "open", down)
        assert make_previews() == 0
    row.refresh_from_db()
    assert (row.preview, row.tries) == ("due", 0)
    assert make_previews() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_makes_them_even_when_the_hint_was_lost(
    client: Browser, program_env: dict[str, str], tmp_path: Path
) -> None:
    """The broker forgot everything; the next hint, or the next tick, finds the row."""
    broker = cache._cache.get_client()  # type: ignore[attr-defined]
    lost = make_file(make_client())
    broker.flushdb()
    celery = [str(Path(sys.executable).with_name("celery")), "-A", "extrabat.celery", "worker", "-c", "1"]
    quiet: dict[str, Any] = {"env": program_env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    worker = subprocess.Popen([*celery, "-n", f"{tmp_path.name}@test"], **quiet)
    try:
        make_file(make_client())
        wait_for(lambda: StoredFile.objects.filter(preview="done").count() == 2, what="the previews")
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(timeout=30)
        broker.flushdb()
    lost.refresh_from_db()
    assert look(lost).size == (64, 48)


# ---- folders ----------------------------------------------------------------------------------------------


@pytest.mark.req("DOC-02")
def test_the_program_s_folders_are_there_and_stay(client: Browser, fabre: Client, office: User) -> None:
    page = client.get(f"/clients/{fabre.pk}/documents/").content.decode()
    for name in ("Photos", "Rapport de rendez-vous", "Pièces commerciales", "Relances"):
        assert name in page
    photos = folder_of(fabre, "photos")
    assert photos is not None
    assert photos == folder_of(fabre, "photos")
    where = f"/clients/{fabre.pk}/documents/dossiers/{photos.pk}/"
    assert client.post(where, {"name": "Images"}).status_code == 409
    assert client.post(where, {"delete": "1"}).status_code == 409
    assert "dossier du programme" in client.get(where).content.decode()
    assert Folder.objects.get().name == "Photos"
    for name in ("photos", "RELANCES"):
        with pytest.raises(Refused, match="existe déjà"):
            create_folder(fabre, name=name)


def test_a_folder_is_made_renamed_and_deleted_when_empty(client: Browser, fabre: Client, office: User) -> None:
    where = f"/clients/{fabre.pk}/documents/dossiers/"
    assert client.post(where, {"name": " Plans  2026 ", "within": ""}).status_code == 302
    assert client.post(where, {"name": "plans 2026"}).status_code == 422
    assert client.post(where, {"name": ""}).status_code == 422
    plans = Folder.objects.get()
    assert plans.name == "Plans 2026"
    assert client.post(where, {"name": "Coupes", "within": plans.key}).status_code == 302
    inner = Folder.objects.get(name="Coupes")
    with pytest.raises(Refused, match="sous-dossier"):
        create_folder(fabre, name="Encore", within=inner.key)
    assert client.post(f"{where}{plans.pk}/", {"name": "Plans"}).status_code == 302
    assert client.post(f"{where}{plans.pk}/", {"delete": "1"}).status_code == 409
    row = make_file(fabre, folder=inner.key)
    assert client.post(f"{where}{inner.pk}/", {"delete": "1"}).status_code == 409
    row.delete()
    assert client.post(f"{where}{inner.pk}/", {"delete": "1"}).status_code == 302
    assert [folder.name for folder in Folder.objects.all()] == ["Plans"]
    assert (
        client.post(f"/clients/{make_client().pk}/documents/dossiers/{plans.pk}/", {"delete": "1"}).status_code == 404
    )


def test_nobody_puts_a_file_where_he_may_not_look(client: Browser, fabre: Client, office: User) -> None:
    foreign = create_folder(make_client(), name="Plans")
    row = make_file(fabre)
    sent = {"files": row.pk, "geste": "deplacer", "folder": foreign.key}
    assert client.post(f"/clients/{fabre.pk}/documents/selection/", sent).status_code == 409
    row.refresh_from_db()
    assert row.folder is None


# ---- changes ----------------------------------------------------------------------------------------------


def test_a_file_is_described_renamed_tagged_and_moved(client: Browser, fabre: Client, office: User) -> None:
    row = make_file(fabre)
    garden = tag_of("Jardin")
    where = f"/clients/{fabre.pk}/documents/{row.pk}/modifier/"
    shown = client.get(where).context["form"]
    sent = {
        "seen": shown["seen"].value(),
        "name": "bassin vide",
        "place": "photos",
        "description": "Avant travaux",
        "tags": [garden.pk],
        "new_tags": "Avant, jardin",
        "is_visible_to_client": "on",
        "is_restricted": "on",
        "on_home": "on",
    }
    assert client.post(where, sent)["Location"] == f"/clients/{fabre.pk}/documents/?dossier=photos"
    row.refresh_from_db()
    assert (row.name, str(row.folder), row.description) == ("bassin vide.png", "Photos", "Avant travaux")
    assert (row.is_visible_to_client, row.is_restricted, row.on_home) == (True, True, True)
    assert [tag.label for tag in row.tags.all()] == ["Avant", "Jardin"]
    assert row.version > 1
    assert trail(row)[0].verb in {"change", "create"}
    # A tab opened before that does not overwrite it.
    stale = client.post(where, {"seen": shown["seen"].value(), "name": "autre.png", "place": ""})
    assert stale.status_code == 409
    assert client.post(where, {"seen": shown["seen"].value(), "name": ""}).status_code == 422


def test_several_are_moved_at_once(client: Browser, fabre: Client, office: User) -> None:
    rows = [make_file(fabre), make_file(fabre), make_file(fabre, folder="photos")]
    keys = [row.pk for row in rows]
    where = f"/clients/{fabre.pk}/documents/selection/"
    sent: dict[str, Any] = {"files": keys, "geste": "deplacer"}
    assert "Déplacer 3\u00a0fichiers" in client.get(where, sent).content.decode()
    page = client.post(where, {**sent, "folder": "photos"}, follow=True)
    assert "2\u00a0fichiers déplacés." in page.content.decode()
    assert {str(row.folder) for row in StoredFile.objects.all()} == {"Photos"}
    client.post(where, {"files": keys[0], "geste": "deplacer", "folder": ""})
    assert StoredFile.objects.get(folder=None).pk == keys[0]
    assert "Aucun fichier choisi." in client.get(where).content.decode()
    assert client.post(where, {"files": "x"}).status_code == 422


def test_several_are_deleted_with_their_bytes_and_told(
    client: Browser, fabre: Client, office: User, django_capture_on_commit_callbacks: Commit
) -> None:
    rows = [make_file(fabre, name="a.png"), make_file(fabre, name="secret.png", is_restricted=True)]
    make_previews()
    keys = [key for row in rows for key in (row.storage_key, row.preview_key, row.thumbnail_key)]
    assert all(storages["files"].exists(key) for key in keys)
    sent: dict[str, Any] = {"files": [row.pk for row in rows], "geste": "supprimer"}
    asked = client.get(f"/clients/{fabre.pk}/documents/selection/", sent).content.decode()
    assert "Une fois supprimés, ils ne reviennent pas." in asked
    with django_capture_on_commit_callbacks() as later:
        assert client.post(f"/clients/{fabre.pk}/documents/selection/", sent).status_code == 302
    assert all(storages["files"].exists(key) for key in keys)
    for callback in later:
        callback()
    assert not any(storages["files"].exists(key) for key in keys)
    assert not StoredFile.objects.exists()
    # The history is read by people who may not see the second.
    assert HistoryEntry.objects.latest("pk").text == "2\u00a0fichiers supprimés\u00a0: a.png"
    assert trail(rows[0])[0].verb == "delete"


# ---- tags -------------------------------------------------------------------------------------------------


@pytest.mark.req("DOC-05")
def test_a_tag_gathers_files_of_all_the_clients_one_may_see(client: Browser, fabre: Client) -> None:
    hidden = make_client(status=Status.objects.create(label="Confidentiel", is_restricted=True))
    trashed = make_client(status=Status.objects.get(is_trash=True))
    other = make_client()
    tag, unused = tag_of("Notice"), tag_of("Inutilisée")
    assert tag_of(" NOTICE ") == tag
    for place, name in ((fabre, "un.png"), (other, "deux.png"), (hidden, "trois.png"), (trashed, "quatre.png")):
        make_file(place, name=name).tags.add(tag)
    make_file(fabre, name="cinq.png")
    client.force_login(make_user(SALES))
    page = client.get(f"/documents/?tag={tag.pk}").content.decode()
    assert [name in page for name in ("un.png", "deux.png", "trois.png", "quatre.png", "cinq.png")] == [
        *(True, True, False, False, False),
    ]
    assert "2\u00a0fichiers « Notice »" in page
    assert unused.label not in client.get("/documents/").content.decode()
    here = client.get(f"/clients/{fabre.pk}/documents/?etiquette={tag.pk}").content.decode()
    assert "un.png" in here
    assert "cinq.png" not in here
    assert client.get("/documents/?tag=x").status_code == 200
    assert FileTag.objects.count() == 2


def test_queries_do_not_grow_with_the_files(client: Browser, fabre: Client, office: User) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    tag = tag_of("Chantier")
    make_file(fabre).tags.add(tag)
    paths = [f"/clients/{fabre.pk}/documents/", f"/documents/?tag={tag.pk}"]
    few = [cost(path) for path in paths]
    for _ in range(5):
        make_file(fabre, folder="photos").tags.add(tag)
        make_file(make_client()).tags.add(tag)
    assert [cost(path) for path in paths] == few
