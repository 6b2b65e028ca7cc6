"""A big catalogue to measure with: invented, always the same, half an article for each client (50,000 at most)."""

import random
from decimal import Decimal
from typing import Final

from django.db import transaction

from commerce.models import Article, ArticleFamily, Kind, Unit, VatRate
from extrabat.lib.copying import Copier
from settings_app.starting_rows import fill

SEED: Final = 20261125
MOST: Final = 50_000
BATCH: Final = 10_000
THINGS: Final = (
    *("Pompe", "Filtre", "Vanne", "Coude", "Raccord", "Liner", "Membrane", "Projecteur", "Skimmer", "Coffret"),
    *("Robot", "Échangeur", "Électrolyseur", "Sonde", "Régulateur", "Ballon", "Circulateur", "Poêle", "Conduit"),
    *("Joint", "Bride", "Support", "Câble", "Moteur", "Carte", "Volet", "Lame", "Enrouleur", "Margelle", "Dalle"),
)
MAKERS: Final = ("Ondéa", "Clairvia", "Thermélio", "Braséo", "Nauterre", "Solvène", "Aquiléa", "Cévélis", "Orrane")
TRAITS: Final = (
    *("inox", "laiton", "PVC", "gris anthracite", "blanc", "sable", "étanche", "renforcé", "double paroi", "basse"),
    *("haute pression", "silencieux", "connecté", "compact", "de rechange", "universel", "à visser", "à coller"),
)
SIZES: Final = ("Ø 32", "Ø 40", "Ø 50", "Ø 63", "Ø 75", "6 kW", "9 kW", "12 kW", "16 kW", "1 CV", "1,5 CV", "2 CV")


def load(copier: Copier, clients: int) -> None:
    fill(ArticleFamily, [{"label": thing} for thing in THINGS], copier.using)
    families = dict(ArticleFamily.objects.using(copier.using).values_list("label", "pk"))
    unit = Unit.objects.using(copier.using).earliest("position")
    rate = VatRate.objects.using(copier.using).earliest("position")
    already = Article.objects.using(copier.using).count()
    chance = random.Random(SEED + already)  # noqa: S311  # the same rows every time
    wanted = min(clients // 2, MOST)
    for start in range(0, wanted, BATCH):
        numbers = range(already + start + 1, already + min(start + BATCH, wanted) + 1)
        rows = [_article(chance, number, families, unit.pk, rate.pk) for number in numbers]
        with transaction.atomic(using=copier.using):
            copier.write(rows)


def _article(chance: random.Random, number: int, families: dict[str, int], unit: int, rate: int) -> Article:
    thing, maker = chance.choice(THINGS), chance.choice(MAKERS)
    purchase = Decimal(chance.randint(100, 400_000)) / 100
    return Article(
        code=f"{thing[:3].upper()}-{number:06d}",
        label=f"{thing} {maker} {chance.choice(TRAITS)} {chance.choice(SIZES)}",
        kind=Kind.GOODS,
        family_id=families.get(thing),
        unit_id=unit,
        vat_id=rate,
        purchase_price=purchase,
        sale_price=purchase * chance.randint(15, 24) / 10,
        supplier_reference=f"{maker[:2].upper()}{chance.randint(10_000, 99_999)}",
    )
