"""Lists that a person composes himself: what is ticked, in the order it was sent, one of them moved by its arrows."""

from collections.abc import Iterable

from django.http import QueryDict

Line = tuple[str, str, bool]


def lines_of(offered: dict[str, str], held: Iterable[str]) -> list[Line]:
    """(value, label, is it chosen): what is held in its order, then the rest."""
    first = [value for value in held if value in offered]
    return [
        *((value, offered[value], True) for value in first),
        *((value, label, False) for value, label in offered.items() if value not in first),
    ]


def is_moving(sent: QueryDict) -> bool:
    """Was an arrow pressed, after which the page comes again?"""
    return "up" in sent or "down" in sent


def composed(sent: QueryDict) -> list[str]:
    """The ticked values; `up` and `down` name the one that moves by one place."""
    values = list(dict.fromkeys(sent.getlist("choix")))
    for step, value in ((-1, sent.get("up")), (1, sent.get("down"))):
        if value in values:
            place = values.index(value)
            values.insert(max(place + step, 0), values.pop(place))
    return values
