"""The columns of the list of documents, declared once: each person chooses hers and their order (PRF-08)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from commerce.models import Document
from extrabat.lib import french


@dataclass(frozen=True)
class Column:
    """`read` gives the text of a cell; `related` is one join away; `css` is of its cells."""

    name: str
    label: str
    read: Callable[[Document], str]
    css: str = "d"
    related: str = ""


def _name(row: Document) -> str:
    return str(row.followed_by) if row.followed_by else ""


def _state(row: Document) -> str:
    """Of an invoice, what is paid of it (PAY-10)."""
    return row.balance.label if row.settlement else row.state_label


COLUMNS: Final = (
    Column("titre", "Titre", lambda row: row.title, css="d muted"),
    Column("etat", "État", _state, css="d"),
    Column("date", "Date", lambda row: french.day(row.date), css="r num muted"),
    Column("validite", "Valable jusqu’au", lambda row: french.day(row.valid_until) if row.valid_until else "", "r num"),
    Column("reference", "Référence du client", lambda row: row.client_reference, css="d muted"),
    Column("suivi", "Suivi par", _name, css="d muted", related="followed_by"),
    Column("ouvrage", "Ouvrage", lambda row: str(row.installation or ""), css="d muted", related="installation"),
    Column("ht", "Total HT", lambda row: french.amount(row.net), css="r num muted"),
    Column("tva", "TVA", lambda row: french.amount(row.vat), css="r num muted"),
    Column("ttc", "Total TTC", lambda row: french.amount(row.gross), css="r num sale"),
)
BY_NAME: Final = {column.name: column for column in COLUMNS}
DEFAULT: Final = ("titre", "etat", "date", "ht", "ttc")
# The others leave a telephone.
_ON_PHONE: Final = ("etat", "ttc")


def chosen(names: Iterable[str]) -> list[Column]:
    return [BY_NAME[name] for name in names if name in BY_NAME]


def with_texts(rows: Iterable[Document], columns: list[Column]) -> list[dict[str, Any]]:
    """Each document with its cells: (class, text, the class of its state)."""
    classes = [column.css if column.name in _ON_PHONE else f"{column.css} keep" for column in columns]
    return [
        {
            "row": row,
            "cells": [
                (css, one.read(row), f"state-{row.settlement or row.state}" if one.name == "etat" else "")
                for css, one in zip(classes, columns, strict=True)
            ],
        }
        for row in rows
    ]


def headings(columns: list[Column]) -> list[tuple[str, str]]:
    """(label, class) of each."""
    return [
        (one.label, ("r" if one.css.startswith("r") else "") + ("" if one.name in _ON_PHONE else " keep"))
        for one in columns
    ]
