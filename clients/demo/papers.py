"""The demo's porte-docs: drawn pictures and short PDFs, put in as a person does, in the first clients' folders."""

import io
import random
import uuid
from collections.abc import Sequence
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from clients.actions.files import Incoming, add_files, tag_of
from clients.actions.folders import create_folder
from clients.demo.records import Record
from clients.domain.uploads import inspect
from clients.models import Client, StoredFile, SystemFolder
from settings_app.users.models import User

SIZE: Final = (960, 720)
PHOTOS: Final = ("Terrain avant travaux", "Terrassement", "Ferraillage", "Bassin en eau", "Local technique")
PAPERS: Final = ("Notice pompe de filtration", "Attestation d’entretien")
# Clients by their place among the first: how many photos and papers each has.
HOLDERS: Final = ((0, 5, 2), (1, 2, 1), (2, 3, 0), (9, 2, 1), (30, 1, 1))


def papers(records: Sequence[Record], people: Sequence[User], chance: random.Random) -> None:
    for place, photos, sheets in HOLDERS:
        client, by = Client.objects.get(pk=records[place].client.pk), chance.choice(people)
        pictures = [(f"{name}.jpg", _picture(chance)) for name in PHOTOS[:photos]]
        _put(client, by, pictures, SystemFolder.PHOTOS)
        _put(client, by, [(f"{name}.pdf", _pdf(name)) for name in PAPERS[:sheets]], "")
        _tell(client)
    first = Client.objects.get(pk=records[0].client.pk)
    plans = create_folder(first, name="Plans")
    _put(first, people[0], [("Plan de masse.pdf", _pdf("Plan de masse")), ("Coupe.jpg", _picture(chance))], plans.key)
    first.files.filter(name__startswith="Bassin").update(on_home=True, is_visible_to_client=True)
    first.files.filter(name__startswith="Plan").update(on_home=True)
    first.files.filter(name__startswith="Attestation").update(is_restricted=True)


def _put(client: Client, by: User, files: Sequence[tuple[str, bytes]], folder: str) -> None:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    good = [Incoming(inspect(file.name or "", file, file.size or 0), file) for file in sent]
    if good:
        key = str(uuid.uuid4())
        add_files(client, by=by, sent=good, folder=folder, token=key, batch=key)


def _tell(client: Client) -> None:
    """Tags, by what the names say."""
    for word, label in (("avant", "Avant travaux"), ("Bassin", "Après travaux"), ("Notice", "Notice")):
        for file in StoredFile.objects.filter(client=client, name__contains=word):
            file.tags.add(tag_of(label))


def _picture(chance: random.Random) -> bytes:
    """A garden, its hills and a pool, in colours of their own each time."""
    width, height = SIZE
    made = Image.new("RGB", SIZE, (178 + chance.randint(-12, 12), 208, 230))
    draw = ImageDraw.Draw(made)
    far = [(0, 300), *((x, 300 - chance.randint(20, 130)) for x in range(0, width + 1, 120)), (width, 300)]
    draw.polygon(far, fill=(126, 148, 128 + chance.randint(-14, 14)))
    draw.rectangle((0, 300, width, height), fill=(146 + chance.randint(-20, 40), 160, 96))
    left, top = chance.randint(120, 240), chance.randint(400, 460)
    corners = [(left, top), (left + 480, top), (left + 600, top + 190), (left - 70, top + 190)]
    draw.polygon(corners, fill=(52, 150 + chance.randint(-20, 30), 190), outline=(232, 226, 208), width=14)
    for _ in range(9):
        x, size = chance.randint(0, width), chance.randint(24, 70)
        draw.ellipse((x - size, 310 - size * 2, x + size, 320), fill=(64, 96 + chance.randint(-16, 24), 58))
    content = io.BytesIO()
    made.save(content, "JPEG", quality=80)
    return content.getvalue()


def _pdf(title: str) -> bytes:
    """One page with a title: the least that every reader opens."""
    words = title.replace("’", "'").encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)")
    text = b"BT /F1 22 Tf 60 760 Td (" + words + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 6\n0000000000 65535 f \n" + table + end
