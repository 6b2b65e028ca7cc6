"""What an address of the journal asks for, as one person may ask it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from extrabat.lib.database import Page, keyset_page
from extrabat.lib.dates import paris, parse_day
from extrabat.lib.french import day
from settings_app.audit.models import AuditEntry
from settings_app.journal.subjects import NOBODY, readable, readable_entries, subjects
from settings_app.users.models import User

ORDER: Final = ("-at", "-pk")
COLUMNS: Final = {"objet": "model", "numero": "object_key", "action": "verb", "depuis": "source"}
PAGE_SIZE: Final = 40
SCREEN: Final = "écran"

# Every source but the screens, hopping from one to the next in the index: a DISTINCT would read every line.
_OTHER_SOURCES: Final = """
WITH RECURSIVE hop AS (
    (SELECT source FROM settings_app_auditentry WHERE source <> 'écran' ORDER BY source LIMIT 1)
    UNION ALL
    SELECT (SELECT source FROM settings_app_auditentry
             WHERE source <> 'écran' AND source > hop.source ORDER BY source LIMIT 1)
      FROM hop WHERE hop.source IS NOT NULL
)
SELECT source FROM hop WHERE source IS NOT NULL
"""


@dataclass(frozen=True)
class Chip:
    """One filter in force, and the address without it."""

    text: str
    query: str


class Asked:
    """`values` by filter's name, those that mean something; `is_partly_ignored` when the address held others."""

    def __init__(self, user: User, query: Mapping[str, str]) -> None:
        self.user = user
        self.kinds = {subject.kind: subject.title for subject in readable(user)}
        self.is_narrowed = len(self.kinds) < len(subjects)
        self.actors = {str(one.pk): str(one) for one in User.objects.order_by("last_name", "first_name", "username")}
        self.actors[NOBODY] = "le programme"
        self.sources = [SCREEN, *_other_sources()]
        self.values: dict[str, str] = {}
        self.is_partly_ignored = False
        for name in NAMES:
            sent = query.get(name, "").replace("\x00", "").strip()[:100]
            read = self._read(name, sent) if sent else ""
            if read:
                self.values[name] = read
            self.is_partly_ignored |= bool(sent) and not read

    def _read(self, name: str, sent: str) -> str:
        offered: dict[str, Collection[str]] = {
            "objet": self.kinds,
            "qui": self.actors,
            "action": AuditEntry.Verb.values,
            "depuis": self.sources,
        }
        known = offered.get(name)
        if known is not None:
            return sent if sent in known else ""
        if name == "numero":
            digits = sent.removeprefix("n°").strip()
            return digits if digits.isascii() and digits.isdecimal() and len(digits) < 19 else ""
        if name in ("du", "au"):
            try:
                asked = parse_day(sent)
            except ValueError:
                return ""
            return asked.isoformat() if 1900 <= asked.year <= 2999 else ""
        return sent

    def rows(self) -> QuerySet[AuditEntry]:
        rows = readable_entries(self.user)
        for name, value in self.values.items():
            rows = self._apply(rows, name, value)
        if "numero" in self.values and "objet" not in self.values:
            # The index begins with the kind: each of them is looked up in it.
            rows = rows.filter(model__in=list(self.kinds))
        return rows

    @staticmethod
    def _apply(rows: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        if name in COLUMNS:
            return rows.filter(**{COLUMNS[name]: value})
        if name == "qui":
            return rows.filter(actor=None if value == NOBODY else int(value))
        if name == "du":
            return rows.filter(at__gte=_midnight(date.fromisoformat(value)))
        if name == "au":
            return rows.filter(at__lt=_midnight(date.fromisoformat(value) + timedelta(days=1)))
        texts = rows.annotate(was=Cast("before", TextField()), became=Cast("after", TextField()))
        return texts.filter(Q(was__icontains=value) | Q(became__icontains=value))

    def page(self, *, after: str | None, before: str | None = None, size: int = PAGE_SIZE) -> Page[AuditEntry]:
        return keyset_page(self.rows(), order=ORDER, size=size, after=after, before=before)

    @property
    def query(self) -> str:
        """The address again, with what was understood only and no cursor."""
        return urlencode(self.values)

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(self._told(name, value), urlencode({key: kept for key, kept in self.values.items() if key != name}))
            for name, value in self.values.items()
        ]

    def _told(self, name: str, value: str) -> str:
        match name:
            case "objet":
                text = self.kinds[value]
            case "numero":
                text = f"n°\u00a0{value}"
            case "qui":
                text = f"par {self.actors[value]}"
            case "action":
                text = str(AuditEntry.Verb(value).label)
            case "depuis":
                text = f"depuis\u00a0: {value}"
            case "du" | "au":
                text = f"{'depuis le' if name == 'du' else 'jusqu’au'} {day(date.fromisoformat(value))}"
            case _:
                text = f"«\u00a0{value}\u00a0»"
        return text[:1].upper() + text[1:]


NAMES: Final = ("objet", "numero", "qui", "action", "depuis", "du", "au", "mots")


def _other_sources() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_OTHER_SOURCES)
        yield from [source for (source,) in cursor.fetchall()]


def _midnight(asked: date) -> datetime:
    return datetime.combine(asked, time(), tzinfo=paris)
