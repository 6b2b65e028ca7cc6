"""How each person begins a new document (PRF-08), and whether lines show their numbers (PRF-09)."""

from typing import Final

from settings_app.models import CashJournal, Warehouse
from settings_app.preferences.registry import ChoicePreference, RowPreference, preferences

SECTION: Final = "Gestion commerciale"

warehouse = RowPreference(name="document-warehouse", section=SECTION, label="Dépôt", model=Warehouse)
cash_journal = RowPreference(
    name="payment-cash-journal", section=SECTION, label="Journal de caisse des espèces", model=CashJournal
)
line_numbers = ChoicePreference(
    name="document-line-numbers",
    section=SECTION,
    label="Numéros de ligne sur les pièces",
    choices=(("oui", "Affichés"), ("non", "Masqués")),
    default="oui",
)


def register() -> None:
    for preference in (warehouse, cash_journal, line_numbers):
        preferences.add(preference)
