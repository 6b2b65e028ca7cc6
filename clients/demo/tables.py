"""What the demo's clients choose from: the company's tables, with what a real one would have added to them."""

from typing import Any, Final

from django.db.models import Model

from clients.models import CustomQuestion
from settings_app.reference.models import (
    AddressType,
    Civility,
    ClientType,
    Colour,
    Grouping,
    Language,
    Origin,
    PriceList,
    ServiceNature,
    SocialCategory,
    Status,
)
from settings_app.users.models import User

POOL: Final = "Type de piscine"
VOLUME: Final = "Volume du bassin (m³)"
DOG: Final = "Chien\u00a0?"
FILLED: Final = "Date de mise en eau"
POOLS: Final = ["Béton", "Coque polyester", "Panneaux et liner", "Bois", "Hors sol"]
QUESTIONS: Final = (
    {"label": POOL, "type": CustomQuestion.Type.CHOICE, "options": POOLS, "on_home": True, "for_professionals": True},
    {"label": VOLUME, "type": CustomQuestion.Type.NUMBER, "on_home": True, "for_professionals": True},
    {"label": DOG, "type": CustomQuestion.Type.YES_NO, "on_home": True},
    {"label": FILLED, "type": CustomQuestion.Type.DATE},
)


class Tables:
    """Rows by what names them; users, origins and the like in order, to be drawn from."""

    def __init__(self, using: str) -> None:
        self.civilities = {row.label: row for row in Civility.objects.using(using)}
        self.statuses = {row.label: row for row in Status.objects.using(using)}
        self.address_types = {row.code: row for row in AddressType.objects.using(using)}
        self.languages = {row.code: row for row in Language.objects.using(using)}
        self.client_types = {row.label: row for row in ClientType.objects.using(using)}
        self.natures = {row.label: row for row in ServiceNature.objects.using(using)}
        self.origins = list(Origin.objects.using(using))
        self.colours = list(Colour.objects.using(using))
        self.categories = list(SocialCategory.objects.using(using))
        self.people = list(User.objects.using(using).filter(is_demo=True).order_by("pk"))
        groupings = [{"label": "Secteur Luberon"}, {"label": "Secteur Durance"}, {"label": "Syndic Cigalune"}]
        self.groupings = _filled(Grouping, groupings, using)
        self.price_lists = _filled(PriceList, [{"label": "Tarif professionnels", "percent": 10}], using)
        self.questions = {row.label: row for row in _filled(CustomQuestion, QUESTIONS, using)}


def _filled(table: type[Model], values: Any, using: str) -> list[Any]:
    rows = table._default_manager.using(using)
    if not rows.exists():
        rows.bulk_create([table(position=position, **value) for position, value in enumerate(values, start=1)])
    return list(rows.order_by("pk"))
