"""Rows pasted from a spreadsheet: code, label, quantity, price (tabs, semicolons or commas, French numbers)."""

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from commerce.domain.lines import PRICE_STEP, QUANTITY_STEP
from extrabat.lib.money import parse_amount, round_half_up
from extrabat.lib.text import normalise

MOST_ROWS: Final = 500
_LARGEST: Final = Decimal(10) ** 8
_HEADINGS: Final = frozenset({"code", "reference", "libelle", "designation", "article"})


@dataclass(frozen=True)
class PastedRow:
    """`number` counts from 1 as the person sees it. An empty quantity is 1; an empty price is the article's."""

    number: int
    code: str
    label: str
    quantity: Decimal
    price: Decimal | None


class PasteError(ValueError):
    """`problems` are French sentences, each naming its row; nothing is to be written."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def read_rows(text: str) -> list[PastedRow]:
    """Read what was pasted; blank rows and a row of headings are passed over. Raises PasteError."""
    separator = next((sign for sign in "\t;" if sign in text), ",")
    found: list[PastedRow] = []
    problems: list[str] = []
    for number, cells in enumerate(csv.reader(io.StringIO(text.strip("\r\n")), delimiter=separator), start=1):
        given = [cell.strip() for cell in cells]
        if not any(given) or (number == 1 and normalise(given[0]) in _HEADINGS):
            continue
        try:
            found.append(_row(number, [*given, "", "", "", ""]))
        except ValueError as error:
            problems.append(f"Ligne {number}\u00a0: {error}")
    if len(found) > MOST_ROWS:
        problems = [f"{MOST_ROWS} lignes au plus à la fois\u00a0: il y en a {len(found)}."]
    if not found and not problems:
        problems = ["Collez au moins une ligne."]
    if problems:
        raise PasteError(problems)
    return found


def _row(number: int, cells: list[str]) -> PastedRow:
    code, label, quantity, price = cells[:4]
    if not code and not label:
        raise ValueError("il manque le code ou la désignation.")
    if len(code) > 40 or len(label) > 160:
        raise ValueError("le code a 40 caractères au plus, la désignation 160.")
    count = _number(quantity, QUANTITY_STEP, "la quantité") if quantity else Decimal(1)
    if count <= 0:
        raise ValueError("la quantité est plus grande que zéro.")
    cost = _number(price, PRICE_STEP, "le prix") if price else None
    if cost is not None and cost < 0:
        raise ValueError("un prix n’est pas négatif.")
    return PastedRow(number, code, label, count, cost)


def _number(text: str, step: Decimal, what: str) -> Decimal:
    try:
        value = parse_amount(text)
    except ValueError:
        raise ValueError(f"«\u00a0{text}\u00a0» n’est pas un nombre pour {what}.") from None
    if value != round_half_up(value, step) or abs(value) >= _LARGEST:
        raise ValueError(f"«\u00a0{text}\u00a0» est trop grand ou trop précis pour {what}.")
    return value
