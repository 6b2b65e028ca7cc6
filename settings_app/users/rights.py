"""Who may do what: declared once; the permissions of Django, the starting roles and the tests' table follow.

The administrators may change which role holds which right; `STARTING_ROLES` is only where a new company begins.
"""

from dataclasses import dataclass
from typing import Final

ADMINISTRATOR: Final = "Administrateur"
OFFICE: Final = "Bureau"
SALES: Final = "Commercial"
TECHNICIAN: Final = "Technicien"
ROLES: Final = (ADMINISTRATOR, OFFICE, SALES, TECHNICIAN)

_ALL = frozenset(ROLES)
_NOT_TECHNICIAN = _ALL - {TECHNICIAN}
_DESK = frozenset({ADMINISTRATOR, OFFICE})
_ADMINISTRATOR = frozenset({ADMINISTRATOR})


CLIENTS: Final = "Clients"
DOCUMENTS: Final = "Pièces commerciales"
CALENDARS: Final = "Agendas"
OUTWARDS: Final = "Exports et envois"
KEYS: Final = "Paramètres"


@dataclass(frozen=True)
class Right:
    """`code` is the permission's codename in `settings_app`; `roles` hold it in a new company.

    `group` is its heading on the screen of rights; alone, without any of `needs`, it opens nothing.
    """

    code: str
    label: str
    roles: frozenset[str]
    group: str = KEYS
    needs: tuple[str, ...] = ()

    @property
    def permission(self) -> str:
        return f"settings_app.{self.code}"


_SEEING: Final = ("see_all_clients", "see_own_clients")

RIGHTS: Final = (
    Right("see_all_clients", "Voir tous les clients", _NOT_TECHNICIAN, CLIENTS),
    Right("see_own_clients", "Voir les clients de ses rendez-vous", _ALL, CLIENTS),
    Right("change_clients", "Créer et modifier un client", _NOT_TECHNICIAN, CLIENTS, _SEEING),
    Right("change_client_reach", "Modifier téléphones, indications et position d’un client", _ALL, CLIENTS, _SEEING),
    Right("see_restricted_clients", "Voir les clients au statut restreint", _DESK, CLIENTS, _SEEING),
    Right("merge_clients", "Fusionner des clients", _DESK, CLIENTS, ("change_clients",)),
    Right("see_iban", "Voir l’IBAN", _DESK, CLIENTS, _SEEING),
    Right("see_prices", "Voir les prix et les pièces", _NOT_TECHNICIAN, DOCUMENTS, _SEEING),
    Right("change_catalogue", "Gérer le catalogue", _DESK, DOCUMENTS, ("see_prices",)),
    Right("create_quotes", "Créer devis et commandes", _NOT_TECHNICIAN, DOCUMENTS, ("see_prices",)),
    Right("issue_invoices", "Valider une facture", _DESK, DOCUMENTS, ("see_prices",)),
    Right("record_payments", "Enregistrer un règlement", _DESK, DOCUMENTS, ("see_prices",)),
    Right("reverse_payments", "Contrepasser un règlement", _ADMINISTRATOR, DOCUMENTS, ("see_prices",)),
    Right("exceed_discounts", "Accorder une remise hors limite", _ADMINISTRATOR, DOCUMENTS, ("create_quotes",)),
    Right(
        "override_legal_warnings",
        "Passer outre un avertissement légal",
        _ADMINISTRATOR,
        DOCUMENTS,
        ("create_quotes", "issue_invoices"),
    ),
    Right("plan_all_calendars", "Planifier tous les agendas", _DESK, CALENDARS),
    Right("lock_appointments", "Verrouiller et déverrouiller une intervention", _DESK, CALENDARS),
    Right("export", "Exporter", _DESK, OUTWARDS),
    Right("send_to_many", "Envoyer à plusieurs destinataires", _DESK, OUTWARDS, _SEEING),
    Right("change_settings", "Modifier les paramètres", _ADMINISTRATOR, KEYS),
    Right("manage_users", "Gérer les utilisateurs et leurs droits", _ADMINISTRATOR, KEYS),
    Right("manage_store_mailbox", "Configurer le SMTP du magasin", _ADMINISTRATOR, KEYS),
    Right("see_audit", "Voir le journal d’audit", _ADMINISTRATOR, KEYS),
)
