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


@dataclass(frozen=True)
class Right:
    """`code` is the permission's codename in `settings_app`; `roles` hold it in a new company."""

    code: str
    label: str
    roles: frozenset[str]

    @property
    def permission(self) -> str:
        return f"settings_app.{self.code}"


RIGHTS: Final = (
    Right("see_all_clients", "Voir tous les clients", _NOT_TECHNICIAN),
    Right("see_own_clients", "Voir les clients de ses rendez-vous", _ALL),
    Right("change_clients", "Créer et modifier un client", _NOT_TECHNICIAN),
    Right("change_client_reach", "Modifier téléphones, indications et position d’un client", _ALL),
    Right("see_restricted_clients", "Voir les clients au statut restreint", _DESK),
    Right("merge_clients", "Fusionner des clients", _DESK),
    Right("see_iban", "Voir l’IBAN", _DESK),
    Right("see_prices", "Voir les prix et les pièces", _NOT_TECHNICIAN),
    Right("change_catalogue", "Gérer le catalogue", _DESK),
    Right("create_quotes", "Créer devis et commandes", _NOT_TECHNICIAN),
    Right("issue_invoices", "Valider une facture", _DESK),
    Right("record_payments", "Enregistrer un règlement", _DESK),
    Right("reverse_payments", "Contrepasser un règlement", _ADMINISTRATOR),
    Right("exceed_discounts", "Accorder une remise hors limite", _ADMINISTRATOR),
    Right("override_legal_warnings", "Passer outre un avertissement légal", _ADMINISTRATOR),
    Right("plan_all_calendars", "Planifier tous les agendas", _DESK),
    Right("lock_appointments", "Verrouiller et déverrouiller une intervention", _DESK),
    Right("export", "Exporter", _DESK),
    Right("send_to_many", "Envoyer à plusieurs destinataires", _DESK),
    Right("change_settings", "Modifier les paramètres", _ADMINISTRATOR),
    Right("manage_users", "Gérer les utilisateurs et leurs droits", _ADMINISTRATOR),
    Right("manage_store_mailbox", "Configurer le SMTP du magasin", _ADMINISTRATOR),
    Right("see_audit", "Voir le journal d’audit", _ADMINISTRATOR),
)
