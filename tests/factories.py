"""Records for tests, with the least that makes them valid."""

import io
import uuid
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clients.actions.files import Incoming, add_files
from clients.domain.uploads import inspect
from clients.models import Address, Client, Kind, StoredFile
from settings_app.models import AddressType, Civility, Origin, Status, Store, User
from settings_app.users.rights import OFFICE

PASSWORD = "une phrase de passe longue"
_numbers = count(1)


def make_user(role: str = OFFICE, **values: Any) -> User:
    """A colleague of the first store. No password unless given: hashing one costs more than most tests."""
    number = next(_numbers)
    user = User(
        **{
            "username": f"personne{number}",
            "first_name": "Claire",
            "last_name": f"Delmas{number}",
            "email": f"personne{number}@exemple.fr",
            "store": Store.objects.earliest("pk"),
            "password": "!",
        }
        | values
    )
    user.save()
    user.groups.set([Group.objects.get(name=role)])
    return user


def make_client(**values: Any) -> Client:
    """A prospect; `kind` alone chooses a fitting civility and name."""
    number = next(_numbers)
    professional = values.get("kind") == Kind.PROFESSIONAL
    return Client.objects.create(
        **{
            "civility": Civility.objects.filter(is_professional=professional).earliest("position"),
            "last_name": "" if professional else f"Fabre{number}",
            "first_name": "" if professional else "Hélène",
            "company_name": f"Piscines {number}" if professional else "",
            "status": Status.objects.get(label="Prospect"),
            "origin": Origin.objects.get(label="Salon"),
        }
        | values
    )


def make_address(**values: Any) -> Address:
    return Address.objects.create(
        **{
            "client": values.get("client") or make_client(),
            "type": AddressType.objects.get(code="correspondance"),
            "street": "210 route de Grambois",
            "postcode": "84240",
            "city": "La Tour-d’Aigues",
        }
        | values
    )


def picture(size: tuple[int, int] = (64, 48), format_: str = "PNG", **options: Any) -> bytes:
    """A picture, red at left and blue at right."""
    made = Image.new("RGB", size, "blue")
    made.paste("red", (0, 0, size[0] // 2, size[1]))
    content = io.BytesIO()
    made.save(content, format_, **options)
    return content.getvalue()


def make_file(client: Client, *, name: str = "bassin.png", content: bytes | None = None, **values: Any) -> StoredFile:
    """A stored file, its bytes in the store."""
    sent = SimpleUploadedFile(name, picture() if content is None else content)
    found = inspect(name, sent, sent.size or 0)
    batch = str(uuid.uuid4())
    folder = values.pop("folder", "")
    by = values.pop("by", None) or make_user()
    add_files(client, by=by, sent=[Incoming(found, sent)], folder=folder, token=str(uuid.uuid4()), batch=batch)
    row = StoredFile.objects.get(batch=batch)
    for field, value in values.items():
        setattr(row, field, value)
    row.save()
    return row
