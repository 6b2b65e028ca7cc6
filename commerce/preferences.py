"""How each person begins a new document (PRF-08), and whether lines show their numbers (PRF-09)."""

from typing import Final

from commerce.document_columns import COLUMNS, DEFAULT
from commerce.domain.states import KIND_LABELS, STATE_LABELS
from settings_app.models import CashJournal, Warehouse
from settings_app.preferences.registry import ChoicePreference, MultiChoicePreference, RowPreference, preferences

SECTION: Final = "Gestion commerciale"
# The list of documents as it is, narrowed to nothing.
EVERY: Final = "tous"

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
# What the list of documents is narrowed to when it is opened from a menu.
first_kind = ChoicePreference(
    name="document-list-kind",
    section=SECTION,
    label="Genre affiché à l’ouverture de la liste",
    choices=((EVERY, "Tous"), *((kind.value, label) for kind, label in KIND_LABELS.items())),
    default=EVERY,
)
first_state = ChoicePreference(
    name="document-list-state",
    section=SECTION,
    label="État affiché à l’ouverture de la liste",
    choices=((EVERY, "Tous"), *((state.value, label) for state, label in STATE_LABELS.items())),
    default=EVERY,
)
# Chosen beside the list, where their order shows.
columns = MultiChoicePreference(
    name="document-columns",
    section="Liste des pièces",
    label="Colonnes",
    choices=tuple((column.name, column.label) for column in COLUMNS),
    default=DEFAULT,
    on_page=False,
)


def register() -> None:
    for preference in (warehouse, cash_journal, line_numbers, first_kind, first_state, columns):
        preferences.add(preference)
