"""The reference tables that have a screen: each is declared here once; screens, forms, menu and rules follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q

from extrabat.lib.french import percent
from extrabat.lib.rooms import SettingsPage, settings_pages
from settings_app.reference.models import (
    AddressType,
    CashJournal,
    Civility,
    ClientType,
    Colour,
    Grouping,
    Language,
    Origin,
    PriceList,
    ReferenceValue,
    ServiceNature,
    SocialCategory,
    Status,
    Warehouse,
)

CLIENTS: Final = "Clients"
TRADE: Final = "Gestion commerciale"
# As the left menu shows them; the first hundred is the store's.
SECTIONS: Final = (CLIENTS, "Articles", TRADE, "Planning", "SAV", "Services", "Messages")


@dataclass(frozen=True)
class MustStay:
    """At least one value that fulfils `condition` stays in the table, whatever is done to the others."""

    condition: Q
    reason: str


def _nothing(_value: Any) -> list[str]:
    return []


@dataclass(frozen=True)
class Table:
    """`slug` is its word in the address; `fields` come beside label and active; `words` tells them in the list.

    `must_stay` guards what the program cannot do without. `frozen` names the fields that records in use follow, with
    the reason for refusing to change them. A value is merged only into one that has the same `alike` fields.
    `made` gives form fields that are not what Django makes of the columns, with their own help; `widths` their cells.
    """

    slug: str
    title: str
    new: str
    model: type[ReferenceValue]
    help: str
    section: str = CLIENTS
    fields: tuple[str, ...] = ()
    words: Callable[[Any], list[str]] = _nothing
    must_stay: tuple[MustStay, ...] = ()
    frozen: Mapping[str, str] = field(default_factory=dict)
    alike: tuple[str, ...] = ()
    made: Callable[[], Mapping[str, Any]] = dict
    widths: Mapping[str, str] = field(default_factory=dict)


def _civility_words(civility: Civility) -> list[str]:
    return ["professionnel" if civility.is_professional else "particulier"]


def _status_words(status: Status) -> list[str]:
    flags = {
        "prospect": status.is_prospect,
        "planning": status.on_planning,
        "corbeille": status.is_trash,
        "restreint": status.is_restricted,
    }
    return [word for word, held in flags.items() if held]


def _address_type_words(kind: AddressType) -> list[str]:
    return ["intégré"] if kind.is_builtin else []


def _price_list_words(prices: PriceList) -> list[str]:
    return [f"remise de {percent(prices.percent)}"] if prices.percent else []


def _last(what: str) -> str:
    return f"Il doit rester {what}\u00a0: sans cela, plus aucun client ne pourrait être enregistré."


_IN_USE = Q(is_active=True)

OWN: Final = (
    Table(
        slug="civilites",
        title="Civilités",
        new="Nouvelle civilité",
        model=Civility,
        help="La civilité décide si un client est un particulier ou un professionnel.",
        fields=("is_professional",),
        words=_civility_words,
        must_stay=(
            MustStay(_IN_USE & Q(is_professional=False), _last("une civilité active pour les particuliers")),
            MustStay(_IN_USE & Q(is_professional=True), _last("une civilité active pour les professionnels")),
        ),
        frozen={"is_professional": "La civilité décide du type de client, particulier ou professionnel."},
        alike=("is_professional",),
    ),
    Table(
        slug="statuts",
        title="Statuts",
        new="Nouveau statut",
        model=Status,
        help="Où en est un client. Ses marques décident où il apparaît et qui le voit.",
        fields=("is_prospect", "on_planning", "is_trash", "is_restricted"),
        words=_status_words,
        must_stay=(
            MustStay(
                # A restricted one is not offered to everybody.
                _IN_USE & Q(is_trash=False, is_restricted=False),
                _last("un statut actif, ni corbeille ni restreint"),
            ),
            MustStay(
                _IN_USE & Q(is_trash=True),
                "Il doit rester un statut «\u00a0corbeille\u00a0»\u00a0: c’est là que va ce que l’on jette.",
            ),
        ),
    ),
    Table(
        slug="origines",
        title="Origines de contact",
        new="Nouvelle origine",
        model=Origin,
        help="Comment un client vous a connu.",
        must_stay=(MustStay(_IN_USE, _last("une origine active")),),
    ),
    Table(
        slug="categories-socio-professionnelles",
        title="Catégories socio-professionnelles",
        new="Nouvelle catégorie",
        model=SocialCategory,
        help="Les huit groupes de l’Insee pour commencer\u00a0; gardez ceux qui vous servent.",
    ),
    Table(
        slug="types-de-client",
        title="Types de client",
        new="Nouveau type de client",
        model=ClientType,
        help="Ce qu’un client est pour vous\u00a0: client, partenaire, fournisseur…",
    ),
    Table(
        slug="regroupements",
        title="Regroupements",
        new="Nouveau regroupement",
        model=Grouping,
        help="Des clients pris ensemble\u00a0: un secteur, une tournée, un syndic.",
    ),
    Table(
        slug="langues",
        title="Langues",
        new="Nouvelle langue",
        model=Language,
        help="La langue des documents et des messages, quand une traduction existe.",
        fields=("code",),
        words=lambda language: [language.code],
    ),
    Table(
        slug="types-d-adresse",
        title="Types d’adresse",
        new="Nouveau type d’adresse",
        model=AddressType,
        help="À quoi sert une adresse. Les quatre types intégrés se renomment et s’ordonnent, mais restent.",
        words=_address_type_words,
        must_stay=(MustStay(_IN_USE, _last("un type d’adresse actif")),),
    ),
    Table(
        slug="couleurs",
        title="Couleurs",
        new="Nouvelle couleur",
        model=Colour,
        help="Un point de couleur à côté du nom d’un client. Le libellé dit ce qu’elle veut dire chez vous.",
        fields=("tint",),
        words=lambda colour: [colour.get_tint_display()],
    ),
    Table(
        slug="tarifs",
        title="Tarifs spécifiques",
        new="Nouveau tarif",
        model=PriceList,
        help="Une remise sur tous les prix du catalogue, pour les clients qui ont ce tarif.",
        fields=("percent",),
        words=_price_list_words,
    ),
    Table(
        slug="natures-de-prestation",
        title="Natures de prestation",
        new="Nouvelle nature de prestation",
        model=ServiceNature,
        help="Les services à la personne que vous déclarez à l’URSSAF.",
        fields=("code",),
        words=lambda nature: [f"code {nature.code}"] if nature.code else [],
    ),
    Table(
        slug="depots",
        title="Dépôts",
        new="Nouveau dépôt",
        model=Warehouse,
        help="Où se trouvent vos marchandises.",
        section=TRADE,
    ),
    Table(
        slug="journaux-de-caisse",
        title="Journaux de caisse",
        new="Nouveau journal",
        model=CashJournal,
        help="Où s’inscrivent les règlements : une caisse, une banque.",
        section=TRADE,
    ),
)
TABLES: Final[dict[str, Table]] = {table.slug: table for table in OWN}


def offer(*tables: Table) -> None:
    """Give tables of a room above their screens; called in its `ready()`."""
    TABLES.update({table.slug: table for table in tables})
    show_in_menu(*tables)


def show_in_menu(*tables: Table) -> None:
    """One entry each under Paramètres, in the order given."""
    for table in tables:
        begin = (SECTIONS.index(table.section) + 1) * 100
        settings_pages.add(
            SettingsPage(
                table.section,
                table.title,
                "settings_app:reference",
                "settings_app.change_settings",
                begin + list(TABLES).index(table.slug),
                (table.slug,),
            )
        )
