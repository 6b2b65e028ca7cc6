"""Puts the demo's clients together."""

import random
from typing import Final

from clients.demo.awkward import awkward
from clients.demo.known import known
from clients.demo.ordinary import ordinary
from clients.demo.papers import papers
from clients.demo.records import Maker, Record, write
from clients.demo.tables import Tables
from clients.demo.urssaf import urssaf
from clients.demo.works import works
from clients.models import Client

HOW_MANY: Final = 400
SEED: Final = 20261124


def load_clients(using: str) -> None:
    if Client.objects.using(using).exists():
        return
    maker = Maker(Tables(using), random.Random(SEED))  # noqa: S311  # the same demo every time
    records: list[Record] = [*known(maker), *awkward(maker), *urssaf(maker)]
    records += ordinary(maker, HOW_MANY - len(records), before=tuple(records))
    for record in records:
        if maker.chance.random() < 0.45:
            works(maker, record)
    write(records, using)
    # A generator of its own: one photo more changes nobody's name.
    papers(records, maker.tables.people, random.Random(SEED))  # noqa: S311
