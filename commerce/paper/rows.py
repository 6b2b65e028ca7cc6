"""The rows of the table of lines, and those of the options that stand apart from it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from commerce.domain.states import DocumentKind
from commerce.paper.words import Writing

Rows = list[dict[str, Any]]


def rows_of(content: Mapping[str, Any], writing: Writing) -> tuple[Rows, Rows]:
    """Rows that are counted, each with the sum up to it, and options. Hidden lines are left out of both.

    What hidden lines amount to stands in one row at the end, so that the sheet adds up for who checks it.
    """
    lines: Rows = []
    options: Rows = []
    carried = hidden = Decimal(0)
    priced = content["kind"] != DocumentKind.DELIVERY_NOTE
    for line, is_option in _marked(content["lines"]):
        if line["kind"] == "subtotal" and not priced:
            continue
        if line["is_hidden"]:
            hidden += Decimal(line["total"]) if line["kind"] == "item" and not is_option else 0
            continue
        row = _row(line, writing)
        if is_option:
            options.append(row)
            continue
        if line["kind"] == "item":
            carried += Decimal(line["total"])
            row["cum"] = writing.amount(carried)
        lines.append(row)
    if hidden and priced:
        total = {"total": writing.amount(hidden), "cum": writing.amount(carried + hidden)}
        lines.append({"kind": "line", "label": writing["hidden"]} | total)
    return lines, options


def _marked(lines: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], bool]]:
    """A section that is an option makes options of its lines, up to the next section (docs/rules/totals.md)."""
    inside = False
    for line in lines:
        if line["kind"] == "section":
            inside = line["is_option"]
        yield line, inside or line["is_option"]


def _row(line: Mapping[str, Any], writing: Writing) -> dict[str, Any]:
    kind = line["kind"]
    if kind == "section":
        return {"kind": "section", "label": line["label"], "detail": line["description"]}
    if kind == "subtotal":
        return {"kind": "subtotal", "label": line["label"], "total": writing.amount(Decimal(line["total"]))}
    if kind == "text":
        return {"kind": "text", "label": line["label"], "detail": line["description"]}
    return {
        "kind": "line",
        "no": line["number"],
        "label": line["label"],
        "code": line["code"],
        "detail": line["description"],
        "qty": writing.number(Decimal(line["quantity"])),
        "unit": line["unit"],
        "price": _price(Decimal(line["unit_price"]), writing),
        "discount": _discount(line, writing),
        "vat": writing.percent(Decimal(line["rate"])) if line["rate"] else "",
        "total": writing.amount(Decimal(line["total"])),
        "children": [
            {"label": part["label"], "qty": writing.number(Decimal(part["quantity"])), "unit": part["unit"]}
            for part in line["parts"]
        ],
    }


def _price(value: Decimal, writing: Writing) -> str:
    """To the cent, or as finely as it was given: 0,1234."""
    return writing.amount(value) if value == value.quantize(Decimal("0.01")) else writing.number(value)


def _discount(line: Mapping[str, Any], writing: Writing) -> str:
    if Decimal(line["discount_percent"]):
        return writing.percent(Decimal(line["discount_percent"]))
    amount = Decimal(line["discount_amount"])
    return writing.amount(-amount) if amount else ""
