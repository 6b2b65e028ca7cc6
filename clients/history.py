"""Kinds of facts in a client's history: each room declares its own, with the icon and the word that tell it."""

from dataclasses import dataclass

from extrabat.lib.registry import Registry
from settings_app.users.models import User


@dataclass(frozen=True)
class HistoryKind:
    """`name` is what `HistoryEntry.kind` holds; `right` hides the kind from who lacks it."""

    name: str
    label: str
    icon: str
    right: str = ""


history_kinds: Registry[HistoryKind] = Registry(key=lambda kind: kind.name)


def hidden_kinds(user: User) -> list[str]:
    """Names of the kinds that this person may not read."""
    return [one.name for one in history_kinds if one.right and not user.has_perm(f"settings_app.{one.right}")]


NOTE = history_kinds.add(HistoryKind("note", "Note", "note"))
STATUS = history_kinds.add(HistoryKind("status", "Statut", "switch-horizontal"))
ACTION = history_kinds.add(HistoryKind("action", "Action", "checks"))
FILE = history_kinds.add(HistoryKind("file", "Fichier", "file"))
INSTALLATION = history_kinds.add(HistoryKind("installation", "Ouvrage", "tool"))
MERGE = history_kinds.add(HistoryKind("merge", "Fusion", "git-merge"))
