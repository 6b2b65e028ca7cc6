"""What the room shows elsewhere: hits of the search field, a tile of the home page."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse

from clients import search as recipe
from clients.domain.searching import Needle, read, stands
from clients.models import Address, Client, FileTag, StoredFile
from clients.tagged import files_of, tags_found
from extrabat.lib.french import day
from extrabat.lib.phones import display_phone
from extrabat.lib.rooms import Hit, Hits, SearchProvider, Tile
from settings_app.preferences.registry import search_mode
from settings_app.users.access import signed_in
from settings_app.users.models import User

KIND: Final = "clients"
# A client has seventy columns, and a hit shows a few.
SHOWN: Final = (
    *(
        "kind",
        "last_name",
        "first_name",
        "company_name",
        "search_name",
        "code",
        "email",
        "colour__tint",
        "status__label",
    ),
    *("mobile_1", "mobile_2", "phone_1", "phone_2"),
)


def towns(clients: Sequence[Client]) -> dict[int, str]:
    """The town of each client's first address, in one query."""
    found: dict[int, str] = {}
    for address in Address.objects.filter(client__in=[client.pk for client in clients]).order_by("pk"):
        found.setdefault(address.client_id, address.town)
    return found


def find(user: User, typed: str, limit: int) -> Hits:
    rows = Client.objects.visible_to(user).living()
    found = recipe.find(rows, typed, cast(recipe.Mode, search_mode.of(user)), limit)
    needles = [*read(typed), *read(found.instead)] if found.instead else list(read(typed))
    marked = [word for needle in needles for word in needle.written]
    return Hits(_hits(found.keys, needles), marked, found.instead, found.too_slow)


def opened(user: User, keys: Sequence[int]) -> dict[int, Hit]:
    """Those of `keys` that the user may still see."""
    visible = Client.objects.visible_to(user).living().filter(pk__in=keys).values_list("pk", flat=True)
    kept = list(visible)
    return dict(zip(kept, _hits(kept, []), strict=True))


def _hits(keys: Sequence[int], needles: Sequence[Needle]) -> list[Hit]:
    rows = Client.objects.only(*SHOWN).select_related("status", "colour").filter(pk__in=keys) if keys else []
    by_key = {client.pk: client for client in rows}
    clients = [by_key[key] for key in keys]
    prefetch_related_objects(clients, "addresses")
    # The contacts are asked for only when a name does not tell why its client was found.
    unexplained = [client for client in clients if _not_in_the_name(client, needles)]
    prefetch_related_objects(unexplained, "contacts")
    return [_hit(client, needles) for client in clients]


def _hit(client: Client, needles: Sequence[Needle]) -> Hit:
    return Hit(
        label=client.display_name,
        detail=_reason(client, needles),
        url=client.get_absolute_url(),
        icon="building" if client.is_professional else "user",
        end=client.status.label,
        preview=reverse("clients:preview", args=[client.pk]),
        tint=client.colour.tint if client.colour else None,
    )


def _not_in_the_name(client: Client, needles: Sequence[Needle]) -> list[Needle]:
    return [needle for needle in needles if not stands([needle])(client.search_name)]


def _reason(client: Client, needles: Sequence[Needle]) -> str:
    """What holds the words that the name does not; else the town, else a number."""
    sought = _not_in_the_name(client, needles)
    address = next(iter(client.addresses.all()), None)
    usual = (address.town if address else "") or next((display_phone(number) for _, number in client.reach), "")
    if not sought:
        return usual
    texts = list(_tellable(client))
    best = max(texts, key=lambda text: sum(needle.is_in(text) for needle in sought), default="")
    return best if any(needle.is_in(best) for needle in sought) else usual


def _tellable(client: Client) -> Iterator[str]:
    """Everything else that a client may be found by, as people write it, the shortest telling first."""
    yield from (text for text in (client.code, client.email) if text)
    yield from (display_phone(number) for _, number in client.reach)
    for address in client.addresses.all():
        yield address.town
        yield str(address)
    for contact in client.contacts.all():
        yield f"{contact}, contact"
        yield from (f"{contact}, {display_phone(number)}" for number in contact.phones)
        yield from (f"{contact}, {email}" for email in contact.emails)


def find_files(user: User, typed: str, limit: int) -> Hits:
    """Files that bear a tag which holds the words, of clients whom the user may see (SEA-05)."""
    tags = tags_found(typed, cast(recipe.Mode, search_mode.of(user)))
    rows = [_file_hit(file, tags) for file in files_of(user, tags)[:limit]]
    return Hits(rows, [word for needle in read(typed) for word in needle.written])


def _file_hit(file: StoredFile, found: Sequence[FileTag]) -> Hit:
    tags = [tag for tag in file.tags.all() if tag in found]
    return Hit(
        label=file.name,
        detail=f"{', '.join(tag.label for tag in tags)}, {file.client.display_name}",
        url=f"{reverse('clients:files', args=[file.client_id])}?{urlencode({'etiquette': tags[0].pk})}",
        icon="photo" if file.is_picture else "file-text" if file.is_pdf else "file",
        end=day(file.uploaded_at),
    )


def _recent(request: HttpRequest) -> dict[str, Any]:
    rows = Client.objects.visible_to(signed_in(request)).living().in_lists().select_related("status")
    clients = list(rows.order_by("-updated_at", "-pk")[:8])
    places = towns(clients)
    return {"rows": [(client, places.get(client.pk, "")) for client in clients]}


search = SearchProvider(
    key=KIND,
    heading="Clients",
    find=find,
    all_url=lambda typed: f"{reverse('clients:list')}?{urlencode({'q': typed})}",
    recent=opened,
)
files = SearchProvider(
    key="files",
    heading="Fichiers par tag",
    find=find_files,
    all_url=lambda typed: f"{reverse('documents')}?{urlencode({'q': typed})}",
    order=90,
)
recent = Tile(
    name="recent-clients",
    template="clients/tile_recent.html",
    context=_recent,
    order=10,
    label="Derniers clients modifiés",
)
