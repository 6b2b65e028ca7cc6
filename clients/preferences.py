"""How each person begins a new client (PRF-10, CLI-02, CLI-10), and the columns of his list."""

from typing import Final

from django.db.models import Q

from clients.columns import COLUMNS, DEFAULT
from clients.places.countries import choices as countries
from settings_app.preferences.registry import ChoicePreference, MultiChoicePreference, RowPreference, preferences
from settings_app.reference.models import Language, Origin, Status
from settings_app.users.models import User

SECTION: Final = "Création d’un client"

kind = ChoicePreference(
    name="client-kind",
    section=SECTION,
    label="Type de client",
    choices=(("particulier", "Particulier"), ("professionnel", "Professionnel")),
    default="particulier",
)
mode = ChoicePreference(
    name="client-mode",
    section=SECTION,
    label="Formulaire",
    choices=(("simplifie", "Simplifié"), ("avance", "Avancé")),
    default="simplifie",
)
status = RowPreference(
    name="client-status", section=SECTION, label="Statut", model=Status, but=Q(is_restricted=True) | Q(is_trash=True)
)
origin = RowPreference(name="client-origin", section=SECTION, label="Origine de contact", model=Origin)
followed_by = RowPreference(name="client-followed-by", section=SECTION, label="Suivi par", model=User, empty="Moi-même")
language = RowPreference(name="client-language", section=SECTION, label="Langue", model=Language)
country = ChoicePreference(
    name="client-country", section=SECTION, label="Pays", choices=tuple(countries()), default="FR"
)
# Chosen beside the list, where their order shows.
columns = MultiChoicePreference(
    name="client-columns",
    section="Liste des clients",
    label="Colonnes",
    choices=tuple((column.name, column.label) for column in COLUMNS),
    default=DEFAULT,
    on_page=False,
)


def register() -> None:
    for preference in (kind, mode, status, origin, followed_by, language, country, columns):
        preferences.add(preference)
