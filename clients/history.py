"""Kinds of facts in a client's history: each room declares its own, with the icon and the word that tell it."""

from dataclasses import dataclass

from extrabat.lib.registry import Registry


@dataclass(frozen=True)
class HistoryKind:
    """`name` is what `HistoryEntry.kind` holds; `right` hides the kind from who lacks it."""

    name: str
    label: str
    icon: str
    right: str = ""


history_kinds: Registry[HistoryKind] = Registry(key=lambda kind: kind.name)
NOTE = history_kinds.add(HistoryKind("note", "Note", "note"))
STATUS = history_kinds.add(HistoryKind("status", "Statut", "switch-horizontal"))
ACTION = history_kinds.add(HistoryKind("action", "Action", "checks"))
FILE = history_kinds.add(HistoryKind("file", "Fichier", "file"))
INSTALLATION = history_kinds.add(HistoryKind("installation", "Ouvrage", "tool"))
MERGE = history_kinds.add(HistoryKind("merge", "Fusion", "git-merge"))
