"""The journal as a file: a line per column that changed, formulas made harmless."""

from collections.abc import Iterator, Sequence
from typing import Final

from settings_app.journal.listing import Asked
from settings_app.journal.words import told

MOST: Final = 20_000
BATCH: Final = 500
HEADER: Final = (
    *("Date", "Par", "Depuis", "Objet", "Numéro", "Nom", "Rattaché à"),
    *("Action", "Champ", "Avant", "Après", "Motif"),
)
CUT: Final = "Fichier limité aux {} premières lignes du journal\u00a0: resserrez la période pour la suite."


def rows_of(asked: Asked) -> Iterator[Sequence[object]]:
    """Read page by page, so that memory and the database's work stay those of a page."""
    after: str | None = None
    for _ in range(MOST // BATCH):
        page = asked.page(after=after, size=BATCH)
        for line in told(page.rows, asked.user):
            entry = line.entry
            head = [entry.at, str(entry.actor or "le programme"), entry.source, line.title, int(entry.object_key)]
            head += [line.name, line.owner, line.verb]
            for change in line.changes:
                yield [*head, change.label, change.before, change.after, ""]
            if not line.changes:
                yield [*head, "", "", "", line.said or line.reason or ("valeurs effacées" if line.is_erased else "")]
        after = page.after
        if after is None:
            return
    yield [CUT.format(MOST)]
