"""Columns of a tracked table in human words: their names, their values, what differs between two of them."""

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.db import models

from extrabat.lib.french import NBSP, clock, day, number
from extrabat.lib.phones import display_phone
from settings_app.audit.models import PROTECTED

E164: Final = re.compile(r"\+[1-9][0-9]{5,14}")
TOKENS: Final = re.compile(r"\w+|\W")
EMPTY: Final = "vide"
# Beyond, marking what differs costs more than it tells.
LONGEST_DIFF: Final = 3000
# Words that the tables of Django and link tables have no French of ours for.
NAMES: Final = {"groups": "rôle", "user_permissions": "droit", "permissions": "droit", "id": "numéro"}

Labels = Mapping[tuple[type[models.Model], str], str]


@dataclass(frozen=True)
class Part:
    """A piece of text, `is_mark` where it is not in the other value."""

    text: str
    is_mark: bool = False


@dataclass(frozen=True)
class Change:
    """One column: its name, its values before and after as people read them ("" where there was no value)."""

    label: str
    before: str
    after: str
    old: list[Part] = field(default_factory=list)
    new: list[Part] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    """`target`: the table whose row a key names."""

    label: str
    field: "models.Field[Any, Any] | None" = None
    target: type[models.Model] | None = None


@cache
def columns_of(model: type[models.Model]) -> dict[str, Column]:
    """By column name, as the trail writes them."""
    known = {}
    for one in model._meta.concrete_fields:
        known[str(one.column)] = Column(NAMES.get(one.name, str(one.verbose_name)), one, one.related_model)
    return known


def link_of(model: type[models.Model], values: Mapping[str, Any]) -> tuple[str, Column] | None:
    """The far column of a link table whose lines stand in the trail of `model`; None for the model's own lines."""
    for many in model._meta.many_to_many:
        if set(values) == {"id", many.m2m_column_name(), many.m2m_reverse_name()}:
            label = NAMES.get(many.name, str(many.verbose_name))
            return many.m2m_reverse_name(), Column(label, None, many.related_model)
    return None


def column(model: type[models.Model] | None, name: str) -> Column:
    known = columns_of(model).get(name) if model else None
    return known or Column(name)


def shown(one: Column, value: Any, labels: Labels) -> str:
    """A value of the trail's JSON as people read it; "" for none."""
    if value is None or value in ("", [], {}):
        return ""
    if value == PROTECTED:
        return PROTECTED
    if one.target is not None:
        return labels.get((one.target, str(value)), f"n°{NBSP}{value}")
    choices = dict(one.field.flatchoices) if one.field is not None else {}
    if isinstance(value, str | int) and value in choices:
        return str(choices[value])
    return _plain(one, value)


def _plain(one: Column, value: Any) -> str:
    match value:
        case bool():
            text = "oui" if value else "non"
        case int() if isinstance(one.field, models.AutoField):
            text = str(value)
        case int() | float():
            text = number(Decimal(str(value)))
        case list():
            text = ", ".join(_plain(one, item) for item in value)
        case dict():
            text = json.dumps(value, ensure_ascii=False)
        case _ if isinstance(one.field, models.DateField):
            text = _instant(str(value))
        case _:
            text = display_phone(value) if E164.fullmatch(str(value)) else str(value)
    return text


def _instant(text: str) -> str:
    try:
        if len(text) == 10:
            return day(date.fromisoformat(text))
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{day(when)} {clock(when)}"


def change_of(one: Column, before: Any, after: Any, labels: Labels) -> Change:
    old, new = shown(one, before, labels), shown(one, after, labels)
    return Change(one.label, old, new, *marked(old, new))


def marked(old: str, new: str) -> tuple[list[Part], list[Part]]:
    """Both texts in pieces, the ones that differ marked; whole when they are short, empty or very long."""
    if min(len(old), len(new)) < 20 or max(len(old), len(new)) > LONGEST_DIFF:
        return [Part(old)] if old else [], [Part(new)] if new else []
    left, right = TOKENS.findall(old), TOKENS.findall(new)
    one: list[Part] = []
    two: list[Part] = []
    for verb, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if b > a:
            one.append(Part("".join(left[a:b]), verb != "equal"))
        if d > c:
            two.append(Part("".join(right[c:d]), verb != "equal"))
    return one, two
