"""The columns of the list of clients, declared once: the page shows the chosen ones, an export writes them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.timezone import localdate

from clients.models import Address, Client
from extrabat.lib import french
from extrabat.lib.identifiers import display_siret
from extrabat.lib.phones import display_phone

Read = Callable[[Client, Address | None], object]


@dataclass(frozen=True)
class Column:
    """`read` gives a text, a day or a boolean; `shown` another text for the page; `related` is one join away.

    `sort` names the order that its heading offers, `css` is of its cells. `fields` are what `read` and `shown` read of
    a client, in the words of `only()`: a client has seventy columns, and a page shows a few.
    """

    name: str
    label: str
    read: Read
    shown: Read | None = None
    related: str = ""
    sort: str = ""
    css: str = ""
    asks_address: bool = False
    fields: tuple[str, ...] = ()

    def text(self, client: Client, address: Address | None) -> str:
        """What stands on the page."""
        match (self.shown or self.read)(client, address):
            case bool() as yes:
                return "oui" if yes else "non"
            case date() as value:
                return french.day(value)
            case value:
                return str(value or "")


def _address(name: str, label: str, read: Callable[[Address], str], shown: str = "", css: str = "") -> Column:
    return Column(
        name,
        label,
        lambda _, address: read(address) if address else "",
        (lambda _, address: getattr(address, shown) if address else "") if shown else None,
        css=css,
        asks_address=True,
    )


def _phone(name: str, label: str, field: str) -> Column:
    return Column(name, label, lambda client, _: display_phone(getattr(client, field)), css="num", fields=(field,))


def _row(name: str, label: str, field: str, sort: str = "", css: str = "") -> Column:
    return Column(
        name,
        label,
        lambda client, _: str(getattr(client, field) or ""),
        related=field,
        sort=sort,
        css=css,
        fields=_READ_OF.get(field, (f"{field}__label",)),
    )


_READ_OF: Final = {
    "followed_by": ("followed_by__first_name", "followed_by__last_name", "followed_by__username"),
    "status": ("status__label",),
}


CLIENT: Final = Column(
    "client",
    "Client",
    lambda client, _: client.display_name,
    sort="nom",
    fields=("kind", "last_name", "first_name", "company_name", "colour__tint", "colour__label"),
)
COLUMNS: Final[Sequence[Column]] = (
    _address("commune", "Commune", lambda address: address.city, shown="town"),
    _row("statut", "Statut", "status", sort="statut", css="as-state"),
    _phone("mobile", "Mobile", "mobile_1"),
    _row("suivi", "Suivi par", "followed_by"),
    _phone("telephone", "Téléphone", "phone_1"),
    Column("email", "E-mail", lambda client, _: client.email, fields=("email",)),
    _address("code-postal", "Code postal", lambda address: address.postcode, css="num"),
    _address("adresse", "Adresse", lambda address: address.way),
    Column("code", "Code client", lambda client, _: client.code, sort="code", css="num", fields=("code",)),
    Column("type", "Type", lambda client, _: client.get_kind_display(), fields=("kind",)),
    _row("categorie", "Type de client", "client_type"),
    _row("origine", "Origine", "origin"),
    _row("regroupement", "Regroupement", "grouping"),
    _row("couleur", "Couleur", "colour"),
    _row("csp", "Catégorie socio-professionnelle", "social_category"),
    _row("langue", "Langue", "language"),
    _row("civilite", "Civilité", "civility"),
    Column("nom", "Nom", lambda client, _: client.last_name, fields=("last_name",)),
    Column("prenom", "Prénom", lambda client, _: client.first_name, fields=("first_name",)),
    Column("raison-sociale", "Raison sociale", lambda client, _: client.company_name, fields=("company_name",)),
    _phone("mobile-2", "Mobile 2", "mobile_2"),
    _phone("telephone-2", "Téléphone 2", "phone_2"),
    Column("siret", "SIREN ou SIRET", lambda client, _: display_siret(client.siret), css="num", fields=("siret",)),
    Column("urssaf", "URSSAF", lambda client, _: client.is_urssaf, fields=("is_urssaf",)),
    Column("bloque", "Bloqué", lambda client, _: client.is_blocked, fields=("is_blocked",)),
    Column(
        "cree",
        "Créé le",
        lambda client, _: localdate(client.created_at),
        sort="cree",
        css="num",
        fields=("created_at",),
    ),
    Column(
        "modifie",
        "Modifié le",
        lambda client, _: localdate(client.updated_at),
        sort="modifie",
        css="num",
        fields=("updated_at",),
    ),
)
BY_NAME: Final = {column.name: column for column in COLUMNS}
DEFAULT: Final = ("commune", "statut", "mobile", "suivi")


def chosen(names: Iterable[str]) -> list[Column]:
    """The columns of these names that exist, in their order."""
    return [BY_NAME[name] for name in dict.fromkeys(names) if name in BY_NAME]


def related_to(columns: Iterable[Column]) -> list[str]:
    return [column.related for column in columns if column.related]


def fields_of(columns: Iterable[Column]) -> list[str]:
    """What a page of these columns reads, for `only()`."""
    return list(dict.fromkeys(name for column in (CLIENT, *columns) for name in column.fields))


def addresses_of(clients: Sequence[Client], columns: Iterable[Column]) -> dict[int, Address]:
    """Each client's first address, in one query, when a column asks for it."""
    found: dict[int, Address] = {}
    if any(column.asks_address for column in columns):
        for address in Address.objects.filter(client__in=[client.pk for client in clients]).order_by("pk"):
            found.setdefault(address.client_id, address)
    return found
